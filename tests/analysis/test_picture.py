"""The picture has a lane for what moved, a label where there is room, and everything on one time axis."""

from pathlib import Path

import numpy as np
import pytest
from ambiome_middleware.analysis.picture import LABEL_LANES, LANES, Mark, draw, place_labels, positions
from ambiome_middleware.tokens import COLUMN, SAMPLE_RATE_HZ
from matplotlib.image import imread

AUDIO = 0.05 * np.random.default_rng(1).standard_normal((2, 5 * SAMPLE_RATE_HZ))
TIMES_S = np.arange(0, 5, 0.2)


def height(path: Path) -> int:
    return int(imread(path).shape[0])


def test_every_lane_is_a_scene_parameter() -> None:
    assert set(LANES) <= set(COLUMN)


def test_a_parameter_has_a_lane_if_it_was_up(tmp_path: Path) -> None:
    still, up = np.zeros(TIMES_S.size), np.linspace(0, 20, TIMES_S.size)
    marks = [Mark(0.0, "forest", "place"), Mark(2.0, "")]
    draw(tmp_path / "a" / "one.png", AUDIO, {"rain_mm_h": up, "wind_m_s": still}, TIMES_S, marks, title="one lane")
    draw(tmp_path / "two.png", AUDIO, {"rain_mm_h": up, "wind_m_s": up}, TIMES_S, marks, title="two lanes")
    draw(tmp_path / "none.png", AUDIO[:, :4_800], {}, TIMES_S[:0], [], title="no lane, a tenth of a second")
    heights = [height(tmp_path / name) for name in ("none.png", "a/one.png", "two.png")]
    assert heights == sorted(set(heights))


def test_heights_are_places_on_the_curve() -> None:
    assert positions("rain_mm_h", np.array([0.0, 200.0])) == pytest.approx([0, 1])
    assert positions("wind_m_s", np.array([15.0])) == pytest.approx([0.5], abs=0.01)


def test_labels_never_overlap_and_places_come_first() -> None:
    marks = [Mark(10 + 0.1 * i, "lightning 2 km") for i in range(10)] + [Mark(10.5, "a lake", "place")]
    placed = place_labels(marks, 180)
    assert [lane for _, lane in placed] == list(range(LABEL_LANES))
    assert placed[0][0].label == "a lake"


def test_a_label_that_would_leave_the_picture_is_left_out() -> None:
    assert place_labels([Mark(179.9, "a label much too long for the place at which it stands")], 180) == []


def test_a_trace_of_another_length_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"rain_mm_h has 3 values for 25 times"):
        draw(tmp_path / "x.png", AUDIO, {"rain_mm_h": np.zeros(3)}, TIMES_S, [], title="x")
