"""Codes as the vectors that they stand for."""

import numpy as np

from ambiome_middleware.jit import jit_inner
from ambiome_middleware.sound.arrays import F32, I64

F = np.float32


@jit_inner
def add_up(books: F32, codes: I64, step: int, out: F32) -> None:
    """Books [≥ levels, BINS, latent], codes [LANES, levels, frames] → out [≥ frames · step, LANES]: from vector frame ·
    step on the sum, over levels, of what the frame's codes stand for.
    """
    for lane in range(len(codes)):
        for frame in range(codes.shape[2]):
            for c in range(books.shape[2]):
                total = F(0.0)
                for level in range(codes.shape[1]):
                    total += books[level, codes[lane, level, frame], c]
                out[frame * step + c, lane] = total
