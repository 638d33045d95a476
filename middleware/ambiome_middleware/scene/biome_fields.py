"""What a biome's file may say: every field with its section, range, default, and how it blends across a border.

Blending is by power, so that a walk from one biome to the next has no dip and no jump: half of the way has half of
the sources of each. `sum`: counts, rates and shares, added by weight. `power`: levels, added by weight as powers;
`db`: the same for decibels. `mean` and `log`: properties (sizes; pitches and distances), averaged by weight times
`of`, the presence of what has them, so that a place without frogs has no say in their pitch.

`[own]` plays a place learned from recordings: `profile` names it (see `places`), the numbers are here. What a file
says in it is held once more under the number of its place, for two places that meet at a border must not be mixed up.
"""

from dataclasses import dataclass
from typing import Final, Literal

from ambiome_middleware.tokens import PLACES

Blend = Literal["sum", "power", "mean", "log", "db"]


@dataclass(frozen=True, slots=True)
class Field:
    """One number in a biome's file, [section] name."""

    section: str
    name: str
    low: float
    high: float
    default: float
    blend: Blend
    meaning: str
    of: str = ""
    """The field (section.name) whose value says how present this property's owner is; "" for the biome itself."""

    @property
    def key(self) -> str:
        return f"{self.section}.{self.name}"


def _section(section: str, of: str, *rows: tuple[str, float, float, float, Blend, str]) -> tuple[Field, ...]:
    return tuple(
        Field(section, name, low, high, default, blend, meaning, of if blend in ("mean", "log") else "")
        for name, low, high, default, blend, meaning in rows
    )


_FOLLOWS: Final[tuple[tuple[str, float, float, float, Blend, str], ...]] = (
    ("night", -1, 1, 0, "mean", "how far its level follows the dark; below 0: the light"),
    ("wind", 0, 1, 0, "mean", "how far its level follows the wind"),
    ("rain", 0, 1, 0, "mean", "how far its level follows the rain"),
    ("people", 0, 1, 0, "mean", "how far its level follows the hour's bustle"),
)
FIELDS: Final[tuple[Field, ...]] = (
    *_section(
        "place", "",
        ("latitude_deg", -90, 90, 50, "mean", "latitude where the game gives none"),
        ("altitude_m", -500, 9_000, 0, "mean", "altitude where the game gives none"),
    ),
    *_section(
        "climate", "",
        ("warmer_k", -40, 40, 0, "mean", "warmer than its latitude, season and altitude say"),
        ("day_night_k", 0, 20, 4, "mean", "half the difference between afternoon and dawn"),
        ("season_share", 0, 2, 1, "mean", "of the difference between summer and winter usual there"),
        ("wind_m_s", 0, 30, 0, "mean", "wind where the game gives none, 10 m over open ground"),
        ("humidity", 0, 1, 0.6, "mean", "relative humidity where the game gives none"),
    ),
    *_section(
        "ground", "",
        ("leaves", 0, 1, 0, "sum", "share of the ground under leaves: what rain falls on"),
        ("deciduous", 0, 1, 0, "mean", "share of the leaves that fall in winter"),
        ("hard", 0, 1, 0, "sum", "share of rock, asphalt and stone"),
        ("water", 0, 1, 0, "sum", "share of open water"),
        ("litter", 0, 1, 0, "sum", "dry leaves on it in late autumn"),
        ("sand", 0, 1, 0, "sum", "loose sand and dust on it"),
        ("snow", 0, 1, 0, "sum", "share that lies under snow whenever it freezes"),
        ("roughness_m", 0.0001, 3, 0.03, "log", "roughness length of the wind's profile"),
    ),
    *_section(
        "wind", "",
        ("foliage", 0, 1, 0, "sum", "foliage within earshot"),
        ("whistle", 0, 1, 0, "sum", "edges, wires and gaps that whistle"),
    ),
    *_section("thunder", "", ("roll", 0, 1, 0.3, "mean", "how long the terrain throws thunder back")),
    *_section(
        "stream", "stream.level",
        ("level", 0, 1, 0, "power", "flow of small water all around"),
        ("size", 0, 1, 0.4, "mean", "0 trickle, 1 torrent"),
        ("babble", 0, 1, 0.5, "mean", "share of single bubbles"),
    ),
    *_section(
        "river", "river.level",
        ("level", 0, 1, 0, "power", "flow of large water all around"),
        ("size", 0, 1, 0.5, "mean", "0 shallow, 1 deep"),
        ("rapids", 0, 1, 0.3, "mean", "0 smooth, 1 fall"),
    ),
    *_section(
        "surf", "surf.exposure",
        ("exposure", 0, 1, 0, "sum", "share of the waves that reach the listener's shore"),
        ("swell_m", 0, 8, 0, "mean", "height of the swell from far away"),
        ("swell_s", 1, 20, 9, "log", "period of that swell"),
        ("fetch_km", 0.05, 2_000, 1, "log", "length of water that the wind has"),
        ("distance_m", 3, 3_000, 30, "log", "distance to the breakers"),
    ),
    *_section(
        "shore", "shore.exposure",
        ("exposure", 0, 1, 0, "sum", "share of a lake's waves that reach the listener's shore"),
        ("fetch_km", 0.05, 500, 2, "log", "length of water that the wind has"),
        ("stones", 0, 1, 0.5, "mean", "0 reeds and sand, 1 pebbles and rock"),
        ("distance_m", 1, 500, 5, "log", "distance to the water's edge"),
    ),
    *_section(
        "swamp", "swamp.level",
        ("level", 0, 1, 0, "power", "bog and standing water all around"),
        ("gas", 0, 1, 0.5, "mean", "share of bubbles that break, at 20 °C"),
    ),
    *_section(
        "fire", "fire.level",
        ("level", 0, 1, 0, "power", "burning all around"),
        ("crackle", 0, 1, 0.5, "mean", "how dry the wood is"),
        ("roar", 0, 1, 0.3, "mean", "draught in the flames"),
    ),
    *_section(
        "birds", "birds.activity",
        ("activity", 0, 1, 0, "power", "song at the height of a spring dawn"),
        ("variety", 0, 1, 0.5, "mean", "share of the species that are there"),
        ("distance_m", 4, 400, 25, "log", "median distance of the singers"),
        ("day", 0, 1, 0.45, "mean", "song in the middle of the day, against the dawn"),
        ("night", 0, 1, 0, "mean", "song at night, against the dawn"),
        ("seasonal", 0, 1, 1, "mean", "1 sings in spring, 0 all the year"),
    ),
    *_section(
        "crickets", "crickets.level",
        ("level", 0, 1, 0, "power", "on a warm night in season"),
        ("day", 0, 1, 0.2, "mean", "by day, against the night"),
        ("pitch_hz", 2_000, 8_000, 4_500, "log", "carrier at 20 °C"),
    ),
    *_section(
        "cicadas", "cicadas.level",
        ("level", 0, 1, 0, "power", "in the heat of the day in season"),
        ("rate_hz", 2, 120, 20, "log", "pulses a second at 28 °C"),
        ("pitch_hz", 2_500, 12_000, 6_000, "log", "centre of the song"),
        ("dusk", 0, 1, 0.3, "mean", "a chorus at dusk, against the day's"),
    ),
    *_section(
        "frogs", "frogs.activity",
        ("activity", 0, 1, 0, "power", "on a wet, mild night in season"),
        ("pitch_hz", 150, 4_000, 1_200, "log", "median pitch"),
        ("distance_m", 2, 400, 20, "log", "median distance"),
        ("seasonal", 0, 1, 1, "mean", "1 calls in spring, 0 all the year"),
    ),
    *_section(
        "owl", "owl.activity",
        ("activity", 0, 1, 0, "power", "on a still night in autumn or late winter"),
        ("pitch_hz", 180, 1_200, 400, "log", "median pitch"),
        ("distance_m", 10, 1_000, 120, "log", "median distance"),
    ),
    *_section(
        "wolf", "wolf.activity",
        ("activity", 0, 1, 0, "power", "on a still night in autumn or late winter"),
        ("distance_m", 50, 4_000, 800, "log", "median distance of the pack"),
    ),
    *_section(
        "loon", "loon.activity",
        ("activity", 0, 1, 0, "power", "on a still night in early summer"),
        ("distance_m", 20, 3_000, 400, "log", "median distance"),
    ),
    *_section(
        "livestock", "livestock.activity",
        ("activity", 0, 1, 0, "power", "farm animals about milking and feeding time"),
        ("yard", 0, 1, 0.5, "mean", "0 a herd at pasture, 1 a farmyard"),
        ("distance_m", 5, 2_000, 90, "log", "median distance of the herd"),
    ),
    *_section(
        "traffic", "traffic.per_min",
        ("per_min", 0, 240, 0, "sum", "vehicles a minute at the busiest hour"),
        ("night", 0, 1, 0.08, "mean", "in the dead of night, against the busiest hour"),
        ("m_s", 2, 45, 13, "mean", "their speed"),
    ),
    *_section(
        "crowd", "crowd.people",
        ("people", 0, 5_000, 0, "sum", "people talking at the busiest hour"),
        ("night", 0, 1, 0.05, "mean", "in the dead of night, against the busiest hour"),
        ("excitement", 0, 1, 0.3, "mean", "0 murmur, 1 shouting"),
        ("distance_m", 1, 500, 10, "log", "distance of the nearest"),
        ("indoors", 0, 1, 0, "mean", "share of them under a roof, whom rain does not drive away"),
    ),
    *_section(
        "cafe", "cafe.level",
        ("level", 0, 1, 0, "power", "crockery, chairs and the machine at the busiest hour"),
        ("bustle", 0, 1, 0.6, "mean", "how busy its counter is then"),
        ("night", 0, 1, 0.02, "mean", "in the dead of night, against the busiest hour"),
    ),
    *_section(
        "machinery", "machinery.level",
        ("level", 0, 1, 0, "power", "engines, fans and pumps all around, in working hours"),
        ("speed", 0, 1, 0.5, "mean", "0 a slow engine, 1 a fast fan"),
        ("load", 0, 1, 0.3, "mean", "0 idling smoothly, 1 labouring and rattling"),
        ("night", 0, 1, 1, "mean", "what runs at night, against working hours"),
        ("indoors", 0, 1, 0, "mean", "share of it under the listener's roof"),
    ),
    *_section(
        "room", "room.level",
        ("level", 0, 1, 0, "power", "tone of the place and its machinery"),
        ("hum", 0, 1, 0.3, "mean", "share of hum and motors in it"),
        ("size", 0, 1, 0.4, "mean", "0 cupboard, 1 hall or cave"),
    ),
    *_section(
        "drips", "drips.per_s",
        ("per_s", 0, 20, 0, "sum", "drips that always fall"),
        ("after_rain_per_s", 0, 20, 0, "sum", "drips more when everything is wet"),
        ("size", 0, 1, 0.5, "mean", "0 fine and high, 1 heavy and low"),
        ("depth", 0, 1, 0.3, "mean", "0 on stone, 1 into deep water"),
    ),
    *_section(
        "events", "",
        ("branches", 0, 1, 0, "sum", "wood that can break in a storm"),
        ("splashes_per_min", 0, 20, 0, "sum", "fish that jump, when all is quiet"),
    ),
    *_section(
        "echo", "",
        ("rt60_s", 0, 9, 0, "mean", "reverberation in the open here; 0 for none"),
        ("late_db", -60, 6, -60, "db", "reverberant level of a short sound, against direct; −60 for none"),
    ),
    *_section(
        "own", "own.level",
        ("level", 0, 1, 0, "power", "the learned place, 1 as loud as any; 1 for a file with an [own]"),
        ("density", 0, 4, 1, "mean", "its single sounds, as recorded = 1"),
        ("distance_m", 0.5, 2_000, 10, "log", "distance to it; as recorded = 10"),
        *_FOLLOWS,
    ),
)  # fmt: skip
"""What a file may say."""

HELD: Final[tuple[Field, ...]] = (
    *FIELDS,
    *(
        field
        for n in range(1, PLACES + 1)
        for field in _section(f"place{n}", f"place{n}.level", ("level", 0, 1, 0, "power", f"place {n}"), *_FOLLOWS)
    ),
)
"""All that a biome holds and blends: the fields of its file, and its [own] once more as [place1] … [place8]."""

DEFAULTS: Final = {field.key: field.default for field in HELD}
