"""Explain: why is this playing? Every parameter with its value, its target, its rule and the numbers behind it."""

from ambiome_protocol.messages import Reason

from ambiome_middleware.scene.advance import sheet_of
from ambiome_middleware.scene.biomes import Biomes, built_in
from ambiome_middleware.scene.columns import CURVES, Floats
from ambiome_middleware.scene.conditions import conditions
from ambiome_middleware.scene.features import LEVEL_AT
from ambiome_middleware.scene.map.sources import source_levels
from ambiome_middleware.scene.state import SceneState
from ambiome_middleware.tokens import FEATURE_KIND_NAMES, SCENE


def values(state: SceneState) -> dict[str, float]:
    """What is heard at the state's step: every parameter of the token table in its unit. Silence (−inf dB) is given as
    the lowest value of its range."""
    return _named(state.heard)


def targets(state: SceneState) -> dict[str, float]:
    """Where every parameter of the token table is going, in its unit."""
    return _named(state.target)


def explain(state: SceneState, biomes: Biomes | None = None) -> tuple[Reason, ...]:
    """The reason of every parameter that a rule has set, in the order of the table, then of every feature."""
    places = built_in() if biomes is None else biomes
    step = max(state.step, 0)
    sheet, now, goal = sheet_of(state, step, places), values(state), targets(state)
    reasons = [
        Reason(parameter=name, value=now[name], target=goal[name], rule=rule, because=because)
        for name in now
        for rule, because in (sheet.reasons.get(name, ("waves", "sets of waves break and wash")),)
    ]
    return (*reasons, *_features(state, step, places))


def _features(state: SceneState, step: int, biomes: Biomes) -> list[Reason]:
    levels = source_levels(conditions(state.held, state.wetness, step, biomes)) if state.slots.in_use else {}
    reasons = []
    for slot, (name, kind) in enumerate(zip(state.slots.ids, state.slots.kinds, strict=True)):
        if not name:
            continue
        level, because = levels[FEATURE_KIND_NAMES[kind]]
        is_alive = bool(state.slots.alive[slot])
        value = float(state.slots.now[slot, LEVEL_AT]) ** 2
        because = f"{FEATURE_KIND_NAMES[kind]}: {because}" if is_alive else "it has gone and fades"
        target = level if is_alive else 0.0
        reasons.append(
            Reason(parameter=f"feature.{name}", value=value, target=target, rule="features", because=because)
        )
    return reasons


def _named(positions: Floats) -> dict[str, float]:
    physical = CURVES.values(positions).tolist()
    return {p.name: max(value, p.low) if p.curve == "db0" else value for p, value in zip(SCENE, physical, strict=False)}
