"""The weights that come along: small, of clean material, described, and enough for the command by itself."""

import numpy as np
import pytest
from ambiome_middleware.analysis.spectrum import a_level_db
from ambiome_middleware.neural.codec import Codec
from ambiome_middleware.neural.files import CODEC, LM, digest
from ambiome_middleware.neural.lm import Lm
from ambiome_middleware.neural.shipped import WEIGHTS
from ambiome_middleware.offline import play, recording_of
from ambiome_middleware.tokens import SAMPLE_RATE_HZ
from ambiome_protocol.lists import RendererName

MOST_MB = 24.0


def test_they_are_small() -> None:
    assert sum((WEIGHTS / name).stat().st_size for name in (CODEC, LM)) < MOST_MB * 2**20


def test_their_card_names_them_and_says_what_they_are_made_of() -> None:
    card = (WEIGHTS / "CARD.md").read_text(encoding="utf-8")
    assert digest(WEIGHTS) in card, "the card is of other weights"
    for wanted in ("Licence", "Material", "Figures", "Limits"):
        assert f"## {wanted}" in card
    codec = Codec.load(WEIGHTS / CODEC)
    Lm.load(WEIGHTS / LM, codec.codebooks())


@pytest.mark.long
def test_rain_is_louder_than_a_still_night_and_as_loud_as_it_should_be() -> None:
    """In the mean of some seeds: two seconds of one are up to 3 dB louder or softer, as it happens."""

    def level_db(renderer: RendererName, seed: int, **weather: float) -> float:
        score = [{"at": 0, "cut": True, "world": {"weather": weather}}]
        blocks = play(recording_of(score, 3.0, seed, "mono"), "cpu", renderer=renderer)
        return a_level_db(np.concatenate(list(blocks), axis=1)[:, SAMPLE_RATE_HZ:])

    seeds = range(1, 7)
    rain = [level_db("neural", seed, rain_mm_h=40.0) for seed in seeds]
    assert min(rain) > level_db("neural", 1, wind_m_s=0.5) + 6.0
    wanted = [level_db("procedural", seed, rain_mm_h=40.0) for seed in seeds]
    assert np.mean(np.subtract(rain, wanted)) == pytest.approx(0.0, abs=1.5)
