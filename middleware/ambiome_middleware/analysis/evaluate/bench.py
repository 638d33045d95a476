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
from typing import Any, Final, Literal

from ambiome_middleware.analysis.evaluate import scenes
from ambiome_middleware.analysis.recordings import Half, recordings

Part = Literal["texture", "tagger"]
Progress = Callable[[float], None]

PARTS: Final[tuple[Part, ...]] = ("texture", "tagger")


@dataclass(frozen=True, slots=True)
class Bench:
    """What an evaluation works with: recordings, the folder of the tagger's model, the half judged with, a device."""

    sounds: Path
    models: Path
    half: Half = "judge"
    device: str = "auto"


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
    """What is to be done for these parts, the longest first."""
    chosen = tuple(part for part in PARTS if part in set(parts))
    return [Task(category, chosen) for category in categories]


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
    """One task: its scenes are rendered once for all its parts."""
    heard = scenes.renders(task.subject, device=bench.device)
    found: dict[Part, Any] = {}
    if "tagger" in task.parts:
        from ambiome_middleware.analysis.evaluate.tagger import Tagger, verdict

        real = {each.name: each.load() for each in recordings(bench.sounds, category=task.subject, half=bench.half)}
        found["tagger"] = verdict(Tagger(bench.models), task.subject, heard, real)
    if "texture" in task.parts:
        from ambiome_middleware.analysis.evaluate.texture import judgement

        found["texture"] = judgement(task.subject, heard, bench.sounds, bench.half)
    return found
