"""`ambiome continue`: a recording in, a longer one out; mistakes are one line."""

from pathlib import Path
from typing import Any

import numpy as np
import soundfile
from neural.codecs import write_weights


def test_a_recording_goes_on_and_mistakes_are_one_line(ambiome: Any, tmp_path: Path) -> None:
    (tmp_path / "weights").mkdir()
    weights = write_weights(tmp_path / "weights")
    source, target = tmp_path / "rain.wav", tmp_path / "out.wav"
    soundfile.write(source, 0.05 * np.random.default_rng(4).standard_normal((115_200, 2)), 48_000)
    options = ("--seconds", 1, "--weights", weights, "--voice", "rain")
    done = ambiome("continue", source, target, *options)
    assert (done.code, done.err) == (0, "")
    assert soundfile.read(target)[0].shape == (163_200, 2)
    for arguments, code, why in (
        ((tmp_path / "none.wav", target, *options), 4, "none.wav: No such file"),
        ((__file__, target, *options), 4, "no sound file that can be read"),
        ((source, target, "--voice", "rian"), 2, "'rian' is none of birds"),
    ):
        done = ambiome("continue", *arguments)
        assert (done.code, why in done.err) == (code, True), done.err
