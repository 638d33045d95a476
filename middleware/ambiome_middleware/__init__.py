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
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        if name == "render":
            from ambiome_middleware.offline import render

            return render
        from ambiome_middleware.ambience import Ambience

        return Ambience
    except ModuleNotFoundError as error:
        text = f'ambiome_middleware.{name} needs the extra "server": pip install "ambiome[server]" ({error})'
        raise ModuleNotFoundError(text, name=error.name) from error
