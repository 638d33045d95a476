"""The built-in profiles: which recordings teach which texture, and the command that regenerates them.

    python -m ambiome_middleware.analysis.learn.built_in FOLDER_OF_RECORDINGS [TEXTURE …]

Only the learning half of the recordings is used (see `analysis.recordings`), and of it only what is in the public
domain, CC0 or CC BY and names its author. How intense a recording is was judged by its title and its spectrum: a
recording does not say how loud the world was.
"""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from ambiome_middleware.analysis.learn.learn import learned
from ambiome_middleware.analysis.learn.loop import closed
from ambiome_middleware.analysis.learn.material import Anchor, Material, prepared
from ambiome_middleware.analysis.learn.writing import to_text
from ambiome_middleware.analysis.recordings import Recording, recordings
from ambiome_middleware.sound.profile import Origin, read_profile

FOLDER: Final = Path(__file__).parents[2] / "sound" / "profiles"

TEACHERS: Final[Mapping[str, Mapping[float, tuple[str, ...]]]] = {
    "rain": {
        0.2: ("rain/01-light-rain-original", "rain/03-light-rain-drop", "rain/06-ligth-rain"),
        0.35: ("rain/02-rain",),
        0.55: ("rain/05-rain", "rain/09-rain", "rain/12-rain", "rain/13-rain"),
        0.7: ("rain/04-rain",),
        0.95: ("rain/08-heavy-rain-drop", "rain/11-stormrain"),
    },
    "rain_tent": {0.5: ("rain/07-rain-on-tent",)},
    "wind": {
        0.4: ("wind/07-wind", "wind/06-wind"),
        0.6: ("wind/01-wind", "wind/09-wind1"),
        0.9: ("wind/08-stormwind",),
    },
    "wind_trees": {0.5: ("wind/05-leaves", "wind/02-leaves")},
    "wind_desert": {0.4: ("desert_wind/01-wind",), 0.7: ("desert_wind/02-desert-wind",)},
    "thunder": {
        0.2: ("thunder/03-thunder", "thunder/06-thunder2", "thunder/12-thunder5"),
        0.5: ("thunder/01-sound-library-thunder", "thunder/02-thunder", "thunder/05-thunder", "thunder/09-thunder"),
        0.6: ("thunder/07-thunder1", "thunder/08-thunder3", "thunder/10-thunder4"),
        0.9: ("thunder/04-stormbolts",),
    },
    "stream": {0.5: ("river/04-water",)},
    "river": {
        0.4: ("river/02-river-loop",),
        0.6: ("river/01-155940-ali-k-small-waterfall-pen",),
        0.9: ("river/03-waterfall-loop-2", "river/05-waterfall"),
    },
    "surf": {
        0.3: ("ocean/03-beach",),
        0.5: ("ocean/01-waves", "ocean/02-450755-florianreichelt-waves-of", "ocean/05-ocean"),
        0.8: ("ocean/06-ocean",),
    },
    "fire": {
        0.4: ("fire/02-fireplace", "fire/03-fireplace"),
        0.5: ("fire/01-433783-cagancelik-campfire",),
        0.7: ("fire/04-fire",),
    },
    "birds": {
        0.3: (
            "birds/05-warbling-vireos", "birds/06-sound-library-american-dipper",
            "birds/07-sound-library-savannah-sparrow", "birds/09-sound-library-american-robin",
            "birds/10-sound-library-mountain-bluebird",
            "birds/12-western-meadow-lark", "birds/14-sound-library-common-yellowthroa",
            "birds/18-townsend-s-solitaire",
        ),
        0.8: (
            "birds/08-sound-library-bird-chorus", "birds/15-birds", "birds/17-exotic-birds-2", "birds/19-birds",
            "birds/22-exotic-birds",
        ),
    },
    "crickets": {
        0.3: ("crickets/02-crickets", "crickets/05-ambiance-crickets-1", "crickets/06-ambiance-crickets-2"),
        0.6: ("crickets/01-forest-night-insects", "crickets/03-night"),
        0.8: ("crickets/04-savanna-night",),
    },
    "frogs": {0.3: ("frogs/02-spadefoot-toad",), 0.8: ("frogs/01-sound-library-chorus-frogs",)},
    "owl": {0.5: ("owl/01-classic-owl-extended2s", "owl/02-owl-1")},
    "wolf": {0.4: ("wolf/02-sound-library-wolves",), 0.7: ("wolf/01-sound-library-coyote",)},
    "loon": {0.5: ("birds/01-common-loon",)},
    "crowd": {
        0.3: ("crowd/01-394290-epicwizard-bar-crowd-in-b",),
        0.5: ("crowd/03-crowd",),
        0.9: ("crowd/02-crowd-cheering",),
    },
    "cafe": {0.5: ("cafe/01-coffee-shop",)},
    "traffic": {0.3: ("city/01-hum",), 0.6: ("city/02-city",)},
    "room": {0.3: ("interior/02-197804-7778-indoor-fish-tank-wit",)},
    "machinery": {
        0.4: ("interior/01-234458-theonlycanvas-dryer",),
        0.8: ("train_interior/01-133099-allh-steam-train-interior",),
    },
    "snow": {0.6: ("snow/01-arctic-wind",)},
    "swamp": {0.5: ("swamp/01-bog",)},
}  # fmt: skip
"""The recordings of each texture's levels, by intensity; those of the judging half do not teach."""


def text_of(texture: str, folder: Path) -> str:
    """The file of a built-in profile, learned from a folder of recordings. OSError; ValueError where none can teach."""
    learning = {each.name.removesuffix(".ogg"): each for each in recordings(folder, half="learn")}
    found = {
        intensity: tuple(_material(learning[name]) for name in names if name in learning)
        for intensity, names in TEACHERS[texture].items()
    }
    anchors = [Anchor(intensity, material) for intensity, material in found.items() if material]
    if not anchors:
        raise ValueError(f"{texture}: none of its recordings is in the learning half of {folder}")
    profile, distances = closed(learned(texture, texture.replace("_", " "), anchors))
    print(f"{texture}: distance {min(distances):.2f}, uncorrected {distances[0]:.2f}", flush=True)
    text = to_text(profile)
    read_profile(text, f"{texture}.toml")
    return text


def _material(recording: Recording) -> Material:
    origin = Origin(recording.title, recording.author, recording.licence, recording.seconds)
    return prepared(recording.load(), recording.bandwidth_hz, origin)


def main(arguments: list[str]) -> None:
    """Writes the named textures' files, or all."""
    folder, *names = arguments
    for texture in names or TEACHERS:
        (FOLDER / f"{texture}.toml").write_text(text_of(texture, Path(folder)), "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
