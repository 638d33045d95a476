"""The bench and its report: what is rendered, what is counted, what is said of it."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from ambiome_middleware.analysis.evaluate import bench, control, events, learned, report, scenes, sections, transitions
from ambiome_middleware.analysis.evaluate.bench import Bench, Results, Task
from ambiome_middleware.analysis.evaluate.layout import Surround
from ambiome_middleware.analysis.evaluate.learned import Learned, LearnedControl
from ambiome_middleware.analysis.evaluate.meters import Meters, Reading
from ambiome_middleware.analysis.evaluate.repetition import Likeness, Repetition
from ambiome_middleware.analysis.evaluate.tagger import CLASSES, Tagger, Verdict, verdict
from ambiome_middleware.analysis.evaluate.targets import targets
from ambiome_middleware.analysis.sheet import SHEETS, token_rows
from ambiome_middleware.neural.codec import Codec
from ambiome_middleware.sound import Renderer, Request
from ambiome_middleware.tokens import (
    COLUMN,
    EVENT,
    EVENT_KIND_NAMES,
    EVENT_SLOTS,
    EVENTS_AT,
    LOOKBACK_STEPS,
    STEPS_PER_S,
)
from ambiome_protocol.lists import LAYOUTS, VOICES
from neural.codecs import write_weights

MODELS = Path(__file__).resolve().parents[3] / "shared" / "models"
BENCH = Bench(Path("sounds"), Path("models"))
needs_model = pytest.mark.skipif(not MODELS.is_dir(), reason="needs the tagger's model beside the repository")


def test_every_category_has_three_scenes_that_the_scene_side_takes() -> None:
    for category in scenes.CATEGORIES:
        found = scenes.scenes_of(category)
        assert len(found) >= 3
        assert len({scene.name for scene in found}) == len(found)
        assert category in CLASSES
    rows = scenes.token_rows(scenes.scene("rain", "6 mm/h"), seed=1)
    assert len(rows) == (scenes.SETTLE_S + scenes.SECONDS) * STEPS_PER_S
    assert rows[-1, COLUMN["rain_mm_h"]] > 0


def test_thunder_is_heard_when_its_scene_is() -> None:
    for scene in scenes.scenes_of("thunder"):
        rows = scenes.request(scene, seed=1).tokens[LOOKBACK_STEPS:]
        kinds = rows[:, EVENTS_AT : EVENTS_AT + EVENT_SLOTS * len(EVENT) : len(EVENT)]
        heard = np.flatnonzero((kinds == EVENT_KIND_NAMES.index("thunder")).any(axis=1))
        assert heard / STEPS_PER_S == pytest.approx([1.0, 13.0], abs=0.1)


def test_a_scene_that_there_is_not_is_named() -> None:
    with pytest.raises(ValueError, match="'rains' has no scenes; those that have are rain, wind"):
        scenes.scenes_of("rains")
    with pytest.raises(ValueError, match="'rain' has no '7 mm/h'"):
        scenes.scene("rain", "7 mm/h")


def test_every_voice_but_a_learned_place_has_a_main_control() -> None:
    assert set(control.voices()) == set(VOICES) - {"place"}


def test_events_are_counted_once_and_the_sound_is_the_renderers_own() -> None:
    rows = token_rows(SHEETS["rain"], 0.6, 3.0)
    (counted,) = events.counted([(5, rows)], lead_s=1.0, device="cpu")
    (whole,) = Renderer("cpu").render([Request(5, "stereo", 0, rows)])
    assert np.array_equal(counted.audio, whole[:, -counted.audio.shape[1] :])
    assert counted.audio.shape[1] == 2 * 48_000
    (more,) = events.counted([(5, token_rows(SHEETS["rain"], 0.9, 3.0))], lead_s=1.0, device="cpu")
    assert more.events_hz > 2.0 * counted.events_hz > 0.0
    (none,) = events.counted([(5, token_rows(SHEETS["river"], 0.0, 2.0))], lead_s=1.0, device="cpu")
    assert none.events_hz == 0.0


def test_tasks_share_renders_and_leave_nothing_out() -> None:
    todo = bench.tasks(bench.PARTS, ["rain", "fire"])
    shared = {task.subject: task.parts for task in todo if len(task.parts) > 1}
    assert shared == {"rain": bench.OF_CATEGORIES, "fire": bench.OF_CATEGORIES}
    subjects = {part: [task.subject for task in todo if task.parts == (part,)] for part in bench.PARTS}
    assert subjects["control"] == ["rain", "fire"]
    assert subjects["layouts"] == list(LAYOUTS)
    assert subjects["repetition"] == ["rain", "fire"]
    assert transitions.STILL.name in subjects["transitions"]
    assert subjects["learned control"] == list(learned.CONTROLLED)
    assert bench.tasks(["tagger"], ["rain"]) == [Task("rain", ("tagger",))]


def verdict_of(category: str, render: float, recording: float, noise: float) -> Verdict:
    noises = {"white": 0.0, "pink": noise, "brown": 0.0, "shaped": 1.0}
    return Verdict(category, {"one": (render,)}, {"a.ogg": recording}, noises, (), ())


def results_of(**parts: dict[str, object]) -> Results:
    results = Results(BENCH)
    for part, found in parts.items():
        for subject, result in found.items():
            results.add(subject, {part: result})  # type: ignore[dict-item]
    return results


def test_the_tagger_counts_only_where_it_hears_recordings() -> None:
    found = {
        "good": verdict_of("good", 0.8, 0.8, 0.1),
        "deaf": verdict_of("deaf", 0.0, 0.1, 0.2),
        "bad": verdict_of("bad", 0.05, 0.5, 0.1),
    }
    above, share = targets(results_of(tagger=found))
    assert (above.reached, above.missed, above.is_reached) == ("1 of 2", ("bad",), False)
    assert (share.reached, share.is_reached) == ("55%", False)
    assert targets(results_of(tagger={"good": found["good"]}))[0].is_reached


def test_what_falls_short_is_named() -> None:
    falling = np.linspace(1.0, 0.0, 9)[:, None] * np.ones(5)
    voice = control.Control("rain", "rain_mm_h", ("0", "1"), falling[::-1], falling, falling, falling)
    reading = Reading(-20.0, 1.0, -0.2)
    high, loop = Likeness(0.4, 1.0, 20.0), Likeness(1.0, 0.0, 30.0)
    found = targets(
        results_of(
            control={"rain": voice},
            meters={"rain": Meters("rain", {"one": reading}, 1.3, 1.1)},
            layouts={"quad": Surround("quad", {"one": reading}, 1.2, 1.25, {(0, 1): 0.5})},
            repetition={
                "rain": Repetition("rain", "one", high, 0.38, 0.35, loop, 0.3, float("nan")),
                "owl": Repetition("owl", "one", high, 0.38, 0.35, loop, float("nan"), float("nan")),
            },
        )
    )
    missed = {each.what: each.missed for each in found if not each.is_reached}
    assert missed == {
        "control: Spearman with events a second": ("rain -1.00",),
        "true peak, every scene": ("rain",),
        "seams, scenes (1: none)": ("rain 1.300 (chance 1.100)",),
        "true peak, loudest scenes in quad": ("quad -0.20",),
        "repetition in ten minutes (1 of 2 categories can be compared)": (
            "rain 0.35 against 0.30, 0.40 against 0.38 by chance",
        ),
    }
    assert sorted(each.what for each in found if each.is_reached) == [
        "control: Spearman with level",
        "seams, layouts (1: none)",
    ]


def test_a_transition_is_held_against_its_own_world_standing_still() -> None:
    times = np.arange(10.0)

    def moved(name: str, above: float, chance: float) -> transitions.Transition:
        return transitions.Transition(name, times, times, times, above, 0.0, chance, 1.0)

    still = moved(transitions.STILL.name, 9.0, 9.0)
    (calm,) = targets(results_of(transitions={still.name: still, "a": moved("a", 2.9, 1.0)}))
    (wild,) = targets(results_of(transitions={still.name: still, "a": moved("a", 3.1, 1.0)}))
    assert calm.is_reached
    assert (wild.is_reached, wild.missed) == (False, ("a +3.1 −0.0 dB (chance 1.0)",))


def test_the_report_says_what_it_measured_with_figures(tmp_path: Path) -> None:
    found = {"wind": verdict_of("wind", 0.5, 0.6, 0.1), "rain": verdict_of("rain", 0.05, 0.5, 0.1)}
    path = report.write(results_of(tagger=found), tmp_path / "docs", machine="a machine")
    text = path.read_text(encoding="utf-8")
    assert "a machine" in text
    assert "| **not reached** | rain |" in text
    assert text.index("| rain | 0.05 | 0.50 | 10%") < text.index("| wind | 0.50 | 0.60 | 83%")
    assert "## Texture" not in text
    figure = path.parent / "evaluation" / "tagger.png"
    assert f"]({figure.relative_to(path.parent)})" in text
    assert figure.read_bytes().startswith(b"\x89PNG")


@needs_model
def test_the_tagger_hears_a_sound_and_not_its_level() -> None:
    tagger = Tagger(MODELS)
    assert all(name in tagger.names for names in CLASSES.values() for name in names)
    time_s = np.arange(3 * 48_000) / 48_000
    tone = np.sin(2 * np.pi * 1_000 * time_s).astype(np.float32)[None]
    scores = tagger.tag(0.3 * tone)
    assert scores.shape == (1 + (48_000 - 15_600) // 7_680, 521)
    assert dict(tagger.top([scores], 3)).keys() & {
        "Sine wave",
        "Beep, bleep",
        "Busy signal",
        "Dial tone",
        "Tuning fork",
    }
    assert np.allclose(scores, tagger.tag(0.003 * tone), atol=1e-3)
    assert tagger.tag(tone[:, :10_000]).shape == (1, 521)


@needs_model
def test_a_verdict_is_above_noise_for_rain_and_not_for_noise() -> None:
    tagger = Tagger(MODELS)
    scene = scenes.lasting(scenes.scene("rain", "6 mm/h"), 4.0)
    renders = scenes.rendered([scene], seeds=[1, 2], device="cpu")
    found = verdict(tagger, "rain", renders, {"a.ogg": renders[0].audio})
    assert found.is_above_noise
    assert found.share == pytest.approx(1.0, abs=0.3)
    assert list(found.scenes) == ["6 mm/h"]
    assert len(found.scenes["6 mm/h"]) == 2


def test_the_learned_renderer_is_held_against_its_codec_and_the_other_one() -> None:
    def beside(category: str, neural: float, codec: float) -> Learned:
        return Learned(category, 1.2, neural, codec, 0.5, 0.2, 0.4, 0.6)

    found = {
        "rain": beside("rain", 1.0, 1.0), "fire": beside("fire", 3.0, 1.2), "owl": beside("owl", 2.0, float("nan")),
    }  # fmt: skip
    levels = tuple((float(n), n + 0.5) for n in range(9))
    over = {
        "rain": LearnedControl("rain", "rain_mm_h", levels),
        "surf": LearnedControl("surf", "surf_height_m", levels[::-1]),
    }
    ceiling, level = targets(results_of(**{"learned": found, "learned control": over}))
    assert (ceiling.reached, ceiling.missed, ceiling.is_reached) == ("1.75", ("fire 2.50",), True)
    assert "2 categories" in ceiling.what
    assert (level.reached, level.missed) == ("1 of 2 voices", (f"surf {over['surf'].level:.2f}",))
    said = sections.learned_section(found)
    assert "nearer to the recordings in 1 of 3 categories (medians 2.00 against 1.20)" in said
    assert "**The procedural renderer wins.**" in said
    assert "| owl | 1.20 | 2.00 | – | – | procedural |" in said


def test_what_the_codec_brings_back_keeps_the_band_above_it(tmp_path: Path) -> None:
    weights = write_weights(tmp_path)
    brief = replace(scenes.scene("rain", "6 mm/h"), seconds=2.4, settle_s=0.0)
    [render] = learned.neural_renders([brief], weights)
    assert render.audio.shape == (2, 115_200)
    tone = np.sin(2.0 * np.pi * 15_000.0 * np.arange(96_000) / 48_000.0)[None].astype(np.float32)
    back = learned.through(Codec.load(weights / "codec.safetensors"), tone)
    assert back.shape == tone.shape
    kept, was = (abs(np.fft.rfft(sound[0])[30_000]) for sound in (back, tone))
    assert kept == pytest.approx(was, rel=0.01)
