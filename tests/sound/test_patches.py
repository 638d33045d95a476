"""Every voice's tables are well formed: what the renderer relies on without asking."""

import numpy as np
import pytest
from ambiome_middleware.sound.patch import (
    BANDS,
    MAX_GRAIN_STEPS,
    SOURCES,
    Draw,
    Emitter,
    Patch,
    Source,
    Swell,
    Table,
)
from ambiome_middleware.sound.voices import built_in
from ambiome_middleware.tokens import EVENT_KIND_NAMES, STEP_S, STEPS_PER_S
from ambiome_protocol.lists import FEATURE_KINDS, VOICES

PATCHES = built_in()

PARAMETERS = {source: {p.name: p for p in parameters} for source, parameters in SOURCES.items()}
IDS = [f"{patch.voice}-{patch.source}-{patch.kind or ('inside' if patch.inside else 'all')}" for patch in PATCHES]
every_patch = pytest.mark.parametrize("patch", PATCHES, ids=IDS)


def draws(patch: Patch) -> list[tuple[str, Draw]]:
    """All draws of a patch, with the name of what they vary."""
    found = [(f"{s.name} level", s.level_db) for s in patch.swells]
    found += [(f"{s.name} delay", s.delay_s) for s in patch.swells if s.delay_s]
    for e in patch.emitters:
        found += [(f"{e.name} level", e.level_db), (f"{e.name} pitch", e.pitch_hz), (f"{e.name} decay", e.decay_s)]
        found += [(f"{e.name} sweep", e.sweep_oct), (f"{e.name} band", e.band_hz), (f"{e.name} am", e.am_hz)]
        found += [(f"{e.name} delay", e.delay_s)] if e.delay_s else []
    for c in patch.callers:
        found += [(f"{c.name} level", c.level_db), (f"{c.name} pitch", c.pitch)]
        found += [(f"{c.name} repeat", c.repeat_hz)] if c.repeat_hz else []
    return found


def rates(patch: Patch) -> list[Table]:
    tables = [t for part in (*patch.swells, *patch.emitters) for t in part.rate_hz]
    return tables + [t for c in patch.callers for t in (*c.activity, *c.presence)]


def tables(patch: Patch) -> list[Table]:
    """Every table of a patch."""
    found = rates(patch) + [t for _, draw in draws(patch) for t in draw.by]
    found += [t for layer in patch.layers for t in layer.level_db]
    found += [t for caller in patch.callers for t in caller.am_oct]
    for swell in patch.swells:
        found += [*swell.spectrum_by, *([swell.shape_by] if swell.shape_by else [])]
    return found


def source_of(patch: Patch, table: Table) -> Source:
    """Which row of tokens a table reads: the patch's own, or the scene's."""
    return patch.source if table.column in PARAMETERS[patch.source] else "scene"


def octaves_between(patch: Patch, draw: Draw) -> tuple[float, float]:
    """Least and most that a draw's tables and its spread add."""
    reach = draw.spread * (1.5 if draw.shape == "bell" else 1.0)
    low = sum(float(np.min(t.rows[np.isfinite(t.rows)])) for t in draw.by) - reach
    return low, sum(float(np.max(t.rows[np.isfinite(t.rows)])) for t in draw.by) + reach


@every_patch
def test_a_table_has_a_row_for_every_level_of_its_column(patch: Patch) -> None:
    for table in tables(patch):
        parameter = PARAMETERS[source_of(patch, table)][table.column]
        assert table.rows.shape in ((parameter.levels,), (parameter.levels, BANDS)), table.column
        assert not np.isnan(table.rows).any(), table.column
        assert not (table.rows == np.inf).any(), table.column


@every_patch
def test_rates_are_finite_and_never_negative(patch: Patch) -> None:
    for table in rates(patch):
        assert table.rows.ndim == 1
        assert np.isfinite(table.rows).all(), table.column
        assert (table.rows >= 0).all(), table.column


@every_patch
def test_spectra_and_coherences_cover_every_band(patch: Patch) -> None:
    for part in (*patch.layers, *patch.swells):
        assert part.spectrum_db.shape == (BANDS,), part.name
        assert np.isfinite(part.spectrum_db).all(), part.name
        coherence = np.asarray(part.coherence)
        assert coherence.shape in ((), (BANDS,)), part.name
        assert ((coherence >= 0) & (coherence <= 1)).all(), part.name
    for swell in patch.swells:
        assert all(t.rows.ndim == 2 for t in swell.spectrum_by), swell.name


@every_patch
def test_envelopes_end_in_silence_and_fit_the_look_back(patch: Patch) -> None:
    for swell in patch.swells:
        envelope = np.atleast_2d(swell.envelope)
        assert envelope.shape[1] <= MAX_GRAIN_STEPS, swell.name
        assert (envelope[:, -1] == 0).all(), swell.name
        assert envelope.max(axis=1) == pytest.approx(1.0), swell.name
        assert (envelope >= 0).all(), swell.name
        assert envelope[:, -2].max() < 0.02, f"{swell.name}: an audible step at its end"
        if swell.shape_by:
            assert set(np.unique(swell.shape_by.rows)) <= set(range(len(envelope))), swell.name


@every_patch
def test_delays_and_lengths_stay_within_a_grains_reach(patch: Patch) -> None:
    for swell in patch.swells:
        assert 1 <= swell.slots <= 64, swell.name
        if swell.delay_s:
            longest_s = swell.delay_s.centre * 2 ** octaves_between(patch, swell.delay_s)[1]
            steps = longest_s * STEPS_PER_S + np.atleast_2d(swell.envelope).shape[1]
            assert steps <= MAX_GRAIN_STEPS + 1, f"{swell.name}: {steps}"
    for emitter in patch.emitters:
        assert 1 <= emitter.slots <= 64, emitter.name
        longest_s = emitter.decay_s.centre * 2 ** octaves_between(patch, emitter.decay_s)[1]
        whole_s = longest_s * (1 if emitter.form == "tone" else 7)
        assert whole_s <= MAX_GRAIN_STEPS * STEP_S / 2, emitter.name
        if emitter.delay_s:
            delay_s = emitter.delay_s.centre * 2 ** octaves_between(patch, emitter.delay_s)[1]
            assert delay_s <= MAX_GRAIN_STEPS * STEP_S / 2, emitter.name


@every_patch
def test_pitches_are_audible_and_below_20_khz(patch: Patch) -> None:
    for emitter in patch.emitters:
        low, high = octaves_between(patch, emitter.pitch_hz)
        rise = max(emitter.sweep_oct.centre + emitter.sweep_oct.spread, 0.0)
        # What the tables' extremes multiply to may pass 20 kHz; the renderer holds pitches below its Nyquist guard.
        assert emitter.pitch_hz.centre * 2**low >= 10, emitter.name
        middle = sum(float(np.median(t.rows)) for t in emitter.pitch_hz.by)
        reach = high - sum(float(np.max(t.rows[np.isfinite(t.rows)])) for t in emitter.pitch_hz.by)
        assert emitter.pitch_hz.centre * 2 ** (middle + reach + rise) < 20_000, emitter.name
    for caller in patch.callers:
        for call in caller.calls:
            for s in call.syllables:
                assert 20 < max(s.pitch_hz, s.end_hz) < 20_000, (caller.name, call.name)


@every_patch
def test_parts_have_names_of_their_own(patch: Patch) -> None:
    for parts in (patch.layers, patch.swells, patch.emitters, patch.callers):
        names = [part.name for part in parts]
        assert len(names) == len(set(names))


def test_every_closed_list_has_its_patches() -> None:
    learned = {"place"}  # it has patches when a user has profiles
    assert {patch.voice for patch in PATCHES} == set(VOICES) - learned
    assert {patch.kind for patch in PATCHES if patch.source == "feature"} == set(FEATURE_KINDS)
    assert {patch.kind for patch in PATCHES if patch.source == "event"} == set(EVENT_KIND_NAMES[1:])


def test_no_source_has_two_patches_of_one_voice() -> None:
    keys = [(patch.voice, patch.source, patch.kind, patch.inside) for patch in PATCHES]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("voice", [voice for voice in VOICES if voice != "place"])
def test_a_voice_has_three_controls(voice: str) -> None:
    """Two where all that is to be said is how many and how far away."""
    mine = [patch for patch in PATCHES if patch.voice == voice]
    columns = {table.column for patch in mine if patch.source == "scene" for table in tables(patch)}
    columns |= {c.distance for patch in mine for c in patch.callers if c.distance}
    if voice == "thunder":  # it sounds by events alone
        columns = {table.column for patch in mine for table in tables(patch)}
    assert len(columns) >= (2 if voice in ("wolf", "loon") else 3)


def emitters_that_can_fall_short(patch: Patch) -> list[Emitter | Swell]:
    """Parts whose tables ask for more onsets than their slots give, by more than a tenth."""
    per = 1.0 if patch.source == "event" else STEP_S
    return [
        part
        for part in (*patch.emitters, *patch.swells)
        if np.prod([t.rows.max() for t in part.rate_hz]) * per > 1.1 * part.slots
    ]


@every_patch
def test_slots_suffice_for_the_highest_rate(patch: Patch) -> None:
    assert [part.name for part in emitters_that_can_fall_short(patch)] == []
