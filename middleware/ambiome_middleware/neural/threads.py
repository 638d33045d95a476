"""How many threads the learned renderer computes with: one, whatever torch is set to."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch


@contextmanager
def one_thread() -> Iterator[None]:
    """Sums round otherwise where several threads share them, and matrices of a tile are too small to gain by it."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)
