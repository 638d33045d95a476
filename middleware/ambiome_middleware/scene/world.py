"""The world as the scene holds it: what has been told, and nothing derived.

A message changes what it names and leaves the rest; `null` takes a field back out, so that it is derived again.
"""

from typing import Any

from ambiome_protocol.limits import MAX_FEATURES
from ambiome_protocol.messages import Feature, Location, Mix, Part, Time, World
from msgspec import UNSET, Struct, structs

from ambiome_middleware.tokens import STEPS_PER_S


class VoiceGain(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the mix says of one voice."""

    gain_db: float = 0.0
    mute: bool = False
    solo: bool = False


class Clock(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When it is: what was told, and the step from which `rate` moves it on. None is "derived"."""

    hour: float | None = None
    day_of_year: int | None = None
    latitude_deg: float | None = None
    rate: float = 0.0
    since_step: int = 0

    def at(self, step: int) -> tuple[float, float]:
        """(hour 0 ≤ … < 24, day of the year 1 ≤ … < 366) at a step; noon of midsummer's day where nothing was told."""
        hour = 12.0 if self.hour is None else self.hour
        hour += self.rate * ((step - self.since_step) / STEPS_PER_S) / 3_600.0
        days, hour = divmod(hour, 24.0)
        day = 172 if self.day_of_year is None else self.day_of_year
        return hour, (day - 1 + days) % 365.0 + 1.0


class Held(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything that a session has been told about its world and its mix, in the units of the protocol."""

    weather: dict[str, float] = {}
    biome: dict[str, float] = {}
    """Weights, summing to 1; empty is "derived"."""
    shelter: str | None = None
    openness: float | None = None
    altitude_m: float | None = None
    features: tuple[Feature, ...] = ()
    clock: Clock = Clock()
    heading_deg: float = 0.0
    master_db: float = 0.0
    dynamics: float = 0.5
    voices: dict[str, VoiceGain] = {}


def merge_world(held: Held, world: World, step: int) -> Held:
    """`held` with a world message's fields changed, at `step`."""
    changes: dict[str, Any] = {}
    if world.weather is not UNSET:
        changes["weather"] = _merged(held.weather, world.weather)
    if world.location is not UNSET:
        changes |= _location(held, world.location)
    if world.time is not UNSET:
        changes["clock"] = _clock(held.clock, world.time, step)
    if world.listener is not UNSET and world.listener.heading_deg is not UNSET:
        changes["heading_deg"] = float(world.listener.heading_deg or 0.0)
    return structs.replace(held, **changes)


def merge_mix(held: Held, mix: Mix) -> Held:
    """`held` with a mix message's fields changed."""
    changes: dict[str, Any] = _set(mix, "master_db", "dynamics")
    if mix.voices is not UNSET:
        voices = dict(held.voices)
        for name, voice in mix.voices.items():
            voices[name] = structs.replace(voices.get(name, VoiceGain()), **_set(voice, "gain_db", "mute", "solo"))
        changes["voices"] = voices
    return structs.replace(held, **changes)


def _set(part: Part, *names: str) -> dict[str, Any]:
    """The fields of `part` that were given, numbers as floats (but for the day)."""
    given = {name: value for name in names if (value := getattr(part, name)) is not UNSET}
    return {
        name: float(value) if type(value) is int and name != "day_of_year" else value for name, value in given.items()
    }


def _merged(held: dict[str, float], part: Part) -> dict[str, float]:
    told = _set(part, *part.__struct_fields__)
    kept = {name: value for name, value in held.items() if name not in told}
    return kept | {name: value for name, value in told.items() if value is not None}


def _location(held: Held, location: Location) -> dict[str, Any]:
    changes = _set(location, "shelter", "openness", "altitude_m")
    if location.biome is not UNSET:
        changes["biome"] = weights(location.biome)
    features = held.features if location.features is UNSET else location.features or ()
    if location.features is not UNSET:
        features = tuple({feature.id: _floats(feature) for feature in features}.values())
    if location.feature_set is not UNSET:
        features = _feature_set(features, _floats(location.feature_set))
    if location.feature_remove is not UNSET:
        features = tuple(feature for feature in features if feature.id != location.feature_remove)
    return changes | {"features": features}


def _floats(feature: Feature) -> Feature:
    return structs.replace(feature, **_set(feature, "distance_m", "azimuth_deg", "size"))


def _feature_set(features: tuple[Feature, ...], feature: Feature) -> tuple[Feature, ...]:
    """One feature changed in its place, or added; one too many is left out (see `check.warnings`)."""
    if any(held.id == feature.id for held in features):
        return tuple(feature if held.id == feature.id else held for held in features)
    return (*features, feature) if len(features) < MAX_FEATURES else features


def _clock(clock: Clock, time: Time, step: int) -> Clock:
    """The clock as told, running on from `step`: what the message leaves out goes on from where it had come to."""
    told = _set(time, "hour", "day_of_year", "latitude_deg", "rate")
    told["rate"] = (told["rate"] or 0.0) if "rate" in told else clock.rate
    hour, day = clock.at(step)
    is_moving = clock.rate > 0 or told["rate"] > 0
    if is_moving and "hour" not in told:
        told["hour"] = hour
    if is_moving and "day_of_year" not in told:
        told["day_of_year"] = int(day)
    return structs.replace(clock, **told, since_step=step)


def weights(biome: str | dict[str, float] | None) -> dict[str, float]:
    """Biome weights that sum to 1, without zeros, in order of name; empty for "derived"."""
    if biome is None:
        return {}
    if isinstance(biome, str):
        return {biome: 1.0}
    total = sum(biome.values())
    return {name: biome[name] / total for name in sorted(biome) if biome[name] > 0} if total > 0 else {}
