"""Channel layouts: how many channels, in what order, and how many magnitudes a band the bed needs for them."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Layout:
    """`parts`: rows of the bed's Cholesky factor (1 for one channel, 3 for a left and a right with any coherence)."""

    name: str
    channels: int
    parts: int


LAYOUTS: Final = {layout.name: layout for layout in (Layout("mono", 1, 1), Layout("stereo", 2, 3))}


def channels(layout: str) -> int:
    """Channels of a layout by name; KeyError for an unknown one."""
    return LAYOUTS[layout].channels
