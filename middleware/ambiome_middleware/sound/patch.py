"""What a voice is made of: tables, read by the renderer, no code of their own.

A `Patch` belongs to one voice and one source: the scene (its columns all around the listener), one feature kind (once
per feature slot in use), or one event kind (once per event). Its parts:

- `Layer`: a part of the bed, shaped noise that lasts.
- `Swell`: bed noise that comes and goes within 240 steps: a passing car, a clap of thunder.
- `Emitter`: single grains at random: drops, crackles, bubbles.
- `Caller`: a species; individuals that utter whole calls made of syllables.

All levels are dB(A) SPL at the listener (scene) or at `reference_m` (features, events, callers with a distance); the
renderer adds distance, air, shelter, mix and loudness. All tables are indexed by the level (token) of one column of the
patch's own source, so that a table has exactly `levels` rows; `by()` makes one from a function of the column's value.
A feature's or an event's patch may also read scene columns (make those tables with `by(..., source="scene")`).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from ambiome_middleware.tokens import EVENT, FEATURE, SCENE, Parameter

Floats = npt.NDArray[np.float64]

BAND_OCTAVES: Final[Floats] = np.arange(-17, 14) / 3.0
"""Of each band's centre above 1 kHz."""
BAND_HZ: Final[Floats] = 1_000.0 * 2.0**BAND_OCTAVES
"""Centres of the 31 third-octave bands, 19.7 Hz … 20.2 kHz (IEC 61260-1, base two)."""
BANDS: Final = len(BAND_HZ)
MAX_GRAIN_STEPS: Final = 240
"""Longest reach of a grain, call or swell in steps; the rest of LOOKBACK_STEPS is the renderer's own."""

Source = Literal["scene", "feature", "event"]
SOURCES: Final[dict[Source, tuple[Parameter, ...]]] = {"scene": SCENE, "feature": FEATURE, "event": EVENT}


@dataclass(frozen=True, slots=True)
class Table:
    """What one column contributes: `rows` [levels] or [levels, BANDS], indexed by the column's token."""

    column: str
    rows: Floats


def by(column: str, value: Callable[[Floats], Floats], source: Source = "scene") -> Table:
    """A table from a function of the column's value ([levels] → [levels] or [levels, BANDS]).

    For `dB` uses, return −inf where nothing is to be heard (for a `log0` column at 0, say).
    """
    parameter = next(p for p in SOURCES[source] if p.name == column)
    with np.errstate(divide="ignore", invalid="ignore"):
        return Table(column, np.asarray(value(parameter.values()), np.float64))


@dataclass(frozen=True, slots=True)
class Draw:
    """A hashed value: centre · 2^(shifts + spread · u) with u in −1 … 1, or, for dB, centre + shifts + spread · u.

    `shape` "flat" draws u uniformly; "bell" as the mean of three uniform draws, times 1.5 (denser about the centre).
    `by` are tables of octaves (or dB) that are added. A spread of 0 is a constant.
    """

    centre: float
    spread: float = 0.0
    by: tuple[Table, ...] = ()
    shape: Literal["flat", "bell"] = "flat"


FLUTTER_HZ: Final[Floats] = 1_000.0 * 2.0 ** np.arange(-5.0, 5.0)
"""Centres of the octave bands that flutter, 31 Hz … 16 kHz; the third-octaves between them are interpolated."""
FLUTTER_STEPS: Final = (2, 4, 8, 16, 32, 64, 128, 256)
"""Steps between the knots of each rate of a flutter: the octaves about 6, 3, 1.6, 0.8, 0.4, 0.2, 0.1 and 0.05 Hz."""


@dataclass(frozen=True, slots=True)
class Flutter:
    """How a layer's level wanders by itself: hashed noise at octave-spaced rates, a log-normal gain of mean power 1.

    `depth_db` [len(FLUTTER_HZ), len(FLUTTER_STEPS)]: standard deviation in dB that each rate adds in each octave band.
    `common` 0 … 1 ([len(FLUTTER_STEPS)] or one number): share of a rate's variance that all bands have in common.
    `depth_by`: tables of factors on all depths ([levels]).
    The common part belongs to the patch: its layers and the bursts of its emitters rise and fall together.
    """

    depth_db: Floats
    common: Floats | float = 0.7
    depth_by: tuple[Table, ...] = ()


@dataclass(frozen=True, slots=True)
class Layer:
    """A part of the bed: noise of the spectrum at Σ level tables dB(A).

    `spectrum_db` [BANDS]: power in each third-octave band, dB; any offset, the renderer sets its loudness to 0 dB.
    `level_db`: tables in dB ([levels]), summed, or spectral changes in dB ([levels, BANDS]), added band by band after
    that normalisation (so give tilts about the band that should keep its level).
    `coherence`: 0 … 1 between any two channels ([BANDS] or one number).
    `flutter`: how its level wanders by itself, or not at all.
    """

    name: str
    spectrum_db: Floats
    level_db: tuple[Table, ...]
    coherence: Floats | float = 0.2
    flutter: Flutter | None = None


@dataclass(frozen=True, slots=True)
class Swell:
    """Bed noise with an envelope of its own, onset at a step.

    `rate_hz`: tables whose product is onsets a second (scene, feature); for an event source the product is the number
    of swells per event (hashed rounding). `slots` bounds onsets a step (or per event).
    `envelope` [shapes, steps]: power, linear, peak 1, ending at 0; steps ≤ 240. `shape_by` maps a column's token to the
    shape's index ([levels] of whole numbers); without it the shape is drawn. With `varieties` above 1 the envelope
    holds so many sets of all shapes, one after another, and the set is drawn.
    `tilt_db`: by how many dB an octave, at most, one is brighter or darker than the table says, about 1 kHz.
    `delay_s`: a hashed delay of each swell behind its onset (whole steps), for the claps of one thunder; the delay and
    the envelope together stay within 240 steps.
    `width`: where it stands. Of the scene: 0 in front, 1 anywhere around the listener, fixed in the world. Of a feature
    or an event: within ±60° · width of its azimuth, and of a feature beyond 10 m in proportion less.
    `pan`: "fixed" draws one azimuth; "pass" crosses from one side to the other, 180° · width, as the envelope runs.
    """

    name: str
    spectrum_db: Floats
    rate_hz: tuple[Table, ...]
    slots: int
    envelope: Floats
    level_db: Draw
    shape_by: Table | None = None
    varieties: int = 1
    tilt_db: float = 0.0
    spectrum_by: tuple[Table, ...] = ()
    delay_s: Draw | None = None
    pan: Literal["fixed", "pass"] = "fixed"
    width: float = 1.0
    coherence: Floats | float = 0.5


@dataclass(frozen=True, slots=True)
class Emitter:
    """Single grains at random.

    `form`: "mode" a damped sine (drop, bubble, drip, clink), "noise" a damped band of noise (crackle, hiss, snap),
    "tone" a sine under a raised-cosine envelope (call, whistle, vowel).
    `rate_hz`: tables whose product is onsets a second; for an event source, grains per event. `slots` bounds onsets a
    step (or per event), at most 64.
    `level_db`: dB(A) that a steady sine at the grain's peak would have. `pitch_hz` at onset; over the grain's length
    the pitch glides by `sweep_oct` octaves (linear in Hz). `decay_s`: time constant of "mode" and "noise"; the whole
    length of a "tone". `attack_s`: raised-cosine rise. `band_hz`: bandwidth of "noise".
    `am_hz`, `am_depth` (0 … 1): amplitude modulation (pulses; at voice pitch it makes a formant of the tone).
    `second`, `third`: amplitude of the harmonics of a tone, 0 … 1. `delay_s`: onset's hashed delay, for events.
    `width`: see `Swell`.
    `bursts` [len(FLUTTER_STEPS)]: how its rate wanders by itself, standard deviation in octaves at each rate of the
    flutter, its mean kept as long as its peaks find slots: crackles that come in flurries. They go with the common part
    of the patch's flutter. Not for events.
    """

    name: str
    form: Literal["mode", "noise", "tone"]
    slots: int
    rate_hz: tuple[Table, ...]
    level_db: Draw
    pitch_hz: Draw
    decay_s: Draw
    attack_s: float = 0.0005
    sweep_oct: Draw = field(default_factory=lambda: Draw(0.0))
    band_hz: Draw = field(default_factory=lambda: Draw(1_000.0))
    am_hz: Draw = field(default_factory=lambda: Draw(0.0))
    am_depth: float = 0.0
    second: float = 0.0
    third: float = 0.0
    delay_s: Draw | None = None
    width: float = 1.0
    bursts: Floats | None = None


@dataclass(frozen=True, slots=True)
class Syllable:
    """One sound of a call: a "tone" (or "noise") grain at a time within it."""

    at_s: float
    length_s: float
    pitch_hz: float
    end_hz: float = 0.0
    """Pitch at its end; 0 as at its start."""
    level_db: float = 0.0
    """Against the call's level."""
    am_hz: float = 0.0
    am_depth: float = 0.0
    second: float = 0.0
    third: float = 0.0
    attack: float = 0.3
    """Share of the length that is rise."""
    noise_hz: float = 0.0
    """Above 0: a band of noise this wide instead of a tone."""
    bend: float = 0.0
    """Octaves by which the pitch halfway lies above the straight line from start to end: an arch, or below 0 a dip."""


@dataclass(frozen=True, slots=True)
class Call:
    """One variant of what a species utters; syllables begin within 4.8 s at its slowest tempo."""

    name: str
    syllables: tuple[Syllable, ...]


@dataclass(frozen=True, slots=True)
class Caller:
    """A species: `individuals`, each with its own place, pitch and time grid of `window_s` (hashed phase).

    At the start of each of its windows (plus a hashed delay within the window, if the call leaves room) an individual
    calls with probability Π `activity` tables; which call, its transposition, tempo and level are hashed.
    `presence`: tables whose product is the share of the individuals that are there at all (individual i is there when
    the share exceeds (i + ½)/individuals).
    `repeat_hz`: with it the call is repeated at that rate for the whole window (then at most 4.8 s): a cricket's
    chirps, a frog's croaks. Its `by` tables are octaves.
    `pitch`: transposition as a ratio about 1 (spread in octaves per individual); `call_pitch_oct` and `tempo_oct` are
    spreads per call. `distance`: the source's distance column (each individual hashed ×½ … ×2 about it), or "".
    For an event source one individual calls once per event, at the event's distance and azimuth.
    """

    name: str
    calls: tuple[Call, ...]
    individuals: int
    window_s: float
    activity: tuple[Table, ...]
    level_db: Draw
    presence: tuple[Table, ...] = ()
    repeat_hz: Draw | None = None
    pitch: Draw = field(default_factory=lambda: Draw(1.0))
    call_pitch_oct: float = 0.02
    tempo_oct: float = 0.1
    distance: str = ""
    reference_m: float = 10.0
    drop_syllable: float = 0.0
    """Probability that a syllable of a call is left out (hashed), for variation."""
    am_oct: tuple[Table, ...] = ()
    """Octaves by which the syllables' `am_hz` move, fixed at the call's onset: a cicada's pulse rate."""
    drone: bool = False
    """Each call begins with the first sample of its window. Syllables of two windows with an `attack` of ½, at whole
    multiples of 1 / `window_s` (no spreads, activity 1), then join in phase to one steady tone."""


@dataclass(frozen=True, slots=True)
class Patch:
    """A voice's tables for one source. `kind` names the feature or event kind. `reference_m`: where the levels hold.

    `inside`: heard as it is under any shelter (a room's tone, a cave's drips, a roof); all else comes from outside and
    is filtered by the scene's `outdoor` and `outdoor_cutoff_hz`. `within`: a scene column (0 … 1) for how much
    of it is inside, of what may be on either side of the walls (people, machines).
    """

    voice: str
    source: Source = "scene"
    kind: str = ""
    layers: tuple[Layer, ...] = ()
    swells: tuple[Swell, ...] = ()
    emitters: tuple[Emitter, ...] = ()
    callers: tuple[Caller, ...] = ()
    reference_m: float = 10.0
    inside: bool = False
    within: str = ""
