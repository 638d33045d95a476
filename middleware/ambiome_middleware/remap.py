"""Rows of an older token table, brought into the columns of today's.

Whatever keeps token frames keeps the table with them, as (name, levels, curve) of each column. A column finds its place
by its name; one that is new today takes its default; one that today's table lacks, or has otherwise, is refused. A
list of kinds may have grown since: new ones are added at its end, so that the old ones keep their numbers.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from ambiome_middleware import tokens

Entry = tuple[str, int, str]


class ColumnError(ValueError):
    """A column that today's token table does not have, or has with other levels; the text names it."""


def remap(rows: npt.NDArray[np.int16], table: Sequence[Entry]) -> npt.NDArray[np.int16]:
    """Rows [n, len(table)] of `table` as rows [n, ROW_WIDTH] of today's; ColumnError for what has no place in it."""
    today = {name: (column, levels, curve) for column, (name, levels, curve) in enumerate(tokens.table())}
    mapped = np.tile(tokens.silent_row(), (len(rows), 1))
    for column, (name, levels, curve) in enumerate(table):
        if name not in today:
            raise ColumnError(f"column {name!r} is not in this version's token table")
        place, levels_now, curve_now = today[name]
        has_grown = name.endswith(".kind") and levels < levels_now
        if curve != curve_now or (levels != levels_now and not has_grown):
            raise ColumnError(f"column {name!r} has {levels} levels ({curve}), not {levels_now} ({curve_now})")
        mapped[:, place] = rows[:, column]
    return mapped
