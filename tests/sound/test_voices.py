"""Texture voices: more of the world is louder and busier, and every control of a voice can be measured in its sound.

(The called voices have their own tests in test_calls.py.) All settings are rendered in one call.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pytest
from ambiome_middleware.analysis.spectrum import a_level_db, centroid_hz, power_spectrum
from ambiome_middleware.sound import Renderer, Request
from ambiome_middleware.sound.bank import build
from ambiome_middleware.sound.control import GAIN_COLUMNS
from ambiome_middleware.sound.records import GRAIN_FLOATS, GRAIN_INTS
from ambiome_middleware.sound.schedule import spawn_grains
from ambiome_middleware.sound.voices import built_in
from ambiome_middleware.tokens import COLUMN, LOOKBACK_STEPS, SAMPLE_RATE_HZ, SCENE, STEPS_PER_S
from token_scenes import Rows, event, feature, row, steady

PATCHES = built_in()

Audio = npt.NDArray[np.float32]
SEED = 11
SECONDS = 8.0
STEPS = round(SECONDS * STEPS_PER_S)
EVENT_AT = 2
NATURAL = {"dynamics": 1.0, "master_db": -30.0}
"""Levels as in nature, far below the limiter."""


@dataclass(frozen=True)
class Main:
    """A voice's main control and what stands beside it."""

    column: str
    others: Mapping[str, float] = field(default_factory=dict)


MAIN = {
    "rain": Main("rain_mm_h", {"rain_leaves": 0.5, "rain_ground": 0.3, "rain_water": 0.2}),
    "wind": Main("wind_m_s", {"wind_trees": 0.5, "wind_whistle": 0.2}),
    "stream": Main("stream_level"),
    "river": Main("river_level"),
    "surf": Main("surf_height_m", {"surf_break": 0.4, "surf_wash": 0.4}),
    "fire": Main("fire_level"),
    "traffic": Main("traffic_per_min"),
    "crowd": Main("crowd_people"),
    "room": Main("room_level"),
    "drips": Main("drips_per_s"),
    "swamp": Main("swamp_level"),
    "shore": Main("shore_height_m"),
}
SHARES = (0.2, 0.4, 0.6, 0.8, 1.0)


def main_row(voice: str, share: float) -> Rows:
    """A voice's tokens at `share` of its main control."""
    main = MAIN[voice]
    frame = row(**NATURAL, **main.others)
    frame[COLUMN[main.column]] = round(share * (SCENE[COLUMN[main.column]].levels - 1))
    return frame


def scene(**values: float) -> Rows:
    return steady(row(**NATURAL, **values), STEPS)


def with_feature(kind: str, size: float, distance_m: float = 10.0, level: float = 1.0, **values: float) -> Rows:
    frame = row(**NATURAL, **values)
    feature(frame, 3, kind, level, distance_m, 0.0, size)
    return steady(frame, STEPS)


def with_event(kind: str, distance_m: float, strength: float, number: int = 5, **values: float) -> Rows:
    rows = scene(**values)
    event(rows[LOOKBACK_STEPS + EVENT_AT], 1, kind, number, distance_m, 0.0, strength)
    return rows


# What is measured, each a number that a test compares.


def band_db(audio: Audio, low_hz: float, high_hz: float) -> float:
    """Level of a band against the whole, dB."""
    hz, power = power_spectrum(audio)
    inside = (hz >= low_hz) & (hz < high_hz)
    return float(10 * np.log10(power[inside].sum() / power.sum()))


def bass(audio: Audio) -> float:
    return band_db(audio, 20, 160)


def rumble(audio: Audio) -> float:
    """Level below 160 Hz by itself, dB."""
    hz, power = power_spectrum(audio)
    return float(10 * np.log10(power[hz < 160].sum()))


def treble(audio: Audio) -> float:
    return band_db(audio, 3_000, 12_000)


def brightness(audio: Audio) -> float:
    """Centroid in thirds of an octave, so that one unit is one that an ear can tell."""
    return 3.0 * float(np.log2(centroid_hz(audio)))


def unrest(audio: Audio) -> float:
    """How far peaks of 5 ms stand above the middle, dB."""
    blocks = audio[:, : audio.shape[1] // 240 * 240].reshape(len(audio), -1, 240)
    levels = 10 * np.log10((blocks.astype(np.float64) ** 2).mean(axis=(0, 2)) + 1e-20)
    return float(np.percentile(levels, 99) - np.median(levels))


def late(audio: Audio) -> float:
    """Energy after 4 s against that before, dB."""
    cut = 4 * SAMPLE_RATE_HZ
    return float(10 * np.log10((audio[:, cut:] ** 2).sum() / (audio[:, :cut] ** 2).sum()))


def hum(audio: Audio) -> float:
    return band_db(audio, 96, 104)


def whistle(audio: Audio) -> float:
    """Strouhal's pitch of a wire of 4 mm in 12 m/s and half an octave about it, against the whole, dB."""
    return band_db(audio, 600 / 2**0.25, 600 * 2**0.25)


RAIN = {"rain_mm_h": 5.0}
BREEZE = {"wind_m_s": 12.0}
SEA = {"surf_height_m": 1.5, "surf_distance_m": 20.0}
LAKE = {"shore_height_m": 0.2, "shore_distance_m": 5.0}
STREET = {"traffic_per_min": 60.0}
PEOPLE = {"crowd_people": 60.0}

CONTROLS: dict[str, tuple[Callable[[Audio], float], float, Rows, Rows]] = {
    "rain: leaves": (a_level_db, 10, scene(**RAIN, rain_leaves=0.05), scene(**RAIN, rain_leaves=1)),
    "rain: ground": (a_level_db, 10, scene(**RAIN, rain_ground=0.05), scene(**RAIN, rain_ground=1)),
    "rain: water has less bass than ground": (bass, -6, scene(**RAIN, rain_ground=1), scene(**RAIN, rain_water=1)),
    "rain: a roof is darker than leaves": (brightness, -3, scene(**RAIN, rain_leaves=1), scene(**RAIN, rain_roof=1)),
    "rain: drop size darkens": (
        brightness, -1.5, scene(**RAIN, rain_leaves=1, rain_drop_mm=0.6),
        scene(**RAIN, rain_leaves=1, rain_drop_mm=3.5),
    ),
    "rain: a larger drop is louder": (
        a_level_db, 3, scene(**RAIN, rain_water=1, rain_drop_mm=0.6), scene(**RAIN, rain_water=1, rain_drop_mm=3.5),
    ),
    "wind: trees": (treble, 10, scene(**BREEZE), scene(**BREEZE, wind_trees=1)),
    "wind: whistle": (whistle, 6, scene(**BREEZE), scene(**BREEZE, wind_whistle=1)),
    "wind: turbulence": (rumble, 3, scene(**BREEZE, wind_turbulence=0), scene(**BREEZE, wind_turbulence=1)),
    "wind: dry leaves": (treble, 8, scene(wind_m_s=5.0), scene(wind_m_s=5.0, wind_litter=1)),
    "wind: sand": (treble, 6, scene(**BREEZE), scene(**BREEZE, wind_sand=1)),
    "thunder: strength": (a_level_db, 8, with_event("thunder", 500, 0.1), with_event("thunder", 500, 1)),
    "thunder: distance": (a_level_db, -20, with_event("thunder", 200, 0.5), with_event("thunder", 6_000, 0.5)),
    "thunder: distance darkens": (brightness, -5, with_event("thunder", 200, 0.5), with_event("thunder", 6_000, 0.5)),
    "thunder: terrain": (
        late, 1.5, with_event("thunder", 1_500, 0.5, thunder_roll=0), with_event("thunder", 1_500, 0.5, thunder_roll=1),
    ),
    "stream: size": (brightness, -2, scene(stream_level=0.5, stream_size=0.1),
        scene(stream_level=0.5, stream_size=0.9)),
    "stream: babble": (
        unrest, 2, scene(stream_level=0.5, stream_babble=0), scene(stream_level=0.5, stream_babble=1),
    ),
    "river: size": (bass, 6, scene(river_level=0.5, river_size=0), scene(river_level=0.5, river_size=1)),
    "river: rapids": (a_level_db, 8, scene(river_level=0.5, river_rapids=0), scene(river_level=0.5, river_rapids=1)),
    "surf: distance": (a_level_db, -10, scene(**SEA), scene(**SEA | {"surf_distance_m": 800.0})),
    "surf: distance dulls": (treble, -10, scene(**SEA), scene(**SEA | {"surf_distance_m": 800.0})),
    "surf: break": (a_level_db, 3, scene(**SEA), scene(**SEA, surf_break=1)),
    "surf: wash": (treble, 2, scene(**SEA), scene(**SEA, surf_wash=1)),
    "shore: sand hisses, stones gulp": (treble, -2.5, scene(**LAKE, shore_stones=0), scene(**LAKE, shore_stones=1)),
    "shore: distance": (a_level_db, -10, scene(**LAKE), scene(**LAKE | {"shore_distance_m": 100.0})),
    "swamp: gas": (unrest, 2, scene(swamp_level=0.8, swamp_gas=0), scene(swamp_level=0.8, swamp_gas=1)),
    "fire: crackle": (unrest, 3, scene(fire_level=0.6, fire_crackle=0), scene(fire_level=0.6, fire_crackle=1)),
    "fire: roar": (bass, 3, scene(fire_level=0.6, fire_roar=0), scene(fire_level=0.6, fire_roar=1)),
    "traffic: speed": (a_level_db, 6, scene(**STREET, traffic_m_s=5), scene(**STREET, traffic_m_s=30)),
    "traffic: speed brightens": (brightness, 2, scene(**STREET, traffic_m_s=3), scene(**STREET, traffic_m_s=14)),
    "traffic: wet": (treble, 4, scene(**STREET), scene(**STREET, traffic_wet=1)),
    "crowd: excitement": (a_level_db, 8, scene(**PEOPLE, crowd_excitement=0), scene(**PEOPLE, crowd_excitement=1)),
    "crowd: distance": (a_level_db, -15, scene(**PEOPLE, crowd_distance_m=3), scene(**PEOPLE, crowd_distance_m=60)),
    "room: hum": (hum, 5, scene(room_level=0.5, room_hum=0), scene(room_level=0.5, room_hum=1)),
    "room: size": (brightness, -1.5, scene(room_level=0.5, room_size=0), scene(room_level=0.5, room_size=1)),
    "drips: size": (brightness, -3, scene(drips_per_s=8, drips_size=0), scene(drips_per_s=8, drips_size=1)),
    "drips: depth": (brightness, -3, scene(drips_per_s=8, drips_depth=0), scene(drips_per_s=8, drips_depth=1)),
    "branch": (a_level_db, 10, with_event("branch", 20, 0), with_event("branch", 20, 1)),
    "splash": (a_level_db, 10, with_event("splash", 20, 0), with_event("splash", 20, 1)),
    "roof sounds in rain": (a_level_db, 10, with_feature("roof", 0.5, rain_mm_h=0.5),
        with_feature("roof", 0.5, rain_mm_h=10)),
    "foliage sounds in wind": (treble, 10, scene(**BREEZE), with_feature("foliage", 1, distance_m=3, **BREEZE)),
    **{
        f"{kind}: size": (a_level_db, 5, with_feature(kind, 0.1), with_feature(kind, 0.9))
        for kind in ("stream", "river", "waterfall", "surf", "lake", "fire", "traffic", "crowd", "machinery", "drips")
    },
    **{
        f"{kind}: distance": (a_level_db, -12, with_feature(kind, 0.6, 8), with_feature(kind, 0.6, 80))
        for kind in ("stream", "river", "waterfall", "surf", "lake", "fire", "traffic", "crowd", "machinery", "drips")
    },
}  # fmt: skip
"""name: what is measured, by how much it must rise (or fall, where negative), tokens before and after."""


@cache
def rendered() -> dict[tuple[str, float], Audio]:
    """Everything that is listened to here, in one call: (voice, share of its main control) or (name, 0 or 1)."""
    wanted = {(voice, share): steady(main_row(voice, share), STEPS) for voice in MAIN for share in SHARES}
    for name, (_, _, before, after) in CONTROLS.items():
        wanted |= {(name, 0.0): before, (name, 1.0): after}
    requests = [Request(SEED, "stereo", 0, tokens) for tokens in wanted.values()]
    return dict(zip(wanted, Renderer("cpu").render(requests), strict=True))


def grains_a_second(voice: str, share: float) -> float:
    """Grains that a voice sets off at `share` of its main control, 1/s."""
    bank = build([patch for patch in PATCHES if patch.voice == voice])
    frame, gains, is_open = main_row(voice, share), np.zeros(GAIN_COLUMNS), np.ones(len(bank.patches), np.int64)
    floats, ints = np.zeros((1_024, GRAIN_FLOATS)), np.zeros((1_024, GRAIN_INTS), np.int64)
    steps = range(500)
    counts = [spawn_grains(bank, np.uint64(SEED), s, frame, is_open, gains, floats, ints, 0) for s in steps]
    return sum(counts) * STEPS_PER_S / 500


@pytest.mark.parametrize("voice", MAIN)
def test_level_grows_with_the_main_control(voice: str) -> None:
    levels = [a_level_db(rendered()[voice, share]) for share in SHARES]
    assert all(low < high for low, high in pairwise(levels)), np.round(levels, 1)
    assert levels[-1] > levels[0] + 8, np.round(levels, 1)


@pytest.mark.parametrize("voice", MAIN)
def test_event_rate_grows_with_the_main_control(voice: str) -> None:
    rates = [grains_a_second(voice, share) for share in SHARES]
    assert all(low <= high for low, high in pairwise(rates)), rates
    assert rates[-1] > 1.3 * rates[0], rates


@pytest.mark.parametrize(("voice", "least"), [("rain", 200), ("fire", 60), ("stream", 100)])
def test_a_storm_is_as_dense_as_promised(voice: str, least: float) -> None:
    assert grains_a_second(voice, 0.85 if voice == "rain" else 1.0) >= least


@pytest.mark.parametrize("name", CONTROLS)
def test_a_control_changes_what_is_measured(name: str) -> None:
    measure, least, *_ = CONTROLS[name]
    before, after = measure(rendered()[name, 0.0]), measure(rendered()[name, 1.0])
    assert (after - before) * np.sign(least) >= abs(least), f"{before:.1f} → {after:.1f}"


def test_drops_stand_out_in_drizzle_and_drown_in_a_storm() -> None:
    crest = [unrest(rendered()["rain", s]) for s in SHARES]
    assert crest[0] > 5 > crest[-1], crest
    assert crest[0] > 1.5 * crest[-1]


def test_thunder_cracks_near_and_rolls_far() -> None:
    near, far = rendered()["thunder: distance", 0.0], rendered()["thunder: distance", 1.0]

    def rise_s(audio: Audio) -> float:
        energy = np.cumsum((audio.astype(np.float64) ** 2).sum(axis=0))
        onset = EVENT_AT / STEPS_PER_S
        return float(np.searchsorted(energy, 0.2 * energy[-1]) / SAMPLE_RATE_HZ) - onset

    assert rise_s(near) < 0.5 < rise_s(far)


@pytest.mark.parametrize("kind", ["thunder", "branch", "splash"])
def test_events_differ_by_their_id(kind: str) -> None:
    requests = [Request(SEED, "stereo", 0, with_event(kind, 100, 0.5, number)) for number in (1, 2)]
    first, second = Renderer("cpu").render(requests)
    assert np.abs(first).max() > 1e-5
    overlap = float((first * second).sum() / np.sqrt((first**2).sum() * (second**2).sum()))
    assert overlap < 0.9
