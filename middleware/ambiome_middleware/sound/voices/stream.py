"""Streams: trickle, brook, torrent; a stream as a feature; a splash as an event.

A bubble is a damped mode whose pitch rises as it comes up: f = 3.26 m·Hz / radius (Minnaert 1933), damped by 0.13/r
+ 0.0072·r^−1.5 per second (r in metres; van den Doel 2005): 27 ms at 500 Hz, 11 ms at 1 kHz, 3 ms at 3 kHz. Levels:
a trickle 35–40 dB(A), a brook 45–55, a torrent 65 and more. What babbles are places: a hollow behind a stone gives runs
of bubbles of its own pitch.
"""

from typing import Final

import numpy as np

from ambiome_middleware.sound.patch import (
    BAND_HZ,
    Call,
    Caller,
    Draw,
    Emitter,
    Floats,
    Layer,
    Patch,
    Source,
    Swell,
    Syllable,
    Table,
    by,
)
from ambiome_middleware.sound.profile import Profile, Profiles
from ambiome_middleware.sound.voices.motion import flutter
from ambiome_middleware.sound.voices.shapes import WIDE, becoming, level, rise_and_fall, spectrum, sweep, together
from ambiome_middleware.sound.voices.tempered import drawn_to, moved_like

TRICKLE: Final = spectrum(
    (125, -36), (250, -28), (500, -18), (1_000, -10), (2_000, -8), (4_000, -9), (8_000, -15), (16_000, -25)
)
BROOK: Final = spectrum(
    (63, -29), (125, -25), (250, -20), (500, -12), (800, -8.5), (1_600, -8.5), (3_150, -9), (6_300, -9.5), (16_000, -13)
)
TORRENT: Final = spectrum(
    (31, -12),
    (63, -8),
    (125, -6),
    (250, -6),
    (500, -7),
    (1_000, -8),
    (2_000, -9),
    (4_000, -11),
    (8_000, -15),
    (16_000, -24),
)
LOWEST_HZ: Final = 300.0
"""What recordings hold below it is their place's rumble rather than the brook's."""
BURSTS: Final = np.array([0.5, 0.5, 0.3, 0.2, 0.1, 0.0, 0.0, 0.0])
"""Air comes in gulps: water that falls into a hollow traps it again and again, several times a second."""
FLOW: Final = 14.0
"""dB a decade of flow: with the column's square curve, 28 dB from a tenth of its way to the whole."""


def _by_size(size: Floats, brook: Floats) -> Floats:
    """From trickle (0) over `brook` (0.5) to torrent (1), [levels] → [levels, BANDS]: blended in dB."""
    low, high = np.clip(2.0 * size, 0, 1)[:, None], np.clip(2.0 * size - 1.0, 0, 1)[:, None]
    target = (1.0 - low) * TRICKLE + (low - high) * brook + high * TORRENT
    return becoming(brook, target)


def _bubbles(
    rate: tuple[Table, ...], size: str, gain: tuple[Table, ...], source: Source, slots: int
) -> tuple[Emitter, ...]:
    """Small, middling and large bubbles and the splashes between them; `rate` counts all bubbles together.

    Each is damped as its size asks. The faint far ones are many, the near ones few: levels spread wide.
    """
    lower = sweep(size, 0.5, -0.6, source)
    return (
        Emitter(
            "small bubble", "mode", 2 * slots, (*rate, sweep(size, 0.66, 0.44, source)), Draw(44.5, 11.0, gain),
            pitch_hz=Draw(3_300.0, 1.1, (lower,)), decay_s=Draw(0.0033, 0.7), attack_s=0.0006,
            sweep_oct=Draw(0.12, 0.15), bursts=0.8 * BURSTS,
        ),
        Emitter(
            "bubble", "mode", 2 * slots, (*rate, sweep(size, 0.26, 0.28, source)), Draw(46.0, 10.0, gain),
            pitch_hz=Draw(1_250.0, 0.9, (lower,)), decay_s=Draw(0.0078, 0.6), attack_s=0.001,
            sweep_oct=Draw(0.2, 0.22), bursts=BURSTS,
        ),
        Emitter(
            "large bubble", "mode", slots, (*rate, sweep(size, 0.05, 0.18, source)), Draw(42.5, 9.0, gain),
            pitch_hz=Draw(500.0, 0.9, (lower,)), decay_s=Draw(0.017, 0.5), attack_s=0.002,
            sweep_oct=Draw(0.28, 0.24), bursts=1.2 * BURSTS,
        ),
        Emitter(
            "hollow", "mode", 2, (*rate, sweep(size, 0.004, 0.02, source)), Draw(41.0, 8.0, gain),
            pitch_hz=Draw(240.0, 0.6, (lower,)), decay_s=Draw(0.03, 0.5), attack_s=0.004,
            sweep_oct=Draw(0.2, 0.25), bursts=1.2 * BURSTS,
        ),
        Emitter(
            "splash", "noise", slots, (*rate, sweep(size, 0.06, 0.26, source)), Draw(43.0, 11.0, gain),
            pitch_hz=Draw(3_300.0, 1.3, (lower,)), decay_s=Draw(0.005, 1.0), attack_s=0.0015,
            band_hz=Draw(3_600.0, 0.7), bursts=1.2 * BURSTS,
        ),
    )  # fmt: skip


def _gurgle(first_hz: float, *beats: tuple[float, float, float]) -> Call:
    """A run of bubbles out of one hole: (at_s, octaves above the first's Hz, dB) of each."""
    return Call(
        f"gurgle of {len(beats)}",
        tuple(
            Syllable(
                at_s, 16.0 / (first_hz * 2.0**oct) + 0.012, first_hz * 2.0**oct, 1.25 * first_hz * 2.0**oct,
                level_db=db, attack=0.08,
            )
            for at_s, oct, db in beats
        ),
    )  # fmt: skip


GURGLES: Final = (
    _gurgle(620.0, (0.0, 0.0, 0.0), (0.05, 0.12, -2.0), (0.11, 0.05, -1.0), (0.15, 0.31, -5.0), (0.22, -0.1, -2.0)),
    _gurgle(840.0, (0.0, 0.2, -6.0), (0.03, 0.0, -2.0), (0.08, 0.1, 0.0), (0.17, 0.55, -7.0), (0.20, 0.4, -5.0),
        (0.27, 0.05, -2.0), (0.33, 0.2, -6.0)),
    _gurgle(480.0, (0.0, 0.0, -1.0), (0.09, 0.15, 0.0), (0.15, 0.42, -6.0), (0.31, -0.15, -2.0)),
    _gurgle(1_150.0, (0.0, 0.0, -3.0), (0.02, 0.3, -5.0), (0.06, -0.2, 0.0), (0.09, 0.1, -4.0), (0.14, 0.6, -8.0),
        (0.16, 0.2, -3.0), (0.21, 0.0, -6.0), (0.30, -0.1, -4.0)),
    _gurgle(720.0, (0.0, -0.2, 0.0), (0.12, 0.5, -6.0)),
    _gurgle(940.0, (0.0, 0.3, -4.0), (0.04, 0.4, -6.0), (0.07, 0.1, -2.0), (0.12, -0.1, 0.0), (0.18, -0.3, -1.0),
        (0.29, 0.2, -5.0), (0.34, 0.35, -7.0), (0.37, 0.1, -6.0), (0.45, -0.2, -3.0)),
    _gurgle(560.0, (0.0, 0.0, -2.0), (0.06, -0.1, 0.0), (0.13, -0.2, -1.0), (0.21, -0.3, -4.0)),
)  # fmt: skip

SIZE_DB: Final = by("stream_size", lambda s: 22.0 * s - 11.0)
BUBBLES_DB: Final = (
    level("stream_level", 4.5, 10.0), sweep("stream_size", -5.0, 7.0), sweep("stream_babble", -3.0, 1.0)
)  # fmt: skip
SURGE: Final = together(
    *(rise_and_fall(rise, fall, 3.0) for rise, fall in ((0.3, 0.5), (0.6, 0.5), (0.4, 0.9), (0.15, 0.25), (0.2, 0.6)))
)


def _scene(profile: Profile | None) -> Patch:
    brook = np.where(BAND_HZ > LOWEST_HZ, drawn_to(BROOK, profile, 0.5), BROOK)
    by_size = by("stream_size", lambda size: _by_size(size, brook))
    own = flutter(0.4, 0.15, 0.1, common=0.15, depth_by=(sweep("stream_size", 1.3, 0.8),))
    return Patch(
        "stream",
        layers=(
            Layer(
                "rush", brook,
                (level("stream_level", 54.5, FLOW), SIZE_DB, sweep("stream_babble", 3.0, -6.0), by_size), WIDE,
                moved_like(own, profile, 0.5, 0.8),
            ),
        ),
        swells=(
            Swell(
                "surge", brook, (by("stream_level", lambda v: 1.6 * v**0.3), sweep("stream_size", 0.4, 1.0)), 1, SURGE,
                Draw(39.5, 6.0, (level("stream_level", 0.0, FLOW), SIZE_DB, sweep("stream_babble", 1.0, -3.0))),
                spectrum_by=(by_size,), width=0.9,
            ),
        ),
        emitters=_bubbles(
            (by("stream_level", lambda v: 195.0 * v**0.5), sweep("stream_babble", 0.12, 1.0)),
            "stream_size", BUBBLES_DB, "scene", 12,
        ),
        callers=(
            Caller(
                "gurgling hole", GURGLES, 9, 1.2,
                (by("stream_level", lambda v: 0.85 * v**0.35), sweep("stream_babble", 0.0, 1.0)),
                Draw(45.0, 8.0, BUBBLES_DB), pitch=Draw(1.0, 1.0, (sweep("stream_size", 0.45, -0.55),)),
                call_pitch_oct=0.12, tempo_oct=0.35, drop_syllable=0.15,
            ),
        ),
    )  # fmt: skip


FEATURE_SPECTRUM: Final = by("size", lambda size: _by_size(size, BROOK), "feature")
FEATURE_DB: Final = by("size", lambda s: 26.0 * s - 13.0, "feature")
FEATURE: Final = Patch(
    "stream", "feature", "stream",
    layers=(
        Layer("rush", BROOK, (sweep("size", 33.0, 58.5, "feature"), FEATURE_SPECTRUM), 0.4,
            flutter(0.4, 0.15, 0.1, common=0.15)),
    ),
    swells=(
        Swell(
            "surge", BROOK, (by("level", lambda v: 1.2 * v**0.3, "feature"),), 1, SURGE,
            Draw(38.0, 6.0, (FEATURE_DB,)), spectrum_by=(FEATURE_SPECTRUM,), width=0.3,
        ),
    ),
    emitters=_bubbles(
        (by("level", lambda v: 130.0 * v**0.5, "feature"), sweep("size", 0.5, 1.0, "feature")),
        "size", (sweep("size", -9.0, 7.0, "feature"),), "feature", 6,
    ),
)  # fmt: skip

STRENGTH_DB: Final = sweep("strength", -14.0, 8.0, "event")
DEEPER: Final = sweep("strength", 0.8, -0.7, "event")
SPLASH: Final = Patch(
    "stream", "event", "splash",
    swells=(
        Swell(
            "spray", TRICKLE, (by("strength", lambda s: 0.5 + 1.5 * s, "event"),), 2,
            together(rise_and_fall(0.02, 0.16, 0.8), rise_and_fall(0.06, 0.25, 1.2)), Draw(50.0, 3.0, (STRENGTH_DB,)),
            width=0.4,
        ),
    ),
    emitters=(
        Emitter(
            "slap", "noise", 2, (by("strength", lambda s: 1.0 + 0.8 * s, "event"),), Draw(66.0, 3.0, (STRENGTH_DB,)),
            pitch_hz=Draw(2_000.0, 0.5, (DEEPER,)), decay_s=Draw(0.035, 0.5, (sweep("strength", -0.7, 0.9, "event"),)),
            attack_s=0.002,
            band_hz=Draw(3_000.0, 0.4), delay_s=Draw(0.002, 0.5), width=0.15,
        ),
        Emitter(
            "plunge", "mode", 2, (by("strength", lambda s: 1.0 + 0.8 * s, "event"),), Draw(64.0, 3.0, (STRENGTH_DB,)),
            pitch_hz=Draw(300.0, 0.4, (DEEPER,)), decay_s=Draw(0.045, 0.4), attack_s=0.004, sweep_oct=Draw(0.45, 0.2),
            delay_s=Draw(0.06, 0.7), width=0.15,
        ),
        Emitter(
            "bubbles", "mode", 32, (by("strength", lambda s: 6.0 + 24.0 * s, "event"),),
            Draw(55.0, 8.0, (STRENGTH_DB,)),
            pitch_hz=Draw(900.0, 1.0, (DEEPER,), "bell"), decay_s=Draw(0.013, 0.6), attack_s=0.001,
            sweep_oct=Draw(0.3, 0.2),
            delay_s=Draw(0.18, 1.6), width=0.3,
        ),
        Emitter(
            "drops falling back", "noise", 32, (by("strength", lambda s: 4.0 + 24.0 * s, "event"),),
            Draw(50.0, 9.0, (STRENGTH_DB,)),
            pitch_hz=Draw(4_800.0, 0.6), decay_s=Draw(0.0016, 0.7), attack_s=0.0003, band_hz=Draw(4_000.0, 0.4),
            delay_s=Draw(0.42, 0.8), width=0.5,
        ),
    ),
)  # fmt: skip


def patches(known: Profiles) -> tuple[Patch, ...]:
    """The stream's patches, its unrest as in the profile "stream"."""
    return _scene(known.get("stream")), FEATURE, SPLASH
