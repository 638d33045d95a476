"""The scene with biomes of a game's own: the package's functions, bound to what `load_biomes` has read."""

from collections.abc import Sequence
from dataclasses import dataclass

from ambiome_protocol.messages import Change, Reason, Warning

from ambiome_middleware.scene.advance import advance
from ambiome_middleware.scene.biomes import Biomes
from ambiome_middleware.scene.check import check, warnings
from ambiome_middleware.scene.explain import explain, targets, values
from ambiome_middleware.scene.state import SceneState, initial_state, state_from_bytes, state_to_bytes
from ambiome_middleware.tokens import Row


@dataclass(frozen=True, slots=True)
class BoundScene:
    """What a session asks of the scene, with other biomes than the built-in ones."""

    biomes: Biomes

    def initial_state(self, seed: int) -> SceneState:
        return initial_state(seed)

    def check(self, change: Change) -> None:
        check(change, self.biomes)

    def warnings(self, state: SceneState, changes: Sequence[Change], step: int) -> tuple[Warning, ...]:
        return warnings(state, changes, step)

    def advance(self, state: SceneState, messages: Sequence[Change], step: int) -> tuple[SceneState, Row]:
        return advance(state, messages, step, self.biomes)

    def explain(self, state: SceneState) -> tuple[Reason, ...]:
        return explain(state, self.biomes)

    def values(self, state: SceneState) -> dict[str, float]:
        return values(state)

    def targets(self, state: SceneState) -> dict[str, float]:
        return targets(state)

    def state_to_bytes(self, state: SceneState) -> bytes:
        return state_to_bytes(state)

    def state_from_bytes(self, data: bytes) -> SceneState:
        return state_from_bytes(data)
