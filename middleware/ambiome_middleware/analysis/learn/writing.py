"""A profile as the text of its file: rounded numbers, one table a line or a row, and comments that say what it is."""

from typing import Final

import numpy as np
import numpy.typing as npt

from ambiome_middleware.sound.profile import FORMAT, Grain, Level, Origin, Profile, Statistics

Floats = npt.NDArray[np.float64]

_HEAD: Final = """\
# What a texture is like, measured from recordings; `ambiome learn` writes such files and Ambiome reads them.
# dB are against the whole texture (K-weighted sum 0 dB); spectra run over 31 third-octaves, 20 Hz … 20 kHz."""
_LEVEL: Final = {
    "spectrum_db": "the whole texture",
    "bed_db": "what of it is steady noise",
    "coherence": "between two channels",
    "flutter_db": "how the level wanders, dB; rows: octaves 31 Hz … 16 kHz, columns: knots 0.08 … 10 s apart",
    "bed_flutter_db": "how the bed does, so that bed and grains together do",
    "common": "share of each column that all rows have in common",
}


def to_text(profile: Profile) -> str:
    """The file of a profile: `read_profile` gives the same back but for rounding and the digest."""
    lines = [_HEAD, f"format = {FORMAT}", f"voice = {_quoted(profile.voice)}", f"name = {_quoted(profile.name)}"]
    lines.append(f"bandwidth_hz = {profile.bandwidth_hz:.0f}  # how far up the sources reach")
    for origin in profile.sources:
        lines += ["", *_origin(origin)]
    for level in profile.levels:
        lines += ["", *_level(level)]
    for grain in profile.grains:
        lines += ["", *_grain(grain)]
    return "\n".join(lines) + "\n"


def _origin(origin: Origin) -> list[str]:
    lines = ["[[source]]"]
    lines += [f"{key} = {_quoted(getattr(origin, key))}" for key in ("title", "author", "licence")]
    lines.append(f"seconds = {origin.seconds:.1f}")
    return [*lines, f"sha256 = {_quoted(origin.sha256)}"] if origin.sha256 else lines


def _level(level: Level) -> list[str]:
    lines = ["[[level]]", f"intensity = {level.intensity:.2f}"]
    for key, meaning in _LEVEL.items():
        rows = getattr(level, key)
        if rows is not None:
            lines += [f"# {meaning}", f"{key} = {_array(rows, 2 if key in ('coherence', 'common') else 1)}"]
    return [*lines, *_statistics(level.statistics)] if level.statistics is not None else lines


def _statistics(statistics: Statistics) -> list[str]:
    return [
        "[level.statistics]  # of cochlear sub-bands' envelopes; modulation in octaves 0.5 … 128 Hz",
        f"hz = {_array(statistics.hz, 0)}",
        f"mean_db = {_array(statistics.mean_db, 1)}",
        f"variation = {_array(statistics.variation, 3)}",
        f"skew = {_array(statistics.skew, 2)}",
        f"kurtosis = {_array(statistics.kurtosis, 2)}",
        f"modulation_db = {_array(statistics.modulation_db, 1)}",
    ]


def _grain(grain: Grain) -> list[str]:
    return [
        "[[grain]]",
        f"name = {_quoted(grain.name)}",
        f"form = {_quoted(grain.form)}",
        f"share = {grain.share:.3f}",
        f"rate_hz = {_array(grain.rate_hz, 3)}",
        f"level_db = {_array(grain.level_db, 1)}",
        f"spread_db = {grain.spread_db:.1f}",
        f"pitch_hz = {grain.pitch_hz:.0f}",
        f"pitch_oct = {grain.pitch_oct:.2f}",
        f"decay_s = {grain.decay_s:.5f}",
        f"decay_oct = {grain.decay_oct:.2f}",
        f"attack_s = {grain.attack_s:.5f}",
        f"band_hz = {grain.band_hz:.0f}",
        f"sweep_oct = {grain.sweep_oct:.2f}",
        f"bursts = {_array(grain.bursts, 2)}",
    ]


def _array(rows: Floats, digits: int) -> str:
    if rows.ndim > 1:
        return "[\n" + "".join(f"  {_array(row, digits)},\n" for row in rows) + "]"
    return "[" + ", ".join(_number(value, digits) for value in rows) + "]"


def _number(value: float, digits: int) -> str:
    text = f"{value:.{digits}f}"
    return text.removeprefix("-") if float(text) == 0.0 else text


def _quoted(text: str) -> str:
    """A basic TOML string, its control characters dropped."""
    kept = "".join(c for c in text if c.isprintable())
    return '"' + kept.replace("\\", "\\\\").replace('"', '\\"') + '"'
