"""The calls of frogs and toads: trains of struck pulses under the resonance of a throat.

A frog does not sing a tone. Muscles drive the air through the larynx in pulses, each of which strikes the vocal cords
and the sac and rings for some milliseconds (Martin 1972, Evolution of vocalization in the genus Bufo; Wells 2007, The
Ecology and Behavior of Amphibians, ch. 7): it sets in hard, dies at once, and is broad. Where the pulses follow each
other slowly they are heard one by one, a trill or the teeth of a comb; where fast, as a harsh voice at their rate. What
tells the species apart is their rate, their number and how they swell. No two pulses are quite alike.

Numbers after Gerhardt & Huber, Acoustic Communication in Insects and Anurans (2002), chs. 1–3; Schneider, Acoustic
behavior of the European frogs (1988); Capranica, The evoked vocal response of the bullfrog (1965).
"""

from collections.abc import Callable, Sequence
from random import Random
from typing import Final

from ambiome_middleware.sound.patch import Call, Syllable
from ambiome_middleware.sound.voices.phrases import Phrase, call, later, note, rest, shifted, tail, together
from ambiome_middleware.sound.voices.throat import between, wavered

Strike = Callable[[float, float, float], Phrase]
"""A pulse of (Hz, seconds, dB)."""


def _bare(second: float = 0.3, third: float = 0.1, attack: float = 0.1, drop: float = 0.96) -> Strike:
    """A pulse of the first resonance, with as much of its octave and twelfth."""

    def strike(hz: float, s: float, db: float) -> Phrase:
        return note(hz, s, drop * hz, db, second=second, third=third, attack=attack)

    return strike


def _pulses(
    draws: Random, strike: Strike, hz: float, ring_s: float, count: int, rate_hz: float, *,
    to_hz: float = 0.0, swell_db: float = 9.0, peak: float = 0.6, fade_db: float = 6.0, uneven: float = 0.06,
) -> Phrase:  # fmt: skip
    """A train of `count` pulses that swells by `swell_db` up to `peak` of its length and fades by `fade_db` to its end.

    Their resonance goes from `hz` to `to_hz`; times, levels and lengths are `uneven` by this share of theirs.
    """
    syllables: list[Syllable] = []
    for n in range(count):
        along = n / max(count - 1, 1)
        here_hz = wavered(draws, hz * ((to_hz or hz) / hz) ** along, 0.25 * uneven)
        db = -swell_db * max(1.0 - along / peak, 0.0) ** 1.3 - fade_db * max((along - peak) / (1.0 - peak), 0.0) ** 2
        db += 20.0 * uneven * (draws.random() - 0.5)
        pulse = strike(here_hz, wavered(draws, ring_s, 2.0 * uneven), db)
        syllables += later(pulse, (n + uneven * draws.random()) / rate_hz).syllables
    return Phrase(tuple(syllables), count / rate_hz)


def _series(draws: Random, notes: Sequence[Phrase], rate_hz: float, softer_db: float = 6.0) -> Phrase:
    """Notes at a rate, no two the same; the first three are softer."""
    syllables: list[Syllable] = []
    for n, one in enumerate(notes):
        at_s = (n + 0.05 * draws.random()) / rate_hz
        syllables += later(shifted(one, db=-softer_db * max(1.0 - n / 3.0, 0.0)), at_s).syllables
    return Phrase(tuple(syllables), len(notes) / rate_hz)


def _peep(draws: Random) -> Phrase:
    """A spring peeper's whistle: it climbs, swells and stops at once; some trill instead, at a rival."""
    hz, s = wavered(draws, 2_720.0, 0.04), between(draws, 0.11, 0.21)
    if draws.random() < 0.15:
        return _pulses(draws, _bare(0.02, 0.0, 0.4, 1.02), hz, 0.022, 9, 30.0, to_hz=1.12 * hz, swell_db=8.0, peak=0.9)
    whistle = note(hz, s, between(draws, 1.06, 1.14) * hz, attack=between(draws, 0.45, 0.75), second=0.02)
    return together(whistle, later(tail(1.08 * hz, 0.9 * s, 0.12 * hz, -12), 0.5 * s))


def _click(hz: float, s: float, db: float) -> Phrase:
    """A chorus frog's pulse: a click that rings at one pitch and is broad where it sets in."""
    rung = note(0.99 * hz, s, 1.01 * hz, db, second=0.06, attack=0.16)
    return together(rung, note(1.25 * hz, 0.45 * s, 1.1 * hz, db - 9, noise_hz=2_600.0, attack=0.16))


def _prreep(draws: Random) -> Phrase:
    """A chorus frog: a thumb along the teeth of a comb, a second of clicks that climb and swell to the last."""
    hz, rate_hz = between(draws, 2_350.0, 2_700.0), between(draws, 13.0, 20.0)
    count, rise = round(rate_hz * between(draws, 0.75, 1.25)), between(draws, 1.08, 1.2)
    ring_s = wavered(draws, 0.0095, 0.25)
    return _pulses(
        draws, _click, hz, ring_s, count, rate_hz, to_hz=rise * hz, swell_db=between(draws, 6.0, 12.0), peak=0.85,
        fade_db=1.5, uneven=0.08,
    )  # fmt: skip


def _snore(draws: Random) -> Phrase:
    """A spadefoot: some forty pulses, fifty a second, that open into a groan; breath goes with them."""
    hz, s, pulse_hz = wavered(draws, 1_080.0, 0.07), between(draws, 0.5, 0.85), between(draws, 46.0, 55.0)
    end_hz = between(draws, 1.08, 1.28) * hz
    train = _pulses(
        draws, _bare(0.22, 0.09, 0.12, 0.93), hz, 0.016, round(s * pulse_hz), pulse_hz, to_hz=end_hz, swell_db=12.0,
        peak=0.65, fade_db=5.0, uneven=0.08,
    )  # fmt: skip
    breath = note(1.1 * hz, s, 1.1 * end_hz, -11, am_hz=pulse_hz, am=0.9, noise_hz=900.0, attack=0.6)
    hiss = note(3.6 * hz, s, 3.6 * end_hz, -17, am_hz=pulse_hz, am=0.9, noise_hz=3_200.0, attack=0.6)
    return together(train, breath, hiss)


def _toad(draws: Random) -> Phrase:
    """A true toad: a long even trill, 25–36 pulses a second, each a soft knock of the same pitch."""
    hz, pulse_hz, s = wavered(draws, 1_480.0, 0.04), between(draws, 25.0, 36.0), between(draws, 1.6, 4.3)
    return _pulses(
        draws, _bare(0.1, 0.06, 0.25, 0.985), hz, 0.55 / pulse_hz, round(s * pulse_hz), pulse_hz, to_hz=1.02 * hz,
        swell_db=10.0, peak=0.25, fade_db=1.5, uneven=0.05,
    )  # fmt: skip


def _quack(draws: Random, hz: float, s: float, pulse_hz: float) -> Phrase:
    """One note of a tree frog: some ten hard pulses, the octave as strong as the base, roughened by breath."""
    train = _pulses(
        draws, _bare(0.75, 0.3, 0.12, 0.94), hz, 0.0075, max(round(s * pulse_hz), 3), pulse_hz, swell_db=11.0,
        peak=0.55, fade_db=7.0, uneven=0.1,
    )  # fmt: skip
    return together(train, note(2.2 * hz, s, 2.1 * hz, -13, am_hz=pulse_hz, am=0.9, noise_hz=1_800.0, attack=0.45))


def _quacks(draws: Random) -> Phrase:
    """A tree frog's series, two to six a second, that begins soft."""
    hz, pulse_hz, rate_hz = wavered(draws, 1_010.0, 0.07), between(draws, 82.0, 118.0), between(draws, 2.3, 6.0)
    s, times = min(between(draws, 0.1, 0.17), 0.55 / rate_hz), round(between(draws, 4.0, 3.9 * rate_hz))
    return _series(draws, [_quack(draws, wavered(draws, hz, 0.02), s, pulse_hz) for _ in range(times)], rate_hz)


def _grey(draws: Random) -> Phrase:
    """A grey tree frog's trill: half a second of pulses, 18–28 a second, louder an octave up than at its base."""
    hz, pulse_hz = wavered(draws, 1_080.0, 0.05), between(draws, 18.0, 28.0)
    return _pulses(
        draws, _bare(1.0, 0.2, 0.3, 1.02), hz, 0.5 / pulse_hz, round(between(draws, 0.5, 0.9) * pulse_hz), pulse_hz,
        swell_db=9.0, peak=0.4, fade_db=2.0, uneven=0.05,
    )  # fmt: skip


def _laugh(draws: Random) -> Phrase:
    """A water frog: a run of pulse groups, eight to eleven a second, or one or two long ones that rattle."""
    hz = wavered(draws, 1_320.0, 0.08)

    def group(s: float, pulse_hz: float) -> Phrase:
        strike = _bare(0.7, 0.35, 0.1, 0.95)
        train = _pulses(
            draws, strike, hz, 0.009, max(round(s * pulse_hz), 3), pulse_hz, to_hz=1.04 * hz, swell_db=9.0, uneven=0.12
        )
        return together(train, note(1.9 * hz, s, db=-12, am_hz=pulse_hz, noise_hz=1_600.0, attack=0.5))

    if draws.random() < 0.4:
        notes = [
            group(between(draws, 0.25, 0.42), between(draws, 44.0, 62.0)) for _ in range(1 + (draws.random() < 0.5))
        ]
        return _series(draws, notes, 2.0, 2.0)
    rate_hz = between(draws, 7.5, 11.0)
    notes = [group(0.6 / rate_hz, between(draws, 64.0, 90.0)) for _ in range(round(between(draws, 4.0, 12.0)))]
    return _series(draws, notes, rate_hz, 5.0)


def _gunk(draws: Random) -> Phrase:
    """A green frog: a loose string on a banjo, plucked; one note, or a few that fall in pitch and level."""
    hz, pulse_hz = wavered(draws, 390.0, 0.08), wavered(draws, 105.0, 0.1)
    notes = []
    for n in range(1 + int(3.4 * draws.random() ** 2)):
        lower, s = 0.95**n, between(draws, 0.14, 0.22)
        string = _pulses(
            draws, _bare(0.5, 0.25, 0.1, 0.9), lower * hz, 0.014, round(s * pulse_hz), pulse_hz, to_hz=0.9 * lower * hz,
            swell_db=4.0, peak=0.08, fade_db=16.0,
        )  # fmt: skip
        snap = note(1_450.0 * lower, 0.6 * s, db=-10, am_hz=pulse_hz, am=0.9, noise_hz=700.0, attack=0.08)
        notes.append(shifted(together(string, snap), db=-2.0 * n))
    return _series(draws, notes, between(draws, 2.4, 3.6), 0.0)


def _rum(draws: Random, hz: float, s: float) -> Phrase:
    """One note of a bullfrog: pulses at its pitch, some 100 Hz, that ring an octave above and again near 1.4 kHz."""
    drum = _pulses(
        draws, _bare(0.45, 0.3, 0.2, 0.97), 2.0 * hz, 0.02, round(s * hz), hz, swell_db=12.0, peak=0.5, fade_db=9.0,
        uneven=0.05,
    )  # fmt: skip
    ring = note(10.0 * hz, 0.9 * s, 9.6 * hz, -15, am_hz=hz, am=1.0, attack=0.45)
    top = note(13.5 * hz, 0.9 * s, 13.0 * hz, -10, am_hz=hz, am=1.0, noise_hz=4.0 * hz, attack=0.5)
    return together(drum, later(ring, 0.04 * s), later(top, 0.03 * s))


def _jug(draws: Random) -> Phrase:
    """A bullfrog's "jug-o-rum": one to six notes of half a second and more, the first ones cut short."""
    hz, gap_s = wavered(draws, 103.0, 0.07), between(draws, 0.15, 0.35)
    phrase, times = Phrase(), round(between(draws, 1.0, 4.4))
    for n in range(times):
        s = between(draws, 0.45, 0.75) * (1.0 if n > 0 or times == 1 else 0.7)
        phrase += shifted(_rum(draws, wavered(draws, hz, 0.02), s), db=-3.0 if n == 0 else 0.0) + rest(gap_s)
    return phrase


def _repertoire(name: str, made: Callable[[Random], Phrase], count: int) -> tuple[Call, ...]:
    """So many calls of a species, drawn from its name."""
    draws = Random(name)
    return tuple(call(f"{name} {n}", made(draws)) for n in range(count))


PEEPER: Final = _repertoire("peeper", _peep, 24)
CHORUS_FROG: Final = _repertoire("chorus frog", _prreep, 24)
SPADEFOOT: Final = _repertoire("spadefoot", _snore, 24)
TOAD: Final = _repertoire("toad", _toad, 18)
TREE_FROG: Final = (*_repertoire("tree frog", _quacks, 28), *_repertoire("grey tree frog", _grey, 16))
WATER_FROG: Final = _repertoire("water frog", _laugh, 20)
GREEN_FROG: Final = _repertoire("green frog", _gunk, 14)
BULLFROG: Final = _repertoire("bullfrog", _jug, 14)
