"""How many streams one core renders in real time, and what one stream costs: `python -m benchmarks.render [--json]`.

A full storm, stereo, steady state, caches warm, one thread, CPU time of the process. What falls and sings is counted
from the same plan that is rendered, and printed beside the speed, since the one means nothing without the other.
"""

import argparse
import json
import os
import time
from typing import Final

import numpy as np
import torch
from ambiome_middleware.sound import Renderer, Request
from ambiome_middleware.sound import bank as banks
from ambiome_middleware.sound.control import heard
from ambiome_middleware.sound.gpu import TorchBackend
from ambiome_middleware.sound.records import GRAIN_FLOATS, GRAIN_INTS, I_VOICE
from ambiome_middleware.sound.schedule import spawn_grains
from ambiome_middleware.tokens import COLUMN, LOOKBACK_STEPS, QUALITY_AT, SCENE, STEP_S, STEPS_PER_S, Row, silent_row
from ambiome_protocol.limits import LOWEST_QUALITY
from ambiome_protocol.lists import VOICES

from benchmarks.machine import machine

STORM: Final = {
    "rain_mm_h": 50.0, "rain_drop_mm": 2.2, "rain_leaves": 0.5, "rain_ground": 0.3, "rain_water": 0.2,
    "wind_m_s": 18.0, "wind_trees": 0.8, "wind_whistle": 0.4, "stream_level": 0.4, "stream_size": 0.5,
    "stream_babble": 0.8, "fire_level": 0.4, "fire_crackle": 0.8, "surf_height_m": 2.0, "surf_break": 0.5,
    "surf_wash": 0.5, "birds_activity": 0.3, "birds_variety": 0.3, "crickets_level": 0.3,
}  # fmt: skip
GROUPS: Final = {
    "drops": ("rain", "drips"), "crackles": ("fire",), "bubbles": ("stream", "river"),
    "chirps": ("birds", "crickets", "cicadas", "frogs", "owl"),
}  # fmt: skip
WANTED: Final = {"drops": 200, "crackles": 60, "bubbles": 100, "chirps": 10}


def storm() -> Row:
    """The token frame of the storm."""
    frame = silent_row()
    for name, value in STORM.items():
        frame[COLUMN[name]] = SCENE[COLUMN[name]].quantise(value)
    return frame


def density(frame: Row, sessions: int = 16, steps: int = 250) -> dict[str, float]:
    """Grains a second and session that `frame` sets off, by group of voices."""
    bank = banks.built_in()
    _, gains = heard(bank, frame)
    is_open = np.ones(len(bank.patches), np.int64)
    floats, ints = np.zeros((8_192, GRAIN_FLOATS)), np.zeros((8_192, GRAIN_INTS), np.int64)
    by_voice = np.zeros(len(VOICES))
    for session in range(sessions):
        for step in range(steps):
            count = spawn_grains(bank, np.uint64(session), step, frame, is_open, gains, floats, ints, 0)
            by_voice += np.bincount(ints[:count, I_VOICE], minlength=len(VOICES))
    rate = by_voice / sessions / steps * STEPS_PER_S
    return {group: float(sum(rate[VOICES.index(voice)] for voice in voices)) for group, voices in GROUPS.items()}


def seconds_a_call(
    renderer: Renderer, sessions: int, steps: int, calls: int, *, first: int = 300, quality: int = 0
) -> float:
    """CPU seconds of one call that renders `steps` of each of `sessions`, the median over `calls` in steady state.

    Begins at step `first`: at 300 after a whole look back, at 0 without.
    """
    tokens = np.tile(storm(), (LOOKBACK_STEPS + steps, 1))
    tokens[:, QUALITY_AT] = quality

    def call(first: int) -> None:
        renderer.render([Request(n, "stereo", first, tokens, key=n) for n in range(sessions)])

    spent = []
    for _ in range(calls + 3):
        before = time.process_time()
        call(first)
        spent.append(time.process_time() - before)
        first += steps
    return float(np.median(spent[3:]))


def figures(calls: int) -> dict[str, float]:
    """Every figure of this benchmark, by name."""
    result = {f"{group} a second and session": rate for group, rate in density(storm()).items()}
    for sessions, steps in ((64, 1), (64, 25), (8, 1), (256, 1)):
        cost = seconds_a_call(Renderer("cpu"), sessions, steps, max(calls // steps, 4))
        result[f"streams a core, batch {sessions}, {steps} step{'s' * (steps > 1)} a call"] = (
            sessions * steps * STEP_S / cost
        )
    for quality in range(1, LOWEST_QUALITY + 1):
        cost = seconds_a_call(Renderer("cpu"), 64, 1, max(calls, 4), quality=quality)
        result[f"streams a core, batch 64, 1 step a call, quality {quality}"] = 64 * STEP_S / cost
    result["ms a step, one session alone"] = 1e3 * seconds_a_call(Renderer("cpu"), 1, 1, 4 * calls)
    result["s for ten minutes of one session"] = 600 * STEPS_PER_S / 250 * seconds_a_call(Renderer("cpu"), 1, 250, 4)
    for name, compiled in (("torch alone", False), ("torch alone under torch.compile", True)):
        backend = TorchBackend(banks.built_in(), "cpu", compiled=compiled)
        try:
            cost = seconds_a_call(Renderer("cpu", backend=backend), 8, 1, 8, first=0)
        except RuntimeError as error:
            print(f"{name} does not work here: {str(error).splitlines()[0]}")
        else:
            result[f"streams a core, {name}, batch 8, 1 step a call"] = 8 * STEP_S / cost
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--calls", type=int, default=50, help="calls measured for each figure")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    found = figures(arguments.calls)
    if arguments.json:
        print(json.dumps({"machine": machine(), **found}, indent=2))
        return
    print(f"rendering on {machine()}, one thread, load {os.getloadavg()[0]:.1f}")
    for name, value in found.items():
        group = name.split(" a second and session")[0]
        wanted = f"  (at least {WANTED[group]} wanted)" if group in WANTED else ""
        print(f"{value:10.2f}  {name}{wanted}")


if __name__ == "__main__":
    main()
