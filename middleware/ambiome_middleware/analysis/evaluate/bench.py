"""The bench: what is measured, cut into tasks that need nothing of one another, done in turn or by several processes.

A task is one part of the evaluation for one subject: a category, a voice, a layout. Its result is a small dataclass;
sound never leaves the process that rendered it.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final, Literal, get_args

from ambiome_middleware.analysis.evaluate import scenes
from ambiome_middleware.analysis.evaluate.scenes import CATEGORIES, Render
from ambiome_middleware.analysis.recordings import Half, recordings
from ambiome_middleware.neural.shipped import WEIGHTS

Part = Literal[
    "texture", "tagger", "control", "meters", "layouts", "width", "repetition", "transitions", "pictures", "learned",
    "learned control",
]  # fmt: skip
Progress = Callable[[float], None]

PARTS: Final[tuple[Part, ...]] = get_args(Part)
OF_CATEGORIES: Final[tuple[Part, ...]] = ("texture", "tagger", "meters", "width", "pictures", "learned")
"""The parts that are measured on the same renders of a category's scenes."""


@dataclass(frozen=True, slots=True)
class Bench:
    """What an evaluation works with: recordings, the folder of the tagger's model, the half judged with, a device, and
    the folder of the learned renderer's weights.
    """

    sounds: Path
    models: Path
    half: Half = "judge"
    device: str = "auto"
    weights: Path = WEIGHTS


@dataclass(frozen=True, slots=True)
class Task:
    """One subject, and the parts that are measured of it from the same renders."""

    subject: str
    parts: tuple[Part, ...]


@dataclass(slots=True)
class Results:
    """What was measured: result by part, by subject."""

    bench: Bench
    by_part: dict[Part, dict[str, Any]] = field(default_factory=dict)

    def add(self, subject: str, found: dict[Part, Any]) -> None:
        for part, result in found.items():
            self.by_part.setdefault(part, {})[subject] = result

    def of(self, part: Part) -> dict[str, Any]:
        """Results of a part by subject; empty where it was not measured."""
        return self.by_part.get(part, {})


def tasks(parts: Iterable[Part], categories: Sequence[str]) -> list[Task]:
    """What is to be done for these parts, the longest first. Where not all categories are asked for, control is
    measured of the voices that stand for those asked for.
    """
    from ambiome_middleware.analysis.evaluate.control import TAGGED, voices
    from ambiome_middleware.analysis.evaluate.layout import layouts
    from ambiome_middleware.analysis.evaluate.learned import CONTROLLED
    from ambiome_middleware.analysis.evaluate.transitions import CHANGES, STILL

    chosen = set(parts)
    subjects: dict[Part, Sequence[str]] = {
        "transitions": [change.name for change in (*CHANGES, STILL)],
        "control": [each for each in voices() if len(categories) == len(CATEGORIES) or TAGGED.get(each) in categories],
        "layouts": layouts(),
        "learned control": CONTROLLED,
        "repetition": categories,
    }
    todo = [Task(subject, (part,)) for part in subjects if part in chosen for subject in subjects[part]]
    shared = tuple(part for part in OF_CATEGORIES if part in chosen)
    return todo + [Task(category, shared) for category in categories if shared]


def run(bench: Bench, todo: Sequence[Task], *, jobs: int = 1, progress: Progress | None = None) -> Results:
    """Does the tasks in `jobs` processes and gathers what they find. Raises what a task raises."""
    results = Results(bench)
    for done, (task, found) in enumerate(_each(bench, todo, jobs), start=1):
        results.add(task.subject, found)
        if progress is not None:
            progress(done / len(todo))
    return results


def _each(bench: Bench, todo: Sequence[Task], jobs: int) -> Iterator[tuple[Task, dict[Part, Any]]]:
    if jobs <= 1 or len(todo) <= 1:
        for task in todo:
            yield task, do(bench, task)
        return
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        futures: dict[Future[dict[Part, Any]], Task] = {pool.submit(do, bench, task): task for task in todo}
        try:
            for future in as_completed(futures):
                yield futures[future], future.result()
        finally:
            pool.shutdown(cancel_futures=True)


def do(bench: Bench, task: Task) -> dict[Part, Any]:
    """One task. What needs renders of a category's scenes shares them."""
    if task.parts[0] not in OF_CATEGORIES:
        return {task.parts[0]: _alone(bench, task.parts[0], task.subject)}
    heard = scenes.renders(task.subject, device=bench.device)
    real = {each.name: each.load() for each in recordings(bench.sounds, category=task.subject, half=bench.half)}
    return {part: _of_category(bench, part, task.subject, heard, real) for part in task.parts}


def _of_category(bench: Bench, part: Part, category: str, heard: list[Render], real: dict[str, Any]) -> Any:
    match part:
        case "tagger":
            from ambiome_middleware.analysis.evaluate.tagger import Tagger, verdict

            return verdict(Tagger(bench.models), category, heard, real)
        case "texture":
            from ambiome_middleware.analysis.evaluate.texture import judgement

            return judgement(category, heard, bench.sounds, bench.half)
        case "meters":
            from ambiome_middleware.analysis.evaluate.meters import meters

            return meters(category, heard, device=bench.device)
        case "width":
            from ambiome_middleware.analysis.evaluate.layout import width

            return width(category, heard, list(real.values()))
        case "learned":
            from ambiome_middleware.analysis.evaluate.learned import learned

            return learned(category, heard, bench.sounds, bench.models, bench.half, bench.weights)
    from ambiome_middleware.analysis.evaluate.pictures import pictures

    return pictures(category, heard, real)


def _alone(bench: Bench, part: Part, subject: str) -> Any:
    match part:
        case "control":
            from ambiome_middleware.analysis.evaluate.control import control
            from ambiome_middleware.analysis.evaluate.tagger import Tagger

            return control(subject, device=bench.device, tag=Tagger(bench.models).score)
        case "layouts":
            from ambiome_middleware.analysis.evaluate.layout import surround

            return surround(subject, device=bench.device)
        case "learned control":
            from ambiome_middleware.analysis.evaluate.learned import learned_control

            return learned_control(subject, bench.weights)
        case "repetition":
            from ambiome_middleware.analysis.evaluate.repetition import repetition

            return repetition(subject, recordings(bench.sounds, category=subject), device=bench.device)
    from ambiome_middleware.analysis.evaluate.transitions import CHANGES, STILL, transition

    change = next(change for change in (*CHANGES, STILL) if change.name == subject)
    return transition(change, device=bench.device)
