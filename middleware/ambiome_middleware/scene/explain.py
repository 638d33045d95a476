"""Explain: why is this playing? Every parameter with its value, its target, its rule and the numbers behind it."""

from typing import Final

from ambiome_protocol.limits import MAX_NAME_CHARS
from ambiome_protocol.messages import Reason

from ambiome_middleware.scene.biomes import Biomes, built_in
from ambiome_middleware.scene.columns import CURVES, PARAMETERS, Floats
from ambiome_middleware.scene.conditions import conditions
from ambiome_middleware.scene.features import LEVEL_AT
from ambiome_middleware.scene.map import map_world
from ambiome_middleware.scene.map.features import feature_levels
from ambiome_middleware.scene.state import SceneState
from ambiome_middleware.tokens import FEATURE_KIND_NAMES, SCENE, Parameter


def values(state: SceneState) -> dict[str, float]:
    """What is heard at the state's step: every parameter of the token table in its unit. Silence (−inf dB) is given as
    the lowest value of its range."""
    return _named(state.heard)


def targets(state: SceneState) -> dict[str, float]:
    """Where every parameter of the token table is going, in its unit."""
    return _named(state.target)


def explain(state: SceneState, biomes: Biomes | None = None) -> tuple[Reason, ...]:
    """Why every parameter stands where it does: those of the table in its order, the scene's own, then the features."""
    places = built_in() if biomes is None else biomes
    step = max(state.step, 0)
    now = conditions(state.held, state.wetness, state.fallen_snow, step, places)
    reasons = map_world(state.held, now, state.gates).reasons | _DRIVEN
    heard, target = _named(state.heard, PARAMETERS), _named(state.target, PARAMETERS)
    return (
        *(
            Reason(parameter=name, value=heard[name], target=target[name], rule=rule, because=because)
            for name in heard
            for rule, because in (reasons[name],)
        ),
        *_features(state, feature_levels(now)),
    )


_DRIVEN: Final = {
    **dict.fromkeys(("surf_break", "surf_wash"), ("waves", "sets of waves break and wash")),
    "heading_deg": ("listener", "where the listener looks, as told"),
}
"""What no rule maps: it moves with each step."""


def _features(state: SceneState, levels: dict[str, tuple[float, str]]) -> list[Reason]:
    reasons = []
    for slot, (name, kind) in enumerate(zip(state.slots.ids, state.slots.kinds, strict=True)):
        if not name:
            continue
        level, because = levels[FEATURE_KIND_NAMES[kind]]
        is_alive = bool(state.slots.alive[slot])
        reasons.append(
            Reason(
                parameter=f"feature.{name}"[:MAX_NAME_CHARS],
                value=max(float(state.slots.now[slot, LEVEL_AT]), 0.0) ** 2,
                target=level if is_alive else 0.0,
                rule="features",
                because=f"{FEATURE_KIND_NAMES[kind]}: {because}" if is_alive else "it has gone and fades",
            )
        )
    return reasons


def _named(positions: Floats, parameters: tuple[Parameter, ...] = SCENE) -> dict[str, float]:
    physical = CURVES.values(positions).tolist()
    return {p.name: max(v, p.low) if p.curve == "db0" else v for p, v in zip(parameters, physical, strict=False)}
