"""The learned renderer: streams in real time per core, and what a tile costs.

    python -m benchmarks.neural [--sessions 4] [--steps 50] [--config cpu] [--weights DIR | --shipped]
        [--compiled] [--json]

One thread, CPU time, stereo, steady state. Without --weights the weights of the configuration's sizes are drawn at
random: what they are does not change what they cost. --compiled lets torch.compile have the model's steps.
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
from ambiome_middleware.neural import generate
from ambiome_middleware.neural.codec import Codec
from ambiome_middleware.neural.generate import TILE
from ambiome_middleware.neural.lm import Lm
from ambiome_middleware.neural.render import NeuralRenderer
from ambiome_middleware.neural.shipped import WEIGHTS
from ambiome_middleware.sound import Request
from ambiome_middleware.tokens import COLUMN, STEP_S, silent_row
from ambiome_middleware.training.config import read

from benchmarks.machine import machine

GOAL_SESSIONS: Final = 4
SETTLE: Final = 60
"""Steps before the first one that is timed: the warm-up of the first segment is over."""


@dataclass(frozen=True, slots=True)
class Result:
    """What came of it. `sessions_a_core`: in real time, stereo; `step_ms`: CPU time of a step of all of them."""

    machine: str
    sessions: int
    codec_parameters: int
    lm_parameters: int
    step_ms: float
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


def timed(weights: Path, sessions: int, steps: int) -> float:
    """Milliseconds of CPU for a step of so many stereo sessions."""
    renderer = NeuralRenderer(weights)
    row = silent_row()
    row[COLUMN["rain_mm_h"]] = 300
    rows = np.tile(row, (renderer.lookback + 1, 1))

    def render(first: int, count: int) -> None:
        for step in range(first, first + count):
            renderer.render([Request(n, "stereo", step, rows, n, renderer.lookback) for n in range(sessions)])

    render(0, SETTLE)
    began = time.process_time()
    render(SETTLE, steps)
    return (time.process_time() - began) / steps * 1_000


def run(sessions: int, steps: int, weights: Path) -> Result:
    """Measures them alone and together."""
    codec = Codec.load(weights / "codec.safetensors")
    lm = Lm.load(weights / "lm.safetensors", codec.codebooks())
    together, alone = timed(weights, sessions, steps), timed(weights, 1, steps)
    return Result(
        machine=machine(),
        sessions=sessions,
        codec_parameters=sum(value.numel() for value in codecs.network(codec.shape).parameters()),
        lm_parameters=sum(value.numel() for value in lm.parameters()),
        step_ms=round(together, 2),
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
    parser.add_argument("--compiled", action="store_true")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(1)
    if options.compiled:
        torch._dynamo.config.recompile_limit = 4 * SETTLE  # type: ignore[attr-defined]
        generate._ahead = torch.compile(generate._ahead, dynamic=False)
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
        print(f"  {result.sessions_a_core} stereo sessions in real time per core")
    return 0 if result.sessions_a_core >= GOAL_SESSIONS else 1


if __name__ == "__main__":
    sys.exit(main())
