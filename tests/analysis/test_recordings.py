"""The halves of the recordings: nothing is learned from that is judged with."""

from pathlib import Path

import numpy as np
import pytest
import soundfile
from ambiome_middleware.analysis.recordings import GAP_S, SET_ASIDE, Recording, recordings

SHARED = Path(__file__).resolve().parents[3] / "shared" / "sounds"
WHOLE = ("birds", "crickets", "fire", "forest", "ocean", "rain", "river", "thunder", "wind")
HEAD = "file,category,seconds,source_rate_hz,channels,bandwidth_khz,licence,author,source,original_path\n"

needs_sounds = pytest.mark.skipif(not SHARED.is_dir(), reason="needs the folder of recordings beside the repository")


def folder_of(path: Path, rows: list[tuple[str, str, float, str, str]]) -> Path:
    """A manifest of (file, category, seconds, author, original path)."""
    lines = [
        f"{file},{kind},{seconds},48000,1,20,CC0-1.0,{who},somewhere,{was}\n" for file, kind, seconds, who, was in rows
    ]
    (path / "manifest.csv").write_text(HEAD + "".join(lines))
    return path


def names(found: tuple[Recording, ...]) -> list[str]:
    return [each.name for each in found]


def test_origins_are_dealt_by_length_and_stay_together(tmp_path: Path) -> None:
    authors = ["a", "b", "c", "d", "e", "a"]
    rows = [(f"rain/{at}.wav", "rain", 50.0 - at, who, f"{at}.wav") for at, who in enumerate(authors)]
    folder = folder_of(tmp_path, rows)
    assert names(recordings(folder, half="learn")) == ["rain/0.wav", "rain/3.wav", "rain/4.wav", "rain/5.wav"]
    assert names(recordings(folder, half="judge")) == ["rain/1.wav", "rain/2.wav"]
    assert not any(each.is_weak for each in recordings(folder))


def test_the_subjects_of_a_library_are_origins_of_their_own(tmp_path: Path) -> None:
    subjects = ["Robin/x.mp3", "Bird - Robin/y.mp3", "Snipe/x.mp3", "Crane/x.mp3", "Goose/x.mp3"]
    rows = [(f"birds/{at}.wav", "birds", 9.0, "National Park Service", was) for at, was in enumerate(subjects)]
    found = {each.name: each.origin for each in recordings(folder_of(tmp_path, rows))}
    assert found["birds/0.wav"] == found["birds/1.wav"]
    assert len(set(found.values())) == 4


def test_few_recordings_are_cut_in_time(tmp_path: Path) -> None:
    audio = np.random.default_rng(1).uniform(-0.5, 0.5, 48_000 * 4).astype(np.float32)
    (tmp_path / "cafe").mkdir()
    soundfile.write(tmp_path / "cafe/1.wav", audio, 48_000, subtype="FLOAT")
    folder = folder_of(tmp_path, [("cafe/1.wav", "cafe", 4.0, "a", "1.wav")])
    (first,), (second,) = recordings(folder, half="learn"), recordings(folder, half="judge")
    assert first.is_weak
    assert second.is_weak
    half = round((2 - GAP_S / 2) * 48_000)
    np.testing.assert_array_equal(first.load()[0], audio[:half])
    np.testing.assert_array_equal(second.load()[0], audio[-half:])
    assert recordings(folder)[0].load().shape == (1, audio.size)


def test_a_file_of_another_rate_is_resampled(tmp_path: Path) -> None:
    (tmp_path / "cafe").mkdir()
    time_s = np.arange(22_050) / 22_050
    soundfile.write(tmp_path / "cafe/1.wav", 0.5 * np.sin(2 * np.pi * 440 * time_s), 22_050, subtype="FLOAT")
    folder = folder_of(tmp_path, [("cafe/1.wav", "cafe", 1.0, "a", "1.wav")])
    audio = recordings(folder)[0].load()
    assert audio.shape == (1, 48_000)
    assert np.abs(np.fft.rfft(audio[0])).argmax() == 440


def test_what_is_wrong_is_said(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, [("cafe/1.wav", "cafe", 4.0, "a", "1.wav")])
    with pytest.raises(ValueError, match="category must be one of cafe; got 'rain'"):
        recordings(folder, category="rain")
    with pytest.raises(OSError, match=r"cafe/1\.wav"):
        recordings(folder)[0].load()
    (tmp_path / "manifest.csv").write_text("file,category\n")
    with pytest.raises(ValueError, match="lacks column"):
        recordings(folder)


@needs_sounds
def test_no_origin_stands_on_both_sides() -> None:
    learned, judged = recordings(SHARED, half="learn"), recordings(SHARED, half="judge")
    assert {each.category for each in learned} == {each.category for each in judged}
    for category in WHOLE:
        sides = [{each.origin for each in half if each.category == category} for half in (learned, judged)]
        assert not sides[0] & sides[1]
        assert min(map(len, sides)) >= 2
    assert {each.category for each in learned if not each.is_weak} == set(WHOLE)
    assert not {each.name for each in recordings(SHARED)} & set(SET_ASIDE)
    first = {each.name: each for each in learned if each.is_weak}
    assert all(first[each.name].end_s + GAP_S == pytest.approx(each.start_s) for each in judged if each.is_weak)
