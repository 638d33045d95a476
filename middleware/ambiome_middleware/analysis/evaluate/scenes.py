"""The fixed scenes that are judged: for every category of recordings, what its place and weather would be.

A scene is a world, told as a game tells it, that has stood for a while before it is heard. Where recordings hold one
source and a world has several, the mix solos that source (with the breeze that nobody can leave out of a recording made
outdoors, and the rain of some storms); where no world has the source alone, `tokens` sets scene
parameters as the scene side would have.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from ambiome_middleware import offline
from ambiome_middleware.scene.events import SOUND_M_S
from ambiome_middleware.sound import Renderer, Request
from ambiome_middleware.tokens import COLUMN, LOOKBACK_STEPS, SCENE, STEPS_PER_S, silent_row

Line = Mapping[str, Any]
Rows = npt.NDArray[np.int16]

SECONDS: Final = 20.0
SETTLE_S: Final = 12.0
"""What passes before a scene is heard: gusts, sets of waves and bouts of song are under way by then."""
SEEDS: Final = (11, 12, 13)
BATCH: Final = 32


@dataclass(frozen=True, slots=True)
class Scene:
    """A scene of a category: the lines of a score, from `settle_s` on heard for `seconds`.

    `tokens` are scene parameters that hold throughout, over what the world says.
    """

    category: str
    name: str
    score: tuple[Line, ...]
    tokens: Mapping[str, float] = field(default_factory=dict)
    seconds: float = SECONDS
    settle_s: float = SETTLE_S


@dataclass(frozen=True, slots=True)
class Render:
    """A scene as it sounds with one seed: float32 [C, n] at 48 kHz."""

    scene: Scene
    seed: int
    audio: npt.NDArray[np.float32]


def _world(
    *solo: str, biome: str | Mapping[str, float] = "none", hour: float = 12.0, day: int = 150, shelter: str = "",
    features: Sequence[Line] = (), **weather: float,
) -> tuple[Line, ...]:  # fmt: skip
    """A score of one line, or of two where voices are alone."""
    location: dict[str, Any] = {"biome": biome, "features": list(features)}
    if shelter:
        location["shelter"] = shelter
    world = {"weather": weather, "location": location, "time": {"hour": hour, "day_of_year": day}}
    line: Line = {"at": 0, "world": world}
    if not solo:
        return (line,)
    return line, {"at": 0, "mix": {"voices": {voice: {"solo": True} for voice in solo}}}


def _feature(kind: str, distance_m: float, size: float) -> tuple[Line, ...]:
    return ({"id": kind, "kind": kind, "distance_m": distance_m, "azimuth_deg": 20.0, "size": size},)


_STORM_SETTLE_S: Final = 30.0
_STRIKES_S: Final = (1.0, 13.0)


def _strikes(distance_m: float, *also: str, rain_mm_h: float, wind_m_s: float) -> tuple[Line, ...]:
    """Lightnings whose thunder begins to be heard at `_STRIKES_S` of the scene; `also` are the voices beside it."""
    event = {"kind": "lightning", "distance_m": distance_m, "azimuth_deg": 330.0, "strength": 0.7}
    times = (_STORM_SETTLE_S + strike - distance_m / SOUND_M_S for strike in _STRIKES_S)
    place = _world("thunder", *also, biome="temperate_forest", rain_mm_h=rain_mm_h, wind_m_s=wind_m_s)
    return *place, *({"at": round(at, 2), "event": event} for at in times)


def _thunder(name: str, distance_m: float, *also: str, rain_mm_h: float = 0.0, wind_m_s: float = 0.0) -> Scene:
    score = _strikes(distance_m, *also, rain_mm_h=rain_mm_h, wind_m_s=wind_m_s)
    return Scene("thunder", name, score, seconds=26.0, settle_s=_STORM_SETTLE_S)


_WOOD_AND_GROUND: Final = {"temperate_forest": 0.5, "none": 0.5}
_ECHO: Final = {"rt60_s": 1.2, "late_db": -16.0}
"""Of a valley or a lake among woods."""

SCENES: Final[tuple[Scene, ...]] = (
    *(
        Scene("rain", f"{rate:g} mm/h", _world("rain", "drips", biome=_WOOD_AND_GROUND, rain_mm_h=rate, wind_m_s=1.0))
        for rate in (1.0, 6.0, 30.0)
    ),
    *(
        Scene("wind", f"{speed:g} m/s, {where}", _world("wind", biome=biome, wind_m_s=speed))
        for where, biome in (("trees", "temperate_forest"), ("open", "grassland"))
        for speed in (4.0, 9.0, 16.0)
    ),
    _thunder("0.3 km", 300.0),
    _thunder("2 km, rain", 2_000.0, "rain", "wind", rain_mm_h=3.0, wind_m_s=3.0),
    _thunder("8 km, breeze", 8_000.0, "wind", wind_m_s=2.0),
    Scene("river", "brook", _world("stream", features=_feature("stream", 2.0, 0.45), wind_m_s=0.0)),
    Scene("river", "river", _world("river", "stream", biome="river", wind_m_s=0.0)),
    Scene("river", "waterfall", _world("river", features=_feature("waterfall", 15.0, 0.6), wind_m_s=0.0)),
    *(
        Scene("ocean", f"{speed:g} m/s", _world("surf", biome="coast", wind_m_s=speed), seconds=30.0)
        for speed in (2.0, 7.0, 13.0)
    ),
    *(
        Scene("fire", name, _world(features=_feature("fire", distance_m, size), wind_m_s=0.0))
        for name, distance_m, size in (("small", 1.5, 0.2), ("camp fire", 3.0, 0.5), ("large", 6.0, 0.9))
    ),
    Scene("birds", "dawn", _world("birds", "wind", biome="temperate_forest", hour=5.0, day=135, wind_m_s=1.5)),
    Scene("birds", "noon", _world("birds", "wind", biome="temperate_forest", hour=12.0, day=135, wind_m_s=2.5)),
    Scene("birds", "late summer", _world("birds", "wind", biome="conifer_forest", hour=9.0, day=190, wind_m_s=2.0)),
    *(
        Scene(
            "crickets", f"{warm:g} °C",
            _world("crickets", "wind", biome="grassland", hour=22.5, day=225, temperature_c=warm, wind_m_s=1.0),
        )
        for warm in (14.0, 20.0, 27.0)
    ),
    Scene("forest", "broad-leaved", _world(biome="temperate_forest", hour=9.0, day=150, wind_m_s=2.0)),
    Scene("forest", "broad-leaved, breeze", _world(biome="temperate_forest", hour=14.0, day=170, wind_m_s=5.0)),
    Scene("forest", "conifers", _world(biome="conifer_forest", hour=10.0, day=150, wind_m_s=4.0)),
    *(Scene("cafe", f"{hour:g} h", _world(biome="cafe", hour=hour)) for hour in (8.0, 13.0, 17.0)),
    *(Scene("city", f"{hour:g} h", _world(biome="city", hour=hour, wind_m_s=2.0)) for hour in (8.0, 14.0, 23.0)),
    *(
        Scene("crowd", f"{people} people", _world(), {"crowd_people": people, **shape})
        for people, shape in (
            (15, {"crowd_distance_m": 3.0, "crowd_excitement": 0.25, "rt60_s": 0.7, "late_db": -9.0}),
            (80, {"crowd_distance_m": 4.0, "crowd_excitement": 0.4, "rt60_s": 0.8, "late_db": -8.0}),
            (1_500, {"crowd_distance_m": 15.0, "crowd_excitement": 0.9}),
        )
    ),
    *(
        Scene("desert_wind", f"{speed:g} m/s", _world("wind", biome="desert", hour=14.0, wind_m_s=speed))
        for speed in (4.0, 9.0, 15.0)
    ),
    *(
        Scene("farm", f"{hour:g} h", _world(biome="farmland", hour=hour, day=150, wind_m_s=2.0))
        for hour in (7.0, 12.0, 18.0)
    ),
    *(
        Scene(
            "frogs", f"{warm:g} °C",
            _world("frogs", biome="wetland", hour=22.0, day=125, temperature_c=warm, wetness=wet, wind_m_s=0.5),
        )
        for warm, wet in ((11.0, 0.2), (15.0, 0.6), (19.0, 1.0))
    ),
    *(
        Scene("interior", f"{hour:g} h", _world(biome="interior", hour=hour, wind_m_s=2.0))
        for hour in (3.0, 12.0, 18.0)
    ),
    *(
        Scene(
            "owl", name, _world("owl", "wind", biome=biome, hour=hour, day=290, wind_m_s=1.0), {"owl_activity": 0.8},
            seconds=30.0,
        )
        for name, biome, hour in (
            ("broad-leaved", "temperate_forest", 22.0),
            ("conifers", "conifer_forest", 2.0),
            ("wetland", "wetland", 23.0),
        )
    ),
    *(
        Scene(
            "snow", f"{rate:g} mm/h, {speed:g} m/s",
            _world("wind", "snow", biome="tundra", day=20, temperature_c=-8.0, snow_mm_h=rate, wind_m_s=speed),
        )
        for rate, speed in ((1.0, 4.0), (3.0, 9.0), (8.0, 16.0))
    ),
    *(
        Scene("swamp", name, _world(biome="wetland", hour=hour, day=day, wind_m_s=1.5))
        for name, hour, day in (("dawn", 5.0, 140), ("day", 11.0, 150), ("dusk", 20.5, 170))
    ),
    *(
        Scene("underwater", f"{speed:g} m/s above", _world(biome="underwater", wind_m_s=speed))
        for speed in (1.0, 6.0, 12.0)
    ),
    *(
        Scene(
            "wolf", f"{distance_m:g} m",
            _world("wolf", "wind", biome="conifer_forest", hour=22.0, day=280, wind_m_s=1.5),
            {"wolf_activity": 0.8, "wolf_distance_m": distance_m, **_ECHO}, seconds=30.0,
        )
        for distance_m in (150.0, 500.0, 1_500.0)
    ),
    *(
        Scene(
            "loon", f"{distance_m:g} m",
            _world("loon", "wind", "shore", biome="lake", hour=23.0, day=165, wind_m_s=2.0),
            {"loon_activity": 0.8, "loon_distance_m": distance_m, **_ECHO}, seconds=30.0,
        )
        for distance_m in (60.0, 300.0, 1_000.0)
    ),
)  # fmt: skip

CATEGORIES: Final = tuple(dict.fromkeys(scene.category for scene in SCENES))


def scenes_of(category: str) -> tuple[Scene, ...]:
    """The scenes of a category. ValueError, with the list, for one that has none."""
    found = tuple(scene for scene in SCENES if scene.category == category)
    if not found:
        raise ValueError(f"category: {category!r} has no scenes; those that have are {', '.join(CATEGORIES)}")
    return found


def scene(category: str, name: str) -> Scene:
    """One scene by name. ValueError for one that there is not."""
    for each in scenes_of(category):
        if each.name == name:
            return each
    raise ValueError(f"scene: {category!r} has no {name!r}")


def lasting(scene: Scene, seconds: float) -> Scene:
    """The same scene, heard for so long."""
    return replace(scene, seconds=seconds)


def token_rows(scene: Scene, seed: int) -> Rows:
    """A scene's token frames, from its first step on: int16 [settle + n, ROW_WIDTH]."""
    rows = offline.record(scene.score, scene.settle_s + scene.seconds, seed).rows.copy()
    for name, value in scene.tokens.items():
        rows[:, COLUMN[name]] = SCENE[COLUMN[name]].quantise(value)
    return rows


def request(scene: Scene, seed: int, layout: str = "stereo", lookback: int = LOOKBACK_STEPS) -> Request:
    """What a renderer that looks back so far is asked for: the part of the scene that is heard."""
    first = round(scene.settle_s * STEPS_PER_S)
    before = np.tile(silent_row(), (max(lookback - first, 0), 1))
    rows = np.concatenate([before, token_rows(scene, seed)[max(first - lookback, 0) :]])
    return Request(seed, layout, first, rows, lookback=lookback)


def rendered(
    scenes: Iterable[Scene], *, seeds: Iterable[int] = SEEDS, layout: str = "stereo", device: str = "auto"
) -> list[Render]:
    """These scenes with these seeds, in order: scene by scene, seed by seed."""
    pairs = [(scene, seed) for scene in scenes for seed in seeds]
    renderer = Renderer(device)
    found: list[Render] = []
    for start in range(0, len(pairs), BATCH):
        part = pairs[start : start + BATCH]
        sounds = renderer.render([request(scene, seed, layout) for scene, seed in part])
        found.extend(Render(scene, seed, audio) for (scene, seed), audio in zip(part, sounds, strict=True))
    return found


def renders(category: str, *, device: str = "auto") -> list[Render]:
    """Every scene of a category with every seed, stereo. ValueError for a category that has no scenes."""
    return rendered(scenes_of(category), device=device)
