"""Ambiome's middleware: a world goes in, an endless place comes out.

`render` makes the sound of a score; `Ambience` is a session in this process. Both are imported, and torch with them,
when they are first asked for.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ambiome_middleware.ambience import Ambience
    from ambiome_middleware.offline import render

__all__ = ["Ambience", "render"]


def __getattr__(name: str) -> object:
    if name == "render":
        from ambiome_middleware.offline import render

        return render
    if name == "Ambience":
        from ambiome_middleware.ambience import Ambience

        return Ambience
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
