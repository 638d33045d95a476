"""The report of an evaluation: one Markdown file and its figures."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import numpy as np
import scipy
from matplotlib.figure import Figure

from ambiome_middleware.analysis.evaluate import figures, learned, repetition, scenes, sections, transitions
from ambiome_middleware.analysis.evaluate.bench import Part, Results
from ambiome_middleware.analysis.evaluate.control import SEEDS, SETTINGS
from ambiome_middleware.analysis.evaluate.targets import Target, targets
from ambiome_middleware.sound import SOUND_VERSION

NAME: Final = "evaluation"
Draw = Callable[[Mapping[str, Any]], Figure]


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the report: what it says, its table, its figure."""

    title: str
    about: str
    table: Callable[[Mapping[str, Any]], str] | None
    figure: Draw | None = None


SECTIONS: Final[Mapping[Part, Section]] = {
    "texture": Section(
        "Texture",
        "Statistics of cochlear sub-band envelopes after McDermott & Simoncelli (2011), each weighted by how well it "
        "tells kinds of sound apart in the learning half of the recordings, noise being one more kind. The ratio is "
        "the distance of the renders from the judging recordings over the distance of those recordings from one "
        "another; 1 is as near as recordings are to each other. Noise, noise of the recordings' own long-term "
        "spectrum (shaped), and the recordings of other categories are the controls. *Own nearer* is how often a "
        "recording is nearer to its own category than to another; where that or the controls cannot tell, the measure "
        "does not judge.",
        sections.texture_section,
        figures.texture_figure,
    ),
    "tagger": Section(
        "Tagger",
        "YAMNet's score: the mean over windows of the largest score among the category's AudioSet classes, all sounds "
        "at −20 dBFS. *Shaped* noise has the recordings' own long-term spectrum; white, pink and brown know nothing of "
        "the category and are what must be beaten.",
        sections.tagger_section,
        figures.tagger_figure,
    ),
    "control": Section(
        "Control",
        f"Each voice alone over its main parameter, {SETTINGS} settings × {len(SEEDS)} seeds, at nature's dynamics "
        "(`dynamics` 1): Spearman's rank correlation over all of them with the level in dB(A), the renderer's own "
        "onsets a second (grains and swells, counted as they are decided), onsets found in the sound (a detector that "
        "saturates in dense textures), and the tagger's score. The last two are reported, not required. Thunder's "
        "parameter is the distance of one strike, falling.",
        sections.control_section,
        figures.control_figure,
    ),
    "repetition": Section(
        "Repetition",
        f"The most alike stretches of {repetition.STRETCH_S:g} s, at least {repetition.LAG_S:g} s apart, in "
        f"{repetition.SECONDS / 60:g} minutes of a scene: normalised cross-correlation of log-mel spectrograms, mean "
        "and level removed. A loop scores 1. *With another seed*: between it and ten minutes that cannot repeat it. "
        "*As many as recordings*: within pieces that make as many comparisons as recordings do. All three are medians "
        f"over {len(repetition.SEEDS)} seeds or pairs of them. "
        "*Between recordings* of different origin, and *within one* recording, is the largest found over all "
        "that there is of a category, which is less than ten minutes.",
        sections.repetition_section,
    ),
    "transitions": Section(
        "Transitions",
        f"Level over {transitions.SHORT_S:g} s, the median over {len(transitions.SEEDS)} seeds, against the level that "
        f"each moment has when it is held. Above and below: beyond all that is asked within {transitions.ABOUT_S:g} s "
        f"(at dawn also up to {transitions.SONG_S:g} s before: a song that was begun is sung to its end). *Chance* is "
        "the larger of the two in the same world held halfway. The last column is the roughest step boundary over the "
        "roughest place of the two steps that it joins.",
        sections.transitions_section,
        figures.transitions_figure,
    ),
    "meters": Section(
        "Loudness and peaks",
        "Every scene in stereo at the default dynamics: integrated loudness (BS.1770-4), loudness range (Tech 3342, of "
        "short scenes), largest true peak. *Seams* is how much rougher step boundaries are than other places (1: not "
        "at all), the roughest in a hundred of each, over the category; *chance* is the same where there are no "
        "boundaries. A first reading above what is wanted is taken again with other seeds and four times as much "
        "sound.",
        sections.loudness_section,
        figures.loudness_figure,
    ),
    "layouts": Section(
        "Layouts",
        "The loudest scenes on every layout. Ambisonics: loudness on a stereo decode, true peak on W and that decode. "
        "The correlations are of channel pairs in rain, 30 mm/h.",
        sections.layouts_section,
    ),
    "width": Section(
        "Width",
        "Correlation of left and right by octave: the renders' median, and the category's stereo recordings.",
        sections.width_section,
    ),
    "learned": Section(
        "The learned renderer",
        f"The same scenes, seed {learned.SEEDS[0]}, rendered by the learned renderer (docs/neural.md), judged beside "
        "the procedural renders, and *codec alone*: recordings that went through its codec, judged against others of "
        "their category, which is as near as anything that leaves this codec can come. Texture ratios as above, then "
        "the tagger's scores.",
        sections.learned_section,
    ),
    "learned control": Section(
        "Control of the learned renderer",
        f"As *Control*, by the learned renderer at the default dynamics: {learned.SETTINGS} settings × "
        f"{len(learned.CONTROL_SEEDS)} seeds.",
        sections.learned_control_section,
    ),
    "pictures": Section(
        "To see",
        "Render above recording, ten seconds about the loudest, 50 Hz to 16 kHz, 60 dB.",
        None,
        figures.pictures_figure,
    ),
}


def write(results: Results, folder: Path, *, machine: str) -> Path:
    """Writes `evaluation.md` and `evaluation/*.png` into `folder`; gives the former's path. OSError if that fails."""
    drawn = folder / NAME
    drawn.mkdir(parents=True, exist_ok=True)
    text = [_head(results, machine)]
    for part, section in SECTIONS.items():
        found = _ordered(results.of(part))
        if not found:
            continue
        text.append(f"## {section.title}\n\n{section.about}\n")
        if section.figure:
            figures.save(section.figure(found), drawn / f"{part}.png")
            text.append(f"![{section.title}]({NAME}/{part}.png)\n")
        if section.table:
            text.append(f"{section.table(found)}\n")
    path = folder / f"{NAME}.md"
    path.write_text("\n".join(text), encoding="utf-8")
    return path


def _ordered(found: Mapping[str, Any]) -> dict[str, Any]:
    """Categories in the order of the scenes, whatever the order in which tasks ended; all else by name."""
    order = {name: index for index, name in enumerate(scenes.CATEGORIES)}
    return {name: found[name] for name in sorted(found, key=lambda name: (order.get(name, len(order)), name))}


def _head(results: Results, machine: str) -> str:
    versions = ", ".join(f"{name} {version(name)}" for name in ("torch", "numba")) + (
        f", numpy {np.__version__}, scipy {scipy.__version__}"
    )
    which = "judging" if results.bench.half == "judge" else "learning"
    seeds = ", ".join(str(seed) for seed in scenes.SEEDS)
    return (
        "# How near the sound is to recordings\n\n"
        "Written by `make evaluate` (`ambiome evaluate --out docs`): do not edit. Every figure here is measured; what "
        "falls short is said so.\n\n"
        f"Sound version {SOUND_VERSION}; {len(scenes.SCENES)} scenes, seeds {seeds}; the {which} half of the "
        f"recordings; {versions}; {machine}.\n\n"
        "## Targets\n\n"
        f"{targets_table(targets(results))}\n\n"
        "Categories with fewer than four independent recordings are split in time and judged weakly; the texture "
        "targets leave them out. The halves, and what was set aside and why, stand in `analysis/recordings.py`.\n"
    )


def targets_table(found: Sequence[Target]) -> str:
    """The targets as a Markdown table."""
    said = {True: "reached", False: "**not reached**"}
    rows = [(each.what, each.wanted, each.reached, said[each.is_reached], ", ".join(each.missed)) for each in found]
    return sections.table(("target", "wanted", "found", "", "short of it"), rows, left=(0, 1, 2, 3, 4))
