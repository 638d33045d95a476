"""Check: what only the scene can know of a change before it is queued: what is wrong, and what is not as it seems."""

from collections.abc import Sequence

from ambiome_protocol.errors import shown, unknown_name
from ambiome_protocol.limits import MAX_FEATURES, MAX_PENDING_EVENTS
from ambiome_protocol.messages import Change, EventMessage, Location, Warning, Weather, WorldMessage
from msgspec import UNSET

from ambiome_middleware.scene.biomes import Biomes, built_in
from ambiome_middleware.scene.events import is_full
from ambiome_middleware.scene.state import SceneState
from ambiome_middleware.scene.world import Held, merge_world


def check(change: Change, biomes: Biomes | None = None) -> None:
    """Raises ProtocolError for a biome that is not known here, offering the nearest."""
    if not isinstance(change, WorldMessage) or change.world.location is UNSET:
        return
    told = change.world.location.biome
    if told is UNSET or told is None:
        return
    known = built_in() if biomes is None else biomes
    for name in (told,) if isinstance(told, str) else told:
        if name not in known:
            raise unknown_name("world.location.biome", name, sorted(known), seq=change.seq)


def warnings(state: SceneState, changes: Sequence[Change], step: int) -> tuple[Warning, ...]:
    """What a client should know of changes that are about to take effect on `state` at `step`, in their order, each
    upon those before it; none of it is an error.
    """
    held = state.held
    found: list[Warning] = []
    for change in changes:
        if isinstance(change, EventMessage):
            found += _of_event(state, change)
        elif isinstance(change, WorldMessage):
            found += _of_world(held, change)
            held = merge_world(held, change.world, step)
    return tuple(found)


def _of_world(held: Held, message: WorldMessage) -> tuple[Warning, ...]:
    weather, location = message.world.weather, message.world.location
    found = () if weather is UNSET else _of_weather(held, weather, message.seq)
    return found if location is UNSET else (*found, *_of_features(held, location, message.seq))


def _of_event(state: SceneState, message: EventMessage) -> tuple[Warning, ...]:
    if message.event.kind == "gust" or not is_full(state.pending):
        return ()
    detail = (
        f"{MAX_PENDING_EVENTS:,} events are on their way; it is not heard, nor were {state.dropped_events:,} before"
    )
    return (Warning(code="events_full", detail=detail, seq=message.seq),)


def _of_weather(held: Held, weather: Weather, seq: int) -> tuple[Warning, ...]:
    if weather.wind_m_s is UNSET and weather.gust_m_s is UNSET:
        return ()
    wind = held.weather.get("wind_m_s") if weather.wind_m_s is UNSET else weather.wind_m_s
    gust = held.weather.get("gust_m_s") if weather.gust_m_s is UNSET else weather.gust_m_s
    if wind is None or gust is None or gust >= wind:
        return ()
    detail = f"gust_m_s {gust:g} is below wind_m_s {wind:g}; it counts as {wind:g}"
    return (Warning(code="gust_raised", detail=detail, seq=seq),)


def _of_features(held: Held, location: Location, seq: int) -> tuple[Warning, ...]:
    listed = held.features if location.features is UNSET else location.features or ()
    ids = {feature.id for feature in listed}
    found: list[Warning] = []
    if location.feature_set is not UNSET:
        new = location.feature_set.id
        if new not in ids and len(ids) >= MAX_FEATURES:
            detail = f"feature_set {shown(new)} would be one more than {MAX_FEATURES} features; it was not added"
            found.append(Warning(code="features_full", detail=detail, seq=seq))
        ids.add(new)
    if location.feature_remove is not UNSET and location.feature_remove not in ids:
        detail = f"feature_remove {shown(location.feature_remove)} names no feature of this world; nothing was removed"
        found.append(Warning(code="feature_unknown", detail=detail, seq=seq))
    return tuple(found)
