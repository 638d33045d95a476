"""Codebooks that stay in use. encodec's own care for them has no effect, in training: the vectors that it sets anew are
overwritten at the same step by the running sums, which know nothing of it; and those begin as means, not as sums.
"""

from typing import Any, Final

import torch

DEAD: Final = 0.1
"""A code that stands for less than this share of what it would if all stood for as many is put to use anew. (encodec
asks for two vectors a batch, which suits batches of thousands.)"""


def keep_in_use(quantizer: Any, vectors: float) -> None:
    """From now on, when `quantizer` (encodec's ResidualVectorQuantization) trains, its codes that have died out begin
    anew at vectors of the batch at hand. `vectors` is how many a batch has.
    """
    for layer in quantizer.layers:
        layer._codebook.threshold_ema_dead_code = 0
        layer._codebook.register_forward_pre_hook(_Revival(vectors / layer._codebook.codebook_size))


class _Revival:
    """What happens to a codebook before it quantises."""

    def __init__(self, usual: float) -> None:
        """`usual` is how many vectors of a batch a code stands for, where all stand for as many."""
        self._usual = usual

    @torch.no_grad()
    def __call__(self, codebook: Any, given: tuple[torch.Tensor]) -> None:
        if not codebook.training:
            return
        vectors = codebook.preprocess(given[0])
        if not codebook.inited:
            codebook.init_embed_(vectors)
            codebook.embed_avg.copy_(codebook.embed * codebook.cluster_size[:, None])
        dead = codebook.cluster_size < DEAD * self._usual
        count = int(dead.sum())
        if count:
            chosen = vectors[torch.randint(len(vectors), (count,), device=vectors.device)]
            codebook.embed[dead] = chosen
            codebook.embed_avg[dead] = chosen * self._usual
            codebook.cluster_size[dead] = self._usual
