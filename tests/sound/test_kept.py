"""What is kept on disk is what was drawn up; whatever else stands there is drawn up anew."""

from pathlib import Path

import numpy as np
import pytest
from ambiome_middleware.sound import bank as banks
from ambiome_middleware.sound import kept
from ambiome_middleware.sound.bank import Bank
from ambiome_middleware.sound.voices import built_in

NAMES = ("one", "two")
ARRAYS = {"one": np.arange(5.0), "two": np.array([[1, -2]], np.int64)}


def test_arrays_come_back_as_they_were(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "a.npz"
    assert kept.read(path, NAMES) is None
    kept.write(path, ARRAYS)
    found = kept.read(path, NAMES)
    assert found is not None
    for array, name in zip(found, NAMES, strict=True):
        np.testing.assert_array_equal(array, ARRAYS[name])
        assert array.dtype == ARRAYS[name].dtype
    assert [each.name for each in path.parent.iterdir()] == ["a.npz"]


def test_a_file_that_is_not_whole_is_none(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    kept.write(path, ARRAYS)
    whole = path.read_bytes()
    for length in range(0, len(whole), 7):
        path.write_bytes(whole[:length])
        assert kept.read(path, NAMES) is None
    path.write_bytes(whole)
    assert kept.read(path, (*NAMES, "three")) is None


def test_where_nothing_can_be_written_nothing_is_missed(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    kept.write(tmp_path / "file" / "a.npz", ARRAYS)
    assert kept.read(tmp_path / "file" / "a.npz", NAMES) is None


def test_the_voices_that_are_read_are_those_that_were_drawn_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "cache_folder", lambda: tmp_path)
    drawn, make = banks.build(built_in()), banks.built_in.__wrapped__
    first, second = make(), make()
    assert [each.suffix for each in tmp_path.iterdir()] == [".npz"]
    for bank in (first, second):
        assert isinstance(bank, Bank)
        for found, wanted in zip(bank, drawn, strict=True):
            np.testing.assert_array_equal(found, wanted)
            assert found.dtype == wanted.dtype
