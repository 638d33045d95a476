"""The tables of the voice "owl"."""

from typing import Final

from ambiome_middleware.sound.patch import Patch

PATCHES: Final[tuple[Patch, ...]] = ()
