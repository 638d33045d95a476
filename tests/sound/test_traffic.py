"""A street: engines are rough, and the talk on the pavement does not drown the traffic."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest
from ambiome_middleware import offline
from ambiome_middleware.analysis.spectrum import a_level_db
from ambiome_middleware.sound import Renderer, Request
from ambiome_middleware.sound.bank import build
from ambiome_middleware.sound.patch import Patch
from ambiome_middleware.sound.voices import built_in
from ambiome_middleware.tokens import COLUMN, LOOKBACK_STEPS, SAMPLE_RATE_HZ, SCENE
from token_scenes import Rows, row, steady

PATCHES = built_in()

Audio = npt.NDArray[np.float32]
SECONDS = 12


def heard(patches: tuple[Patch, ...], rows: Rows) -> Audio:
    request = Request(11, "mono", LOOKBACK_STEPS, rows)
    return Renderer("cpu", build(patches)).render([request])[0]


def test_an_engines_orders_are_bands_and_no_lines() -> None:
    street = next(p for p in PATCHES if p.voice == "traffic" and p.source == "scene")
    engines = tuple(c for c in street.callers if c.name in ("engine", "diesel"))
    alone = replace(street, layers=(), swells=(), emitters=(), callers=engines)
    sound = heard((alone,), steady(row(traffic_per_min=60.0, dynamics=1.0, master_db=-30.0), SECONDS * 25))[0]
    blocks = sound[: len(sound) // SAMPLE_RATE_HZ * SAMPLE_RATE_HZ].reshape(-1, SAMPLE_RATE_HZ) * np.hanning(
        SAMPLE_RATE_HZ
    )
    power = np.abs(np.fft.rfft(blocks, axis=1)[:, 60:1_000]) ** 2
    largest = power.max(axis=1) / power.sum(axis=1)
    assert np.median(largest) < 0.06, "rows of sines hold a tenth of a second's sound in one hertz, and more"


def test_talk_in_a_city_stays_below_its_traffic() -> None:
    world = {"location": {"biome": "city"}, "time": {"hour": 13.0}, "weather": {"wind_m_s": 1.0}}
    rows = offline.record([{"at": 0, "world": world}], 20.0 + SECONDS, 11).rows.copy()[-LOOKBACK_STEPS - SECONDS * 25 :]
    rows[:, COLUMN["dynamics"]] = SCENE[COLUMN["dynamics"]].quantise(1.0)
    levels = {
        voice: a_level_db(heard(tuple(p for p in PATCHES if p.voice == voice), rows)) for voice in ("traffic", "crowd")
    }
    assert levels["traffic"] > levels["crowd"] + 3.0


def _brightness_db(**more: float) -> list[float]:
    """2–4 kHz against 250–500 Hz while a car is nearest, of one car for each seed."""
    street = next(p for p in PATCHES if p.voice == "traffic" and p.source == "scene")
    car = replace(next(s for s in street.swells if s.name == "car"), **more)  # type: ignore[arg-type]
    bank = build((replace(street, layers=(), swells=(car,), emitters=(), callers=()),))
    rows = steady(row(traffic_per_min=2.0, traffic_m_s=13.0, dynamics=1.0), SECONDS * 25)
    found = []
    for seed in range(24):
        sound = Renderer("cpu", bank).render([Request(seed, "mono", LOOKBACK_STEPS, rows)])[0][0]
        blocks = sound[: len(sound) // 9_600 * 9_600].reshape(-1, 9_600)
        power = np.abs(np.fft.rfft(blocks[np.argmax((blocks**2).sum(axis=1))])) ** 2
        if power.sum() > 0.0:
            found.append(10.0 * np.log10(power[400:800].sum() / power[50:100].sum()))
    return found


def test_one_car_is_brighter_than_another() -> None:
    assert np.std(_brightness_db()) > 2.0 * np.std(_brightness_db(tilt_db=0.0))


def test_shapes_come_in_whole_sets() -> None:
    street = next(p for p in PATCHES if p.voice == "traffic" and p.source == "scene")
    wrong = replace(street.swells[0], varieties=5)
    with pytest.raises(ValueError, match="72 envelopes are not 5 times the same shapes"):
        build((replace(street, swells=(wrong,)),))
