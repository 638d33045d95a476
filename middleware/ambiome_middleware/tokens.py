"""The token table: all that scene and sound know of each other.

A token frame is one int16 row of `ROW_WIDTH` columns: the scene parameters below in order, then 16 feature slots, then
8 event slots, then the cut counter and the quality. `Parameter.values()` decodes a column, `Parameter.quantise()`
encodes it; the scene's `columns.Curves` does the same to whole arrays.
"""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import numpy.typing as npt
from ambiome_protocol.limits import LOWEST_QUALITY, MAX_EVENTS_PER_STEP, MAX_FEATURES
from ambiome_protocol.lists import FEATURE_KINDS, VOICES
from ambiome_protocol.steps import SAMPLE_RATE_HZ as SAMPLE_RATE_HZ
from ambiome_protocol.steps import STEP_SAMPLES as STEP_SAMPLES
from ambiome_protocol.steps import STEPS_PER_S as STEPS_PER_S

STEP_S: Final = 1 / STEPS_PER_S
PLACES: Final = 8
"""How many learned places (profiles of the voice `place`) a bank holds."""
LOOKBACK_STEPS: Final = 250
"""No grain, tail or filter reaches further back than this many steps (10 s)."""

Curve = Literal["linear", "square", "log0", "db0", "angle"]


@dataclass(frozen=True, slots=True)
class Parameter:
    """One column of the token frame.

    `curve` says how levels 0 … levels−1 map to values: `linear` low → high; `square` low → high, finer near low;
    `log0` 0, then low → high geometrically; `db0` −inf (silent), then low → high dB linearly; `angle` low → high
    without its end, wrapping. `rise_s` and `fall_s` are the time constants (seconds) with which the scene smooths it;
    0 means that it follows at once.
    """

    name: str
    unit: str
    low: float
    high: float
    curve: Curve
    levels: int
    rise_s: float
    fall_s: float
    default: float
    meaning: str

    def values(self) -> npt.NDArray[np.float64]:
        """The value of every level, shape [levels], ascending."""
        if self.curve == "log0":
            return np.concatenate([[0.0], np.geomspace(self.low, self.high, self.levels - 1)])
        if self.curve == "db0":
            return np.concatenate([[-np.inf], np.linspace(self.low, self.high, self.levels - 1)])
        position = np.arange(self.levels) / (self.levels if self.curve == "angle" else self.levels - 1)
        return self.low + (self.high - self.low) * (position**2 if self.curve == "square" else position)

    def quantise(self, value: float) -> int:
        """The level nearest to `value` on this curve; values beyond the range take the end of it."""
        span = self.high - self.low
        if self.curve == "angle":
            return round((value - self.low) / span * self.levels) % self.levels
        if self.curve == "log0":
            if value < self.low / 2:
                return 0
            position = np.log(max(value, self.low) / self.low) / np.log(self.high / self.low)
            return 1 + min(round(float(position) * (self.levels - 2)), self.levels - 2)
        if self.curve == "db0":
            if value < self.low:
                return 0
            return 1 + min(round((value - self.low) / span * (self.levels - 2)), self.levels - 2)
        position = min(max((value - self.low) / span, 0.0), 1.0)
        return round((position**0.5 if self.curve == "square" else position) * (self.levels - 1))


def _share(name: str, rise_s: float, fall_s: float, meaning: str, default: float = 0.0) -> Parameter:
    return Parameter(name, "", 0.0, 1.0, "linear", 256, rise_s, fall_s, default, meaning)


def _level(name: str, rise_s: float, fall_s: float, meaning: str) -> Parameter:
    return Parameter(name, "", 0.0, 1.0, "square", 256, rise_s, fall_s, 0.0, meaning)


def _gain(voice: str) -> Parameter:
    return Parameter(f"gain_{voice}_db", "dB", -60.0, 12.0, "db0", 290, 0.05, 0.05, 0.0, f"mix gain of {voice}")


SCENE: Final[tuple[Parameter, ...]] = (
    Parameter("master_db", "dB", -60.0, 12.0, "db0", 290, 0.05, 0.05, 0.0, "mix gain of everything"),
    _share("dynamics", 0.5, 0.5, "how far loudness follows level: 0 all alike, 0.5 two to one, 1 as in nature", 0.5),
    _share("outdoor", 0.4, 0.4, "share of the outside that gets in; 1 in the open", 1.0),
    Parameter("outdoor_cutoff_hz", "Hz", 150.0, 20_000.0, "log0", 128, 0.4, 0.4, 20_000.0, "low-pass on the outside"),
    Parameter("rt60_s", "s", 0.1, 9.0, "log0", 64, 0.5, 0.5, 0.0, "reverberation time where the listener is"),
    Parameter("late_db", "dB", -60.0, 6.0, "db0", 68, 0.5, 0.5, -np.inf, "reverberant level of a grain against direct"),
    Parameter("heading_deg", "°", 0.0, 360.0, "angle", 360, 0.06, 0.06, 0.0, "where the listener looks, from north"),
    *(_gain(voice) for voice in VOICES),
    Parameter("rain_mm_h", "mm/h", 0.05, 200.0, "log0", 512, 3.0, 6.0, 0.0, "rain rate"),
    Parameter("rain_drop_mm", "mm", 0.3, 4.0, "linear", 128, 4.0, 4.0, 1.0, "median drop diameter"),
    _share("rain_leaves", 1.0, 1.0, "share of the rain that falls on leaves"),
    _share("rain_ground", 1.0, 1.0, "share of the rain that falls on hard ground"),
    _share("rain_water", 1.0, 1.0, "share of the rain that falls on open water"),
    _share("rain_roof", 0.4, 0.4, "share of the rain that falls on a roof or tent overhead"),
    Parameter("wind_m_s", "m/s", 0.0, 60.0, "square", 512, 1.5, 2.5, 0.0, "wind speed at the listener, gusts included"),
    _share("wind_trees", 2.0, 2.0, "foliage within earshot"),
    _share("wind_litter", 2.0, 2.0, "dry leaves on the ground"),
    _share("wind_sand", 2.0, 2.0, "sand and dust for the wind to drive"),
    _share("wind_whistle", 1.0, 1.5, "edges, wires and gaps that whistle"),
    _share("wind_turbulence", 2.0, 2.0, "how rough the wind is: 0 laminar, 1 tearing", 0.3),
    _share("thunder_roll", 2.0, 2.0, "how long the terrain throws thunder back: 0 plain, 1 valley", 0.3),
    _level("stream_level", 2.0, 2.0, "flow of the small water all around"),
    _share("stream_size", 2.0, 2.0, "0 trickle, 0.5 brook, 1 torrent", 0.4),
    _share("stream_babble", 2.0, 2.0, "share of single bubbles against rush", 0.5),
    _level("river_level", 2.0, 2.0, "flow of the large water all around"),
    _share("river_size", 2.0, 2.0, "depth: 0 shallow and bright, 1 deep and dark", 0.5),
    _share("river_rapids", 2.0, 2.0, "white water: 0 smooth, 1 fall", 0.3),
    Parameter("surf_height_m", "m", 0.0, 8.0, "square", 256, 4.0, 8.0, 0.0, "height of the breakers"),
    Parameter("surf_distance_m", "m", 3.0, 3_000.0, "log0", 128, 1.0, 1.0, 30.0, "distance to the breakers"),
    _share("surf_break", 0.15, 0.4, "breaking of the wave at hand, from the scene's sets of waves"),
    _share("surf_wash", 0.3, 1.2, "wash and backwash on the beach after it"),
    _level("fire_level", 1.0, 2.0, "burning all around"),
    _share("fire_crackle", 2.0, 2.0, "how dry the wood is: 0 gas, 1 dry conifer", 0.5),
    _share("fire_roar", 2.0, 2.0, "draught in the flames", 0.3),
    _level("birds_activity", 6.0, 3.0, "songbird singing: 0 none, 1 the height of the dawn chorus"),
    _share("birds_variety", 6.0, 6.0, "share of the species that sing", 0.5),
    Parameter("birds_distance_m", "m", 4.0, 400.0, "log0", 64, 2.0, 2.0, 25.0, "median distance of the singers"),
    _level("crickets_level", 8.0, 4.0, "crickets within earshot"),
    Parameter("crickets_rate_hz", "Hz", 0.3, 8.0, "log0", 128, 8.0, 8.0, 2.0, "chirps a second of one cricket"),
    Parameter("crickets_pitch_hz", "Hz", 2_000.0, 8_000.0, "log0", 128, 8.0, 8.0, 4_500.0, "carrier of the chirps"),
    _level("cicadas_level", 8.0, 4.0, "cicadas within earshot"),
    Parameter("cicadas_rate_hz", "Hz", 2.0, 120.0, "log0", 128, 8.0, 8.0, 20.0, "pulse rate of the song"),
    Parameter("cicadas_pitch_hz", "Hz", 2_500.0, 12_000.0, "log0", 128, 8.0, 8.0, 6_000.0, "centre of the song"),
    _level("frogs_activity", 5.0, 3.0, "frogs calling: 0 none, 1 full chorus"),
    Parameter("frogs_pitch_hz", "Hz", 150.0, 4_000.0, "log0", 128, 8.0, 8.0, 1_200.0, "median pitch of the calls"),
    Parameter("frogs_distance_m", "m", 2.0, 400.0, "log0", 64, 2.0, 2.0, 20.0, "median distance of the callers"),
    _level("owl_activity", 8.0, 5.0, "owls calling"),
    Parameter("owl_pitch_hz", "Hz", 180.0, 1_200.0, "log0", 64, 8.0, 8.0, 400.0, "median pitch of the hoots"),
    Parameter("owl_distance_m", "m", 10.0, 1_000.0, "log0", 64, 2.0, 2.0, 120.0, "median distance of the owls"),
    Parameter("traffic_per_min", "1/min", 0.2, 240.0, "log0", 256, 4.0, 4.0, 0.0, "vehicles passing a minute"),
    Parameter("traffic_m_s", "m/s", 2.0, 45.0, "linear", 128, 4.0, 4.0, 13.0, "speed of the vehicles"),
    _share("traffic_wet", 6.0, 30.0, "water on the road"),
    Parameter("crowd_people", "", 1.0, 5_000.0, "log0", 256, 4.0, 4.0, 0.0, "people talking within earshot"),
    _share("crowd_excitement", 2.0, 4.0, "0 murmur, 1 shouting", 0.3),
    _share("crowd_within", 2.0, 2.0, "share of them that is inside with the listener"),
    Parameter("crowd_distance_m", "m", 1.0, 500.0, "log0", 64, 2.0, 2.0, 10.0, "distance of the nearest"),
    _level("room_level", 0.5, 0.5, "tone of the room and its machinery"),
    _share("room_hum", 2.0, 2.0, "share of mains hum and motors in it", 0.3),
    _share("room_size", 0.5, 0.5, "0 cupboard, 0.5 room, 1 hall or cave", 0.4),
    Parameter("drips_per_s", "1/s", 0.02, 20.0, "log0", 128, 3.0, 5.0, 0.0, "drips that fall"),
    _share("drips_size", 2.0, 2.0, "0 fine and high, 1 heavy and low", 0.5),
    _share("drips_depth", 2.0, 2.0, "0 on stone, 1 into deep water", 0.5),
    Parameter("snow_mm_h", "mm/h", 0.05, 50.0, "log0", 256, 4.0, 8.0, 0.0, "snowfall as water"),
    _share("snow_wet", 4.0, 4.0, "0 dry powder, 1 sleet"),
    _share("snow_drift", 4.0, 8.0, "loose snow on the ground for the wind to drive"),
    Parameter("hail_mm_h", "mm/h", 0.05, 100.0, "log0", 256, 2.0, 4.0, 0.0, "hail as water"),
    Parameter("hail_mm", "mm", 2.0, 50.0, "log0", 128, 4.0, 4.0, 8.0, "median diameter of its stones"),
    _level("swamp_level", 4.0, 4.0, "bog and standing water: gas, mud, small life"),
    _share("swamp_gas", 4.0, 4.0, "share of bubbles that break", 0.5),
    Parameter("shore_height_m", "m", 0.0, 2.0, "square", 256, 3.0, 6.0, 0.0, "waves of a lake on its shore"),
    _share("shore_stones", 2.0, 2.0, "0 reeds and sand, 1 pebbles and rock", 0.5),
    Parameter("shore_distance_m", "m", 1.0, 500.0, "log0", 64, 1.0, 1.0, 5.0, "distance to that shore"),
    _level("cafe_level", 2.0, 3.0, "crockery, chairs and the machine of a café"),
    _share("cafe_bustle", 3.0, 3.0, "how busy its counter is", 0.5),
    _level("machinery_level", 0.8, 1.5, "engines, fans and pumps all around"),
    _share("machinery_speed", 1.5, 2.5, "0 a slow engine, 1 a fast fan", 0.5),
    _share("machinery_load", 1.0, 1.5, "0 idling smoothly, 1 labouring and rattling", 0.3),
    _share("machinery_within", 2.0, 2.0, "share of it that is inside with the listener"),
    _level("wolf_activity", 8.0, 5.0, "wolves howling"),
    Parameter("wolf_distance_m", "m", 50.0, 4_000.0, "log0", 64, 2.0, 2.0, 800.0, "median distance of the pack"),
    _level("loon_activity", 8.0, 5.0, "loons calling"),
    Parameter("loon_distance_m", "m", 20.0, 3_000.0, "log0", 64, 2.0, 2.0, 400.0, "median distance of the loons"),
    _level("livestock_activity", 6.0, 5.0, "farm animals calling: cattle, sheep, goats, poultry, a dog"),
    _share("livestock_yard", 6.0, 6.0, "where they are: 0 a herd at pasture, 1 a farmyard", 0.5),
    _share("livestock_crowing", 8.0, 8.0, "how much the cocks crow: 0 not at all, 1 as before sunrise", 0.2),
    Parameter("livestock_distance_m", "m", 5.0, 2_000.0, "log0", 64, 2.0, 2.0, 90.0, "median distance of the herd"),
    *(_level(f"place{n}_level", 1.0, 2.0, f"learned place {n}") for n in range(1, PLACES + 1)),
    Parameter("place_density", "", 0.0, 4.0, "square", 128, 2.0, 2.0, 1.0, "events of learned places, as recorded = 1"),
    Parameter("place_distance_m", "m", 0.5, 2_000.0, "log0", 128, 0.5, 0.5, 10.0, "distance to them; recorded at 10 m"),
    _level("under_water", 0.6, 0.6, "water over the listener, as loud as the wind makes it: 0 in the air, 1 a gale"),
)  # fmt: skip

FEATURE_SLOTS: Final = MAX_FEATURES
FEATURE_KIND_NAMES: Final = ("none", *FEATURE_KINDS)
FEATURE: Final[tuple[Parameter, ...]] = (
    Parameter("kind", "", 0, len(FEATURE_KIND_NAMES) - 1, "linear", len(FEATURE_KIND_NAMES), 0, 0, 0, "what it is"),
    Parameter("level", "", 0.0, 1.0, "square", 256, 0.5, 0.8, 0.0, "how present it is: 0 gone, 1 in full"),
    Parameter("distance_m", "m", 0.5, 5_000.0, "log0", 256, 0.06, 0.06, 10.0, "distance to the listener"),
    Parameter("azimuth_deg", "°", 0.0, 360.0, "angle", 360, 0.06, 0.06, 0.0, "clockwise from where the listener looks"),
    Parameter("size", "", 0.0, 1.0, "linear", 128, 1.0, 1.0, 0.5, "0 the smallest of its kind, 1 the largest"),
)  # fmt: skip

EVENT_SLOTS: Final = MAX_EVENTS_PER_STEP
EVENT_KIND_NAMES: Final = (
    "none", "thunder", "branch", "splash", "songbird", "owl", "frog", "cricket", "cicada", "wolf", "loon", "rumble",
    "cow", "sheep", "goat", "hen", "rooster", "dog",
)  # fmt: skip
"""New kinds come last: rows of before keep their meaning (see `remap`)."""
EVENT: Final[tuple[Parameter, ...]] = (
    Parameter("kind", "", 0, len(EVENT_KIND_NAMES) - 1, "linear", len(EVENT_KIND_NAMES), 0, 0, 0, "what is heard"),
    Parameter("id", "", 0, 32_767, "linear", 32_768, 0, 0, 0, "which one: the hash that varies it"),
    Parameter("distance_m", "m", 1.0, 40_000.0, "log0", 512, 0, 0, 100.0, "distance to the listener"),
    Parameter("azimuth_deg", "°", 0.0, 360.0, "angle", 360, 0, 0, 0.0, "clockwise from where the listener looks"),
    Parameter("strength", "", 0.0, 1.0, "linear", 128, 0, 0, 0.5, "0 faint of its kind, 1 the strongest"),
)  # fmt: skip

COLUMN: Final = {parameter.name: index for index, parameter in enumerate(SCENE)}
FEATURES_AT: Final = len(SCENE)
EVENTS_AT: Final = FEATURES_AT + FEATURE_SLOTS * len(FEATURE)
CUT_AT: Final = EVENTS_AT + EVENT_SLOTS * len(EVENT)
"""Column of the cut counter: 0 … 32,767, wrapping; each change is a hard cut of the scene."""
QUALITY_AT: Final = CUT_AT + 1
"""Column of the quality: 0 is full; what the others are spared, the sound's `quality` says."""
ROW_WIDTH: Final = QUALITY_AT + 1

Row = npt.NDArray[np.int16]


def silent_row() -> Row:
    """The token frame of nothing at all, [ROW_WIDTH] int16: what stands before step 0."""
    row = np.zeros(ROW_WIDTH, np.int16)
    for index, parameter in enumerate(SCENE):
        row[index] = parameter.quantise(parameter.default)
    return row


def table() -> tuple[tuple[str, int, str], ...]:
    """(name, levels, curve) of every column of a row, as token files and snapshots carry it."""
    features = ((f"feature{slot}.{p.name}", p.levels, p.curve) for slot in range(FEATURE_SLOTS) for p in FEATURE)
    events = ((f"event{slot}.{p.name}", p.levels, p.curve) for slot in range(EVENT_SLOTS) for p in EVENT)
    scene = ((p.name, p.levels, p.curve) for p in SCENE)
    return (*scene, *features, *events, ("cut", 32_768, "angle"), ("quality", LOWEST_QUALITY + 1, "linear"))
