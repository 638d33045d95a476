"""Voices out of a throat: a note with breath about it and overtones that come and go, for hoots, howls and wails.

A sine alone is heard as an instrument. What an animal adds is a little of everything: the pitch chirps up into the
note and arches over it, the second and third harmonic swell where it is loudest and are gone at its ends, the air that
is not turned into voice is a band of noise about it, and where the voice sets in or breaks it is rough.
"""

from dataclasses import dataclass, replace
from random import Random
from typing import Final

from ambiome_middleware.sound.patch import Syllable
from ambiome_middleware.sound.voices.phrases import Phrase, later, note, tail, together


@dataclass(frozen=True, slots=True)
class Throat:
    """What a kind's voice is like, dB against its fundamental.

    `second_db`, `third_db`: the harmonics at their loudest; `breath_db`: the noise, `breath` its width as a share of
    the pitch, 0 where none is heard; `chirp_oct`: how far below a note its onset begins, `chirp_s` how long that takes.
    """

    second_db: float
    third_db: float
    breath_db: float
    breath: float
    chirp_oct: float
    chirp_s: float


LONGEST_NOTE_S: Final = 4.1
"""No syllable is longer, so that at a slow tempo it stays within what a grain may last (4.8 s)."""
ROUGH_HZ: Final = 31.0
"""Roughness of a voice that sets in or breaks."""


def voiced(
    throat: Throat, hz: float, s: float, to_hz: float = 0.0, db: float = 0.0, *,
    arch: float = 0.03, attack: float = 0.25, chirp: float = 1.0, bright: float = 0.0, am_hz: float = 0.0,
    am: float = 0.0,
) -> Phrase:  # fmt: skip
    """A note of `s` seconds from `hz` to `to_hz` over an `arch` (octaves), its onset `chirp` times the throat's.

    `bright`: dB by which its harmonics are louder than the throat's.
    """
    end_hz = to_hz or hz
    tone = Syllable(0.0, s, hz, end_hz, db, am_hz, am if am_hz > 0.0 else 0.0, attack=attack, bend=arch)
    second = replace(
        tone, at_s=0.06 * s, length_s=0.8 * s, pitch_hz=2.0 * hz, end_hz=2.0 * end_hz,
        level_db=db + throat.second_db + bright, attack=0.45,
    )  # fmt: skip
    third = replace(
        tone, at_s=0.2 * s, length_s=0.5 * s, pitch_hz=3.0 * hz, end_hz=3.0 * end_hz,
        level_db=db + throat.third_db + 1.5 * bright, attack=0.5,
    )  # fmt: skip
    breath = replace(
        tone, pitch_hz=1.15 * hz, end_hz=1.15 * end_hz, level_db=db + throat.breath_db, am_hz=0.0, am_depth=0.0,
        noise_hz=throat.breath * hz, attack=0.6 * attack,
    )  # fmt: skip
    body = Phrase((tone, second, third, breath) if throat.breath > 0.0 else (tone, second, third), s)
    if chirp <= 0.0:
        return body
    start_hz = hz * 2.0 ** (-chirp * throat.chirp_oct)
    onset = note(start_hz, throat.chirp_s, hz, db - 6, am_hz=ROUGH_HZ, am=0.35, second=0.3, third=0.15, attack=0.6)
    return together(onset, later(body, 0.4 * throat.chirp_s))


def thrown_back(hz: float, s: float, db: float, width: float, lasts_s: float) -> Phrase:
    """What a wood, a slope or a shore send back of `s` seconds at `hz`: at once, and more softly for longer.

    `width`: how far apart the pitches are that it came from, as a share of the pitch.
    """
    early = tail(hz, min(s + 0.4 * lasts_s, LONGEST_NOTE_S), width * hz, db - 9.0)
    late = tail(hz, min(s + lasts_s, LONGEST_NOTE_S), 0.75 * width * hz, db - 17.0)
    return together(later(early, 0.02), later(late, 0.06))


def wavered(draws: Random, centre: float, share: float) -> float:
    """A value within ± `share` of a centre."""
    return centre * (1.0 + share * (2.0 * draws.random() - 1.0))


def between(draws: Random, low: float, high: float) -> float:
    """A value between two."""
    return low + (high - low) * draws.random()


def hurried(phrase: Phrase, latest_s: float) -> Phrase:
    """The phrase, sung as much faster as it takes for its last syllable to begin by `latest_s`."""
    ratio = min(latest_s / max(max(s.at_s for s in phrase.syllables), 1e-9), 1.0)
    faster = tuple(replace(s, at_s=ratio * s.at_s, length_s=ratio * s.length_s) for s in phrase.syllables)
    return Phrase(faster, ratio * phrase.length_s)
