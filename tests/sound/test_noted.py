"""What one step leaves to the next for the loudness changes nothing, whichever columns change between them."""

import numpy as np
from ambiome_middleware.sound import bank as banks
from ambiome_middleware.sound.arrays import F64, I16
from ambiome_middleware.sound.control import GAIN_COLUMNS, control, heard
from ambiome_middleware.sound.layouts import LAYOUTS
from ambiome_middleware.sound.patch import BANDS
from ambiome_middleware.tokens import COLUMN, FEATURE, FEATURE_SLOTS, FEATURES_AT, SCENE, silent_row

BANK = banks.built_in()
FIELD = LAYOUTS["mono"].field


class Stream:
    """One stream's steps, with what each leaves to the next."""

    def __init__(self) -> None:
        self.noted, self.expected = np.zeros(len(BANK.heeded), np.int16), np.zeros(BANK.parts)

    def gains(self, row: I16) -> F64:
        power, gains = np.empty((len(FIELD.diffuse), BANDS)), np.empty(GAIN_COLUMNS)
        is_open = np.ones(len(BANK.patches), np.int64)
        control(BANK, FIELD, np.uint64(0), 0, row, is_open, self.noted, self.expected, power, gains)
        return gains


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


def test_what_was_noted_of_another_stream_does_no_harm() -> None:
    stream, loud, silent = Stream(), silent_row().copy(), silent_row()
    loud[COLUMN["rain_mm_h"]] = SCENE[COLUMN["rain_mm_h"]].quantise(30.0)
    for row in (loud, silent, loud, loud, silent):
        np.testing.assert_array_equal(stream.gains(row), heard(BANK, row)[1])
