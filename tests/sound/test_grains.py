"""The shapes of single grains, from the samples alone."""

import numpy as np
import numpy.typing as npt
import pytest
from ambiome_middleware.sound import Renderer
from ambiome_middleware.sound import bank as banks
from ambiome_middleware.sound.gpu import TorchBackend
from ambiome_middleware.sound.limiter import DELAY_SAMPLES
from ambiome_middleware.sound.patch import Call, Caller, Draw, Emitter, Patch, Syllable, by
from ambiome_middleware.tokens import SAMPLE_RATE_HZ, silent_row
from token_scenes import event, row, stretch

Floats = npt.NDArray[np.float64]


def call_of(syllable: Syllable, steps: int, torch_alone: bool = False) -> Floats:
    """One syllable, uttered once by an owl at step 0."""
    caller = Caller("one", (Call("one", (syllable,)),), 1, 1.0, (), Draw(60.0), call_pitch_oct=0.0, tempo_oct=0.0)
    bank = banks.build([Patch("owl", "event", "owl", callers=(caller,))])
    frames = np.tile(silent_row(), (steps, 1))
    event(frames[0], 0, "owl", 1, 10.0, 0.0, 0.5)
    backend = TorchBackend(bank, "cpu") if torch_alone else None
    request = stretch(frames, 1, 0, steps, layout="mono")
    return Renderer("cpu", bank=bank, backend=backend).render([request])[0][0].astype(np.float64)


def hz_at(samples: Floats, at_s: float) -> float:
    """Frequency about one moment, by the crossings of zero within 6 ms on either side."""
    middle, half = DELAY_SAMPLES + round(at_s * SAMPLE_RATE_HZ), round(0.006 * SAMPLE_RATE_HZ)
    window = samples[middle - half : middle + half]
    up = np.flatnonzero((window[:-1] < 0) & (window[1:] >= 0))
    crossings = up - window[up] / (window[up + 1] - window[up])
    return float(SAMPLE_RATE_HZ * (len(crossings) - 1) / (crossings[-1] - crossings[0]))


@pytest.mark.parametrize("torch_alone", [False, True])
@pytest.mark.parametrize(
    ("bend", "start_hz", "end_hz", "length_s"),
    [(0.0, 2_000, 3_000, 0.4), (0.5, 2_000, 2_000, 0.4), (-0.3, 3_000, 2_000, 0.4), (0.4, 900, 1_200, 4.8)],
)
def test_a_bent_syllable_goes_through_its_arch(
    bend: float, start_hz: float, end_hz: float, length_s: float, torch_alone: bool
) -> None:
    """A parabola: halfway `bend` octaves above the straight line, at a quarter three quarters of that in hertz."""
    heard = call_of(Syllable(0.0, length_s, start_hz, end_hz, bend=bend), round(length_s / 0.04) + 3, torch_alone)
    middle = 0.5 * (start_hz + end_hz)
    arch = middle * (2.0**bend - 1.0)
    for share in (0.1, 0.25, 0.5, 0.75, 0.9):
        expected = start_hz + share * (end_hz - start_hz) + arch * 4.0 * share * (1.0 - share)
        assert hz_at(heard, share * length_s) == pytest.approx(expected, rel=0.004), share


def test_backends_draw_the_same_bent_syllable() -> None:
    syllable = Syllable(0.0, 1.0, 2_000, 2_500, bend=-0.4, second=0.3, am_hz=30.0, am_depth=0.5)
    one, other = (call_of(syllable, 28, torch_alone) for torch_alone in (False, True))
    assert np.abs(one - other).max() < 1e-4 * np.abs(one).max()


def test_a_band_of_noise_has_its_width_and_its_power() -> None:
    """Steady overlapping hiss about 6 kHz: as loud as its level says, and dark beyond its first images."""
    rate = by("wind_m_s", lambda v: np.where(v > 0, 50.0, 0.0))
    hiss = Emitter("hiss", "noise", 16, (rate,), Draw(60.0), Draw(6_000.0), Draw(0.05), band_hz=Draw(1_500.0))
    renderer = Renderer("cpu", bank=banks.build([Patch("wind", emitters=(hiss,))]))
    frames = np.tile(row(wind_m_s=8.0, dynamics=1.0), (400, 1))
    samples = renderer.render([stretch(frames, 2, 0, 400, layout="mono")])[0][0][96_000:].astype(np.float64)
    spectrum = np.abs(np.fft.rfft(samples[: len(samples) // 4_096 * 4_096].reshape(-1, 4_096) * np.hanning(4_096))) ** 2
    hz, power = np.fft.rfftfreq(4_096, 1 / SAMPLE_RATE_HZ), spectrum.mean(axis=0)
    inside = power[np.abs(hz - 6_000) < 500].mean()
    assert 10 * np.log10(power[np.abs(hz - 8_300) < 300].mean() / inside) < -33
    assert 10 * np.log10(power[np.abs(hz - 12_000) < 500].mean() / inside) < -50
