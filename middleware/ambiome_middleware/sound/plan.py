"""The host's half of a step, for every device: token frames → hop magnitudes, phase keys and living grains.

A stream carries from step to step nothing but what can be computed again from LOOKBACK_STEPS token frames.
"""

from dataclasses import dataclass, fields
from typing import Any, Final, TypeVar

import numpy as np
import numpy.typing as npt

from ambiome_middleware.jit import jit_inner, jit_room
from ambiome_middleware.sound.arrays import F32, F64, I16, I32, I64, copy, fill, lengthened, sparse
from ambiome_middleware.sound.bank import Bank
from ambiome_middleware.sound.bed import DENSITY, RING, add_late, phase_key
from ambiome_middleware.sound.callers import CALLER_BASE
from ambiome_middleware.sound.chance import heard_azimuth
from ambiome_middleware.sound.control import AT_CUT, AT_WHOLE, GAIN_COLUMNS, control, open_patches
from ambiome_middleware.sound.decoded import LATE_POWER
from ambiome_middleware.sound.field import add_point, factor, fold
from ambiome_middleware.sound.flutter import RATES as NOISE_RATES
from ambiome_middleware.sound.grains import grain_gain, keep_grains
from ambiome_middleware.sound.layouts import Field
from ambiome_middleware.sound.levels import BAND_K
from ambiome_middleware.sound.noted import note
from ambiome_middleware.sound.patch import BANDS
from ambiome_middleware.sound.quality import FAINT, NOISES
from ambiome_middleware.sound.records import (
    EMITTER_DRAWS,
    FULL,
    G_AMP,
    G_POWER,
    GRAIN_FLOATS,
    GRAIN_INTS,
    I_AZIMUTH,
    I_BAND,
    I_FEATURE,
    I_LENGTH,
    I_PART,
    I_STEP,
    SWELL_FLOATS,
    SWELL_INTS,
)
from ambiome_middleware.sound.schedule import set_off_grains, set_off_swells
from ambiome_middleware.sound.swells import add_swells
from ambiome_middleware.tokens import COLUMN, QUALITY_AT

_T = TypeVar("_T", bound=np.generic)
GRAINS_AT_FIRST: Final = 4_096
SWELLS_AT_FIRST: Final = 512
"""More than scenes are known to want: what is not used takes no memory."""
_RT60, _LATE = COLUMN["rt60_s"], COLUMN["late_db"]
DONE, MORE_GRAINS, MORE_SWELLS = 0, 1, 2


@dataclass(slots=True)
class Lists:
    """The carried lists of all streams; the first axis is the stream's slot.

    `counts` [S, 2]: grains and swells alive. `gains` [S, 2, GAIN_COLUMNS]: of the step before and of the last one.
    `energy` [S, RING, BANDS]: grain power by onset step, for the reverberant tails. `noted` [S, len(bank.heeded)],
    `rates` [S, bank.rates] and `expected` [S, bank.parts]: see `noted`; they hold for whatever stream comes next.
    """

    grain_floats: F64
    grain_ints: I64
    swell_floats: F64
    swell_ints: I64
    counts: I64
    gains: F64
    energy: F64
    noted: I16
    rates: I32
    expected: F64

    @classmethod
    def empty(cls, slots: int, bank: Bank) -> "Lists":
        grains, swells = (slots, GRAINS_AT_FIRST), (slots, SWELLS_AT_FIRST)
        return cls(
            sparse((*grains, GRAIN_FLOATS), np.float64), sparse((*grains, GRAIN_INTS), np.int64),
            sparse((*swells, SWELL_FLOATS), np.float64), sparse((*swells, SWELL_INTS), np.int64),
            np.zeros((slots, 2), np.int64), np.zeros((slots, 2, GAIN_COLUMNS)), np.zeros((slots, RING, BANDS)),
            np.zeros((slots, len(bank.heeded)), np.int16), np.zeros((slots, bank.rates), np.int32),
            np.zeros((slots, bank.parts)),
        )  # fmt: skip

    def clear(self, slot: int) -> None:
        """Nothing has sounded yet in `slot`."""
        self.counts[slot] = 0
        self.gains[slot] = 0.0
        self.energy[slot] = 0.0

    def add_slots(self, count: int) -> None:
        """Room for `count` streams more."""
        for name, column in _COLUMNS.items():
            setattr(self, name, self._moved(getattr(self, name), column, more_slots=count))
        for name in (each.name for each in fields(self) if each.name not in _COLUMNS):
            setattr(self, name, lengthened(getattr(self, name), count))

    def lengthen(self, what: int) -> None:
        """Double the room for grains or swells."""
        for name in ("grain_floats", "grain_ints") if what == MORE_GRAINS else ("swell_floats", "swell_ints"):
            old = getattr(self, name)
            setattr(self, name, self._moved(old, _COLUMNS[name], more_rows=old.shape[1]))

    def _moved(self, old: npt.NDArray[_T], column: int, more_slots: int = 0, more_rows: int = 0) -> npt.NDArray[_T]:
        """What is alive of all streams, counted in this column of `counts`, in a larger room. The rest is not touched:
        that would hold up everybody, for memory that is used for the first time is slow.
        """
        slots, rows, width = old.shape
        new = sparse((slots + more_slots, rows + more_rows, width), old.dtype.type)
        for slot, alive in enumerate(self.counts[:slots, column].tolist()):
            new[slot, :alive] = old[slot, :alive]
        return new


_COLUMNS: Final = {"grain_floats": 0, "grain_ints": 0, "swell_floats": 1, "swell_ints": 1}
"""The lists, and which of `counts` counts what is alive in them."""


@jit_room
def plan_step(
    bank: Bank, field: Field, seed: Any, step: int, row: I16, gf: F64, gi: I64,
    sf: F64, si: I64, counts: I64, gains: F64,
    energy: F64, noted: I16, rates: I32, expected: F64, shapes: F32,
) -> tuple[int, int]:  # fmt: skip
    """One token frame → spawned grains and swells, gains, and the hop's magnitudes `shapes` [parts, BANDS].

    Drops the grains that ended before this step. Returns (phase key, DONE), or (0, MORE_…) where a list is full and
    nothing has changed.
    """
    power = np.empty((len(field.diffuse), BANDS))
    now = np.empty(GAIN_COLUMNS)
    is_open = np.empty(len(bank.patches), np.int64)
    open_patches(bank, row, is_open)
    loud = note(bank, row, is_open, noted, rates, expected)
    control(bank, field, seed, step, row, is_open, loud, power, now)
    counts[0] = keep_grains(step - 1, int(gains[1, AT_CUT]), gf, gi, counts[0])
    drawn, common = np.empty((2, EMITTER_DRAWS)), np.empty(NOISE_RATES, np.int64)
    grains = set_off_grains(bank, seed, step, row, is_open, rates, now, gf, gi, counts[0], drawn, common)
    if grains == FULL:
        return 0, MORE_GRAINS
    swells = set_off_swells(bank, seed, step, row, is_open, rates, now, sf, si, counts[1])
    if swells == FULL:
        return 0, MORE_SWELLS
    fill(energy[(step + RING // 2) % RING], 0.0)
    if now[AT_CUT] != gains[1, AT_CUT]:
        for k in range(RING):
            fill(energy[k], 0.0)
    faint = FAINT[row[QUALITY_AT]] * now[AT_WHOLE]
    grains = _settle(field, now, faint, gf, gi, counts[0], grains, energy, power)
    copy(gains[1], gains[0])
    copy(now, gains[1])
    counts[0] = grains
    scratch = np.empty((3, BANDS))
    counts[1] = add_swells(bank.floats, field, step, now, sf, si, swells, power, scratch[0])
    late = LATE_POWER[row[_LATE]]
    add_late(field, step, row[_RT60], late, row[QUALITY_AT], energy, power, scratch[0], scratch[1], scratch[2])
    factor(power, DENSITY, shapes)
    noises = NOISES[row[QUALITY_AT]]
    if not field.is_ambisonic and field.pans.shape[1] > noises:
        fold(noises, shapes)
    return phase_key(seed, step), DONE


@jit_inner
def _settle(
    field: Field, now: F64, faint: float, gf: F64, gi: I64, first: int, count: int, energy: F64, power: F64,
) -> int:  # fmt: skip
    """The energy of new grains, `first` … `count`, into `energy` [RING, BANDS]; of those that do not sound by
    themselves also into the bed's `power` [parts, BANDS], and they leave the list, whose new end is returned. Nor do
    those of less power than `faint`, and of calls these are left out (see `quality`).
    """
    kept = first
    for g in range(first, count):
        f, i = gf[g], gi[g]
        if f[G_AMP] > 0.0:
            gain = grain_gain(now, f, i)
            scale = gain / f[G_AMP]
            if 0.5 * gain * gain * BAND_K[i[I_BAND]] < faint:
                i[I_LENGTH] = 0
                if i[I_PART] >= CALLER_BASE:
                    continue
            heard = f[G_POWER] * scale * scale
            energy[i[I_STEP] % RING, i[I_BAND]] += heard
            if i[I_LENGTH] == 0:
                add_point(field, heard_azimuth(now, i[I_FEATURE], i[I_AZIMUTH]), i[I_BAND], heard, power)
        if i[I_LENGTH] == 0:
            continue
        if kept != g:
            copy(f, gf[kept])
            copy(i, gi[kept])
        kept += 1
    return kept
