"""Tables on standard output: as wide as the terminal, or wide enough to be read by a program's user elsewhere."""

import sys
from collections.abc import Sequence
from typing import Final

WIDTH_ELSEWHERE: Final = 160


def print_table(
    title: str, headings: Sequence[str], rows: Sequence[Sequence[str]], numbers: Sequence[str] = ()
) -> None:
    """Prints rows under headings; the columns named in `numbers` are aligned to the right."""
    from rich.console import Console
    from rich.table import Table

    table = Table(title=title or None, title_justify="left", show_edge=False, pad_edge=False)
    for heading in headings:
        table.add_column(heading, justify="right" if heading in numbers else "left")
    for row in rows:
        table.add_row(*row)
    Console(width=None if sys.stdout.isatty() else WIDTH_ELSEWHERE).print(table)
