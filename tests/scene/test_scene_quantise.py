"""The scene's arrays are the token table's curves: what it quantises is what `Parameter.quantise` says."""

import numpy as np
import numpy.typing as npt
from ambiome_middleware.scene.columns import CURVES, HIDDEN
from ambiome_middleware.scene.quantise import quantise
from ambiome_middleware.tokens import FEATURES_AT, ROW_WIDTH, SCENE
from hypothesis import given, settings
from hypothesis import strategies as st


def _tokens(values: list[float]) -> list[int]:
    row = np.zeros(ROW_WIDTH, np.int16)
    quantise(_positions(values), row)
    return row[:FEATURES_AT].tolist()


def _positions(values: list[float]) -> npt.NDArray[np.float64]:
    """Positions of the row's parameters and, behind them, of those that never leave the scene."""
    return CURVES.positions(np.array([*values, *(p.default for p in HIDDEN)]))


def test_every_level_comes_back_as_itself() -> None:
    """All levels of all parameters, value → position → token → value."""
    for step in range(max(p.levels for p in SCENE)):
        levels = [min(step, p.levels - 1) for p in SCENE]
        values = [float(p.values()[level]) for p, level in zip(SCENE, levels, strict=True)]
        assert _tokens(values) == levels
        assert [p.quantise(v) for p, v in zip(SCENE, values, strict=True)] == levels
        again = CURVES.values(_positions(values))[:FEATURES_AT]
        np.testing.assert_allclose(again, values, rtol=1e-9, atol=1e-12)


@given(st.lists(st.floats(-0.2, 1.2), min_size=FEATURES_AT, max_size=FEATURES_AT), st.booleans())
@settings(max_examples=200, deadline=None)
def test_any_value_takes_the_level_that_the_table_gives_it(shares: list[float], is_low: bool) -> None:
    values = [
        p.low * (2 * share if is_low else 1) + (p.high - p.low) * (0 if is_low else share)
        for p, share in zip(SCENE, shares, strict=True)
    ]
    expected = [p.quantise(value) for p, value in zip(SCENE, values, strict=True)]
    found = _tokens(values)
    wrong = [
        (p.name, value, level, other)
        for p, value, level, other in zip(SCENE, values, found, expected, strict=True)
        if level != other and not _is_tie(p, value)
    ]
    assert not wrong


def _is_tie(parameter: object, value: float) -> bool:
    """Whether the last bit of a float decides between two levels."""
    p = parameter
    return p.quantise(value * (1 + 1e-12)) != p.quantise(value * (1 - 1e-12))  # type: ignore[attr-defined]


def test_beyond_the_range_is_its_end() -> None:
    turns = [p.curve == "angle" for p in SCENE]
    high = _tokens([p.high if turn else p.high * 10 + 1e6 for p, turn in zip(SCENE, turns, strict=True)])
    assert high == [0 if turn else p.levels - 1 for p, turn in zip(SCENE, turns, strict=True)]
    low = [-np.inf if p.curve == "db0" else p.low - (360.0 if p.curve == "angle" else 1e6) for p in SCENE]
    assert _tokens(low) == [0] * FEATURES_AT
