"""The two renderers by name. encodec is imported only where the neural one is asked for."""

import os
from pathlib import Path

from ambiome_protocol.lists import RENDERERS, RendererName

from ambiome_middleware.engine import Renderer as Renders
from ambiome_middleware.neural.shipped import WEIGHTS
from ambiome_middleware.sound import Renderer
from ambiome_middleware.sound.render import resolve_device
from ambiome_middleware.sound.voices.own import bank_of

Folder = str | os.PathLike[str]


def renderer(
    name: RendererName = "procedural", device: str = "auto", biomes: Folder | None = None, weights: Folder | None = None
) -> Renders:
    """The renderer of that name, on a device (auto, cpu, cuda or mps), with the profiles of a folder of biomes.

    `weights` is a folder that `ambiome train` wrote, for the neural one; without it, what comes along. ValueError for a
    name or a device that cannot be; WeightsError, a ValueError, for weights that are not; OSError for files that cannot
    be read; ModuleNotFoundError without the extra `neural`.
    """
    if name == "procedural":
        return Renderer(device, bank_of(biomes))
    if name != "neural":
        raise ValueError(f"renderer is {name!r}; it can be {', '.join(RENDERERS)}")
    from ambiome_middleware.neural.render import NeuralRenderer

    return NeuralRenderer(Path(weights or WEIGHTS), resolve_device(device), bank_of(biomes))
