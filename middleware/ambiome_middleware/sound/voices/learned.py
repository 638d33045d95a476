"""Learned pieces for voices: spectra, flutter, coherence and grains of a profile, at any intensity or along a column.

    RAIN = profiles["rain"]
    Layer("rain", spectrum_of(RAIN, 0.5), (LEVEL, spectrum_by(RAIN, "rain_mm_h", intensity, 0.5)),
          coherence_of(RAIN), flutter_of(RAIN, 0.5))

Between the anchors of a profile everything is interpolated by intensity: dB and dB, the logarithms of rates, depths and
shares as they are. Beyond the outer anchors it stays as they are.
"""

from collections.abc import Callable
from typing import Final

import numpy as np

from ambiome_middleware.sound.patch import Draw, Emitter, Floats, Flutter, Source, Table, by
from ambiome_middleware.sound.profile import Grain, Profile
from ambiome_middleware.sound.voices.shapes import WIDE, becoming
from ambiome_middleware.tokens import STEP_S

RAREST_HZ: Final = 1e-4
"""A class of grains that is rarer than this at a level is not there."""
BUSIEST: Final = 0.6
"""Onsets in a slot of a step at which an emitter gets more slots: beyond, chance no longer looks like chance."""

Along = Callable[[Floats], Floats]
"""The intensity 0 … 1 at values of a column, [levels] → [levels]."""


def between(profile: Profile, rows: Floats, intensity: Floats | float) -> Floats:
    """Rows of the profile's anchors, [anchors, …], at any intensities [...] → [..., …], linearly."""
    at = np.interp(np.asarray(intensity, np.float64), profile.intensities, np.arange(len(profile.levels)))
    low = np.minimum(np.floor(at).astype(int), max(len(profile.levels) - 2, 0))
    high = np.minimum(low + 1, len(profile.levels) - 1)
    share = (at - low).reshape(at.shape + (1,) * (rows.ndim - 1))
    return np.asarray((1.0 - share) * rows[low] + share * rows[high])


def spectrum_of(profile: Profile, intensity: float = 0.5) -> Floats:
    """Third-octave spectrum of the whole texture [BANDS], dB."""
    return between(profile, np.stack([level.spectrum_db for level in profile.levels]), intensity)


def bed_of(profile: Profile, intensity: float = 0.5) -> Floats:
    """What of the spectrum is steady noise [BANDS], dB on the same scale: for a layer beside `emitters_of`."""
    return between(profile, np.stack([level.bed_db for level in profile.levels]), intensity)


def spectrum_by(
    profile: Profile, column: str, along: Along, base: float = 0.5, source: Source = "scene", *, bed: bool = False
) -> Table:
    """How the spectrum changes along a column, [levels, BANDS] dB, for a layer of `spectrum_of(profile, base)`.

    `bed`: that of a layer of `bed_of(profile, base)`. Its loudness stays the same throughout.
    """
    rows = np.stack([level.bed_db if bed else level.spectrum_db for level in profile.levels])
    at_base = between(profile, rows, base)
    return by(column, lambda values: becoming(at_base, between(profile, rows, np.clip(along(values), 0, 1))), source)


def flutter_of(
    profile: Profile, intensity: float = 0.5, depth_by: tuple[Table, ...] = (), *, bed: bool = False
) -> Flutter:
    """How the texture's level wanders, for a layer; `bed`: for one of `bed_of`, beside `emitters_of`."""
    rows = np.stack([level.bed_flutter_db if bed else level.flutter_db for level in profile.levels])
    depth_db = between(profile, rows, intensity)
    common = between(profile, np.stack([level.common for level in profile.levels]), intensity)
    return Flutter(depth_db, common, depth_by)


def coherence_of(profile: Profile, otherwise: Floats = WIDE) -> Floats:
    """Coherence between two channels [BANDS], the mean over the anchors; `otherwise` where no source was stereo."""
    known = [level.coherence for level in profile.levels if level.coherence is not None]
    return np.mean(known, axis=0) if known else otherwise


def emitters_of(
    profile: Profile,
    rate: tuple[Table, ...],
    level_db: tuple[Table, ...],
    column: str,
    along: Along,
    source: Source = "scene",
    *,
    width: float = 1.0,
) -> tuple[Emitter, ...]:
    """The profile's classes of grains as emitters.

    `rate`: further factors on all their rates; `level_db`: the level of the whole texture in dB(A), tables as a layer
    of it has; `column` and `along` say which intensity the texture has (a constant function where it has one).
    """
    made = (_emitter(profile, grain, rate, level_db, column, along, source, width) for grain in profile.grains)
    return tuple(emitter for emitter in made if emitter is not None)


def _emitter(
    profile: Profile, grain: Grain, rate: tuple[Table, ...], level_db: tuple[Table, ...], column: str, along: Along,
    source: Source, width: float,
) -> Emitter | None:  # fmt: skip
    most = float(grain.rate_hz.max()) * float(np.prod([np.max(table.rows, initial=0.0) for table in rate]))
    if most < RAREST_HZ:
        return None
    logs = np.log2(np.maximum(grain.rate_hz, RAREST_HZ))

    def rates(values: Floats) -> Floats:
        hz = 2.0 ** between(profile, logs, np.clip(along(values), 0, 1))
        return np.where(hz <= 2.0 * RAREST_HZ, 0.0, hz)

    def levels(values: Floats) -> Floats:
        return between(profile, grain.level_db, np.clip(along(values), 0, 1))

    return Emitter(
        grain.name, grain.form, int(np.clip(np.ceil(most * STEP_S / BUSIEST), 1, 64)),
        (by(column, rates, source), *rate), Draw(0.0, grain.spread_db, (by(column, levels, source), *level_db)),
        pitch_hz=Draw(grain.pitch_hz, grain.pitch_oct), decay_s=Draw(grain.decay_s, grain.decay_oct),
        attack_s=grain.attack_s, sweep_oct=Draw(grain.sweep_oct), band_hz=Draw(grain.band_hz, 0.3), width=width,
        bursts=grain.bursts if grain.bursts.any() else None,
    )  # fmt: skip
