"""Thunder: two events, the stroke from the crack of a near one to the rumble of a far one, and the parts that follow.

A middling stroke peaks (fast, 125 ms) at 110 dB(A) in 100 m, 75 in 1 km and 45 in 10 km, by the inverse square, the
air's absorption and what follows; the strongest at 8–10 dB more. The channel is kilometres long and crooked: its
nearest part arrives first and sharp, as N-waves of some 100 Hz; the rest follows for seconds, a clap wherever a stretch
of it lies across the line of hearing and so arrives all at once (Few 1969; Ribner & Roy 1982), and the terrain adds its
own echoes (`thunder_roll`). Peak of the spectrum: 50–200 Hz (Few 1969; Holmes et al. 1971). What is farther off lost
its treble beyond what still air takes, by turbulence, ground and the bending of sound upwards in warm air; thunder is
seldom heard beyond 20 km. In recordings the level wanders by half of itself and more at every rate from 0.1 to 8 Hz:
claps of a tenth of a second to a second, and between them single pulses, which here are grains.

A "rumble" is a farther part of the same channel, or an echo of it, which the scene sends up to 30 s behind the stroke:
it comes on over a second, dull and broken, and never cracks.
"""

from typing import Final, NamedTuple

import numpy as np

from ambiome_middleware.sound.levels import AIR_DB_PER_M
from ambiome_middleware.sound.patch import Draw, Emitter, Floats, Patch, Swell, Table, by
from ambiome_middleware.sound.profile import Profile, Profiles
from ambiome_middleware.sound.voices.shapes import DIFFUSE, octaves_from, rise_and_fall, spectrum, sweep, together
from ambiome_middleware.sound.voices.tempered import drawn_to

BOLT: Final = spectrum(
    (20, -8), (40, -2), (80, 2), (160, 3.5), (315, 3), (630, 0), (1_250, -4), (2_500, -9), (5_000, -14), (10_000, -22)
)
CRACKLING: Final = spectrum(
    (80, -12), (160, -6), (315, -2), (630, 0), (1_250, 0), (2_500, -2), (5_000, -6), (10_000, -13)
)
CLAPPING: Final = spectrum(
    (40, -14), (80, -6), (160, 0), (315, 3), (630, 2), (1_250, -3), (2_500, -9), (5_000, -15), (10_000, -24)
)
BOOMING: Final = spectrum((20, -6), (40, 1), (80, 5), (125, 4), (250, -4), (500, -14), (1_000, -24), (2_000, -36))
RUMBLE: Final = spectrum((20, -4), (40, 1), (80, 4), (160, 3), (315, -1), (630, -7), (1_250, -15), (2_500, -27))


class _Spectra(NamedTuple):
    """Of what arrives at once, and of what the far ends and the hills send, [BANDS] each."""

    bolt: Floats
    crackling: Floats
    clapping: Floats
    booming: Floats
    rumble: Floats


def _spectra(profile: Profile | None) -> _Spectra:
    """The spectra, those of near parts drawn to a profile's intense end, those of far ones to its softest.

    Not far: what distance takes from them comes on top, and a recording holds it already; in one of a near stroke the
    storm's rain covers the treble.
    """
    return _Spectra(
        drawn_to(BOLT, profile, 0.8, 0.25), drawn_to(CRACKLING, profile, 0.9, 0.2),
        drawn_to(CLAPPING, profile, 0.6, 0.25), drawn_to(BOOMING, profile, 0.2, 0.25),
        drawn_to(RUMBLE, profile, 0.2, 0.25),
    )  # fmt: skip


def _nearness(distance_m: Floats) -> Floats:
    """1 at 100 m and less, 0 at 10 km and more."""
    return np.asarray(np.clip(1.0 - np.log10(np.maximum(distance_m, 1.0) / 100.0) / 2.0, 0.0, 1.0))


def _dulling(distance_m: Floats) -> Floats:
    km = np.minimum(distance_m, 20_000.0)[:, None] / 1_000.0
    return np.asarray(-1.1 * np.sqrt(km) * np.maximum(octaves_from(120.0, 120.0, 8_000.0), 0.0))


def _behind(farther_m: float) -> Table:
    """What the spectrum has lost that comes from `farther_m` beyond the nearest part, [levels, BANDS]."""
    air_db = np.maximum(-AIR_DB_PER_M * farther_m, -60.0)
    return by("distance_m", lambda d: _dulling(d + farther_m) + air_db, "event")


def _fainter(farther_m: float, channel_m: float = 300.0) -> Table:
    """What it has lost by spreading, dB; nearer than `channel_m` the nearest part is a line, and no point.

    Of a far stroke all parts have about as far to go: there what comes later is what branches and the upper, weaker
    channel send.
    """

    def lost_db(distance_m: Floats) -> Floats:
        spreading = 20.0 * np.log10((distance_m + channel_m) / (distance_m + channel_m + farther_m))
        return np.asarray(np.minimum(spreading, -farther_m / 180.0 * (1.0 - 0.5 * _nearness(distance_m))))

    return by("distance_m", lost_db, "event")


NEARNESS_SHAPES: Final = 8
NEAR_SHAPE: Final = by("distance_m", lambda d: np.round(_nearness(d) * (NEARNESS_SHAPES - 1)), "event")
NEARNESSES: Final = np.linspace(0.0, 1.0, NEARNESS_SHAPES)

MAIN: Final = together(*(rise_and_fall(0.9 * (1.0 - n) ** 1.5 + 0.02, 1.5 - 1.0 * n, 5.0, 1.0) for n in NEARNESSES))
BODY: Final = together(rise_and_fall(0.5, 1.5, 6.5), rise_and_fall(0.9, 1.0, 6.0), rise_and_fall(0.3, 2.0, 7.5))
TAIL: Final = together(rise_and_fall(1.6, 2.6, 9.6), rise_and_fall(2.4, 2.0, 9.0), rise_and_fall(1.0, 3.2, 9.6))
CLAP: Final = together(*(rise_and_fall(0.30 * (1.0 - n) ** 1.5 + 0.02, 0.28 - 0.2 * n, 2.4, 0.9) for n in NEARNESSES))
BOOM: Final = together(rise_and_fall(0.10, 0.25, 2.0), rise_and_fall(0.2, 0.4, 2.8), rise_and_fall(0.05, 0.14, 1.2))
ECHO: Final = together(*(rise_and_fall(rise, fall, 3.6, 0.9) for rise, fall in ((0.5, 0.5), (0.3, 0.35), (0.12, 0.2))))
ARRIVING: Final = together(
    rise_and_fall(0.5, 2.4, 9.5),
    rise_and_fall(1.2, 1.6, 8.0),
    rise_and_fall(1.8, 2.6, 9.5),
    rise_and_fall(0.3, 1.4, 6.0),
)
PEAL: Final = together(
    *(
        rise_and_fall(rise, fall, 0.28 + 5.0 * fall)
        for rise, fall in ((0.0, 0.03), (0.0, 0.06), (0.04, 0.05), (0.08, 0.1))
    )
)
SNAP: Final = together(rise_and_fall(0.0, 0.05, 0.5), rise_and_fall(0.02, 0.09, 0.8), rise_and_fall(0.04, 0.16, 1.2))

DULL: Final = by("distance_m", _dulling, "event")
STRENGTH_DB: Final = sweep("strength", -12.0, 5.0, "event")
ONCE: Final = by("strength", np.ones_like, "event")
MORE: Final = by("strength", lambda s: 1.0 + 0.9 * s, "event")
SHEAR: Final = by("strength", lambda s: 0.5 + 0.7 * s, "event")
CLAPS: Final = by("distance_m", lambda d: 5.0 + 1.5 * (1.0 - _nearness(d)), "event")
ECHOES: Final = by("thunder_roll", lambda r: 1.0 + 9.0 * r)
CRACKS: Final = by("distance_m", lambda d: 36.0 * np.clip(_nearness(d) - 0.35, 0.0, 1.0), "event")
FARTHER_IS_SOFTER: Final = by("distance_m", lambda d: -26.0 * (1.0 - _nearness(d)), "event")
"""An N-wave lengthens and loses its front on the way, more than it fades."""
BODY_DB: Final = by("distance_m", lambda d: 5.0 * np.clip(2.0 * _nearness(d) - 1.0, 0.0, 1.0), "event")
"""Nearer than 1 km the channel stands tall overhead: its upper parts follow nearly as loud as the first."""
BANDWIDTH: Final = by("distance_m", lambda d: -3.0 * (1.0 - _nearness(d)), "event")
LONGER: Final = by("distance_m", lambda d: 0.9 * (1.0 - _nearness(d)), "event")
LOWER: Final = by("distance_m", lambda d: -1.3 * (1.0 - _nearness(d)), "event")
BUILDING: Final = by("distance_m", lambda d: 1.1 * (1.0 - _nearness(d)), "event")
"""From afar the parts that lie nearest come less before the others."""
LEVEL_DB: Final = (STRENGTH_DB, BODY_DB)
ROLL_DB: Final = sweep("thunder_roll", -9.0, 5.0)


def _claps(
    name: str, spectrum_db: Floats, count: tuple[Table, ...], level_db: float, farther_m: float, delay_s: Draw
) -> Swell:
    """Claps of the parts some `farther_m` behind the nearest."""
    return Swell(
        name, spectrum_db, count, 16, CLAP, Draw(level_db, 10.0, (*LEVEL_DB, _fainter(farther_m))),
        shape_by=NEAR_SHAPE, spectrum_by=(_behind(farther_m),), delay_s=delay_s, width=0.7, coherence=DIFFUSE,
    )  # fmt: skip


def _peals(name: str, spectrum_db: Floats, count: float, level_db: float, farther_m: float, delay_s: Draw) -> Swell:
    """Many short claps: what keeps a channel's sound broken from one twentieth of a second to the next."""
    many = by("strength", lambda s: count * (0.7 + 0.6 * s), "event")
    return Swell(
        name, spectrum_db, (many,), 64, PEAL, Draw(level_db, 9.0, (*LEVEL_DB, _fainter(farther_m))),
        spectrum_by=(_behind(farther_m),), delay_s=delay_s, width=0.5, coherence=DIFFUSE,
    )  # fmt: skip


def _pulses(name: str, count: float, level_db: float, pitch_hz: float, farther_m: float, delay_s: Draw) -> Emitter:
    """Bursts of a few hundredths of a second, faster than the bed can follow: what single bends of the channel send."""
    lost_octaves = np.log2(pitch_hz / 120.0)

    def dulled(distance_m: Floats) -> Floats:
        return -1.1 * np.sqrt((distance_m + farther_m) / 1_000.0) * lost_octaves

    many = by("strength", lambda s: count * (0.7 + 0.6 * s), "event")
    return Emitter(
        name, "noise", 64, (many,),
        Draw(level_db, 9.0, (*LEVEL_DB, _fainter(farther_m), by("distance_m", dulled, "event"))),
        pitch_hz=Draw(pitch_hz, 0.9, (LOWER,)), decay_s=Draw(0.018, 0.9, (LONGER,)), attack_s=0.003,
        band_hz=Draw(1.4 * pitch_hz, 0.4, (LOWER,)), delay_s=delay_s, width=0.7,
    )  # fmt: skip


def _stroke(spectra: _Spectra) -> Patch:
    return Patch(
        "thunder", "event", "thunder",
        swells=(
            Swell(
                "main stroke", spectra.bolt, (ONCE,), 1, MAIN, Draw(74.5, 2.0, LEVEL_DB), shape_by=NEAR_SHAPE,
                spectrum_by=(DULL,), width=0.2, coherence=np.maximum(DIFFUSE, 0.4),
            ),
            Swell(
                "body", spectra.bolt, (ONCE,), 1, BODY, Draw(71.0, 3.0, (*LEVEL_DB, _fainter(450.0))),
                spectrum_by=(_behind(450.0),), delay_s=Draw(0.3, 1.0), width=0.3, coherence=DIFFUSE,
            ),
            Swell(
                "tail", spectra.bolt, (ONCE,), 1, TAIL, Draw(71.0, 2.0, (*LEVEL_DB, _fainter(1_400.0))),
                spectrum_by=(_behind(1_400.0),), width=0.5, coherence=DIFFUSE,
            ),
            _peals("first peals", spectra.bolt, 22.0, 77.0, 120.0, Draw(0.5, 1.6, (BUILDING,))),
            _peals("later peals", spectra.bolt, 32.0, 75.0, 600.0, Draw(2.0, 0.9)),
            _peals("last peals", spectra.bolt, 28.0, 76.0, 1_400.0, Draw(4.6, 0.55)),
            _claps("first claps", spectra.bolt, (CLAPS, SHEAR), 82.0, 120.0,
                Draw(0.5, 1.5, (by("distance_m", lambda d: 0.8 - 1.3 * _nearness(d), "event"),))),
            _claps("later claps", spectra.clapping, (CLAPS, MORE), 81.0, 700.0, Draw(2.0, 0.9)),
            _claps("last claps", spectra.clapping, (CLAPS, MORE), 82.0, 1_500.0, Draw(4.4, 0.55)),
            Swell(
                "booms", spectra.booming, (CLAPS, MORE), 16, BOOM, Draw(79.0, 9.0, (*LEVEL_DB, _fainter(700.0))),
                spectrum_by=(_behind(700.0),), delay_s=Draw(2.4, 1.2), width=0.6, coherence=DIFFUSE,
            ),
            Swell(
                "further cracks", spectra.crackling,
                (by("distance_m", lambda d: 6.0 * np.clip(_nearness(d) - 0.3, 0.0, 0.6), "event"), SHEAR), 8, SNAP,
                Draw(84.0, 8.0, (*LEVEL_DB, _fainter(250.0))), spectrum_by=(_behind(250.0),), delay_s=Draw(0.8, 1.7),
                width=0.6, coherence=DIFFUSE,
            ),
            Swell(
                "roll", spectra.rumble, (ECHOES,), 12, ECHO, Draw(79.0, 6.0, (STRENGTH_DB, ROLL_DB)),
                spectrum_by=(_behind(700.0),), delay_s=Draw(2.2, 0.6, (sweep("thunder_roll", -0.4, 0.7),)),
                width=1.0, coherence=0.2,
            ),
        ),
        emitters=(
            Emitter(
                "crack", "noise", 40, (CRACKS, SHEAR), Draw(97.0, 7.0, (STRENGTH_DB, FARTHER_IS_SOFTER)),
                pitch_hz=Draw(2_400.0, 0.8, (by("distance_m", lambda d: -2.0 * (1.0 - _nearness(d)), "event"),)),
                decay_s=Draw(0.022, 0.9), attack_s=0.0004, band_hz=Draw(3_600.0, 0.6, (BANDWIDTH,)),
                delay_s=Draw(0.11, 1.9, shape="bell"), width=0.5,
            ),
            Emitter(
                "tearing", "noise", 64, (CRACKS, by("strength", lambda s: 0.3 + 1.1 * s, "event")),
                Draw(
                    90.0, 7.0, (
                        STRENGTH_DB, by("distance_m", lambda d: -25.0 * np.clip(d / 1_000.0, 0.0, 2.0), "event"))),
                pitch_hz=Draw(4_200.0, 0.8), decay_s=Draw(0.007, 0.8), attack_s=0.0003, band_hz=Draw(4_500.0, 0.4),
                delay_s=Draw(0.16, 1.7), width=0.6,
            ),
            Emitter(
                "N-wave", "mode", 16,
                (by("distance_m", lambda d: 18.0 * np.clip(_nearness(d) - 0.2, 0.0, 1.0), "event"),),
                Draw(94.0, 7.0, (STRENGTH_DB, FARTHER_IS_SOFTER)), pitch_hz=Draw(110.0, 0.8), decay_s=Draw(0.018, 0.6),
                attack_s=0.0015,
                sweep_oct=Draw(-0.4, 0.3), delay_s=Draw(0.13, 2.4), width=0.3,
            ),
            _pulses("first pulses", 40.0, 88.0, 220.0, 120.0, Draw(0.5, 1.6, (BUILDING,))),
            _pulses("first sharp pulses", 40.0, 85.0, 600.0, 120.0, Draw(0.5, 1.6, (BUILDING,))),
            _pulses("later pulses", 50.0, 87.0, 190.0, 700.0, Draw(2.2, 1.0)),
            _pulses("later sharp pulses", 50.0, 83.0, 480.0, 700.0, Draw(2.2, 1.0)),
        ),
        reference_m=1_000.0,
    )  # fmt: skip


def _farther_part(spectra: _Spectra) -> Patch:
    return Patch(
        "thunder", "event", "rumble",
        swells=(
            Swell(
                "part of the channel", spectra.bolt, (ONCE,), 1, ARRIVING, Draw(75.0, 2.5, LEVEL_DB),
                spectrum_by=(DULL,), width=0.4, coherence=DIFFUSE,
            ),
            _peals("peals", spectra.bolt, 40.0, 75.0, 300.0, Draw(1.6, 1.5)),
            _claps("claps", spectra.clapping, (CLAPS, SHEAR), 82.0, 300.0, Draw(1.4, 1.4)),
            Swell(
                "booms", spectra.booming, (CLAPS, SHEAR), 16, BOOM, Draw(79.0, 9.0, (*LEVEL_DB, _fainter(400.0))),
                spectrum_by=(_behind(400.0),), delay_s=Draw(1.9, 1.4), width=0.8, coherence=DIFFUSE,
            ),
            Swell(
                "roll", spectra.rumble, (ECHOES,), 12, ECHO, Draw(79.0, 6.0, (STRENGTH_DB, ROLL_DB)),
                spectrum_by=(_behind(900.0),), delay_s=Draw(2.6, 0.6, (sweep("thunder_roll", -0.4, 0.5),)),
                width=1.0, coherence=0.2,
            ),
        ),
        emitters=(
            _pulses("pulses", 45.0, 84.0, 180.0, 300.0, Draw(1.6, 1.5)),
            _pulses("sharp pulses", 45.0, 81.0, 420.0, 300.0, Draw(1.6, 1.5)),
        ),
        reference_m=1_000.0,
    )  # fmt: skip


def patches(known: Profiles) -> tuple[Patch, ...]:
    """The thunder's patches, their spectra drawn to the profile "thunder"."""
    spectra = _spectra(known.get("thunder"))
    return _stroke(spectra), _farther_part(spectra)
