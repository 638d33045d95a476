"""Advance: one step of the scene, from messages to a token frame.

The order of a step: slots that have faded are freed; messages change the world; the world is mapped to targets if it
has changed, and on every MAP_EVERY_STEPS-th step (for time moves on and everything dries); parameters are smoothed,
evolved and quantised. All of it is counted by the step's own number, never by calls.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Final

import numpy as np
from ambiome_protocol.messages import Change, Event, EventMessage, MixMessage, WorldMessage
from msgspec import UNSET, structs

from ambiome_middleware.scene.biomes import Biomes, built_in
from ambiome_middleware.scene.chance import branch, lightning, splash
from ambiome_middleware.scene.columns import COUNT, CURVES, INDEX, Floats, value_of
from ambiome_middleware.scene.conditions import Conditions, conditions
from ambiome_middleware.scene.events import Sounding, due, heard_as, is_full, queued, sounding
from ambiome_middleware.scene.evolve import GUST_STEPS, Gust
from ambiome_middleware.scene.features import freed, kind_array, moved, retarget
from ambiome_middleware.scene.map import map_world
from ambiome_middleware.scene.map.features import feature_levels, level_positions
from ambiome_middleware.scene.quantise import quantise_events, quantise_slots
from ambiome_middleware.scene.rumbles import with_rumbles
from ambiome_middleware.scene.smooth import arrived, transition_steps
from ambiome_middleware.scene.snow_cover import snowier
from ambiome_middleware.scene.state import SceneState
from ambiome_middleware.scene.stride import gust_array, stride
from ambiome_middleware.scene.waves import breaking, rolled
from ambiome_middleware.scene.wetness import wetter
from ambiome_middleware.scene.world import Held, merge_mix, merge_world
from ambiome_middleware.tokens import CUT_AT, ROW_WIDTH, STEP_S, Row

MAP_EVERY_STEPS: Final = 100
MAP_FAST_STEPS: Final = 25
"""The same where the clock runs faster than FAST_RATE."""
FAST_RATE: Final = 4.0
_BREAK, _WASH = INDEX["surf_break"], INDEX["surf_wash"]
_WIND, _SURF = INDEX["wind_m_s"], INDEX["surf_height_m"]
_RAIN, _HAIL = INDEX["rain_mm_h"], INDEX["hail_mm_h"]
_HEADING: Final = INDEX["heading_deg"]
_DRIVEN: Final = np.array([_BREAK, _WASH, _HEADING])
_CHANGED: Final = 1e-9
_MAX_GUSTS: Final = 16


def advance(
    state: SceneState, messages: Sequence[Change], step: int, biomes: Biomes | None = None
) -> tuple[SceneState, Row]:
    """One step: the next state and its token frame.

    `messages`: the changes that take effect at this step, in order (each has passed `check`). `step` must lie beyond
    the state's. `biomes`: those of `load_biomes`, by default the built-in ones. The state given is left as it was.
    Raises ValueError for a step that has been made already.
    """
    if step <= state.step:
        raise ValueError(f"step {step} has been made: the scene stands at {state.step}")
    places = built_in() if biomes is None else biomes
    if state.slots.in_use:
        state = structs.replace(state, slots=freed(state.slots, state.held.features))
    if messages:
        state = _told(state, messages, step, places)
    every_steps = MAP_FAST_STEPS if state.held.clock.rate > FAST_RATE else MAP_EVERY_STEPS
    if step % every_steps == 0:
        state = _renewed(state, step, every_steps, places)
    elif state.is_stale:
        state = _mapped(state, step, places)
    return _moved(state, step)


def _moved(state: SceneState, step: int) -> tuple[SceneState, Row]:
    """Smooth, evolve, quantise."""
    changes: dict[str, Any] = {"step": step}
    target = _driven(state, changes)
    smooth, heard, row = np.empty(COUNT), np.empty(COUNT), np.zeros(ROW_WIDTH, np.int16)
    left = state.left.copy() if state.in_transition else state.left
    in_transition, has_chance = stride(
        state.seed, step, state.smooth, target, state.left, gust_array(state.gusts), smooth, left, heard, row
    )
    changes["smooth"], changes["heard"] = smooth, heard
    changes["left"], changes["in_transition"] = left, in_transition
    if state.gusts:
        changes["gusts"] = tuple(gust for gust in state.gusts if step - gust.step < GUST_STEPS)
    slots, heading_deg = state.slots, state.held.heading_deg
    if slots.in_use:
        if state.mapped_step == step or not slots.is_still:
            rain = max(heard[_RAIN], heard[_HAIL])
            slots = changes["slots"] = moved(slots, state.kind_levels, heard[_WIND], rain, heard[_BREAK])
        quantise_slots(slots.now, kind_array(slots.kinds), heading_deg, row)
    state = structs.replace(state, **changes)
    if has_chance:
        state = _by_itself(state, step)
    if state.pending:
        now, pending = due(state.pending, step)
        state = structs.replace(state, pending=pending)
        quantise_events(now, heading_deg, row)
    row[CUT_AT] = state.cut
    return state, row


def _driven(state: SceneState, changes: dict[str, Any]) -> Floats:
    """The targets of this step: those mapped, but for what the listener's turning and the waves at hand drive; what of
    the state they change goes into `changes`.
    """
    target, heading = state.target, state.held.heading_deg % 360.0 / 360.0
    has_turned = target[_HEADING] != heading
    has_waves = target[_SURF] > 0.0 or state.smooth[_SURF] > 0.0 or state.slots.has_surf
    if not (has_turned or has_waves):
        return target
    target = changes["target"] = target.copy()
    target[_HEADING] = heading
    if has_waves:
        wave = changes["wave"] = rolled(state.wave, state.seed, value_of(state.smooth, "wave_period_s"))
        target[_BREAK], target[_WASH] = breaking(wave)
    return target


def _by_itself(state: SceneState, step: int) -> SceneState:
    """The state with what happens at this step without being told."""
    seed, smooth = state.seed, state.smooth
    storm = value_of(smooth, "lightning_per_min"), value_of(smooth, "lightning_km")
    for chance in (
        partial(lightning, seed, step, *storm, state.held.weather.get("wind_from_deg")),
        partial(branch, seed, step, value_of(smooth, "branches_per_min")),
        partial(splash, seed, step, value_of(smooth, "splashes_per_min")),
    ):
        event = chance(count=state.event_count)
        if event is not None:
            state = _on_its_way(state, event, step)
    return state


def _on_its_way(state: SceneState, event: Sounding, step: int) -> SceneState:
    """The state with an event that happens at this step, and all that is to be heard of it, pending."""
    pending, dropped, count = state.pending, state.dropped_events, state.event_count
    for sound in with_rumbles(state.seed, count, step, event, value_of(state.smooth, "thunder_roll")):
        dropped += is_full(pending, sound.kind)
        pending = queued(pending, sound)
        count += 1
    return structs.replace(state, pending=pending, dropped_events=dropped, event_count=count)


def _told(state: SceneState, messages: Sequence[Change], step: int, biomes: Biomes) -> SceneState:
    """The state after the messages of a step."""
    was_fresh = state.is_fresh
    for message in messages:
        if isinstance(message, EventMessage):
            state = _happened(state, message.event, step)
        elif isinstance(message, WorldMessage | MixMessage):
            state = _changed(state, message, step, biomes)
    if was_fresh and not state.is_fresh:
        if state.is_stale or state.mapped_step != step:
            state = _mapped(state, step, biomes)
        smooth = np.where(state.left > 0.0, state.smooth, state.target)
        slots = retarget(state.slots, state.held.features, cut=True)
        state = structs.replace(state, smooth=smooth, slots=slots if not state.slots.left.any() else state.slots)
    return state


def _changed(state: SceneState, message: WorldMessage | MixMessage, step: int, biomes: Biomes) -> SceneState:
    """The state after one change of the world or the mix."""
    before, transition_s = state.held, message.transition_s
    if isinstance(message, MixMessage):
        held, cut = merge_mix(before, message.mix), False
    else:
        held, cut = merge_world(before, message.world, step), message.cut
    transition = None if transition_s is UNSET else transition_steps(transition_s)
    is_other_world = _world_of(held) != _world_of(before)
    must_compare = is_other_world and not cut and (transition is not None or state.in_transition)
    if must_compare and (state.is_stale or state.mapped_step != step):
        state = _mapped(state, step, biomes)  # what time alone has moved is not touched by this change
    changes: dict[str, Any] = {"held": held, "is_stale": state.is_stale or is_other_world}
    if isinstance(message, WorldMessage) and (is_other_world or held.features != before.features):
        changes["is_fresh"] = False
    if "wetness" in held.weather:
        changes["wetness"] = held.weather["wetness"]
    if held.features is not before.features:
        changes["slots"] = retarget(state.slots, held.features, transition)
    state = structs.replace(state, **changes)
    if cut:
        return _cut(state, step, biomes)
    return _mapped(state, step, biomes, transition or 0.0) if must_compare else state


def _world_of(held: Held) -> tuple[Any, ...]:
    """What the rules read."""
    return (
        held.weather, held.biome, held.shelter, held.openness, held.altitude_m, held.clock, held.master_db,
        held.dynamics, held.voices,
    )  # fmt: skip


def _cut(state: SceneState, step: int, biomes: Biomes) -> SceneState:
    """Another place at once: everything snaps, and what was on its way is not heard any more."""
    state = _mapped(structs.replace(state, gates={}, gusts=(), pending=()), step, biomes)
    return structs.replace(
        state,
        smooth=state.target,
        left=np.zeros_like(state.left),
        in_transition=False,
        slots=retarget(state.slots, state.held.features, cut=True),
        cut=(state.cut + 1) % 32_768,
    )


def _happened(state: SceneState, event: Event, step: int) -> SceneState:
    """The state after an event of the game."""
    if event.kind == "gust":
        return structs.replace(state, gusts=(*state.gusts, Gust(step, float(event.strength)))[-_MAX_GUSTS:])
    seed, count, kind = state.seed, state.event_count, heard_as(event)
    sound = sounding(seed, count, step, kind, event.distance_m, event.azimuth_deg, event.strength)
    return _on_its_way(state, sound, step)


def _mapped(
    state: SceneState, step: int, biomes: Biomes, transition: float | None = None, now: Conditions | None = None
) -> SceneState:
    """The state with its targets mapped anew. `transition`: steps for the parameters that this touches, 0 for none."""
    now = now or conditions(state.held, state.wetness, state.fallen_snow, step, biomes)
    sheet = map_world(state.held, now, state.gates)
    target = CURVES.positions(sheet.targets)
    target[_DRIVEN] = state.target[_DRIVEN]
    if target[_SURF] <= 0.0:
        target[[_BREAK, _WASH]] = 0.0
    changes: dict[str, Any] = {}
    if transition is not None:
        touched = np.abs(target - state.target) > _CHANGED
        touched[_DRIVEN] = False
        left = np.where(touched, transition, state.left)
        changes = {"left": left, "in_transition": bool(left.any())}
    return structs.replace(
        state,
        target=target,
        gates=sheet.gates,
        is_stale=False,
        mapped_step=step,
        kind_levels=level_positions(feature_levels(now)),
        **changes,
    )


def _renewed(state: SceneState, step: int, steps: int, biomes: Biomes) -> SceneState:
    """The state mapped anew because so many steps of time have passed: everything wets or dries, and what is as good as
    there arrives.
    """
    now = conditions(state.held, state.wetness, state.fallen_snow, step, biomes)
    seconds = steps * STEP_S * max(state.held.clock.rate, 1.0)
    wetness = now.wetness if "wetness" in state.held.weather else wetter(now, seconds)
    now = replace(now, wetness=wetness, fallen_snow=snowier(now, seconds))
    state = _mapped(state, step, biomes, now=now)
    smooth = arrived(state.smooth, state.target)
    return structs.replace(state, wetness=now.wetness, fallen_snow=now.fallen_snow, smooth=smooth)
