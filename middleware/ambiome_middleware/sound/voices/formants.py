"""Harmonics under formants: how cattle, sheep, poultry and dogs sound, their mouths data.

A larynx or a syrinx gives a comb of harmonics, what lies above it lets some pass better than others (source–filter
theory: Fant 1960, Acoustic Theory of Speech Production; for mammals Taylor & Reby 2010, "The contribution of
source–filter theory to mammal vocal communication research", J. Zool. 280, 221–236). The combs here are tones in phase
at their onset, as the pulses of a larynx are; each brings its second and third harmonic where these are no stronger.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from random import Random
from typing import Final

import numpy as np

from ambiome_middleware.sound.patch import Syllable
from ambiome_middleware.sound.voices.phrases import Phrase, later, note, together
from ambiome_middleware.sound.voices.throat import between, wavered

_FAINTEST_DB: Final = -34.0
"""Harmonics this far below the whole are left out."""


@dataclass(frozen=True, slots=True)
class Mouth:
    """What passes: `formants` as (Hz, width in Hz, dB), each a resonance with skirts of 12 dB an octave.

    Up to `top_hz` a comb has harmonics. `closed_hz`: what passes closed lips too; harmonics above it wait until they
    part. `breath_db`: the noise that goes with the voice, against it, about its strongest formant.
    """

    formants: tuple[tuple[float, float, float], ...]
    top_hz: float
    closed_hz: float = 0.0
    breath_db: float = -20.0

    def passed_db(self, hz: float) -> float:
        """How much of a harmonic at a pitch gets out, dB."""
        power = sum(10.0 ** (0.1 * db) / (1.0 + ((hz - at) / (0.5 * width)) ** 2) for at, width, db in self.formants)
        return float(10.0 * np.log10(power))

    def sized(self, ratio: float) -> "Mouth":
        """That of an animal whose formants lie so much higher."""
        moved = tuple((ratio * at, ratio * width, db) for at, width, db in self.formants)
        return Mouth(moved, ratio * self.top_hz, ratio * self.closed_hz, self.breath_db)


def sung(
    mouth: Mouth, hz: float, s: float, to_hz: float = 0.0, db: float = 0.0, *,
    arch: float = 0.0, attack: float = 0.3, am_hz: float = 0.0, am: float = 0.0, parts: float = 0.0,
) -> Phrase:  # fmt: skip
    """A note of `s` seconds from `hz` to `to_hz` over an `arch` (octaves), all its harmonics together at `db`.

    `parts`: the share of the note after which the lips part; 0: they are open all along.
    """
    end_hz = to_hz or hz
    middle_hz = 0.5 * (hz + end_hz) * 2.0 ** (0.67 * arch)
    levels_db = _levels_db(mouth, middle_hz)
    syllables = []
    for harmonic, second, third in _grouped(levels_db, mouth.closed_hz / middle_hz if parts > 0.0 else 0.0):
        begins = parts if harmonic * middle_hz > mouth.closed_hz else 0.0
        ends = 0.93 if begins > 0.0 else 1.0
        start_hz, stop_hz, bend = _stretch(hz, end_hz, arch, begins, ends)
        tone = Syllable(begins * s, (ends - begins) * s, harmonic * start_hz, harmonic * stop_hz, bend=bend)
        level_db = db + levels_db[harmonic]
        syllables.append(
            replace(tone, level_db=level_db, am_hz=am_hz, am_depth=am, second=second, third=third, attack=attack)
        )
    loudest_hz = max(mouth.formants, key=lambda formant: formant[2])[0]
    breath = note(loudest_hz, s, 0.0, db + mouth.breath_db, noise_hz=0.8 * loudest_hz, attack=attack)
    return together(Phrase(tuple(syllables), s), breath)


def trembled(
    draws: Random, mouth: Mouth, hz: float, s: float, to_hz: float, *, rate_hz: float, deep: float, db: float = 0.0
) -> Phrase:
    """A bleat: the same, cut into `rate_hz` pulses a second whose pitch and level tremble by `deep` octaves."""
    phrase, at_s, pulses = Phrase(), 0.0, max(round(s * rate_hz), 3)
    for pulse in range(pulses):
        along = pulse / (pulses - 1)
        here_hz = wavered(draws, hz * (to_hz / hz) ** along * 2.0 ** (0.3 * along * (1.0 - along)), 0.015)
        swell_db = -9.0 * max(0.25 - along, 0.0) / 0.25 - 7.0 * max(along - 0.6, 0.0) / 0.4
        last = 1.0 if pulse < pulses - 1 else 1.4
        cycle = sung(
            mouth, here_hz * 2.0 ** (-0.4 * deep), last * 1.3 / rate_hz, here_hz * 2.0 ** (-0.5 * deep),
            db + swell_db + between(draws, -1.5, 1.5), arch=deep, attack=0.42,
        )  # fmt: skip
        phrase = together(phrase, later(cycle, at_s))
        at_s += wavered(draws, 1.0 / rate_hz, 0.06)
    return phrase


def _levels_db(mouth: Mouth, hz: float) -> Mapping[int, float]:
    """Harmonic → dB, their powers 1 in all; the faint ones left out."""
    passed = {n: mouth.passed_db(n * hz) for n in range(1, max(int(mouth.top_hz / hz), 3) + 1)}
    whole_db = float(10.0 * np.log10(sum(10.0 ** (0.1 * db) for db in passed.values())))
    return {n: db - whole_db for n, db in passed.items() if db - whole_db > _FAINTEST_DB}


def _grouped(levels_db: Mapping[int, float], closed: float) -> Iterator[tuple[int, float, float]]:
    """Harmonics with the amplitudes of their own second and third: a tone brings those that are no stronger than it.

    None reaches across `closed`, the harmonic above which they wait for the lips.
    """
    brought: set[int] = set()
    for n in levels_db:
        if n in brought:
            continue
        shares = []
        for multiple in (2 * n, 3 * n):
            louder_db = levels_db.get(multiple, -np.inf) - levels_db[n]
            fits = multiple not in brought and (n > closed or multiple <= closed) and -np.inf < louder_db <= 0.0
            shares.append(10.0 ** (0.05 * louder_db) if fits else 0.0)
            if fits:
                brought.add(multiple)
        yield n, shares[0], shares[1]


def _stretch(hz: float, to_hz: float, arch: float, begins: float, ends: float) -> tuple[float, float, float]:
    """(start, end, arch) of a part of a glide: the same parabola, cut out."""
    over_hz = 0.5 * (hz + to_hz) * (2.0**arch - 1.0)

    def at(share: float) -> float:
        return hz + (to_hz - hz) * share + 4.0 * over_hz * share * (1.0 - share)

    start_hz, stop_hz = at(begins), at(ends)
    return start_hz, stop_hz, float(np.log2(2.0 * at(0.5 * (begins + ends)) / (start_hz + stop_hz)))
