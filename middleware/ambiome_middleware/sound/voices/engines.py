"""Engines of vehicles: calls of bands of noise that fire, rev up and change gears, near and some streets away.

A four-stroke engine of n cylinders fires n/2 times a turn; what its exhaust and block radiate are multiples of that
frequency, half orders between them where cylinders differ, and the noise of combustion. Sines in a row sound like an
organ; the firings of a real engine differ from one to the next, so its orders are narrow bands.
"""

from collections.abc import Iterator
from typing import Final

import numpy as np

from ambiome_middleware.sound.patch import Call, Syllable

PULSE_BANDS: Final = ((125.0, 110.0, -8.0), (330.0, 330.0, -6.0), (900.0, 1_000.0, -8.0))
"""Where exhaust, block and combustion sound: Hz, how wide, dB; each firing is a burst of noise there."""
ORDERS: Final = ((1.0, -6.0, 0.7, 0.5), (2.5, -10.0, 0.6, 0.0), (4.0, -12.0, 0.7, 0.45))
"""Rows of orders: the first of each, its dB, and the amplitudes of its double and threefold."""
BODY_HZ: Final = 70.0
"""Below this an exhaust and a car's body are too small to radiate well."""
Leg = tuple[float, float, float, float, float]


def _engine(name: str, *legs: Leg, rough: float = 0.08, clatter_db: float = 0.0) -> Call:
    """An engine by its firing frequency: legs of (at s, for s, from Hz, to Hz, dB).

    No two firings are alike: what is heard is bursts of noise at their rate, every second one weaker, and its orders
    are bands as wide as `rough` of their pitch, not lines. `clatter_db`: a diesel's nailing above a petrol engine's.
    """
    return Call(name, tuple(part for leg in legs for part in (*_orders(leg, rough), *_firings(leg, clatter_db))))


def _orders(leg: Leg, rough: float) -> Iterator[Syllable]:
    at_s, for_s, hz, to_hz, db = leg
    for times, order_db, second, third in ORDERS:
        thin_db = 12.0 * min(np.log2(times * hz / BODY_HZ), 0.0)
        yield Syllable(
            at_s, for_s, times * hz, times * to_hz, db + order_db + thin_db, 0.5 * hz, 0.4, second, third,
            attack=0.45, noise_hz=rough * hz * times,
        )  # fmt: skip


def _firings(leg: Leg, clatter_db: float) -> Iterator[Syllable]:
    """Pulses keep their rate, so what revs up is told in pieces that fade into each other."""
    at_s, for_s, hz, to_hz, db = leg
    pieces = int(np.ceil(abs(np.log2(to_hz / hz)) / 0.4))
    for n in range(max(pieces, 1)):
        there_hz = hz * (to_hz / hz) ** ((n + 0.5) / max(pieces, 1))
        length_s = for_s * min(1.0, 1.7 / max(pieces, 1))
        begin_s = at_s + (for_s - length_s) * n / max(pieces - 1, 1)
        for band_hz, wide_hz, band_db in PULSE_BANDS:
            more_db = clatter_db if band_hz > 500.0 else 0.0
            yield Syllable(
                begin_s, length_s, band_hz, level_db=db + band_db + more_db, am_hz=there_hz, am_depth=0.5, attack=0.45,
                noise_hz=wide_hz,
            )  # fmt: skip


CARS: Final = (
    _engine("goes by", (0.0, 4.4, 76.0, 68.0, 0.0)),
    _engine("goes by fast", (0.0, 3.4, 98.0, 86.0, 0.0)),
    _engine("pulls away", (0.0, 2.4, 46.0, 92.0, -2.0), (2.0, 2.6, 63.0, 104.0, 0.0), (3.9, 3.2, 78.0, 102.0, -3.0)),
    _engine("slows down", (0.0, 4.2, 82.0, 44.0, 0.0)),
    _engine("motorcycle", (0.0, 1.8, 80.0, 150.0, -1.0), (1.4, 2.4, 108.0, 172.0, 0.0), rough=0.06, clatter_db=2.0),
)  # fmt: skip
"""Four-stroke engines of four cylinders fire at rev/min / 30: 27 Hz idling, 40–100 Hz in a street."""
DIESELS: Final = (
    _engine("lorry", (0.0, 4.7, 52.0, 48.0, 2.0), rough=0.12, clatter_db=5.0),
    _engine("lorry pulls away", (0.0, 2.0, 34.0, 56.0, 0.0), (1.6, 2.2, 36.0, 58.0, 1.0), (3.4, 3.0, 40.0, 60.0, 1.0),
        rough=0.12, clatter_db=5.0),
    _engine("a bus at its stop", (0.0, 4.7, 27.0, 27.5, -3.0), (3.3, 4.7, 27.4, 27.0, -3.0),
        rough=0.15, clatter_db=5.0),
)  # fmt: skip
"""Six cylinders at 500 to 1,200 rev/min: 25–60 Hz."""
AWAY: Final = tuple(
    Call(name, tuple(
        Syllable(at_s, for_s, hz, to_hz, second=0.6, third=0.3, attack=0.48, noise_hz=0.2 * hz, am_hz=0.4 * hz,
            am_depth=0.3)
        for at_s, for_s, hz, to_hz in legs
    ))
    for name, legs in (
        ("a bus, far", ((0.0, 3.0, 92.0, 128.0), (2.4, 3.6, 98.0, 132.0), (4.1, 4.1, 108.0, 136.0))),
        ("a car, far", ((0.0, 3.2, 120.0, 188.0), (2.5, 4.4, 142.0, 176.0))),
        ("cars, far", ((0.0, 4.6, 168.0, 152.0), (0.9, 4.4, 208.0, 184.0), (2.6, 4.7, 131.0, 124.0))),
        ("a lorry, far", ((0.0, 4.7, 101.0, 96.0), (3.2, 4.7, 99.0, 88.0))),
        ("a motorcycle, far", ((0.0, 2.2, 168.0, 300.0), (1.7, 2.8, 216.0, 330.0), (3.9, 4.0, 262.0, 290.0))),
    )
)  # fmt: skip
"""Engines some streets away, of which the orders above 80 Hz come round the corners: what a hum is more than noise."""
