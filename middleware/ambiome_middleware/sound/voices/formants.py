"""Harmonics under formants: how cattle, sheep, poultry and dogs sound, their mouths data.

A larynx or a syrinx gives a comb of harmonics, what lies above it lets some pass better than others (source–filter
theory: Fant 1960, Acoustic Theory of Speech Production; for mammals Taylor & Reby 2010, "The contribution of
source–filter theory to mammal vocal communication research", J. Zool. 280, 221–236). No animal holds its pitch: what
jitters by a share of the fundamental widens every harmonic by that share of its own pitch and takes the more of it, so
the upper ones are bands of noise, and the whole is hoarse (Fitch, Neubauer & Herzel 2002, "Calls out of chaos", Anim.
Behav. 63, 407–418).
A tone brings its second and third harmonic where these are no stronger.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Final

import numpy as np

from ambiome_middleware.sound.patch import Syllable
from ambiome_middleware.sound.voices.phrases import Phrase, later, note, together
from ambiome_middleware.sound.voices.throat import between, wavered

_FAINTEST_DB: Final = -32.0
"""Harmonics this far below the whole are left out."""
_LEAST_JITTER_HZ: Final = 25.0
"""Slower, a harmonic's own wandering would be heard as a choir."""


@dataclass(frozen=True, slots=True)
class Mouth:
    """What passes: `formants` as (Hz, width in Hz, dB), each a resonance with skirts of 12 dB an octave.

    Up to `top_hz` a comb has harmonics. `jitter`: by what share of it the pitch is unsteady; `hoarse_hz`: the pitch at
    which half of a harmonic is noise by it. `breath_db`: the air that is not turned into voice, against it; it passes
    the same formants.
    """

    formants: tuple[tuple[float, float, float], ...]
    top_hz: float
    jitter: float = 0.02
    hoarse_hz: float = 1_500.0
    breath_db: float = -15.0

    def passed_db(self, hz: float) -> float:
        """How much of a harmonic at a pitch gets out, dB."""
        power = sum(10.0 ** (0.1 * db) / (1.0 + ((hz - at) / (0.5 * width)) ** 2) for at, width, db in self.formants)
        return float(10.0 * np.log10(power))

    def sized(self, ratio: float) -> "Mouth":
        """That of an animal, or of a shape of the mouth, whose formants lie so much higher."""
        moved = tuple((ratio * at, ratio * width, db) for at, width, db in self.formants)
        return replace(self, formants=moved, top_hz=ratio * self.top_hz)

    def shut(self) -> "Mouth":
        """With closed lips: the lowest formant, and little of the others."""
        return replace(
            self, formants=(self.formants[0], *((at, width, db - 20.0) for at, width, db in self.formants[1:]))
        )


def sung(
    mouth: Mouth, hz: float, s: float, to_hz: float = 0.0, db: float = 0.0, *,
    arch: float = 0.0, attack: float = 0.3, am_hz: float = 0.0, am: float = 0.0, is_steady: bool = False,
) -> Phrase:  # fmt: skip
    """A note of `s` seconds from `hz` to `to_hz` over an `arch` (octaves), all its harmonics together at `db`.

    `is_steady` leaves jitter and breath out, where another note has them.
    """
    end_hz = to_hz or hz
    middle_hz = 0.5 * (hz + end_hz) * 2.0 ** (0.67 * arch)
    levels_db = _levels_db(mouth, middle_hz)
    syllables = []
    for harmonic, second, third in _grouped(levels_db):
        tone = Syllable(
            0.0, s, harmonic * hz, harmonic * end_hz, db + levels_db[harmonic], am_hz, am, second, third, attack,
            bend=arch,
        )  # fmt: skip
        if is_steady:
            syllables.append(tone)
            continue
        unsteady = (harmonic * middle_hz / mouth.hoarse_hz) ** 2
        noise_db, tone_db = (-10.0 * float(np.log10(1.0 + x)) for x in (1.0 / unsteady, unsteady))
        width_hz = max(mouth.jitter * harmonic * middle_hz, _LEAST_JITTER_HZ)
        syllables.append(replace(tone, level_db=tone.level_db + tone_db))
        syllables.append(replace(tone, level_db=tone.level_db + noise_db, noise_hz=width_hz))
    voice = Phrase(tuple(syllables), s)
    return voice if is_steady else together(voice, *_breath(mouth, s, db, attack))


def _breath(mouth: Mouth, s: float, db: float, attack: float) -> Iterator[Phrase]:
    """The air: a band for each formant, falling by less towards the high ones than the voice does."""
    loudest_hz, _, loudest_db = max(mouth.formants, key=lambda formant: formant[2])
    for at, width, formant_db in mouth.formants:
        level_db = db + mouth.breath_db + formant_db - loudest_db + 3.0 * float(np.log2(max(at / loudest_hz, 1.0)))
        yield note(at, s, 0.0, level_db, noise_hz=1.6 * width, attack=attack)


def uttered(
    mouths: Sequence[Mouth], hz: float, s: float, to_hz: float, db: float = 0.0, *,
    arch: float = 0.0, am_hz: float = 0.0, am: float = 0.0,
) -> Phrase:  # fmt: skip
    """A long note from mouth to mouth: each is at its fullest later than the one before, so that formants move.

    All are in phase, for they begin together and glide alike: one voice, not several.
    """
    fullest = np.linspace(0.1, 0.8, len(mouths)).tolist()
    notes = (
        sung(mouth, hz, s, to_hz, db - 4.0, arch=arch, attack=attack, am_hz=am_hz, am=am)
        for mouth, attack in zip(mouths, fullest, strict=True)
    )
    return together(*notes)


def trembled(
    draws: Random, mouth: Mouth, hz: float, s: float, to_hz: float, *, rate_hz: float, deep: float, db: float = 0.0
) -> Phrase:
    """A bleat: a note whose level trembles, and about it `rate_hz` pulses a second whose pitch does, by `deep` octaves.

    The mouth opens at its beginning and closes a little towards its end.
    """
    sizes = (0.86, 1.04, 0.97)
    phrase = uttered([mouth.sized(size) for size in sizes], hz, s, to_hz, db - 2.0, arch=0.06, am_hz=rate_hz, am=0.6)
    at_s, pulses = 0.0, max(round(s * rate_hz), 3)
    for pulse in range(pulses):
        along = pulse / pulses
        here_hz = wavered(draws, hz * (to_hz / hz) ** along * 2.0 ** (0.24 * along * (1.0 - along)), 0.015)
        swell_db = -9.0 * max(0.25 - along, 0.0) / 0.25 - 7.0 * max(along - 0.6, 0.0) / 0.4
        low_hz = here_hz * 2.0 ** (-0.5 * deep)
        cycle = sung(
            mouth.sized(float(np.interp(along, (0.0, 0.3, 1.0), sizes))), low_hz, 1.4 / rate_hz, low_hz,
            db - 3.0 + swell_db + between(draws, -2.0, 2.0), arch=deep, attack=0.42, is_steady=True,
        )  # fmt: skip
        phrase = together(phrase, later(cycle, at_s))
        at_s += wavered(draws, 1.0 / rate_hz, 0.06)
    return phrase


def _levels_db(mouth: Mouth, hz: float) -> Mapping[int, float]:
    """Harmonic → dB, their powers 1 in all; the faint ones left out."""
    passed = {n: mouth.passed_db(n * hz) for n in range(1, max(int(mouth.top_hz / hz), 3) + 1)}
    whole_db = float(10.0 * np.log10(sum(10.0 ** (0.1 * db) for db in passed.values())))
    return {n: db - whole_db for n, db in passed.items() if db - whole_db > _FAINTEST_DB}


def _grouped(levels_db: Mapping[int, float]) -> Iterator[tuple[int, float, float]]:
    """Harmonics with the amplitudes of their own second and third: a tone brings those that are no stronger than it."""
    brought: set[int] = set()
    for n in levels_db:
        if n in brought:
            continue
        shares = []
        for multiple in (2 * n, 3 * n):
            louder_db = levels_db.get(multiple, -np.inf) - levels_db[n]
            fits = multiple not in brought and -np.inf < louder_db <= 0.0
            shares.append(10.0 ** (0.05 * louder_db) if fits else 0.0)
            if fits:
                brought.add(multiple)
        yield n, shares[0], shares[1]
