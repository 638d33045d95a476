"""Swamp: gas that breaks through standing water and mud, water that seeps, midges and flies, reeds in the wind.

A free bubble of radius r rings at 3.26 m·Hz / r (Minnaert 1933): marsh gas of 5–10 mm at 650–330 Hz under water; in mud
it gathers to centimetres, rings lower and is damped within a few periods. A vent is a place: it gives runs of bubbles
of its own pitch, each a little later and a little larger, and rests. Wing beats: midges and mosquitoes 300–700 Hz,
flies 150–250 Hz, bumblebees lower (Sotavalta 1947, "The flight-tone of insects", Acta Entomologica Fennica 4); they
come near, turn and go. Reeds rustle as leaves do, at 2–8 kHz. Levels: a still bog some 25–35 dB(A), single bubbles
40–55 dB(A) at a few metres, a midge at the ear 35–45. Frogs, crickets and birds come from their own voices.
"""

from typing import Final

import numpy as np

from ambiome_middleware.sound.patch import (
    Call,
    Caller,
    Draw,
    Emitter,
    Floats,
    Flutter,
    Layer,
    Patch,
    Swell,
    Syllable,
    by,
)
from ambiome_middleware.sound.profile import Profile, Profiles
from ambiome_middleware.sound.voices.motion import flutter
from ambiome_middleware.sound.voices.shapes import WIDE, bump, level, rise_and_fall, spectrum, sweep, together
from ambiome_middleware.sound.voices.tempered import drawn_to, moved_like, pitched_like, ringing_like

VENTS: Final = 9
FLURRIES: Final = np.array([0.6, 0.8, 0.9, 0.6, 0.3, 0.1, 0.0, 0.0])
VENT_WINDOW_S: Final = 3.6

SEEP: Final = spectrum(
    (125, -26), (250, -19), (500, -13), (1_000, -9), (2_000, -8), (4_000, -11), (8_000, -17), (16_000, -28)
)
REEDS: Final = spectrum((250, -28), (500, -23), (1_000, -17), (2_000, -11), (4_000, -7), (8_000, -9), (16_000, -17))
SWARM: Final = 10.0 * np.log10(bump(470.0, 0.16) + 0.35 * bump(940.0, 0.14) + 0.1 * bump(1_410.0, 0.14) + 1e-4)
"""Wing beats of very many midges: broad lines, for no two beat alike."""


def _run(*bubbles: tuple[float, float, float, float]) -> Call:
    """A vent's run of bubbles, each (at_s, Hz, length_s, dB): it closes as it breaks, so its pitch ends higher.

    Each is followed by the faint patter of its film.
    """
    tones = tuple(
        Syllable(at_s, length_s, hz, 1.5 * hz, level_db=db, attack=0.08, second=0.15)
        for at_s, hz, length_s, db in bubbles
    )
    films = tuple(
        Syllable(at_s + 0.6 * length_s, 0.012, 2_600.0, level_db=db - 14.0, attack=0.1, noise_hz=3_200.0)
        for at_s, _, length_s, db in bubbles
    )
    return Call(f"run of {len(bubbles)}", tones + films)


RUNS: Final = (
    _run((0.0, 420.0, 0.06, -2.0)),
    _run((0.0, 390.0, 0.07, 0.0), (0.23, 455.0, 0.05, -4.0)),
    _run((0.0, 520.0, 0.05, -5.0), (0.11, 440.0, 0.06, -2.0), (0.27, 350.0, 0.08, 0.0)),
    _run((0.0, 480.0, 0.05, -3.0), (0.07, 505.0, 0.045, -4.0), (0.13, 560.0, 0.04, -7.0), (0.21, 610.0, 0.035, -10.0)),
    _run((0.0, 300.0, 0.10, 0.0), (0.42, 520.0, 0.05, -8.0), (0.50, 570.0, 0.04, -9.0)),
    _run(
        (0.0, 610.0, 0.04, -9.0), (0.06, 560.0, 0.045, -7.0), (0.14, 500.0, 0.05, -5.0), (0.25, 430.0, 0.06, -2.0),
        (0.40, 340.0, 0.09, 0.0), (0.66, 560.0, 0.04, -9.0),
    ),
    _run((0.0, 360.0, 0.08, -1.0), (0.9, 380.0, 0.07, -2.0), (1.7, 350.0, 0.08, -1.0)),
)  # fmt: skip


def _chance(value: Floats) -> Floats:
    """Probability that a vent gives a run within a window."""
    return np.asarray(np.minimum(0.75 * value**1.3, 1.0))


LEVEL_DB: Final = level("swamp_level", 0.0, 12.0)
REEDS_DB: Final = by("wind_m_s", lambda v: 38.0 + 44.0 * np.log10(v / 10.0))
STIRRING: Final = flutter(0.8, 1.4, 1.6)
RUSTLING: Final = flutter(0.8, 1.6, 2.4, treble=1.3)
DANCING: Final = Flutter(np.tile([0.6, 1.2, 1.6, 2.0, 2.5, 3.0, 3.0, 2.0], (10, 1)), 0.9)

BUBBLES_HZ: Final = (200.0, 1_000.0)
"""Between these a grain of a recording may be a bubble of gas."""


def _scene(profile: Profile | None) -> Patch:
    seep, stirring = drawn_to(SEEP, profile, 0.5, 0.25), moved_like(STIRRING, profile, 0.5)
    return Patch(
        "swamp",
        layers=(
            Layer("seeping water", seep, (level("swamp_level", 31.0, 15.0),), WIDE, stirring),
            Layer("dancing midges", SWARM, (level("swamp_level", 26.0, 20.0),), 0.3, DANCING),
            Layer("reeds", REEDS, (REEDS_DB, level("swamp_level", 0.0, 10.0)), WIDE, RUSTLING),
        ),
        swells=(
            Swell(
                "mud heaves", spectrum((31, -14), (63, -6), (125, -1), (250, 0), (500, -6), (1_000, -16), (2_000, -30)),
                (by("swamp_level", lambda v: 0.25 * v), sweep("swamp_gas", 0.0, 1.0)), 1,
                together(rise_and_fall(0.12, 0.2, 1.2), rise_and_fall(0.3, 0.25, 1.6)),
                Draw(29.0, 6.0, (LEVEL_DB,)), width=0.8, coherence=0.5,
            ),
        ),
        emitters=(
            Emitter(
                "gas bubble", "mode", 4, (by("swamp_level", lambda v: 5.0 * v**1.2), sweep("swamp_gas", 0.04, 1.0)),
                Draw(40.0, 9.0, (LEVEL_DB,)),
                pitch_hz=pitched_like(Draw(470.0, 0.8, (), "bell"), profile, *BUBBLES_HZ),
                decay_s=ringing_like(Draw(0.022, 0.6), profile, *BUBBLES_HZ), attack_s=0.002,
                sweep_oct=Draw(0.35, 0.25),
                bursts=FLURRIES,
            ),
            Emitter(
                "mud plop", "mode", 2, (by("swamp_level", lambda v: 1.2 * v**1.4), sweep("swamp_gas", 0.0, 1.0)),
                Draw(48.0, 8.0, (LEVEL_DB,)),
                pitch_hz=Draw(165.0, 0.7, (), "bell"), decay_s=Draw(0.03, 0.5), attack_s=0.004,
                sweep_oct=Draw(0.5, 0.4), bursts=FLURRIES,
            ),
            Emitter(
                "splat", "noise", 2, (by("swamp_level", lambda v: 1.5 * v**1.4), sweep("swamp_gas", 0.0, 1.0)),
                Draw(39.0, 8.0, (LEVEL_DB,)),
                pitch_hz=Draw(800.0, 0.9), decay_s=Draw(0.014, 0.8), attack_s=0.002, band_hz=Draw(900.0, 0.6),
                bursts=FLURRIES,
            ),
            Emitter(
                "trickle", "mode", 8, (by("swamp_level", lambda v: 12.0 * v**0.8),),
                Draw(29.0, 9.0, (LEVEL_DB,)),
                pitch_hz=Draw(1_900.0, 0.9), decay_s=Draw(0.006, 0.7), attack_s=0.0008, sweep_oct=Draw(0.2, 0.2),
                bursts=FLURRIES,
            ),
            Emitter(
                "drop from a reed", "mode", 2, (by("swamp_level", lambda v: 0.6 * v),),
                Draw(38.0, 8.0, (LEVEL_DB,)),
                pitch_hz=Draw(1_150.0, 0.8), decay_s=Draw(0.012, 0.5), attack_s=0.0008, sweep_oct=Draw(0.2, 0.15),
            ),
            Emitter(
                "midge", "tone", 1, (by("swamp_level", lambda v: 0.35 * v),),
                Draw(25.0, 8.0, (level("swamp_level", 2.0, 6.0),)),
                pitch_hz=Draw(520.0, 0.45), decay_s=Draw(2.8, 0.6), attack_s=0.5, sweep_oct=Draw(-0.05, 0.22),
                am_hz=Draw(6.0, 0.8), am_depth=0.35, second=0.45, third=0.25,
            ),
            Emitter(
                "fly", "tone", 1, (by("swamp_level", lambda v: 0.12 * v),),
                Draw(26.0, 8.0, (level("swamp_level", 2.0, 6.0),)),
                pitch_hz=Draw(190.0, 0.35), decay_s=Draw(2.0, 0.6), attack_s=0.5, sweep_oct=Draw(-0.16, 0.16),
                am_hz=Draw(11.0, 0.6), am_depth=0.3, second=0.7, third=0.6,
            ),
        ),
        callers=(
            Caller(
                "vent", RUNS, VENTS, VENT_WINDOW_S, (by("swamp_level", _chance), sweep("swamp_gas", 0.0, 1.0)),
                Draw(44.0, 7.0, (LEVEL_DB,)),
                pitch=Draw(0.8, 1.1), call_pitch_oct=0.12, tempo_oct=0.35, drop_syllable=0.12,
            ),
        ),
    )  # fmt: skip


def patches(known: Profiles) -> tuple[Patch, ...]:
    """The swamp's patch, its water and its gas drawn to the profile "swamp": little, for a bog is full of voices."""
    return (_scene(known.get("swamp")),)
