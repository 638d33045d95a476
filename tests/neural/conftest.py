"""Weights that nobody trained, in a folder."""

from pathlib import Path

import pytest
import torch
from ambiome_middleware.neural import codec as codecs
from ambiome_middleware.neural.codec import Codec
from ambiome_middleware.neural.lm import Lm, LmShape
from neural.codecs import SMALL, state

SHAPE = LmShape(levels=4, coarse=2, width=32, layers=2, heads=2, window=12, depth_width=32, depth_layers=1,
                depth_heads=2, latent=32)  # fmt: skip


@pytest.fixture(scope="session")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("weights")
    codecs.save(folder / "codec.safetensors", SMALL, state(), {})
    with torch.random.fork_rng([]):
        torch.manual_seed(1)
        Lm(SHAPE, Codec(SMALL, state()).codebooks()).save(folder / "lm.safetensors", {})
    return folder
