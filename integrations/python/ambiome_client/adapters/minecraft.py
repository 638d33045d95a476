"""Minecraft: a biome, the weather and the time of a dimension.

    ambience.world(**minecraft.to_world("minecraft:birch_forest", weather="rain", ticks=6_000), transition_s=2)

A biome is a name, or the mapping of a data pack's biome file (`temperature`, `downfall`, `has_precipitation`,
`effects`), for biomes of one's own.
"""

from collections.abc import Mapping
from typing import Final

from ambiome_client.adapters.air import between
from ambiome_client.adapters.fields import WorldFields, world
from ambiome_client.adapters.minecraft_biomes import BIOMES, Biome
from ambiome_client.adapters.schema import Schema

_MC: Final = Schema("minecraft")

TICKS_PER_DAY: Final = 24_000
SUNRISE_HOUR: Final = 6.0
"""The hour of tick 0."""
SNOWS_BELOW: Final = 0.15
"""The game's temperature under which its precipitation is snow."""
CELSIUS: Final = ((-0.7, -20.0), (0.15, -0.5), (0.5, 10.0), (0.8, 17.0), (1.0, 24.0), (2.0, 38.0))
"""(the game's temperature, °C)."""

_WEATHERS: Final = {"clear": (0.0, 0.1, 0.0), "rain": (1.0, 0.95, 0.0), "thunder": (2.5, 1.0, 5.3)}
"""(how much falls, cloud, lightnings a minute). A thunderstorm strikes one chunk in 100,000 each tick; 441 loaded
chunks make 5.3 lightnings a minute."""
STORM_KM: Final = 1.5
"""Its lightning is near: only loaded chunks are struck."""


def to_world(
    biome: str | Mapping[str, object],
    weather: str = "clear",
    ticks: float | None = None,
    *,
    ticks_per_s: float = 20.0,
    sky_light: int | None = None,
) -> WorldFields:
    """`weather`, `location` (biome, openness) and, with `ticks`, `time`.

    `biome` is a name, with or without "minecraft:", or a biome's mapping; `weather` "clear", "rain" or "thunder", what
    the dimension has: where the biome has none it stays dry, and where it is cold it snows. `ticks` is the time of day
    (0 is sunrise, 6,000 noon); the server's clock runs on with `ticks_per_s` (0 where the daylight cycle is off).
    `sky_light` 0 … 15 at the listener's block is how open the place is; None leaves it to the biome.

    Raises AdapterError.
    """
    row = _biome(biome)
    much, cloud, strikes = _MC.entry("weather", weather, _WEATHERS)
    falls = much if row.downfall is not None else 0.0
    rate = falls * (1.5 + 6.0 * (row.downfall or 0.0))
    is_cold = row.temperature < SNOWS_BELOW
    conditions: dict[str, object] = {
        "rain_mm_h": 0.0 if is_cold else rate,
        "snow_mm_h": min(rate, 12.0) / 2.0 if is_cold else 0.0,
        "cloud": cloud,
        "thunder_per_min": strikes if falls else 0.0,
        "thunder_km": STORM_KM if strikes and falls else None,
        "temperature_c": between(CELSIUS, row.temperature),
    }
    location: dict[str, object] = {"biome": dict(row.biomes), "openness": None}
    if sky_light is not None:
        location["openness"] = _MC.number("sky_light", sky_light, 0.0, 15.0) / 15.0
    return world(weather=conditions, location=location, time=_time(ticks, ticks_per_s))


def _biome(biome: str | Mapping[str, object]) -> Biome:
    if isinstance(biome, str):
        return _MC.entry("biome", biome.removeprefix("minecraft:"), BIOMES)
    given = _MC.mapping("biome", biome)
    temperature = _MC.number("biome.temperature", given.get("temperature"), -2.0, 2.0)
    downfall = _MC.number("biome.downfall", given.get("downfall"), 0.0, 1.0)
    has_fall = given.get("has_precipitation", given.get("precipitation", "rain") != "none")
    if not isinstance(has_fall, bool):
        raise _MC.error("biome.has_precipitation", has_fall, "true or false")
    effects = _MC.mapping("biome.effects", given.get("effects", {}))
    place = _by_sound(effects) or _by_climate(temperature, downfall, has_fall)
    return Biome(place, temperature, downfall if has_fall else None)


_SOUNDS: Final = (("underwater", "underwater"), ("cave", "cave"), ("nether", "cave"), ("basalt", "cave"),
                  ("crimson", "cave"), ("warped", "cave"), ("soul", "cave"))  # fmt: skip
"""(part of the name of an ambient sound, biome)."""


def _by_sound(effects: Mapping[str, object]) -> dict[str, float] | None:
    """A biome by its ambient sound. Every biome has the cave's mood sound, so that says nothing."""
    said = effects.get("ambient_sound", "")
    name = str(said.get("sound_id", "")) if isinstance(said, Mapping) else str(said)
    for part, biome in _SOUNDS:
        if part in name:
            return {biome: 1.0}
    return None


_CLIMATES: Final = (
    # warmer than, wetter than, biome
    (1.5, -1.0, "desert"),
    (0.9, 0.75, "rainforest"),
    (0.9, -1.0, "savanna"),
    (0.4, 0.55, "temperate_forest"),
    (0.4, -1.0, "grassland"),
    (0.1, 0.55, "conifer_forest"),
    (0.1, -1.0, "mountain"),
    (-9.0, -1.0, "tundra"),
)


def _by_climate(temperature: float, downfall: float, has_fall: bool) -> dict[str, float]:
    if not has_fall and temperature > 1.0:
        return {"desert": 1.0}
    return {next(name for warm, wet, name in _CLIMATES if temperature > warm and downfall > wet): 1.0}


def _time(ticks: float | None, ticks_per_s: float) -> dict[str, object] | None:
    if ticks is None:
        return None
    day = _MC.number("ticks", ticks, 0.0, 1e15) % TICKS_PER_DAY
    speed = _MC.number("ticks_per_s", ticks_per_s, 0.0, 24_000.0)
    return {"hour": (day / 1_000.0 + SUNRISE_HOUR) % 24.0, "rate": speed * 24.0 * 3_600.0 / TICKS_PER_DAY}
