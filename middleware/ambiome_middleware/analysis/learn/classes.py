"""Events sorted into classes of grains: how many, how loud, how long, how high, and whether they come in flurries."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from ambiome_middleware.analysis.learn.events import OCTAVES_HZ, TONAL, Event
from ambiome_middleware.sound.patch import FLUTTER_STEPS
from ambiome_middleware.sound.profile import Form, Grain
from ambiome_middleware.tokens import STEPS_PER_S

Floats = npt.NDArray[np.float64]
Key = tuple[Form, int, int]
"""Form, octave of its pitch, and how many octaves wide it is beyond its own."""

FEWEST: Final = 4
"""Events without which there is no class."""
MOST_CLASSES: Final = 12
QUIETEST_SHARE: Final = 0.0005
LONG_S: Final = 0.02
"""A tonal event of at least this decay, with a rise that is no stroke, is a tone; else a mode that was struck."""
_DUTY: Final = {"mode": 0.5, "noise": 0.5, "tone": 3.0 / 8.0}
_BURSTS_FROM: Final = 24


def key_of(event: Event) -> Key:
    """The class of an event."""
    octave = int(np.argmin(np.abs(np.log2(OCTAVES_HZ / event.pitch_hz))))
    if event.tonality < TONAL:
        return "noise", octave, event.last_octave - event.first_octave
    is_long = event.decay_s >= LONG_S and event.attack_s > 0.15 * event.decay_s
    return ("tone" if is_long else "mode"), octave, 0


def sorted_out(events: Sequence[Event]) -> dict[Key, list[Event]]:
    """Events by class."""
    classes: dict[Key, list[Event]] = {}
    for event in events:
        classes.setdefault(key_of(event), []).append(event)
    return classes


def grain_of(key: Key, levels: Sequence[Sequence[Event]], seconds: Sequence[float], rates_hz: Floats) -> Grain | None:
    """A class of grains from its events at each level; None without enough of them. Energies are against 0 dB.

    `rates_hz` [levels]: onsets a second, what chance alone gives taken off.
    """
    every = [event for events in levels for event in events]
    if len(every) < FEWEST or not rates_hz.any():
        return None
    form, octave, width = key
    lengths = [_length_s(form, event) for event in every]
    decay_s, decay_oct = _centre(lengths)
    pitch_hz, pitch_oct = _centre([event.pitch_hz for event in every])
    attack_s = float(np.median([event.attack_s for event in every]))
    loud = [np.array([_level_db(form, event) for event in events]) for events in levels]
    known = [float(np.median(rows)) for rows in loud if len(rows)]
    level_db = np.array([float(np.median(rows)) if len(rows) else min(known) for rows in loud])
    spread_db = float(np.std(np.concatenate([rows - np.median(rows) for rows in loud if len(rows)]))) * np.sqrt(3.0)
    low_hz, high_hz = OCTAVES_HZ[octave] * 2.0 ** (-0.5 - width / 2), OCTAVES_HZ[octave] * 2.0 ** (0.5 + width / 2)
    most = int(np.argmax([len(events) for events in levels]))
    return Grain(
        name=f"{form} {OCTAVES_HZ[octave]:.0f} Hz" + (f", {width + 1} octaves" if width else ""),
        form=form, rate_hz=rates_hz, level_db=np.clip(level_db, -100.0, 50.0), spread_db=min(spread_db, 20.0),
        pitch_hz=float(np.clip(pitch_hz, 30.0, 18_000.0)), pitch_oct=min(pitch_oct, 1.0),
        decay_s=float(np.clip(decay_s, 0.0004, 2.0)), decay_oct=min(decay_oct, 1.5),
        attack_s=float(np.clip(min(attack_s, decay_s), 0.0001, 0.2)),
        band_hz=float(np.clip(high_hz - low_hz, 60.0, 16_000.0)),
        sweep_oct=float(np.median([event.sweep_oct for event in every])) if form != "noise" else 0.0,
        bursts=bursts_of(np.array([event.at_s for event in levels[most]]), seconds[most]),
        share=float(np.sum([event.energy for event in every]) / np.sum(seconds)),
    )  # fmt: skip


def bursts_of(times_s: Floats, seconds: float) -> Floats:
    """How the rate of onsets wanders, standard deviation in octaves by the flutter's rates, [len(FLUTTER_STEPS)].

    Counts in windows vary more than chance (Poisson's: variance = mean) by the variance of the rate at times longer
    than the window; the differences between windows are the rates' own parts. What lies within two standard errors of
    chance is taken for chance.
    """
    rows = np.zeros(len(FLUTTER_STEPS))
    if len(times_s) < _BURSTS_FROM:
        return rows
    excess = []
    for steps in (*FLUTTER_STEPS, 2 * FLUTTER_STEPS[-1]):
        window_s = steps / STEPS_PER_S
        count = int(seconds / window_s)
        if count < 6:
            excess.append(0.0)
            continue
        counts = np.histogram(times_s, count, (0.0, count * window_s))[0]
        mean = max(float(counts.mean()), 1e-9)
        error = np.sqrt((2.0 * mean**2 + mean) / count)
        excess.append(max(float(counts.var()) - mean - 2.0 * float(error), 0.0) / mean**2)
    falling = np.minimum.accumulate(excess)
    variance = np.maximum(falling[:-1] - falling[1:], 0.0)
    return np.asarray(np.minimum(np.sqrt(np.log1p(variance)) / np.log(2.0), 2.0))


def _length_s(form: Form, event: Event) -> float:
    """What the renderer calls decay: a time constant, or the whole length of a tone."""
    return 1.3 * (event.decay_s + event.attack_s) if form == "tone" else event.decay_s


def _level_db(form: Form, event: Event) -> float:
    return 10.0 * float(np.log10(max(event.energy / (_length_s(form, event) * _DUTY[form]), 1e-12)))


def _centre(values: Sequence[float]) -> tuple[float, float]:
    """Median, and half the range in octaves of a flat draw that spreads as much."""
    logs = np.log2(np.maximum(values, 1e-6))
    middle = float(np.median(logs))
    return float(2.0**middle), float(np.sqrt(np.mean(np.clip(logs - middle, -2.0, 2.0) ** 2)) * np.sqrt(3.0))
