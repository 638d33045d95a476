"""Crowds: what is heard of them are voices, each on one moving pitch, and the more there are the more they even out."""

from dataclasses import replace

import numpy as np
import pytest
from ambiome_middleware.sound import Renderer, Request
from ambiome_middleware.sound.bank import build
from ambiome_middleware.sound.control import AT_LOUDNESS, heard
from ambiome_middleware.sound.patch import Syllable
from ambiome_middleware.sound.voices import crowd
from ambiome_middleware.sound.voices.speech import CHILD, MAN, WOMAN, cheer, held, phrase, vowel
from ambiome_middleware.tokens import LOOKBACK_STEPS, SAMPLE_RATE_HZ, STEPS_PER_S
from token_scenes import row

SCENE_PATCH = crowd.patches({})[0]
SECONDS = 12.0


def voiced_hz(syllables: tuple[Syllable, ...]) -> set[float]:
    return {s.pitch_hz for s in syllables if s.noise_hz == 0.0 and s.am_hz == 0.0}


@pytest.mark.parametrize("at_start", [True, False])
def test_the_first_formant_of_a_vowel_is_a_harmonic_wherever_the_pitch_goes(at_start: bool) -> None:
    low, first, *_ = vowel(0.0, 0.2, (120.0, 96.0, 0.1), (730.0, 1_150.0, 2_440.0), 0.0)
    ratio = first.pitch_hz / low.pitch_hz if at_start else first.end_hz / low.end_hz
    assert ratio == pytest.approx(round(ratio))
    assert ratio >= 2
    assert first.bend == low.bend
    assert 96.0 < first.am_hz < 130.0


def test_a_held_vowel_is_loudest_at_its_formants() -> None:
    """Harmonics 1, 4 and 5 of 250 Hz under a formant at 1 kHz."""
    low, fourth, fifth = held(0.0, 1.0, (250.0, 250.0, 0.0), (1_000.0, 1_400.0, 2_700.0))
    assert fourth.level_db == pytest.approx(0.0)
    assert fourth.level_db > fifth.level_db > low.level_db


def test_men_women_and_children_speak_at_their_own_pitch_and_no_two_say_the_same() -> None:
    """Peterson & Barney (1952): 132, 223 and 264 Hz in the mean."""
    means = [
        np.mean([hz for n in range(30) for hz in voiced_hz(phrase(f"{who} {n}", who).syllables)])
        for who in (MAN, WOMAN, CHILD)
    ]
    assert means == pytest.approx([132.0, 223.0, 264.0], rel=0.15)
    assert len({phrase.syllables for phrase in (*crowd.MEN, *crowd.WOMEN)}) == len(crowd.MEN) + len(crowd.WOMEN)


def test_cheers_are_higher_than_talk() -> None:
    for who in (MAN, WOMAN):
        cheers = [min(s.pitch_hz for s in cheer(f"{n}", who).syllables if s.noise_hz < 100.0) for n in range(20)]
        assert np.median(cheers) > 1.4 * who.f0_hz


@pytest.mark.parametrize(
    ("people", "distance_m", "excitement"), [(2, 1, 0.2), (15, 3, 0.25), (80, 4, 0.4), (1_500, 15, 0.9)]
)
def test_most_of_the_power_is_voices(people: float, distance_m: float, excitement: float) -> None:
    tokens = row(crowd_people=people, crowd_distance_m=distance_m, crowd_excitement=excitement)
    whole, bed = (
        heard(build((patch,)), tokens)[1][AT_LOUDNESS]
        for patch in (SCENE_PATCH, replace(SCENE_PATCH, callers=(), emitters=()))
    )
    assert bed < 0.5 * whole


def test_more_people_even_out() -> None:
    """The level of independent talkers varies as 1/√n: in tenths of a second, two against two hundred."""
    rows = [
        np.tile(row(crowd_people=n, crowd_distance_m=3.0), (LOOKBACK_STEPS + round(SECONDS * STEPS_PER_S), 1))
        for n in (2.0, 200.0)
    ]
    sounds = Renderer("cpu", bank=build((SCENE_PATCH,))).render(
        [Request(5, "mono", LOOKBACK_STEPS, tokens) for tokens in rows]
    )
    power = [np.square(sound.reshape(-1, SAMPLE_RATE_HZ // 10), dtype=np.float64).mean(axis=1) for sound in sounds]
    few, many = (each.std() / each.mean() for each in power)
    assert many < 0.6 * few
    assert many > 0.1
