"""The calls of birds that do not sing: crows, jays, woodpeckers, gulls, waders, ducks, town and forest birds.

Sources: Cramp et al., The Birds of the Western Palearctic (1977–1994), the sections on voice. As with the
songs, each is a type drawn after its namesake.

A croak or caw is a comb of harmonics under a formant: a tone at the formant, pulsed at the voice's pitch, is one
(its sidebands stand a pitch apart), and its own second and third harmonic carry the comb further up.
"""

from typing import Final

from ambiome_middleware.sound.patch import Call
from ambiome_middleware.sound.voices.phrases import (
    Phrase,
    bend,
    call,
    composed,
    note,
    repertoire,
    rest,
    shifted,
    together,
    trill,
)


def _harsh(
    formant_hz: float, s: float, voice_hz: float, db: float = 0.0, droop: float = 0.92, breath: float = 0.6
) -> Phrase:
    """A caw: a comb at `voice_hz` about a formant, rough by a band of noise."""
    comb = note(formant_hz, s, droop * formant_hz, db, am_hz=voice_hz, am=1.0, second=0.45, third=0.25, attack=0.18)
    rough = note(1.25 * formant_hz, s, 1.15 * formant_hz, db - 8, noise_hz=breath * formant_hz, attack=0.15)
    return together(comb, rough)


def _named(name: str, *phrases: Phrase) -> tuple[Call, ...]:
    return tuple(call(f"{name} {n}", phrase) for n, phrase in enumerate(phrases))


def _crow() -> tuple[Call, ...]:
    """Corvus corone: hoarse caws of a quarter to half a second, two to five in a row."""
    caw, long, short = _harsh(1_420, 0.27, 505), _harsh(1_380, 0.42, 480, droop=0.88), _harsh(1_500, 0.19, 540, -2)
    return _named(
        "crow",
        trill(caw, 3, 1.55),
        trill(long, 2, 1.2),
        trill(caw, 4, 1.75, -0.03),
        caw + rest(0.4) + long,
        trill(short, 5, 2.6, 0.02),
        long,
        trill(shifted(caw, -0.12), 3, 1.3, -0.02, -1),
        short + rest(0.2) + trill(caw, 2, 1.4),
    )


def _raven() -> tuple[Call, ...]:
    """Corvus corax: deep rolled croaks, and a hollow knock."""
    croak, low = _harsh(1_020, 0.3, 310, breath=0.4), _harsh(900, 0.36, 265, droop=0.9, breath=0.4)
    knock = note(640, 0.07, 560, second=0.5, third=0.2, attack=0.12)
    return _named(
        "raven",
        trill(croak, 3, 1.9),
        trill(low, 2, 1.25),
        croak,
        trill(croak, 4, 2.3, 0.03, -2),
        trill(knock, 4, 4.6),
        low + rest(0.5) + croak,
    )


def _jackdaw() -> tuple[Call, ...]:
    """Corvus monedula: short ringing "tjack", in loose company."""
    tjack = together(bend(2_150, 0.12, 2_500, 1_500, 0, 0.4), _harsh(2_000, 0.13, 640, -4, 0.8, 0.3))
    return _named(
        "jackdaw",
        tjack,
        trill(tjack, 3, 3.4, -0.03),
        tjack + rest(0.3) + shifted(tjack, -0.08, -3),
        trill(tjack, 5, 4.2, 0.04, -2),
        trill(shifted(tjack, 0.1), 2, 2.1),
        tjack + rest(0.22) + shifted(tjack, 0.1, -6) + rest(0.5) + shifted(tjack, -0.06),
    )


def _magpie() -> tuple[Call, ...]:
    """Pica pica: a hard rattle of a dozen clacks a second."""
    clack = together(
        note(3_100, 0.055, 2_700, noise_hz=2_200, attack=0.2), note(1_900, 0.05, 1_750, -4, am_hz=420, second=0.5)
    )
    return _named(
        "magpie",
        trill(clack, 7, 9.5),
        trill(clack, 11, 11.2, -0.03),
        trill(clack, 5, 8.6) + rest(0.4) + trill(clack, 4, 8.8, db=-2),
        trill(clack, 15, 12.0, 0.03, -3),
        trill(clack, 3, 7.4),
        trill(shifted(clack, 0.1), 9, 10.3),
    )


def _jay() -> tuple[Call, ...]:
    """Garrulus glandarius: a tearing screech, often two."""
    screech = together(
        note(2_700, 0.48, 2_350, noise_hz=1_900, attack=0.12, am_hz=88, am=0.5),
        note(1_900, 0.46, 1_700, -6, am_hz=610, second=0.4, third=0.3, attack=0.15),
    )
    return _named(
        "jay",
        screech,
        trill(screech, 2, 1.6, -0.03),
        screech + rest(0.25) + shifted(screech, -0.06, -4),
        shifted(screech, 0.09),
        trill(screech, 3, 1.75, 0.02, -2),
    )


def _woodpecker() -> tuple[Call, ...]:
    """Dendrocopos major: 8–20 strikes in half a second to a second, ever faster, dying away; and a sharp "kick"."""
    strike = together(
        note(1_150, 0.022, 900, noise_hz=700, attack=0.05), note(2_600, 0.009, 2_200, -9, noise_hz=2_500, attack=0.05)
    )
    hollow = shifted(strike, -0.7)
    kick = bend(3_900, 0.045, 5_200, 2_600, -6, 0.35)
    rolls = tuple(
        trill(body, strikes, rate_hz, -0.03, fall_db, 0.35)
        for body, strikes, rate_hz, fall_db in (
            (strike, 12, 17.5, -9),
            (hollow, 15, 19.0, -12),
            (strike, 9, 16.0, -7),
            (hollow, 20, 18.0, -14),
            (shifted(strike, -0.35), 13, 18.5, -10),
            (shifted(strike, 0.3), 10, 17.0, -8),
        )
    )
    return _named(
        "woodpecker",
        *rolls,
        kick,
        trill(kick, 3, 1.7),
        trill(kick, 9, 7.5, -0.05, -4),
        rolls[0] + rest(1.6) + shifted(rolls[2], -0.9, -16),
    )


def _laugh() -> tuple[Call, ...]:
    """Picus viridis: a ringing laugh that sinks and hurries."""
    ha = bend(1_700, 0.1, 2_350, 1_600, second=0.25)
    return _named(
        "green woodpecker",
        trill(ha, 11, 6.2, -0.2, -4, 0.25),
        trill(ha, 8, 5.6, -0.15, -3, 0.2),
        trill(ha, 15, 6.8, -0.25, -6, 0.3),
        trill(shifted(ha, -0.1), 6, 5.2, -0.1),
        trill(ha, 4, 5.8),
    )


def _gull() -> tuple[Call, ...]:
    """Larus argentatus: mewing and yelping on 0.7–1.4 kHz, rich in harmonics; the long call quickens and sinks."""

    def yelp(s: float, hz: float, db: float = 0.0) -> Phrase:
        up = note(0.72 * hz, 0.3 * s, hz, db - 2, second=0.7, third=0.55, attack=0.5)
        down = note(hz, 0.85 * s, 0.7 * hz, db, second=0.75, third=0.6, attack=0.2, am_hz=31, am=0.15)
        return together(up, rest(0.18 * s) + down)

    mew = yelp(0.95, 1_080)
    return _named(
        "gull",
        trill(yelp(0.26, 1_250), 9, 2.9, -0.15, -3, 0.35),
        mew,
        trill(yelp(0.34, 1_150), 3, 1.9),
        mew + rest(0.3) + mew,
        yelp(0.7, 980) + trill(yelp(0.24, 1_300), 8, 3.2, -0.18, -4, 0.3),
        trill(yelp(0.18, 1_380), 4, 4.1, -0.04),
        yelp(0.5, 1_180),
        trill(yelp(0.3, 1_220), 5, 2.4, 0.05, -2),
        trill(yelp(0.14, 820, -2), 3, 5.2),
    )


def _piper() -> tuple[Call, ...]:
    """Haematopus ostralegus: shrill "kleep", singly or hurried into a piping trill."""
    kleep = bend(2_700, 0.13, 3_400, 3_100, second=0.3)
    return _named(
        "oystercatcher",
        kleep,
        trill(kleep, 3, 3.1),
        trill(kleep, 9, 4.4, 0.05, 1, 0.7),
        trill(shifted(kleep, 0.05), 14, 5.5, -0.1, -3, 0.6),
        kleep + rest(0.5) + trill(kleep, 2, 3.6),
        trill(shifted(kleep, -0.08), 5, 2.7, 0.02),
    )


def _duck() -> tuple[Call, ...]:
    """Anas platyrhynchos: a duck's descending series of quacks; a drake's soft rasp."""
    quack = _harsh(1_250, 0.17, 265, droop=0.85, breath=0.5)
    rasp = _harsh(1_900, 0.2, 180, -9, 0.97, 0.5)
    return _named(
        "mallard",
        trill(quack, 6, 3.6, -0.12, -7, 0.15),
        trill(quack, 2, 2.1),
        quack,
        trill(quack, 9, 4.2, -0.15, -9, 0.1),
        trill(rasp, 3, 1.7),
        trill(shifted(quack, 0.1), 4, 2.9, -0.05, -3),
    )


def _reeds() -> tuple[Call, ...]:
    """Acrocephalus scirpaceus: a low conversational chatter, each figure two or three times, without haste."""
    jag = note(3_300, 0.07, 2_700, am_hz=140, second=0.2) + rest(0.06)
    churr = note(2_500, 0.13, 2_400, -1, am_hz=95, second=0.25) + rest(0.05)
    tip = note(4_600, 0.05, 5_600, -2) + rest(0.08)
    wheeze = note(3_900, 0.15, 4_300, -3, noise_hz=800) + rest(0.06)
    words = composed("reed warbler", "jcsw", 14, parts=(6, 9), times=(2, 3))
    return repertoire("reed warbler", {"j": jag, "c": churr, "s": tip, "w": wheeze}, words)


def _sparrow() -> tuple[Call, ...]:
    """Passer domesticus: chirps, each a little other than the last, one to three a second."""

    def chirp(low_hz: float, high_hz: float, s: float, db: float = 0.0) -> Phrase:
        return together(
            bend(low_hz, s, high_hz, 0.9 * low_hz, db, 0.3), note(0.5 * (low_hz + high_hz), s, 0, db - 9, am_hz=210)
        )

    a, b, c, d = (
        chirp(2_900, 5_300, 0.11),
        chirp(3_300, 4_600, 0.14),
        chirp(2_600, 4_900, 0.09, -1),
        chirp(3_700, 5_900, 0.07, -2),
    )
    return _named(
        "sparrow",
        a + rest(0.5) + b + rest(0.4) + a,
        b + rest(0.35) + c,
        c,
        a + rest(0.28) + d + rest(0.6) + c + rest(0.4) + b,
        trill(d, 6, 9.0, -0.05),
        b + rest(0.45) + b + rest(0.7) + a + rest(0.3) + d,
        d + rest(0.2) + c + rest(0.55) + a,
        trill(c, 4, 3.1),
        a,
    )


def _pigeon() -> tuple[Call, ...]:
    """Columba livia: a rolled crooning near 300 Hz."""

    def croon(s: float, hz: float, db: float = 0.0) -> Phrase:
        return note(hz, s, 1.08 * hz, db, am_hz=27, am=0.7, second=0.2, third=0.05, attack=0.4)

    oo = note(330, 0.28, 285, -1, second=0.15, attack=0.3)
    return _named(
        "pigeon",
        croon(0.7, 290) + oo,
        croon(0.45, 280) + rest(0.1) + croon(0.8, 300) + oo,
        croon(0.9, 275),
        oo + rest(0.3) + croon(0.7, 295) + oo,
        trill(croon(0.35, 285) + oo, 3, 1.2),
    )


def _collared_dove() -> tuple[Call, ...]:
    """Streptopelia decaocto: coo-COOO-coo near 500 Hz, three to ten times over."""
    coo = note(500, 0.26, 520, -2, second=0.08, attack=0.35) + rest(0.06)
    coo += note(530, 0.5, 515, second=0.1, attack=0.25) + rest(0.12) + note(495, 0.24, 480, -3, second=0.08)
    return _named(
        "collared dove",
        trill(coo, 2, 0.62),
        coo,
        trill(coo, 3, 0.66),
        coo + rest(0.4) + shifted(coo, 0.02, -1),
        shifted(coo, -0.03) + rest(0.3) + coo,
    )


def _screamer() -> tuple[Call, ...]:
    """A bird of the rain forest's canopy: a loud whistle that rises to a crack, and its answers."""
    wheep = note(1_100, 0.5, 1_500, -4, second=0.3, third=0.1, attack=0.6) + note(
        1_500, 0.2, 3_600, 2, second=0.35, attack=0.5
    )
    return _named(
        "piha",
        wheep,
        note(1_300, 0.2, 1_500, -8) + rest(0.15) + wheep,
        wheep + rest(0.5) + shifted(wheep, 0.05, -6),
        note(1_200, 0.45, 1_250, -5, second=0.3) + note(3_300, 0.3, 1_500, 1, second=0.3, attack=0.2),
        shifted(wheep, -0.2),
    )


def _parrot() -> tuple[Call, ...]:
    """Parrots: squawks full of harmonics, in flight and in company."""
    squawk = _harsh(2_300, 0.26, 720, breath=0.3)
    squeal = together(bend(1_500, 0.3, 2_600, 1_300, 0, 0.7), _harsh(3_000, 0.28, 900, -7))
    return _named(
        "parrot",
        trill(squawk, 3, 2.6),
        squeal,
        trill(squeal, 2, 1.7, 0.06),
        squawk + rest(0.12) + squeal,
        trill(squawk, 6, 3.9, -0.08, -4),
        trill(shifted(squawk, 0.25), 4, 5.0, 0.05),
    )


def _flute() -> tuple[Call, ...]:
    """Forest wrens and trogons of the tropics: slow pure notes in odd steps, and hollow series."""
    coo = note(980, 0.14, 930, second=0.12, attack=0.3)
    return _named(
        "forest flute",
        note(2_500, 0.4, 2_480) + rest(0.1) + note(1_900, 0.35, 1_920) + rest(0.1) + note(2_850, 0.6, 2_800),
        trill(coo, 9, 3.6, 0.04, 4),
        note(2_150, 0.7, 2_140) + rest(0.2) + trill(note(2_900, 0.12, 2_500), 3, 5.0),
        trill(coo, 14, 5.2, -0.06, -3),
        note(3_100, 0.3, 3_080) + rest(0.06) + note(2_300, 0.55, 2_250) + rest(0.3) + note(2_600, 0.2, 2_900),
        note(1_750, 0.9, 1_850, second=0.05, attack=0.45),
        trill(note(2_000, 0.2, 2_600), 5, 3.0, -0.2),
    )


CRIES: Final[dict[str, tuple[Call, ...]]] = {
    "crow": _crow(),
    "raven": _raven(),
    "jackdaw": _jackdaw(),
    "magpie": _magpie(),
    "jay": _jay(),
    "woodpecker": _woodpecker(),
    "green woodpecker": _laugh(),
    "gull": _gull(),
    "oystercatcher": _piper(),
    "mallard": _duck(),
    "reed warbler": _reeds(),
    "sparrow": _sparrow(),
    "pigeon": _pigeon(),
    "collared dove": _collared_dove(),
    "piha": _screamer(),
    "parrot": _parrot(),
    "forest flute": _flute(),
}
"""Kind → its calls."""
