"""The report's sections: a table for each part of the evaluation, in Markdown."""

from collections.abc import Mapping, Sequence

import numpy as np

from ambiome_middleware.analysis.evaluate import (
    control,
    layout,
    learned,
    meters,
    repetition,
    tagger,
    texture,
    transitions,
)


def texture_section(found: Mapping[str, texture.Judgement]) -> str:
    rows = [
        (
            name, f"{each.ratio:.2f}", f"{each.interval[0]:.2f} – {each.interval[1]:.2f}",
            *(f"{each.controls[control]:.2f}" for control in ("white", "pink", "shaped")), f"{each.wrong_ratio:.2f}",
            f"{each.own_share:.0%}", _texture_judged(each),
        )
        for name, each in found.items()
    ]  # fmt: skip
    heads = ("category", "ratio", "5–95 %", "white", "pink", "shaped", "other categories", "own nearer", "judged")
    return table(heads, rows, left=(0, 8))


def _texture_judged(each: texture.Judgement) -> str:
    if not each.can_judge:
        return f"no: {each.why_not}"
    return "weakly: split in time" if each.is_weak else "yes"


def tagger_section(found: Mapping[str, tagger.Verdict]) -> str:
    rows = [
        (
            name, f"{each.render:.2f}", f"{each.recording:.2f}", f"{each.share:.0%}" if each.can_judge else "–",
            *(f"{each.noises[noise]:.2f}" for noise in ("white", "pink", "brown", "shaped")), _tagger_judged(each),
        )
        for name, each in found.items()
    ]  # fmt: skip
    heads = ("category", "renders", "recordings", "share", "white", "pink", "brown", "shaped noise", "verdict")
    return table(heads, rows, left=(0, 8))


def _tagger_judged(each: tagger.Verdict) -> str:
    if not each.can_judge:
        return "does not judge: recordings are not above noise"
    return "above every noise" if each.is_above_noise else "**not above noise**"


def control_section(found: Mapping[str, control.Control]) -> str:
    rows = [
        (
            voice, each.control, f"{each.settings[0]} … {each.settings[-1]}", _spearman(each.level),
            _spearman(each.rate) if each.has_events else "no events",
            _spearman(each.onsets), _spearman(each.tagger), "yes" if each.is_reached else "**no**",
        )
        for voice, each in found.items()
    ]  # fmt: skip
    heads = ("voice", "parameter", "from … to", "level", "events", "onsets found", "tagger", "reached")
    return table(heads, rows, left=(0, 1, 2, 7))


def _spearman(value: float) -> str:
    return "–" if np.isnan(value) else f"{value:.2f}"


def repetition_section(found: Mapping[str, repetition.Repetition]) -> str:
    rows = [
        (
            name, each.scene, f"{each.largest.value:.2f}",
            f"{each.largest.first_s:.0f} s, {each.largest.second_s:.0f} s",
            f"{each.another:.2f}", f"{each.loop.value:.2f}", f"{each.matched:.2f}", _spearman(each.between),
            _spearman(each.within),
            ("yes" if each.is_reached else "**no**") if each.can_judge else "nothing to compare with",
        )
        for name, each in found.items()
    ]  # fmt: skip
    heads = (
        "category", "scene", "largest in ten minutes", "where", "with another seed", "30 s loop",
        "as many as recordings", "between recordings", "within one", "reached",
    )  # fmt: skip
    return table(heads, rows, left=(0, 1, 3, 9))


def loudness_section(found: Mapping[str, meters.Meters]) -> str:
    rows = [
        (
            name, scene, f"{each.lufs:.1f}", f"{each.range_lu:.1f}", f"{each.peak_dbtp:.1f}", f"{category.seam:.3f}",
            f"{category.chance:.3f}",
        )
        for name, category in found.items()
        for scene, each in category.scenes.items()
    ]  # fmt: skip
    return table(("category", "scene", "LUFS", "LRA, LU", "dBTP", "seams", "chance"), rows, left=(0, 1))


def layouts_section(found: Mapping[str, layout.Surround]) -> str:
    rows = [
        (name, scene, f"{each.lufs:.1f}", f"{each.range_lu:.1f}", f"{each.peak_dbtp:.1f}")
        for name, surround in found.items()
        for scene, each in surround.scenes.items()
    ]
    loud = table(("layout", "scene", "LUFS", "LRA, LU", "dBTP"), rows, left=(0, 1))
    pairs = [
        (name, f"{each.seam:.3f} ({each.chance:.3f})", each.pair_name(pair), f"{value:+.2f}")
        for name, each in found.items()
        for pair, value in each.pairs.items()
    ]
    return f"{loud}\n\n{table(('layout', 'seams (chance)', 'channels', 'correlation'), pairs, left=(0, 2))}"


def width_section(found: Mapping[str, layout.Width]) -> str:
    heads = ("category", "", *(f"{hz:g} Hz" if hz < 1_000 else f"{hz / 1_000:g} kHz" for hz in layout.OCTAVES_HZ))
    rows: list[Sequence[str]] = []
    for name, each in found.items():
        rows.append((name, "renders", *(_signed(value) for value in each.renders)))
        for what, percent in (("recordings, lowest", 0), ("median", 50), ("highest", 100)):
            if len(each.recordings):
                rows.append(
                    ("", what, *(_signed(value) for value in np.nanpercentile(each.recordings, percent, axis=0)))
                )
    return table(heads, rows, left=(0, 1))


def _signed(value: float) -> str:
    return "–" if np.isnan(value) else f"{value:+.2f}"


def transitions_section(found: Mapping[str, transitions.Transition]) -> str:
    rows = [
        (
            name, f"{each.asked_db[0]:.1f} → {each.asked_db[-1]:.1f}", f"+{each.above_db:.1f}", f"−{each.below_db:.1f}",
            f"{each.chance_db:.1f}", f"{each.seam:.2f}",
        )
        for name, each in found.items()
    ]  # fmt: skip
    return table(("change", "asked, dBFS", "above, dB", "below, dB", "chance, dB", "largest seam"), rows)


def learned_section(found: Mapping[str, learned.Learned]) -> str:
    rows = [
        (
            name, *(f"{ratio:.2f}" for ratio in (each.procedural, each.neural)), _spearman(each.codec),
            _spearman(each.over_ceiling), each.winner,
            *(f"{score:.2f}" for score in (
                each.tagged_procedural, each.tagged_neural, each.tagged_codec, each.tagged_recordings
            )),
        )
        for name, each in found.items()
    ]  # fmt: skip
    heads = (
        "category", "texture: procedural", "neural", "codec alone", "neural / codec", "nearer", "tagger: procedural",
        "neural", "codec alone", "recordings",
    )  # fmt: skip
    return f"{table(heads, rows, left=(0, 5))}\n\n{_verdict(list(found.values()))}"


def _verdict(found: Sequence[learned.Learned]) -> str:
    """Which renderer wins, and by how much."""
    nearer = sum(each.winner == "neural" for each in found)
    ours, theirs = (float(np.median([getattr(each, name) for each in found])) for name in ("procedural", "neural"))
    tagged = sum(each.tagged_neural > each.tagged_procedural for each in found)
    best = "neural" if nearer > len(found) / 2 and theirs < ours else "procedural"
    return (
        f"The neural renderer is nearer to the recordings in {nearer} of {len(found)} categories (medians {theirs:.2f} "
        f"against {ours:.2f}), and the tagger is surer of it in {tagged}. **The {best} renderer wins.**"
    )


def learned_control_section(found: Mapping[str, learned.LearnedControl]) -> str:
    rows = [
        (
            voice, each.control, f"{np.median(each.level_db[0]):.0f} … {np.median(each.level_db[-1]):.0f}",
            f"{each.level:.2f}", "yes" if each.level >= learned.CONTROL_WANTED else "**no**",
        )
        for voice, each in found.items()
    ]  # fmt: skip
    return table(("voice", "parameter", "dB(A) re full scale", "Spearman", "reached"), rows, left=(0, 1, 4))


def table(heads: Sequence[str], rows: Sequence[Sequence[str]], left: Sequence[int] = (0,)) -> str:
    """A Markdown table; columns of `left` are aligned to the left, all others to the right."""
    rule = [":--" if index in left else "--:" for index in range(len(heads))]
    return "\n".join("| " + " | ".join(row) + " |" for row in (heads, rule, *rows))
