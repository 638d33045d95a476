"""Codecs for tests: the real network, small, with weights and codebooks from a seed."""

from pathlib import Path

import torch
from ambiome_middleware.neural.codec import Codec, CodecShape, network, save
from ambiome_middleware.neural.lm import Lm, LmShape

SMALL = CodecShape(filters=4, dimension=32, lstm_layers=2, levels=4)
SMALL_LM = LmShape(levels=4, coarse=2, width=32, layers=2, heads=2, window=12, depth_width=32, depth_layers=1,
                   depth_heads=2, latent=32)  # fmt: skip


def state(shape: CodecShape = SMALL, seed: int = 1) -> dict[str, torch.Tensor]:
    """Weights as they are before training, and codebooks that are spread like the latents of some noise.

    Without the second every codebook is zero, and whatever is decoded is the same.
    """
    with torch.random.fork_rng([]):
        torch.manual_seed(seed)
        model = network(shape).eval()
        with torch.no_grad():
            rest = model.encoder(torch.randn(4, 1, 24_000))
            for layer in model.quantizer.vq.layers:
                book = layer._codebook
                book.embed.copy_(rest.std() * torch.randn_like(book.embed) + rest.mean(dim=(0, 2)))
                book.inited.fill_(1.0)
                rest = rest - layer.decode(layer.encode(rest))
    return {name: value.clone() for name, value in model.state_dict().items()}


def small(seed: int = 1, double: bool = False) -> Codec:
    codec = Codec(SMALL, state(seed=seed))
    if double:
        codec._model.double()
    return codec


def write_weights(folder: Path) -> Path:
    """A small codec and a small model, as `ambiome train` writes them, of which nobody trained either."""
    save(folder / "codec.safetensors", SMALL, state(), {})
    with torch.random.fork_rng([]):
        torch.manual_seed(1)
        Lm(SMALL_LM, Codec(SMALL, state()).codebooks()).save(folder / "lm.safetensors", {})
    return folder
