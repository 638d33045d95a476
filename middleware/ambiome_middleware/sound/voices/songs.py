"""The songs of the bird species: pitch ranges, note shapes and rates as the literature describes them, none recorded.

Sources: Catchpole & Slater, Bird Song: Biological Themes and Variations (2nd ed., 2008), chs. 1 and 8; Cramp et al.,
The Birds of the Western Palearctic (1977–1994), the sections on voice; Thielcke, Vogelstimmen (1970). Every species
here is a type drawn after its namesake, not an imitation of an individual: motifs were made up within its range,
tempo and syntax.
"""

from typing import Final

from ambiome_middleware.sound.patch import Call
from ambiome_middleware.sound.voices.phrases import bend, call, composed, note, repertoire, rest, shifted, trill


def _blackbird() -> tuple[Call, ...]:
    """Turdus merula: 2–3 s of slow flute notes at 1.5–3 kHz, closed by a soft high twitter (4–8 kHz)."""
    flute = 0.05
    twitter = trill(bend(4_600, 0.06, 7_200, 4_100, -13), 4, 13, -0.2, -4)
    return repertoire(
        "blackbird",
        {
            "a": note(1_850, 0.34, 1_780, second=flute, attack=0.2),
            "b": note(2_350, 0.2, 2_420, second=flute) + note(1_980, 0.26, 1_900, second=flute),
            "c": bend(1_700, 0.32, 2_550, 2_050, second=flute),
            "d": note(2_750, 0.14, 2_250, -2) + note(2_250, 0.24, 2_300, second=flute),
            "e": trill(note(2_050, 0.075, 2_350, -2), 4, 11.5, 0.1) + note(1_650, 0.3, 1_620, second=flute),
            "f": bend(2_900, 0.36, 1_800, 2_200, second=flute),
            "g": note(1_560, 0.28, 1_600, second=flute) + note(2_080, 0.16, 2_120, second=flute),
            "x": rest(0.05) + twitter,
            "y": rest(0.04) + trill(note(6_800, 0.05, 4_400, -14), 3, 10) + note(7_600, 0.16, 6_900, -17),
            "z": note(5_200, 0.16, 4_700, -14, am_hz=95) + note(6_400, 0.1, 7_300, -16),
        },
        composed("blackbird", "abcdefg", 26, parts=(3, 5), close="xyz "),
        0.07,
    )


def _robin() -> tuple[Call, ...]:
    """Erithacus rubecula: silvery, 1.5–3 s, leaping between thin notes of 6–8 kHz and ripples of 2.5–4 kHz."""
    return repertoire(
        "robin",
        {
            "a": note(7_400, 0.24, 7_100, -4) + note(6_100, 0.16, 6_500, -5),
            "b": trill(bend(3_900, 0.06, 5_100, 3_300, -1), 6, 15, -0.35),
            "c": note(2_700, 0.22, 2_500, second=0.03),
            "d": note(7_900, 0.34, 3_200, -2, attack=0.15),
            "e": trill(note(5_200, 0.045, 6_300, -3), 7, 18, -0.5),
            "f": bend(3_100, 0.28, 4_400, 2_600),
            "g": note(4_800, 0.13, 4_500) + note(3_400, 0.17, 3_600) + note(5_600, 0.1, 5_100, -2),
            "h": trill(note(6_700, 0.1, 6_200, -5) + rest(0.02) + note(3_000, 0.09, 3_300), 3, 4.7),
            "i": bend(6_500, 0.3, 2_900, 4_100, -2),
        },
        composed("robin", "abcdefghi", 28, parts=(3, 6)),
        0.06,
    )


def _tit() -> tuple[Call, ...]:
    """Parus major: tea-cher, two or three notes of 3.5–7 kHz, repeated 4–8 times at about 3 a second."""
    figures = (
        (note(6_000, 0.09, 5_600, -2) + rest(0.03) + note(4_000, 0.14, 3_850), 6, 3.3),
        (note(4_200, 0.13, 4_100) + rest(0.03) + note(5_700, 0.09, 6_000, -2), 5, 3.0),
        (note(6_400, 0.07, 6_100, -3) + note(6_400, 0.07, 6_000, -3) + note(4_300, 0.15, 4_000), 5, 2.5),
        (note(5_400, 0.08, 6_700, -2) + rest(0.02) + note(3_700, 0.12, 3_600), 8, 3.9),
        (note(3_900, 0.2, 3_950) + rest(0.05) + note(5_000, 0.14, 4_900, -1), 4, 2.1),
        (note(6_900, 0.06, 4_800, -2) + rest(0.02) + note(4_500, 0.11, 4_450, am_hz=110), 7, 4.4),
        (note(5_300, 0.1, 5_200) + rest(0.02) + note(4_700, 0.1, 4_600) + note(3_900, 0.14, 3_800), 4, 2.2),
    )
    return tuple(call(f"tit {n}", trill(*figure, db=1.5)) for n, figure in enumerate(figures))


def _thrush() -> tuple[Call, ...]:
    """Turdus philomelos: every motif two to four times over, 2–6 kHz, loud, with short rests between the motifs."""
    return repertoire(
        "thrush",
        {
            "a": note(3_600, 0.1, 2_700) + note(2_500, 0.15, 3_100) + rest(0.07),
            "b": bend(2_300, 0.24, 3_900, 2_800, second=0.03) + rest(0.1),
            "c": note(4_900, 0.06, 4_200, -2) + note(3_400, 0.08, 3_700) + note(4_400, 0.07, 3_300, -1) + rest(0.06),
            "d": note(2_900, 0.24, 3_050, second=0.04) + rest(0.09),
            "e": trill(note(5_600, 0.035, 3_900, -2), 4, 22) + rest(0.11),
            "f": note(3_100, 0.14, 2_400) + note(4_100, 0.11, 4_700, -1) + rest(0.08),
            "g": note(2_100, 0.12, 2_150, second=0.05) + note(2_750, 0.16, 2_700) + rest(0.08),
            "h": bend(5_100, 0.19, 3_000, 4_700, -1) + rest(0.08),
            "i": note(3_900, 0.2, 3_700, am_hz=75) + rest(0.09),
        },
        composed("thrush", "abcdefghi", 28, parts=(2, 3), times=(2, 4), gap="  "),
    )


def _chiffchaff() -> tuple[Call, ...]:
    """Phylloscopus collybita: two or three kinds of steep, hooked notes (6.5 → 3.5 kHz), 2.7–3 a second."""
    motifs = {
        "i": note(6_600, 0.07, 4_600, attack=0.12) + note(4_600, 0.05, 4_700, -3) + rest(0.235),
        "a": note(5_600, 0.07, 3_700, attack=0.12) + note(3_700, 0.06, 3_850, -2) + rest(0.23),
        "e": note(6_000, 0.06, 4_100, attack=0.12) + note(4_100, 0.07, 4_000, -2) + rest(0.225),
    }
    return repertoire("chiffchaff", motifs, composed("chiffchaff", "iaiae", 16, parts=(5, 6), times=(1, 2)))


def _wren() -> tuple[Call, ...]:
    """Troglodytes troglodytes: 4–5 s, very fast: sections of notes at 8–14 a second and rattles at 18–25, 4–8 kHz."""
    motifs = {
        "a": trill(note(6_800, 0.06, 4_700), 5, 9.5) + note(5_400, 0.07, 6_300),
        "b": trill(note(5_200, 0.032, 4_300), 13, 22, -0.1, 2),
        "c": trill(bend(4_400, 0.075, 6_600, 5_100), 5, 8.5, 0.15),
        "d": trill(note(7_600, 0.04, 5_600, -1), 7, 13, -0.15),
        "e": trill(note(4_900, 0.026, 6_100), 14, 25, 0.1),
        "f": note(6_100, 0.1, 4_200) + note(5_000, 0.09, 5_100) + note(7_100, 0.08, 4_900),
        "g": trill(note(4_300, 0.05, 5_800) + note(6_200, 0.04, 4_800), 4, 7.5),
    }
    return repertoire("wren", motifs, composed("wren", "abcdefg", 13, parts=(5, 7)), 0.05)


def _finch() -> tuple[Call, ...]:
    """Fringilla coelebs: 2–2.5 s, two to four trills stepping down from 6 to 2.5 kHz, closed by a flourish."""
    high = trill(note(6_400, 0.07, 4_500, -4), 5, 9.5, -0.15, 2, 0.15)
    middle = trill(note(5_000, 0.06, 3_600, -1), 6, 11, -0.1, 1, 0.2)
    vees = trill(bend(4_700, 0.075, 3_100, 4_300), 5, 9.8, -0.12, 1)
    low = trill(note(3_700, 0.055, 2_700), 5, 13, -0.1, 1)
    up = trill(note(3_300, 0.06, 4_900, -1), 4, 10.5, -0.1)
    ends = {
        "v": note(2_900, 0.09, 4_300) + note(5_200, 0.1, 2_500, 1) + note(3_000, 0.1, 3_300),
        "w": note(4_800, 0.08, 2_800) + note(2_700, 0.16, 2_450, 1) + note(4_200, 0.06, 5_100, -3),
        "x": bend(2_600, 0.2, 5_000, 2_700, 1),
    }
    motifs = {"h": high, "m": middle, "e": vees, "l": low, "u": up, **ends}
    return repertoire("finch", motifs, ("hmlv", "helw", "mulv", "hulx", "emlw", "uhlv", "hemx"), 0.02)


def _willow_warbler() -> tuple[Call, ...]:
    """Phylloscopus trochilus: a soft cascade of some 3 s from 5.5 down to 2.5 kHz, swelling, then slowing and dying."""
    rows = ((5_600, 4_300, 8, 1.15), (5_200, 4_500, 7, 1.0), (5_900, 4_100, 9, 1.3), (5_400, 4_800, 8, 0.9),
            (5_000, 3_900, 7, 1.1), (5_700, 4_600, 10, 1.2), (5_300, 4_200, 9, 1.05))  # fmt: skip
    calls = []
    for n, (top_hz, low_hz, times, fall) in enumerate(rows):
        thin = trill(note(top_hz, 0.09, low_hz, -10), times - 2, 7.5, -0.1, 7)
        clear = trill(bend(0.78 * top_hz, 0.13, 0.6 * top_hz, 0.66 * top_hz, -2), times - 2, 6, -0.35 * fall, 2)
        slow = trill(note(0.52 * top_hz, 0.17, 0.45 * top_hz, 0), 4 + n % 3, 4.8, -0.3 * fall, -9, -0.3)
        calls.append(call(f"willow warbler {n}", thin + clear + slow))
    return tuple(calls)


def _wood_warbler() -> tuple[Call, ...]:
    """Phylloscopus sibilatrix: a ticking of steep notes that hurries, 5 to 25 a second, into a shivering trill."""
    rows = ((7_600, 4_600, 10, 20), (7_200, 4_900, 12, 24), (7_900, 4_400, 9, 18), (7_000, 5_100, 11, 27),
            (7_400, 5_300, 13, 19), (7_700, 4_800, 8, 23))  # fmt: skip
    calls = [
        call(
            f"wood warbler {n}",
            trill(note(top_hz, 0.045, low_hz, -7, attack=0.15), ticks, 5.5, -0.04, 5, 1.6)
            + trill(note(top_hz, 0.034, low_hz, -1), shivers, 20, -0.1, 1, 0.3),
        )
        for n, (top_hz, low_hz, ticks, shivers) in enumerate(rows)
    ]
    plaint = note(3_900, 0.24, 3_000, -2, second=0.03) + rest(0.06)
    calls.append(call("wood warbler plaint", trill(plaint, 8, 2.9, -0.08, -2, 0.25)))
    return tuple(calls)


def _dove() -> tuple[Call, ...]:
    """Columba palumbus: hollow coos near 450 Hz, five to a phrase with the second the strongest."""
    short = note(455, 0.2, 440, -4, second=0.12, attack=0.35)
    strong = note(480, 0.52, 445, 1, second=0.14, attack=0.25)
    long = note(450, 0.42, 430, second=0.12, attack=0.3)
    motifs = {
        "s": short + rest(0.08),
        "S": strong + rest(0.1),
        "l": long + rest(0.18),
        "r": note(470, 0.55, 440, -1, am_hz=24, am=0.45, second=0.15, attack=0.35) + rest(0.1),
        "k": note(430, 0.14, 415, -6, second=0.1),
        "u": note(420, 0.3, 495, second=0.12, attack=0.45) + rest(0.09),
    }
    return repertoire("dove", motifs, ("sSl ss", "sSl sl", "Sls Slsk", "uSl", "uSl uSl", "r r s", "Sl ssk"))


def _cuckoo() -> tuple[Call, ...]:
    """Cuculus canorus: cuck-oo, near 680 and 550 Hz (a third), one call in 1.2–1.4 s; now and then a triple."""
    cuck = note(690, 0.14, 640, second=0.06, attack=0.35)
    coo = note(550, 0.24, 530, -0.5, second=0.05, attack=0.3)
    one = cuck + rest(0.16) + coo
    lazy = note(670, 0.16, 630, second=0.06) + rest(0.18) + note(535, 0.28, 515, -0.5, second=0.05)
    triple = note(720, 0.1, 690, -1, second=0.06) + rest(0.11) + cuck + rest(0.15) + coo
    rows = (one * 1, (one + rest(0.68)) * 2, (one + rest(0.7)) * 3, triple, triple + rest(0.6) + one + rest(0.66) + one,
            lazy + rest(0.7) + lazy, one + rest(0.64) + one + rest(0.64) + lazy)  # fmt: skip
    return tuple(call(f"cuckoo {n}", row) for n, row in enumerate(rows))


def _bunting() -> tuple[Call, ...]:
    """Emberiza citrinella: six to ten buzzed notes at about 8 a second, swelling, then a thin drawn-out pair."""
    rows = ((5_300, 120, 8, 7_300, 4_500), (4_900, 95, 7, 6_600, 4_700), (5_800, 150, 9, 7_600, 0),
            (5_100, 80, 10, 0, 4_400), (4_600, 135, 7, 6_900, 5_000), (5_500, 105, 8, 0, 5_200),
            (5_000, 110, 9, 7_000, 4_800))  # fmt: skip
    calls = []
    for n, (hz, am_hz, times, thin_hz, drawn_hz) in enumerate(rows):
        figure = note(1.12 * hz, 0.04, hz, -3) + note(hz, 0.05, 1.05 * hz, am_hz=am_hz)
        song = trill(figure, times, 7.8, 0.05, 6, 0.12)
        song += note(thin_hz, 0.16, 0.99 * thin_hz, 0) if thin_hz else rest(0.03)
        song += note(drawn_hz, 0.75, 0.98 * drawn_hz, 2, am_hz=45, am=0.25) if drawn_hz else rest(0.0)
        calls.append(call(f"bunting {n}", shifted(song, db=-4)))
    return tuple(calls)


def _greenfinch() -> tuple[Call, ...]:
    """Chloris chloris: tremolos of plain and double notes at 8–20 a second, and a drawn nasal wheeze."""
    return repertoire(
        "greenfinch",
        {
            "w": note(3_900, 0.85, 3_300, -1, am_hz=135, am=0.8, second=0.15, attack=0.2),
            "a": trill(note(3_600, 0.04, 3_900), 11, 17, 0.03, 2),
            "b": trill(note(4_300, 0.06, 3_500, -1), 7, 9.5),
            "c": trill(bend(2_900, 0.08, 3_700), 6, 8.2, 0.08),
            "d": note(3_100, 0.22, 3_300, second=0.1) + rest(0.05) + note(3_300, 0.2, 3_050, second=0.1),
            "e": trill(note(4_700, 0.028, 4_200, -2), 12, 21, -0.05),
        },
        ("w", "abw", "aec", "cbd", "bade", "ea w", "dcab"),
        0.06,
    )


def _nuthatch() -> tuple[Call, ...]:
    """Sitta europaea: loud whistles of 1.8–3.5 kHz, rising, falling or level, slowly or in a ringing series."""
    rows = (
        trill(note(2_000, 0.22, 3_000, second=0.08), 5, 2.6),
        trill(note(3_200, 0.26, 2_000, second=0.08), 5, 2.3),
        trill(note(2_400, 0.05, 2_900, second=0.06), 22, 13.5, 0.03),
        trill(bend(2_000, 0.2, 2_900, second=0.06), 7, 3.6),
        trill(note(2_250, 0.11, 2_900, second=0.08), 12, 6.4),
        trill(note(2_700, 0.36, 2_650, second=0.08), 4, 1.6),
        trill(note(2_100, 0.3, 3_100, second=0.08), 3, 2.0) + trill(note(2_500, 0.06, 2_900), 9, 11),
    )
    return tuple(call(f"nuthatch {n}", row) for n, row in enumerate(rows))


def _goldcrest() -> tuple[Call, ...]:
    """Regulus regulus: very thin, a figure of 6–8 kHz turning over four to seven times, with a flourish at the end."""
    rows = ((7_400, 6_200, 6, 2.4), (7_100, 6_000, 5, 2.2), (7_700, 6_500, 7, 2.7), (7_200, 6_600, 6, 2.0),
            (7_500, 5_900, 4, 2.3))  # fmt: skip
    calls = []
    for n, (high_hz, low_hz, times, rate_hz) in enumerate(rows):
        figure = note(low_hz, 0.08, low_hz, -3) + note(low_hz, 0.08) + note(high_hz, 0.13, 1.02 * high_hz, -1)
        end = trill(note(0.9 * high_hz, 0.045, 0.62 * high_hz, -1), 5, 14, -0.3) + note(4_600, 0.1, 4_300)
        calls.append(call(f"goldcrest {n}", trill(figure, times, rate_hz, 0.02, 4) + end))
    return tuple(calls)


def _blackcap() -> tuple[Call, ...]:
    """Sylvia atricapilla: a hurried chatter that opens into loud rich flutes of 1.8–4 kHz."""
    motifs = {
        "a": note(3_400, 0.06, 2_700, -9) + note(4_300, 0.05, 3_600, -8) + note(2_900, 0.07, 3_500, -8),
        "b": trill(note(4_800, 0.04, 3_900, -9, am_hz=120), 4, 15) + note(3_100, 0.06, 2_600, -7),
        "c": note(5_300, 0.05, 4_100, -9) + note(3_600, 0.08, 3_300, -8, am_hz=90),
        "f": note(2_400, 0.16, 2_700, second=0.05)
        + note(3_100, 0.13, 2_500, 1)
        + note(2_200, 0.18, 2_300, second=0.06),
        "g": bend(2_000, 0.22, 3_300, 2_400, 1, 0.05) + note(2_800, 0.1, 2_200),
        "h": note(3_700, 0.1, 3_000, 1) + note(2_500, 0.2, 2_450, second=0.05) + note(3_300, 0.08, 3_800),
        "i": note(2_900, 0.09, 2_300, 1) * 3 + note(2_050, 0.22, 2_100, second=0.06),
    }
    words = tuple(
        chatter + flutes
        for chatter, flutes in zip(
            composed("blackcap chatter", "abc", 14, parts=(3, 6)),
            composed("blackcap", "fghi", 14, parts=(2, 5)),
            strict=True,
        )
    )
    return repertoire("blackcap", motifs, words, 0.025)


def _nightingale() -> tuple[Call, ...]:
    """Luscinia megarhynchos: rich phrases of one figure each: long whistles that swell, bubbling, rattles, rests."""
    pipe = note(2_700, 0.3, 2_650, -8, second=0.04) + rest(0.06)
    rows = (
        trill(pipe, 5, 2.6, -0.03, 9) + trill(note(3_900, 0.05, 2_800, 2), 9, 13),
        trill(bend(1_700, 0.09, 2_600, 1_600, second=0.06), 9, 8.2, 0.02, 3),
        note(5_600, 0.1, 4_900, -5) + trill(note(3_200, 0.11, 2_200, second=0.05), 6, 6.1) + note(4_300, 0.08, 5_200),
        trill(note(2_300, 0.028, 2_700, second=0.1), 26, 21, 0.03, 4),
        trill(note(6_300, 0.03, 3_700), 14, 17, -0.2, -2) + note(1_900, 0.3, 1_850, second=0.06),
        trill(shifted(pipe, -0.5), 4, 2.2, 0.0, 8) + trill(bend(3_800, 0.07, 2_300, 3_500, 2), 7, 10),
        note(3_600, 0.12, 2_500) + rest(0.05) + trill(note(4_400, 0.045, 3_100), 8, 12) + note(2_100, 0.2, 2_600, 1),
        trill(note(2_900, 0.16, 1_900, second=0.05) + rest(0.03), 5, 4.6) + trill(note(3_300, 0.03), 12, 24, 0.0, -4),
        bend(2_400, 0.25, 1_700, 2_900, second=0.05) + rest(0.08) + trill(note(5_000, 0.06, 3_600), 5, 9.5),
        trill(note(1_750, 0.055, 1_500, second=0.12), 16, 14.5, 0.0, 5) + note(4_800, 0.16, 3_000, 2),
    )
    return tuple(call(f"nightingale {n}", row) for n, row in enumerate(rows))


def _skylark() -> tuple[Call, ...]:
    """Alauda arvensis: minutes without a breath, 2–6.5 kHz: every figure two to eight times, 8–14 notes a second."""
    motifs = {
        "a": note(3_400, 0.05, 4_600) + rest(0.04), "b": note(4_800, 0.04, 3_300, -1) + rest(0.03),
        "c": bend(2_800, 0.09, 4_000, 2_900) + rest(0.03), "d": note(5_600, 0.05, 5_100, -3) + note(3_700, 0.06, 3_500),
        "e": note(2_500, 0.11, 2_900, second=0.04), "f": note(4_300, 0.06, 4_250, am_hz=150) + rest(0.03),
        "g": note(3_100, 0.04, 5_500, -2) + rest(0.02), "h": note(6_200, 0.035, 4_500, -4) + note(2_900, 0.05, 2_600),
        "i": note(3_900, 0.13, 3_000, am_hz=60, am=0.6),
    }  # fmt: skip
    return repertoire("skylark", motifs, composed("skylark", "abcdefghi", 30, parts=(8, 8), times=(3, 6)))


SONGS: Final[dict[str, tuple[Call, ...]]] = {
    "blackbird": _blackbird(),
    "robin": _robin(),
    "tit": _tit(),
    "chiffchaff": _chiffchaff(),
    "finch": _finch(),
    "dove": _dove(),
    "thrush": _thrush(),
    "wren": _wren(),
    "willow_warbler": _willow_warbler(),
    "cuckoo": _cuckoo(),
    "nuthatch": _nuthatch(),
    "greenfinch": _greenfinch(),
    "bunting": _bunting(),
    "goldcrest": _goldcrest(),
    "wood_warbler": _wood_warbler(),
    "blackcap": _blackcap(),
    "nightingale": _nightingale(),
    "skylark": _skylark(),
}
"""Species → its songs."""
