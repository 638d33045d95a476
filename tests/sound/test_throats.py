"""Hoots, howls and wails: what their tables promise of a throat and of what the place sends back."""

import pytest
from ambiome_middleware.sound.patch import Call
from ambiome_middleware.sound.profile import profiles
from ambiome_middleware.sound.voices import loon, owl, wolf
from ambiome_middleware.sound.voices.throat import thrown_back
from ambiome_middleware.tokens import COLUMN, SCENE

HOOTS = [pytest.param(calls, id=name) for name, calls in
         (("tawny", owl.TAWNY), ("long-eared", owl.LONG_EARED), ("horned", owl.HORNED))]  # fmt: skip
DRAWN = [pytest.param(calls, share, id=name) for name, calls, share in
         (("howl", wolf.LONE, 0.85), ("pack", wolf.PACK, 0.85), ("loon", loon.CALLS, 0.8))]  # fmt: skip


def outlasts_s(call: Call) -> float:
    """How long after its last tone the noise of a call ends, seconds; below 0 where it ends before."""
    tones = [s.at_s + s.length_s for s in call.syllables if s.noise_hz == 0.0]
    noises = [s.at_s + s.length_s for s in call.syllables if s.noise_hz > 0.0]
    return max(noises, default=0.0) - max(tones)


@pytest.mark.parametrize("calls", HOOTS)
def test_a_hoot_is_all_but_pure_and_the_wood_sends_it_back(calls: tuple[Call, ...]) -> None:
    hoots = [call for call in calls if any(s.noise_hz > 0.0 for s in call.syllables)]
    assert len(hoots) > 0.9 * len(calls)  # the others are soft trills
    for call in hoots:
        assert max(max(s.second, s.third) for s in call.syllables) < 0.15
        assert outlasts_s(call) > 0.3


@pytest.mark.parametrize(("calls", "share"), DRAWN)
def test_drawn_calls_mostly_end_in_what_comes_back_of_them(calls: tuple[Call, ...], share: float) -> None:
    assert sum(outlasts_s(call) > 0.0 for call in calls) >= share * len(calls)


def test_what_comes_back_is_softer_than_the_note_and_lasts_longer() -> None:
    early, late = thrown_back(500.0, 1.0, -2.0, 0.1, 2.0).syllables
    assert -2.0 > early.level_db > late.level_db
    assert 1.0 < early.length_s < late.length_s == pytest.approx(3.0)
    assert early.noise_hz == pytest.approx(50.0)


@pytest.mark.parametrize(
    ("pitch_hz", "kinds"),
    [
        (250.0, {"horned"}), (400.0, {"horned", "long-eared", "barn owl"}), (720.0, {"tawny", "answer"}),
        (900.0, {"tawny", "answer"}),
    ],
)  # fmt: skip
def test_the_pitch_says_whose_night_it_is(pitch_hz: float, kinds: set[str]) -> None:
    token = SCENE[COLUMN["owl_pitch_hz"]].quantise(pitch_hz)
    callers = owl.patches(profiles())[0].callers
    assert {caller.name for caller in callers if caller.presence[1].rows[token] > 0.4} == kinds
