"""A profile is read strictly, written so that it reads the same, and the built-in ones are what they say they are."""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from ambiome_middleware.analysis.learn.built_in import TEACHERS
from ambiome_middleware.analysis.learn.writing import to_text
from ambiome_middleware.analysis.recordings import recordings
from ambiome_middleware.places import place_names
from ambiome_middleware.sound import bank as banks
from ambiome_middleware.sound import profile as profiles_module
from ambiome_middleware.sound import voices
from ambiome_middleware.sound.profile import (
    TEXTURES,
    ProfileError,
    digest_of,
    load_profiles,
    profiles,
    read_profile,
)

ROOT = Path(__file__).parents[2]
SOUNDS = ROOT.parent / "shared" / "sounds"
FOLDER = Path(profiles_module.__file__).parent / "profiles"


def _text(texture: str = "stream", voice: str = "") -> str:
    text = (FOLDER / f"{texture}.toml").read_text("utf-8")
    return text.replace(f'voice = "{texture}"', f'voice = "{voice}"') if voice else text


def test_what_is_written_reads_the_same() -> None:
    for profile in profiles().values():
        text = to_text(profile)
        again = read_profile(text)
        assert to_text(again) == text
        assert again.sources == profile.sources
        for mine, its in zip(profile.levels, again.levels, strict=True):
            assert np.array_equal(mine.spectrum_db, its.spectrum_db)
            assert (mine.coherence is None) == (its.coherence is None)


def test_a_title_may_hold_anything() -> None:
    named = read_profile(re.sub('title = ".*"', r'title = "a \\"b\\" \\\\ c"', _text()))
    assert named.sources[0].title == 'a "b" \\ c'
    assert read_profile(to_text(named)).sources == named.sources


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("format = 1", "format = 2", "my.toml: format = 2 is not 1"),
        ('voice = "stream"', 'voice = "steam"', "my.toml: voice = 'steam', allowed: did you mean 'stream'?"),
        ("intensity = 0.50", "intensity = 1.5", r"my.toml: level\[0\].intensity = 1.5, allowed: a number 0 … 1"),
        ("intensity = 0.50", "intensty = 0.5", r"my.toml: level\[0\].intensity = None, allowed"),
        ("intensity = 0.50", "intensity = 0.5\nlevl = 3", r"my.toml: level\[0\].levl is no field: "),
        ("common = [", "common = [0.5, ", r"my.toml: level\[0\].common = 9 numbers, allowed: 8 of them"),
        ("spectrum_db = [", 'spectrum_db = ["x", ', r"level\[0\].spectrum_db = 'x', allowed: a number -200 … 60"),
        ("seconds = ", "seconds = nan #", r"source\[0\].seconds = nan, allowed: a number"),
        ("[[source]]", "[[sauce]]", r"my.toml: \[\[source\]\] = 0, allowed: 1 … 64 of them"),
        ("format = 1", "format = ", "my.toml: not TOML"),
    ],
)
def test_an_error_names_file_field_value_and_what_is_allowed(before: str, after: str, said: str) -> None:
    text = _text()
    assert before in text
    with pytest.raises(ProfileError, match=said):
        read_profile(text.replace(before, after, 1), "my.toml")


def test_levels_ascend() -> None:
    text = _text("rain")
    first = re.search(r"intensity = \S+", text)
    assert first is not None
    with pytest.raises(ProfileError, match=r"level\.intensity = .* does not ascend"):
        read_profile(text.replace(first[0], "intensity = 1.0", 1))


def test_built_in_profiles_are_small_and_known() -> None:
    assert set(profiles()) == set(TEACHERS) <= set(TEXTURES)
    for path in FOLDER.glob("*.toml"):
        assert path.stat().st_size < 26_000, path.name
        assert profiles()[path.stem].name


def test_built_in_profiles_learned_from_the_learning_half_alone() -> None:
    if not SOUNDS.is_dir():
        pytest.skip(f"no recordings at {SOUNDS}")
    learning = {(each.title, each.author, round(each.seconds, 1)) for each in recordings(SOUNDS, half="learn")}
    for texture, profile in profiles().items():
        for source in profile.sources:
            assert (source.title, source.author, source.seconds) in learning, texture


def test_notice_names_every_author_who_asks_for_it() -> None:
    notice = (ROOT / "NOTICE").read_text("utf-8")
    for profile in profiles().values():
        for source in profile.sources:
            assert "SA" not in source.licence
            if source.licence.startswith("CC-BY") or "CC-BY" in source.licence:
                assert re.sub(r" \(.*\)", "", source.author) in notice, source


def test_a_folder_replaces_textures_and_adds_places_in_the_scenes_order(tmp_path: Path) -> None:
    (tmp_path / "z.profile.toml").write_text(_text(voice="place"), "utf-8")
    (tmp_path / "a-b.profile.toml").write_text(_text("fire", voice="place"), "utf-8")
    (tmp_path / "my.profile.toml").write_text(_text("surf", voice="rain"), "utf-8")
    (tmp_path / "biome.toml").write_text("", "utf-8")
    known = load_profiles(tmp_path)
    assert [known[f"place{n}"].name for n in (1, 2)] == ["fire", "stream"]
    assert place_names(tmp_path) == ("a-b", "z")
    assert known["rain"].name == "surf"
    assert known["fire"] is profiles()["fire"]
    assert digest_of(known) not in ("", digest_of(profiles()))
    assert digest_of(profiles()) == ""


def test_voices_can_be_made_of_any_profile_that_they_read() -> None:
    assert voices.taught() == set(profiles()) <= set(TEXTURES)
    plain = replace(profiles()["swamp"], levels=(replace(profiles()["swamp"].levels[0], coherence=None),), grains=())
    own = banks.build(voices.patches({**profiles(), **dict.fromkeys(voices.taught(), plain)}))
    assert len(own.patches) == len(banks.built_in().patches)
    assert len(own.floats) != len(banks.built_in().floats) or not np.array_equal(own.floats, banks.built_in().floats)


def test_two_teachers_of_one_texture_and_nine_places_are_refused(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / f"{name}.profile.toml").write_text(_text("surf"), "utf-8")
    with pytest.raises(ProfileError, match=r"b\.profile\.toml: voice = 'surf' is taught by a\.profile\.toml already"):
        load_profiles(tmp_path)
    for name in "ab":
        (tmp_path / f"{name}.profile.toml").unlink()
    for number in range(9):
        (tmp_path / f"{number}.profile.toml").write_text(_text(voice="place"), "utf-8")
    with pytest.raises(ProfileError, match=r"8\.profile\.toml: it is place 9"):
        load_profiles(tmp_path)
