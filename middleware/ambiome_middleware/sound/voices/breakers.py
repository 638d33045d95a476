"""Single waves of surf: no two break alike.

Galvin (1968, Journal of Geophysical Research 73, 3651) tells spilling, plunging and surging breakers apart. A plunging
one falls at once, with a thud of the air that it traps and spray thrown high; a spilling one rolls its foam before it
for seconds; many break twice, and along a beach one stretch after another. Foam hisses as its bubbles burst, the run-up
rushes over sand, and the backwash draws sand or shingle with it. So a wave is no one sound that comes and goes: it is
several, each of its own colour, begun while the wave at hand breaks or washes, and each drawn for itself.
"""

from dataclasses import dataclass
from typing import Final, Literal

from ambiome_middleware.sound.patch import Draw, Floats, Swell, Table
from ambiome_middleware.sound.voices.motion import uneven, waves
from ambiome_middleware.sound.voices.shapes import level, rise_and_fall, spectrum, sweep, together

PLUNGE: Final = spectrum(
    (31, -16), (63, -9), (125, -3), (250, 1), (500, -1), (1_000, -6), (2_000, -14), (4_000, -23), (16_000, -43)
)
ROLLER: Final = spectrum(
    (31, -24), (63, -17), (125, -10), (250, -3), (500, 0), (1_000, -2), (2_000, -7), (4_000, -13), (8_000, -20),
    (16_000, -31)
)  # fmt: skip
SPILL: Final = spectrum(
    (63, -21), (125, -14), (250, -7), (500, -1), (1_000, 0), (2_000, -4), (4_000, -10), (8_000, -17), (16_000, -27)
)
SPRAY: Final = spectrum(
    (250, -21), (500, -12), (1_000, -5), (2_000, -1), (4_000, -3), (8_000, -8), (16_000, -18)
)  # fmt: skip
FOAM: Final = spectrum(
    (250, -26), (500, -18), (1_000, -12), (2_000, -7), (4_000, -5), (8_000, -7), (12_500, -12), (16_000, -16)
)
SAND: Final = spectrum((500, -30), (1_000, -21), (2_000, -13), (4_000, -7), (8_000, -5), (12_500, -8), (16_000, -12))
SHINGLE: Final = spectrum((250, -22), (500, -13), (1_000, -6), (2_000, -3), (4_000, -6), (8_000, -13), (16_000, -24))

THUD: Final = uneven(
    together(*(rise_and_fall(rise, fall, 3.6) for rise, fall in ((0.06, 0.3), (0.12, 0.5), (0.2, 0.8), (0.05, 0.18)))),
    6, 6.0, 0.16,
)  # fmt: skip
LUMP: Final = uneven(
    together(*(rise_and_fall(rise, fall, 1.8) for rise, fall in ((0.06, 0.14), (0.1, 0.2), (0.16, 0.3), (0.05, 0.35)))),
    6, 5.0, 0.1,
)  # fmt: skip
ROLL: Final = uneven(
    together(
        *(
            rise_and_fall(rise, fall, 8.0, 1.2)
            for rise, fall in ((0.5, 1.4), (1.6, 1.8), (0.3, 1.0), (2.2, 2.2), (0.2, 0.7), (1.0, 2.6))
        ),
        *(waves(gap_s, crests, 20 + n, 0.2, 0.35) for n, (gap_s, crests) in enumerate(((1.3, 2), (2.1, 2), (1.0, 3)))),
    ),
    4, 6.0, 0.16,
)  # fmt: skip
FAR_OFF: Final = uneven(
    together(
        *(
            rise_and_fall(rise, fall, 9.0, 1.2)
            for rise, fall in ((1.4, 1.2), (2.0, 1.6), (2.8, 1.2), (1.1, 1.9), (2.4, 2.2), (3.4, 1.4))
        )
    ),
    4, 6.0, 0.16,
)  # fmt: skip
HISSING: Final = uneven(
    together(
        *(
            rise_and_fall(rise, fall, 8.0, 0.8)
            for rise, fall in ((0.3, 1.4), (0.6, 2.2), (0.2, 0.8), (1.0, 1.3), (0.4, 3.2))
        )
    ),
    6, 6.0, 0.16,
)  # fmt: skip
RUN_UP: Final = uneven(
    together(*(rise_and_fall(rise, fall, 5.0) for rise, fall in ((0.8, 0.7), (1.4, 0.9), (2.0, 0.6), (0.5, 1.4)))),
    6, 6.0, 0.16,
)  # fmt: skip
DRAWN_BACK: Final = uneven(
    together(*(rise_and_fall(rise, fall, 7.0, 1.6) for rise, fall in ((1.8, 0.9), (2.6, 0.7), (1.2, 1.6), (3.2, 1.0)))),
    6, 6.0, 0.16,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a breaking wave: `level_db` with breakers of 1 m, 30 m away, `decade_db` per decade of height.

    `per_wave`: how many a second while the wave at hand breaks (or washes, `of`) at full strength; or, with no `of`, at
    any time, for waves that break elsewhere along the beach.
    """

    name: str
    of: Literal["surf_break", "surf_wash", ""]
    spectrum_db: Floats
    envelope: Floats
    per_wave: float
    level_db: float
    spread_db: float
    decade_db: float
    power: float = 1.0
    pan: Literal["fixed", "pass"] = "fixed"
    width: float = 1.0
    coherence: float = 0.3


PARTS: Final = (
    Part("roller along the beach", "", ROLLER, FAR_OFF, 0.07, 60.0, 6.0, 21.0, pan="pass", width=0.9),
    Part("crest along the beach", "", SPILL, FAR_OFF, 0.07, 60.0, 6.0, 19.0, pan="pass", width=0.9),
    Part("foam along the beach", "", FOAM, FAR_OFF, 0.1, 46.0, 6.0, 14.0, pan="pass", width=0.6, coherence=0.2),
    Part("plunge", "surf_break", PLUNGE, THUD, 1.6, 54.5, 8.0, 28.0, 2.0, coherence=0.5),
    Part("roller", "surf_break", ROLLER, ROLL, 0.5, 57.5, 7.0, 22.0, pan="pass", width=0.9),
    Part("spilling crest", "surf_break", SPILL, ROLL, 0.5, 56.5, 7.0, 18.0, pan="pass", width=0.7),
    Part("dark lump", "surf_break", ROLLER, LUMP, 3.2, 56.5, 8.0, 22.0),
    Part("lump", "surf_break", SPILL, LUMP, 3.2, 56.5, 8.0, 20.0),
    Part("spray", "surf_break", SPRAY, LUMP, 3.2, 54.5, 8.0, 18.0, 1.5),
    Part("foam", "surf_break", FOAM, HISSING, 0.6, 46.0, 7.0, 14.0, pan="pass", width=0.5, coherence=0.2),
    Part("run-up", "surf_wash", SPRAY, RUN_UP, 0.3, 46.5, 7.0, 12.0, 1.5, width=0.8, coherence=0.2),
    Part("rush of foam", "surf_wash", FOAM, LUMP, 3.0, 48.5, 8.0, 12.0, coherence=0.2),
    Part("sand drawn back", "surf_wash", SAND, DRAWN_BACK, 0.12, 45.0, 7.0, 12.0, width=0.8, coherence=0.2),
    Part("shingle drawn back", "surf_wash", SHINGLE, DRAWN_BACK, 0.12, 46.5, 8.0, 14.0, width=0.8, coherence=0.2),
)
"""What a wave is made of, in the order in which it is heard."""


def rate(part: Part) -> tuple[Table, ...]:
    """Onsets a second by the column that the part belongs to: most while the wave is at its strongest."""
    return (sweep(part.of, 0.0, part.per_wave, power=part.power),) if part.of else ()


def swell(part: Part, spectrum_db: Floats, rates: tuple[Table, ...], levels: tuple[Table, ...],
    spectra: tuple[Table, ...] = (),
) -> Swell:  # fmt: skip
    """A part as a swell, its rate and its level of 1 m at 30 m moved by `rates` and `levels`."""
    strength = (level(part.of, 0.0, 10.0),) if part.of else ()
    return Swell(
        part.name, spectrum_db, (*rate(part), *rates), 1, part.envelope,
        Draw(part.level_db, part.spread_db, (*levels, *strength)), spectrum_by=spectra, pan=part.pan, width=part.width,
        coherence=part.coherence,
    )  # fmt: skip
