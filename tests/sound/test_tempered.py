"""Voices drawn to a profile: how far, and that nothing moves without one."""

from dataclasses import replace
from types import ModuleType

import numpy as np
import pytest
from ambiome_middleware.sound.patch import BAND_HZ, Draw, Flutter, Patch
from ambiome_middleware.sound.profile import Profile, profiles
from ambiome_middleware.sound.voices import birds, crickets, frogs, loon, owl, snow, swamp, tempered, thunder, wolf
from ambiome_middleware.sound.voices.shapes import bump, loudness_db

CALLING = [(owl, 300.0, 700.0), (wolf, 350.0, 700.0), (loon, 700.0, 1_800.0)]
SHADED = [
    (thunder, "swells", 0.25),
    (birds, "layers", 0.4),
    (snow, "layers", 0.4),
    (swamp, "layers", 0.25),
]


def taught_by(texture: str, hz: float) -> Profile:
    """A built-in profile whose texture is one band about `hz` and nothing else."""
    known = profiles()[texture]
    narrow_db = 10.0 * np.log10(bump(hz, 0.2) + 1e-6)
    return replace(known, levels=tuple(replace(level, spectrum_db=narrow_db) for level in known.levels))


def name_of(voice: ModuleType) -> str:
    return voice.__name__.rsplit(".", 1)[1]


def chorus(pitch_hz: np.ndarray) -> np.ndarray:
    return 10.0 * np.log10(bump(pitch_hz, 0.3) + 1e-5)


@pytest.mark.parametrize(("voice", "low_hz", "high_hz"), CALLING, ids=[name_of(voice) for voice, _, _ in CALLING])
def test_calls_go_part_of_the_way_to_a_recordings_pitch(voice: ModuleType, low_hz: float, high_hz: float) -> None:
    def transpositions(hz: float | None) -> list[float]:
        known = {} if hz is None else {name_of(voice): taught_by(name_of(voice), hz)}
        return [caller.pitch.centre for patch in voice.patches(known) for caller in patch.callers]

    low, own, high = transpositions(low_hz), transpositions(None), transpositions(high_hz)
    assert own == [1.0] * len(own)
    assert min(low) < 0.95
    assert max(high) > 1.05
    assert all(0.8 < ratio < 1.25 for ratio in low + high)


@pytest.mark.parametrize(("voice", "part", "share"), SHADED, ids=[name_of(voice) for voice, _, _ in SHADED])
def test_spectra_move_towards_a_recording_and_not_farther_than_its_share(
    voice: ModuleType, part: str, share: float
) -> None:
    def spectra(patches: tuple[Patch, ...]) -> list[np.ndarray]:
        return [item.spectrum_db for patch in patches for item in getattr(patch, part)]

    pairs = zip(spectra(voice.patches({})), spectra(voice.patches(profiles())), strict=True)
    moved_db = [np.abs(ours - theirs).max() for ours, theirs in pairs]
    assert 1.0 < max(moved_db) <= share * tempered.MOST_DB + 1e-9


def test_crickets_carriers_and_pulses_follow_a_recording() -> None:
    measured = profiles()["crickets"]
    grains = tuple(replace(grain, pitch_hz=2_800.0, decay_s=0.003, share=0.5) for grain in measured.grains)
    low = replace(measured, grains=grains)
    near = [crickets.patches(known)[0].callers[0] for known in ({}, {"crickets": low})]
    assert near[0].pitch.centre == 1.0
    assert 0.75 < near[1].pitch.centre < 0.95
    hand, theirs = (max(s.length_s for call in caller.calls for s in call.syllables) for caller in near)
    assert theirs < 0.9 * hand


@pytest.mark.parametrize("voice", [crickets, frogs])
def test_far_choruses_waver_as_recordings_do(voice: ModuleType) -> None:
    layers = [voice.patches(known)[0].layers[0] for known in ({}, profiles())]
    assert all(isinstance(layer.flutter, Flutter) for layer in layers)
    assert not np.allclose(layers[0].flutter.depth_db, layers[1].flutter.depth_db)
    assert layers[1].flutter.depth_db.max() <= 4.0


def test_a_choruss_colour_goes_along_with_its_pitch_and_keeps_it_as_loud() -> None:
    profile = taught_by("frogs", 2_000.0)
    coloured = tempered.coloured_like(chorus, profile, 0.5, 300.0, 4_000.0, 0.5)
    pitches_hz = np.array([1_000.0, 2_000.0])
    ours, theirs = chorus(pitches_hz), coloured(pitches_hz)
    assert np.allclose(loudness_db(ours), loudness_db(theirs))
    changed = theirs - ours
    assert np.abs(changed).max() > 1.0
    octave = slice(6, 25)
    lower, higher = changed[0, octave], changed[1, 9:28]
    assert np.allclose(lower - lower.mean(), higher - higher.mean(), atol=0.2)


def test_without_a_profile_nothing_is_drawn() -> None:
    own = Draw(1.0, 0.1)
    assert tempered.coloured_like(chorus, None, 0.5, 300.0, 4_000.0) is chorus
    assert tempered.sung_like(own, 430.0, None, 0.5, 300.0, 800.0) is own


def test_where_a_profile_is_strongest_noise_counts_little() -> None:
    known = profiles()["wolf"]
    peak, slope_db = 10.0 * np.log10(bump(520.0, 0.15) + 1e-6), -2.0 * np.log2(BAND_HZ / 500.0)
    noisy_db = 10.0 * np.log10(10.0 ** (peak / 10.0) + 10.0 ** ((slope_db - 10.0) / 10.0))
    profile = replace(known, levels=tuple(replace(level, spectrum_db=noisy_db) for level in known.levels))
    assert tempered.strongest_hz(profile, 0.4, 300.0, 800.0) == pytest.approx(520.0, rel=0.06)
