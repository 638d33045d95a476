"""The scene, language one: a world goes in, token frames come out, 25 a second.

A scene *maps* its world to targets, *smooths* its parameters towards them, lets them *evolve* and *quantises* them. It
knows no sample, no socket and no clock; its chance is hashed from the seed. A session that has been told nothing is
silent: its biome is "none". The first world it is told stands at once; every later one comes in with each parameter's
own time, with the change's `transition_s`, or at once with `cut`.
"""

from ambiome_middleware.scene.advance import advance
from ambiome_middleware.scene.biomes import BiomeError, Biomes, load_biomes
from ambiome_middleware.scene.bound import BoundScene
from ambiome_middleware.scene.check import check, warnings
from ambiome_middleware.scene.explain import explain, targets, values
from ambiome_middleware.scene.state import SceneState, StateError, initial_state, state_from_bytes, state_to_bytes

__all__ = [
    "BiomeError",
    "Biomes",
    "BoundScene",
    "SceneState",
    "StateError",
    "advance",
    "check",
    "explain",
    "initial_state",
    "load_biomes",
    "state_from_bytes",
    "state_to_bytes",
    "targets",
    "values",
    "warnings",
]
