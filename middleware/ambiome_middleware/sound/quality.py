"""The quality ladder: what a step is spared, by the quality column of its token frame.

    0   all of it, but for grains and calls that begin FAINT_DB and more below all that sounds together
    1   that limit is higher, for the hum of a house is not heard in the rain; of each emitter's grains only so many a
        second sound one by one; the energy of the others joins the bed, in their band, from where they would have
        been heard
    2   fewer still, and reverberant tails reach less far, with the same energy
    3   fewer still, and the bed of more than two loudspeakers is made of two noises, dealt out in turn; patterns about
        one place keep theirs, which are their directions

Whether a grain sounds by itself is decided by the hash that set it off, so a quality adds no chance of its own. Calls
and what events set off are few, and of them only the faint are spared. A step up or down changes what is set off from
then on, and a hop's shape as any change of the scene does: there is no seam.
"""

from typing import Final

import numpy as np

from ambiome_middleware.tokens import STEPS_PER_S

SINGLE_HZ: Final = (np.inf, 6.0, 2.0, 0.5)
"""Grains a second of one emitter (of each source) that sound one by one, at most."""
FAINT_DB: Final = (-60.0, -50.0, -38.0, -26.0)
"""Against the scene's mean level, dB(A): a grain that begins fainter joins the bed, and of a call is left out, for it
would be heard for long and in one band.
"""
FAINT: Final = 10.0 ** (np.array(FAINT_DB) / 10.0)
LATE_REACH: Final = np.array([120, 120, 30, 30])
"""Steps that a reverberant tail reaches."""
NOISES: Final = np.array([8, 8, 8, 2])
"""Independent noises of a bed of loudspeakers, at most."""

SINGLE: Final = np.array([[min(2**32, int(2.0**32 * hz / STEPS_PER_S / slots)) if np.isfinite(hz) else 2**32
                           for slots in range(1, 65)] for hz in SINGLE_HZ], np.int64)  # fmt: skip
"""Of 2^32, by quality and by an emitter's slots − 1: below it a slot's hash sets off a grain that sounds by itself."""
