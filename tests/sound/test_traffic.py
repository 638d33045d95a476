"""A street: engines are rough, and the talk on the pavement does not drown the traffic."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt
from ambiome_middleware import offline
from ambiome_middleware.analysis.spectrum import a_level_db
from ambiome_middleware.sound import Renderer, Request
from ambiome_middleware.sound.bank import build
from ambiome_middleware.sound.patch import Patch
from ambiome_middleware.sound.voices import PATCHES
from ambiome_middleware.tokens import COLUMN, LOOKBACK_STEPS, SAMPLE_RATE_HZ, SCENE
from token_scenes import Rows, row, steady

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
