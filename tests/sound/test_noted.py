"""What one step leaves to the next for the loudness changes nothing, whichever columns change between them."""

import numpy as np
from ambiome_middleware.sound import bank as banks
from ambiome_middleware.sound.arrays import F64, I16, I32
from ambiome_middleware.sound.control import GAIN_COLUMNS, control, heard
from ambiome_middleware.sound.layouts import LAYOUTS
from ambiome_middleware.sound.noted import no_notes, note
from ambiome_middleware.sound.patch import BANDS
from ambiome_middleware.sound.records import C_PATCH, O_PATCH, P_SOURCE, SCENE_SOURCE
from ambiome_middleware.tokens import COLUMN, FEATURE, FEATURE_SLOTS, FEATURES_AT, SCENE, silent_row

BANK = banks.built_in()
FIELD = LAYOUTS["mono"].field
IS_SCENE = BANK.patches[:, P_SOURCE] == SCENE_SOURCE
CALLER_IS_SCENE = IS_SCENE[BANK.callers[:, C_PATCH].astype(int)]
OF_SCENE = np.concatenate([
    IS_SCENE[BANK.emitters[:, O_PATCH].astype(int)], IS_SCENE[BANK.swells[:, O_PATCH].astype(int)],
    CALLER_IS_SCENE, CALLER_IS_SCENE,
])  # fmt: skip


class Stream:
    """One stream's steps, with what each leaves to the next."""

    def __init__(self) -> None:
        self.notes = no_notes(BANK)

    def gains(self, row: I16) -> F64:
        power, gains = np.empty((len(FIELD.diffuse), BANDS)), np.empty(GAIN_COLUMNS)
        is_open = np.ones(len(BANK.patches), np.int64)
        loud = note(BANK, row, is_open, *self.notes)
        control(BANK, FIELD, np.uint64(0), 0, row, is_open, loud, power, gains)
        return gains

    def rates(self, row: I16) -> I32:
        """Those of the scene's parts; of the others nothing is promised."""
        note(BANK, row, np.ones(len(BANK.patches), np.int64), *self.notes)
        return self.notes[1][OF_SCENE]


def levels() -> list[int]:
    """How many tokens each column of the scene and the features has."""
    return [parameter.levels for parameter in SCENE] + [parameter.levels for parameter in FEATURE] * FEATURE_SLOTS


def test_a_change_of_any_column_is_heard_as_if_nothing_had_been_noted() -> None:
    random, stream, row = np.random.default_rng(3), Stream(), silent_row().copy()
    assert len(SCENE) == FEATURES_AT
    for column, count in enumerate(levels()):
        row[column] = random.integers(0, count)
    for column in random.permutation(len(levels())):
        row[column] = random.integers(0, levels()[column])
        np.testing.assert_array_equal(stream.gains(row), heard(BANK, row)[1])


def test_a_change_of_any_column_changes_the_rates_as_if_nothing_had_been_noted() -> None:
    random, stream, row = np.random.default_rng(4), Stream(), silent_row().copy()
    found = set()
    for column in random.permutation(len(levels())):
        row[column] = random.integers(0, levels()[column])
        rates = stream.rates(row)
        np.testing.assert_array_equal(rates, Stream().rates(row))
        found.add(rates.tobytes())
    assert len(found) > 20, "rates do change"


def test_what_was_noted_of_another_stream_does_no_harm() -> None:
    stream, loud, silent = Stream(), silent_row().copy(), silent_row()
    loud[COLUMN["rain_mm_h"]] = SCENE[COLUMN["rain_mm_h"]].quantise(30.0)
    for row in (loud, silent, loud, loud, silent):
        np.testing.assert_array_equal(stream.gains(row), heard(BANK, row)[1])
