"""Progress bars, on standard error and only where somebody looks at it."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Show = Callable[[float], None]


@contextmanager
def progress(what: str) -> Iterator[Show]:
    """A bar that is moved by calling what this gives with 0 … 1; it does nothing where there is no terminal."""
    if not sys.stderr.isatty():
        yield lambda share: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(60), TextColumn("{task.percentage:3.0f} %"))
    with Progress(*columns, TimeElapsedColumn(), TimeRemainingColumn(), console=Console(stderr=True)) as bar:
        task = bar.add_task(what, total=1.0)
        yield lambda share: bar.update(task, completed=share)


def note(what: str) -> None:
    """Says what is being done, to whoever looks."""
    if sys.stderr.isatty():
        print(what, file=sys.stderr, flush=True)
