"""The learned renderer: streams in real time per core, and what a tile costs.

    python -m benchmarks.neural [--sessions 4] [--steps 50] [--config cpu] [--weights DIR | --shipped] [--json]

One thread, CPU time, stereo, steady state. Without --weights the weights of the configuration's sizes are drawn at
random: what they are does not change what they cost. Beside what a CPU runs, torch alone, what a GPU runs, is measured
on the same CPU by turns: the machine's speed drifts, the ratio of the two does not.
"""

import argparse
import json
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import numpy as np
import torch
from ambiome_middleware.neural import codec as codecs
from ambiome_middleware.neural.codec import Codec
from ambiome_middleware.neural.generate import TILE
from ambiome_middleware.neural.lm import Lm
from ambiome_middleware.neural.render import NeuralRenderer
from ambiome_middleware.neural.shipped import WEIGHTS
from ambiome_middleware.neural.tile import Tiles
from ambiome_middleware.sound import Request
from ambiome_middleware.tokens import COLUMN, STEP_S, silent_row
from ambiome_middleware.training.config import read

from benchmarks.machine import machine

GOAL_SESSIONS: Final = 4
SETTLE: Final = 60
"""Steps before the first one that is timed: the warm-up of the first segment is over."""
TURNS: Final = 5
"""So many times each is measured."""


@dataclass(frozen=True, slots=True)
class Result:
    """What came of it. `sessions_a_core`: in real time, stereo; `step_ms`: CPU time of a step of all of them, and
    `torch_step_ms` what torch alone takes for it; `lone_step_ms`: of one session.
    """

    machine: str
    sessions: int
    codec_parameters: int
    lm_parameters: int
    step_ms: float
    torch_step_ms: float
    lone_step_ms: float
    sessions_a_core: float


def random_weights(folder: Path, config: str) -> None:
    """Weights of a configuration's sizes into a folder."""
    chosen = read(config)
    model = codecs.network(chosen.codec)
    for layer in model.quantizer.vq.layers:
        layer.codebook.normal_()
    codecs.save(folder / "codec.safetensors", chosen.codec, model.state_dict(), {})
    Lm(chosen.lm, Codec(chosen.codec, model.state_dict()).codebooks()).save(folder / "lm.safetensors", {})


class _Sessions:
    """Stereo sessions that have gone on for `SETTLE` steps."""

    def __init__(self, weights: Path, sessions: int, with_torch: bool = False) -> None:
        self._renderer, self._sessions, self._step = NeuralRenderer(weights), sessions, 0
        if with_torch:
            self._renderer._made_of = Tiles(self._renderer._lm, self._renderer._codec, 1.0, with_torch=True)
        row = silent_row()
        row[COLUMN["rain_mm_h"]] = 300
        self._rows = np.tile(row, (self._renderer.lookback + 1, 1))
        self.step_ms(SETTLE)

    def step_ms(self, steps: int) -> float:
        """Milliseconds of CPU for a step of all of them."""
        lookback, began = self._renderer.lookback, time.process_time()
        for step in range(self._step, self._step + steps):
            self._renderer.render([Request(n, "stereo", step, self._rows, n, lookback) for n in range(self._sessions)])
        self._step += steps
        return (time.process_time() - began) / steps * 1_000


def run(sessions: int, steps: int, weights: Path) -> Result:
    """Measures them together, with torch, and alone, by turns."""
    codec = Codec.load(weights / "codec.safetensors")
    lm = Lm.load(weights / "lm.safetensors", codec.codebooks())
    kinds = _Sessions(weights, sessions), _Sessions(weights, sessions, with_torch=True), _Sessions(weights, 1)
    found = [[kind.step_ms(max(steps // TURNS, 1)) for kind in kinds] for _ in range(TURNS)]
    together, with_torch, alone = (sum(each) / TURNS for each in zip(*found, strict=True))
    return Result(
        machine=machine(),
        sessions=sessions,
        codec_parameters=sum(value.numel() for value in codecs.network(codec.shape).parameters()),
        lm_parameters=sum(value.numel() for value in lm.parameters()),
        step_ms=round(together, 2),
        torch_step_ms=round(with_torch, 2),
        lone_step_ms=round(alone, 2),
        sessions_a_core=round(sessions * STEP_S * 1_000 / together, 2),
    )


def main() -> int:
    """Prints what came of it; exit code 1 if fewer than GOAL_SESSIONS play in real time on a core."""
    parser = argparse.ArgumentParser("benchmarks.neural", description=__doc__.partition("\n")[0])
    parser.add_argument("--sessions", type=int, default=GOAL_SESSIONS)
    parser.add_argument("--steps", type=int, default=50)
    parser.add_argument("--config", default="cpu")
    parser.add_argument("--weights", type=Path)
    parser.add_argument("--shipped", dest="weights", action="store_const", const=WEIGHTS)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder:
        weights = options.weights or Path(folder)
        if options.weights is None:
            random_weights(weights, options.config)
        result = run(options.sessions, options.steps, weights)
    if options.json:
        print(json.dumps(asdict(result)))
    else:
        print(f"the learned renderer, one thread — {result.machine}")
        print(
            f"  codec {result.codec_parameters:,} parameters, model {result.lm_parameters:,}; tiles of {TILE} streams"
        )
        print(
            f"  {result.sessions} stereo sessions: {result.step_ms} ms a step of 40 ms; alone: {result.lone_step_ms} ms"
        )
        print(f"  torch alone, by turns with it: {result.torch_step_ms} ms")
        print(f"  {result.sessions_a_core} stereo sessions in real time per core")
    return 0 if result.sessions_a_core >= GOAL_SESSIONS else 1


if __name__ == "__main__":
    sys.exit(main())
