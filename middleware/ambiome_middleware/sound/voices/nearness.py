"""Sources spread over a plane: how the many far and the few near of them share out rate and level.

Where drops or stones fall evenly, the area within a distance grows with its square and a single one's intensity falls
with the square: ten times fewer stand 10 dB higher, and each ten decibels hold the same power. A uniform draw of dB
cannot say that; a ladder of emitters can, one for each 10 dB.
"""

from dataclasses import replace
from typing import Final

from ambiome_middleware.sound.patch import Emitter, Table

RUNG_DB: Final = 10.0
RUNGS: Final = ("", " near by", " at hand")
BRIGHTER: Final = 1.12
"""What is nearer has lost less of its treble to leaves and ground: its pitch a rung higher, as a ratio."""
WIDER: Final = 1.25


def over_a_plane(emitter: Emitter, rungs: int = len(RUNGS)) -> tuple[Emitter, ...]:
    """`emitter` as a ladder of `rungs` (1 … 3) of the same total rate, each 10 dB louder and ten times rarer.

    `emitter.level_db` holds for the farthest; each rung draws its level ±5 dB about its own, evenly.
    """
    whole = sum(10.0**-index for index in range(rungs))

    def rung(index: int) -> Emitter:
        share = 10.0**-index / whole
        first, *rest = emitter.rate_hz
        level = replace(
            emitter.level_db, centre=emitter.level_db.centre + RUNG_DB * index, spread=RUNG_DB / 2, shape="flat"
        )
        return replace(
            emitter,
            name=emitter.name + RUNGS[index],
            slots=max(2, round(emitter.slots * share)) if index else emitter.slots,
            rate_hz=(Table(first.column, first.rows * share), *rest),
            level_db=level,
            pitch_hz=replace(emitter.pitch_hz, centre=emitter.pitch_hz.centre * BRIGHTER**index),
            band_hz=replace(emitter.band_hz, centre=emitter.band_hz.centre * WIDER**index),
        )

    return tuple(rung(index) for index in range(rungs))
