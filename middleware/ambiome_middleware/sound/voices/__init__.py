"""The voices: one module of tables each. `PATCHES` holds every patch, in a fixed order that is part of the sound."""

from typing import Final

from ambiome_middleware.sound.patch import Patch
from ambiome_middleware.sound.voices import (
    birds,
    cicadas,
    crickets,
    crowd,
    drips,
    fire,
    frogs,
    loon,
    owl,
    rain,
    river,
    room,
    shore,
    stream,
    surf,
    swamp,
    thunder,
    traffic,
    wind,
    wolf,
)

PATCHES: Final[tuple[Patch, ...]] = (
    *rain.PATCHES,
    *wind.PATCHES,
    *thunder.PATCHES,
    *stream.PATCHES,
    *river.PATCHES,
    *surf.PATCHES,
    *fire.PATCHES,
    *birds.PATCHES,
    *crickets.PATCHES,
    *cicadas.PATCHES,
    *frogs.PATCHES,
    *owl.PATCHES,
    *traffic.PATCHES,
    *crowd.PATCHES,
    *room.PATCHES,
    *drips.PATCHES,
    *swamp.PATCHES,
    *shore.PATCHES,
    *wolf.PATCHES,
    *loon.PATCHES,
)
