"""The called voices: their tables, and what is heard of them."""

from collections.abc import Iterable
from dataclasses import replace
from functools import cache

import numpy as np
import numpy.typing as npt
import pytest
from ambiome_middleware.sound import Renderer, Request
from ambiome_middleware.sound.bank import build
from ambiome_middleware.sound.patch import MAX_GRAIN_STEPS, Call, Caller, Patch, Syllable
from ambiome_middleware.sound.profile import profiles
from ambiome_middleware.sound.voices import birds, cicadas, crickets, croaks, frogs, livestock, loon, owl, wolf
from ambiome_middleware.sound.voices.formants import Mouth, sung
from ambiome_middleware.sound.voices.phrases import bend, call, note, repertoire, rest, trill
from ambiome_middleware.tokens import (
    COLUMN,
    EVENT,
    EVENT_KIND_NAMES,
    EVENTS_AT,
    LOOKBACK_STEPS,
    SAMPLE_RATE_HZ,
    SCENE,
    STEP_S,
    STEP_SAMPLES,
    STEPS_PER_S,
    silent_row,
)

Floats = npt.NDArray[np.float64]
VOICES = {
    "birds": birds.patches(profiles()),
    "crickets": crickets.patches(profiles()),
    "cicadas": cicadas.PATCHES,
    "frogs": frogs.patches(profiles()),
    "owl": owl.patches(profiles()),
    "wolf": wolf.patches(profiles()),
    "loon": loon.patches(profiles()),
    "livestock": livestock.PATCHES,
}
CALLERS = [
    pytest.param(caller, id=f"{patch.source}-{caller.name}")
    for patches in VOICES.values()
    for patch in patches
    for caller in patch.callers
]
_LONGEST_S = {"owl": 7.0, "wolf": 9.0, "loon": 9.0, "livestock": 9.0}
FARM_ANIMALS = ("cow", "sheep", "goat", "hen", "rooster", "dog")
LATEST_ONSET_S = 4.8
"""The schedule spawns a window's syllables at its start, up to this late."""


@cache
def renderer(voice: str, with_bed: bool = True) -> Renderer:
    patches = VOICES[voice] if with_bed else [replace(patch, layers=()) for patch in VOICES[voice]]
    return Renderer("cpu", bank=build(patches))


def rows(seconds: float, columns: dict[str, float]) -> npt.NDArray[np.int16]:
    tokens = np.repeat(silent_row()[None], LOOKBACK_STEPS + round(seconds * STEPS_PER_S), axis=0)
    for name, value in {"dynamics": 1.0, **columns}.items():
        tokens[:, COLUMN[name]] = SCENE[COLUMN[name]].quantise(value)
    return tokens


def heard(voice: str, seconds: float, seeds: Iterable[int] = (1,), with_bed: bool = True, **columns: float) -> Floats:
    """One channel of the voice alone, the seeds one after another, as float64."""
    tokens = rows(seconds, columns)
    requests = [Request(seed, "mono", LOOKBACK_STEPS, tokens) for seed in seeds]
    return np.concatenate([samples[0] for samples in renderer(voice, with_bed).render(requests)]).astype(np.float64)


def event(voice: str, kind: str, id_: int = 1, distance_m: float = 20.0, strength: float = 0.5) -> Floats:
    """Ten seconds in which one event is heard after 1 s."""
    tokens = rows(10.0, {})
    values = (EVENT_KIND_NAMES.index(kind), id_, distance_m, 0.0, strength)
    for offset, (parameter, value) in enumerate(zip(EVENT, values, strict=True)):
        tokens[LOOKBACK_STEPS + STEPS_PER_S, EVENTS_AT + offset] = parameter.quantise(value)
    return renderer(voice).render([Request(1, "mono", LOOKBACK_STEPS, tokens)])[0][0].astype(np.float64)


def level_db(samples: Floats) -> float:
    return 10.0 * float(np.log10(np.mean(samples**2) + 1e-30))


def occupancy(samples: Floats) -> float:
    """Share of the steps in which something is heard."""
    power = np.mean(samples.reshape(-1, STEP_SAMPLES) ** 2, axis=1)
    return float(np.mean(power > 1e-8))


def spectrum(samples: Floats) -> tuple[Floats, Floats]:
    """Frequencies and mean power, at a resolution of 12 Hz."""
    frames = samples[: len(samples) // 4096 * 4096].reshape(-1, 4096) * np.hanning(4096)
    return np.fft.rfftfreq(4096, 1 / SAMPLE_RATE_HZ), np.mean(np.abs(np.fft.rfft(frames)) ** 2, axis=0)


def median_hz(samples: Floats) -> float:
    """The frequency below which half of the power is."""
    hz, power = spectrum(samples)
    return float(hz[np.searchsorted(np.cumsum(power), power.sum() / 2.0)])


def envelope(samples: Floats, rate_hz: int = 400) -> Floats:
    size = SAMPLE_RATE_HZ // rate_hz
    return np.asarray(np.sqrt(np.mean(samples[: len(samples) // size * size].reshape(-1, size) ** 2, axis=1)))


def period_s(samples: Floats, shortest_s: float, longest_s: float, window_s: float = 4.6) -> float:
    """The lag at which the envelope is most like itself, by the mean autocorrelation of short windows."""
    rate_hz = 1_200
    loud = envelope(samples, rate_hz)
    size = round(window_s * rate_hz)
    total = np.zeros(size)
    for start in range(0, len(loud) - size, size // 2):
        window = loud[start : start + size] - np.mean(loud[start : start + size])
        total += np.fft.irfft(np.abs(np.fft.rfft(window, 2 * size)) ** 2)[:size] / np.arange(size, 0, -1)
    first = round(shortest_s * rate_hz)
    return float(first + np.argmax(total[first : round(longest_s * rate_hz)])) / rate_hz


# The tables


@pytest.mark.parametrize("caller", CALLERS)
def test_every_called_sound_has_at_least_five_variants_that_differ(caller: Caller) -> None:
    assert len({c.syllables for c in caller.calls}) == len(caller.calls) >= 5
    assert len({c.name for c in caller.calls}) == len(caller.calls)


@pytest.mark.parametrize("caller", CALLERS)
def test_every_call_ends_within_what_the_renderer_reaches(caller: Caller) -> None:
    slowest = 2.0**caller.tempo_oct
    for variant in caller.calls:
        for syllable in variant.syllables:
            assert syllable.length_s * slowest <= MAX_GRAIN_STEPS * STEP_S / 2
            assert syllable.at_s * slowest <= LATEST_ONSET_S
        assert max(s.at_s + s.length_s for s in variant.syllables) * slowest <= MAX_GRAIN_STEPS * STEP_S
    if caller.repeat_hz is not None:
        period_s = 1.0 / (caller.repeat_hz.centre * 2.0 ** sum(float(np.min(t.rows)) for t in caller.repeat_hz.by))
        latest_s = max(s.at_s for variant in caller.calls for s in variant.syllables) * slowest + 0.025 * period_s
        assert max(caller.window_s - STEP_S, period_s) + latest_s <= LATEST_ONSET_S


def test_twenty_kinds_of_bird_come_in_one_after_another_wherever_the_place() -> None:
    anywhere = [kind for kind in birds.KINDS.values() if not kind.company]
    assert len({kind.enters for kind in anywhere}) >= 20
    assert min(kind.enters for kind in anywhere) == 0.0
    for caller in VOICES["birds"][0].callers:
        by_variety = caller.presence[0]
        assert np.all(np.diff(by_variety.rows) >= 0.0)
        assert by_variety.rows[-1] > (caller.individuals - 0.5) / caller.individuals


@pytest.mark.parametrize(
    ("kind", "there"),
    [
        ("gull", {"surf_height_m": 1.0}), ("mallard", {"shore_height_m": 0.1}), ("reed warbler", {"swamp_level": 0.5}),
        ("woodpecker", {"wind_trees": 0.9}), ("pigeon", {"traffic_per_min": 30.0}), ("parrot", {"cicadas_level": 0.6}),
    ],
)  # fmt: skip
def test_what_else_is_heard_says_which_birds_are_there(kind: str, there: dict[str, float]) -> None:
    every = VOICES["birds"][0]
    patch = replace(every, layers=(), callers=tuple(c for c in every.callers if c.name == kind))
    alone = Renderer("cpu", bank=build((patch,)))
    song = {"birds_activity": 1.0, "birds_variety": 1.0}
    elsewhere, here = (
        alone.render([Request(1, "mono", LOOKBACK_STEPS, rows(60.0, columns))])[0] for columns in (song, song | there)
    )
    assert not np.any(elsewhere)
    assert np.any(here)


@pytest.mark.parametrize("kind", ["songbird", "owl", "frog", "cricket", "cicada", "wolf", "loon", *FARM_ANIMALS])
def test_every_kind_of_animal_event_has_a_patch(kind: str) -> None:
    patches = [p for patches in VOICES.values() for p in patches if p.source == "event" and p.kind == kind]
    assert [len(patch.callers) for patch in patches] == [1]


# How phrases are put together


def test_phrases_are_added_repeated_and_trilled() -> None:
    phrase = note(1_000.0, 0.1) + rest(0.05) + note(2_000.0, 0.2)
    assert [s.at_s for s in phrase.syllables] == [0.0, pytest.approx(0.15)]
    assert (phrase * 2).length_s == pytest.approx(0.7)
    series = trill(note(1_000.0, 0.02), 3, 10.0, octaves=1.0, db=-6.0)
    assert [s.at_s for s in series.syllables] == pytest.approx([0.0, 0.1, 0.2])
    assert [s.pitch_hz for s in series.syllables] == pytest.approx([1_000.0, 2.0**0.5 * 1_000.0, 2_000.0])
    assert [s.level_db for s in series.syllables] == pytest.approx([0.0, -3.0, -6.0])
    starts = np.array([s.at_s for s in trill(note(1_000.0, 0.02), 5, 10.0, hurry=1.0).syllables])
    assert np.all(np.diff(starts, 2) < 0.0)


def test_a_bent_note_turns_where_it_should() -> None:
    (turn,) = bend(1_000.0, 0.2, 2_000.0, 1_500.0).syllables
    assert (turn.pitch_hz, turn.end_hz, turn.length_s) == (1_000.0, 1_500.0, 0.2)
    assert 0.5 * (turn.pitch_hz + turn.end_hz) * 2.0**turn.bend == pytest.approx(2_000.0)


def test_no_bird_sings_a_phrase_again_within_two_minutes() -> None:
    """A kind has so many songs, no two of the same notes at the same times, that a round of them takes minutes."""
    for caller in VOICES["birds"][0].callers:
        shapes = {tuple((round(s.at_s, 4), round(s.pitch_hz, 1)) for s in c.syllables) for c in caller.calls}
        assert len(shapes) == len(caller.calls)
        assert len(caller.calls) * caller.window_s >= 110.0


def test_a_frog_strikes_pulses_that_set_in_hard_and_are_never_alike() -> None:
    """Chorus frogs, spadefoots, toads, tree and water frogs: trains of short pulses, uneven in time and level."""
    for calls in (croaks.CHORUS_FROG, croaks.SPADEFOOT, croaks.TOAD, croaks.TREE_FROG, croaks.WATER_FROG):
        for variant in calls:
            pulses = [s for s in variant.syllables if s.noise_hz == 0.0]
            assert len(pulses) >= 9, variant.name
            assert all(s.length_s < 0.04 and s.attack <= 0.3 for s in pulses), variant.name
            gaps = np.diff(sorted(s.at_s for s in pulses))
            assert np.std(gaps) / np.mean(gaps) > 0.01, variant.name
            assert len({round(s.level_db, 6) for s in pulses}) > len(pulses) // 2


def test_words_become_calls() -> None:
    calls = repertoire("x", {"a": note(1_000.0, 0.1), "b": note(2_000.0, 0.1)}, ("ab", "b a"), 0.1)
    assert [[s.pitch_hz for s in c.syllables] for c in calls] == [[1_000.0, 2_000.0], [2_000.0, 1_000.0]]
    assert calls[1].syllables[1].at_s == pytest.approx(0.1 + 0.1 + 0.12)


def test_a_call_that_is_too_long_is_refused() -> None:
    with pytest.raises(ValueError, match=r"'endless' lasts 5\.50 s, allowed are at most 5\.0 s"):
        call("endless", note(1_000.0, 5.5))


# What is heard


@pytest.mark.parametrize("variants", [5, 7, 11])
def test_an_individual_rarely_repeats_itself_at_once(variants: int) -> None:
    """Each variant is made a tone of its own, so that the audio says which one was called."""
    pitches_hz = 1_000.0 + 500.0 * np.arange(variants)
    tones = tuple(Call(f"{hz}", (Syllable(0.0, 0.3, hz),)) for hz in pitches_hz)
    robin = VOICES["birds"][0].callers[1]
    lone = replace(robin, calls=tones, individuals=1, window_s=1.0, activity=(), presence=(), distance="")
    lone = replace(lone, call_pitch_oct=0.0, pitch=replace(lone.pitch, spread=0.0), drop_syllable=0.0)
    lone = replace(lone, level_db=replace(lone.level_db, spread=0.0))
    tokens = rows(240.0, {})
    bank = build((Patch("birds", callers=(lone,)),))
    samples = Renderer("cpu", bank=bank).render([Request(3, "mono", LOOKBACK_STEPS, tokens)])[0][0]
    size = SAMPLE_RATE_HZ // 20
    frames = samples[: len(samples) // size * size].reshape(-1, size).astype(np.float64)
    power = np.stack(
        [np.abs(frames @ np.exp(-2j * np.pi * hz * np.arange(size) / SAMPLE_RATE_HZ)) ** 2 for hz in pitches_hz]
    )
    sounding = power.sum(axis=0) > 0.05 * power.sum(axis=0).max()
    onsets = np.flatnonzero(sounding[1:] & ~sounding[:-1]) + 1
    order = np.array([int(np.argmax(power[:, onset : onset + 5].sum(axis=1))) for onset in onsets])
    assert len(order) >= 200
    assert np.mean(order[1:] == order[:-1]) < 0.06
    counts = np.bincount(order, minlength=variants)
    assert counts.min() > 0.5 * len(order) / variants


@pytest.mark.parametrize(
    ("voice", "column", "seconds", "activities"),
    [
        ("birds", "birds_activity", 60.0, (0.0, 0.1, 0.3, 0.6)),
        ("frogs", "frogs_activity", 60.0, (0.0, 0.05, 0.15, 0.4)),
        pytest.param(*("owl", "owl_activity", 150.0, (0.0, 0.1, 0.4, 1.0)), marks=pytest.mark.long),
        ("cicadas", "cicadas_level", 60.0, (0.0, 0.05, 0.2, 0.5)),
        ("crickets", "crickets_level", 60.0, (0.0, 0.1, 0.3, 1.0)),
        pytest.param(*("wolf", "wolf_activity", 240.0, (0.0, 0.1, 0.4, 1.0)), marks=pytest.mark.long),
        pytest.param(*("loon", "loon_activity", 240.0, (0.0, 0.1, 0.4, 1.0)), marks=pytest.mark.long),
        pytest.param(*("livestock", "livestock_activity", 150.0, (0.0, 0.1, 0.4, 1.0)), marks=pytest.mark.long),
    ],
)
def test_more_calls_are_heard_as_activity_grows(
    voice: str, column: str, seconds: float, activities: tuple[float, ...]
) -> None:
    shares = [occupancy(heard(voice, seconds, (1, 2), False, **{column: activity})) for activity in activities]
    assert shares[0] == 0.0
    assert np.all(np.diff(shares) > 0.02), shares


@pytest.mark.parametrize("voice", VOICES)
def test_level_grows_with_activity(voice: str) -> None:
    column = f"{voice}_activity" if f"{voice}_activity" in COLUMN else f"{voice}_level"
    levels = [level_db(heard(voice, 60.0, (1, 2, 3), **{column: activity})) for activity in (0.1, 0.4, 1.0)]
    assert np.all(np.diff(levels) > 1.0), levels


def test_more_species_are_louder_together() -> None:
    levels = [level_db(heard("birds", 60.0, birds_activity=0.6, birds_variety=v)) for v in (0.0, 0.4, 1.0)]
    assert np.all(np.diff(levels) > 1.0), levels


@pytest.mark.parametrize("voice", ["birds", "frogs", "owl", "wolf", "loon", "livestock"])
def test_distance_takes_level_and_brightness(voice: str) -> None:
    column = f"{voice}_distance_m"
    nearest_m = max(20.0, SCENE[COLUMN[column]].low)
    near, far = (heard(voice, 60.0, **{f"{voice}_activity": 0.8, column: m}) for m in (nearest_m, 10.0 * nearest_m))
    assert 15.0 < level_db(near) - level_db(far) < 32.0
    bright = [np.sum(power[hz > 4_000.0]) / np.sum(power) for hz, power in (spectrum(near), spectrum(far))]
    assert voice in ("owl", "wolf", "loon") or bright[1] < 0.9 * bright[0]


@pytest.mark.parametrize("rate_hz", [0.8, 2.0, 5.0])
def test_a_cricket_chirps_at_its_rate(rate_hz: float) -> None:
    samples = heard("crickets", 60.0, crickets_level=0.05, crickets_rate_hz=rate_hz)
    assert 1.0 / period_s(samples, 0.6 / rate_hz, 1.5 / rate_hz) == pytest.approx(rate_hz, rel=0.08)


@pytest.mark.parametrize("rate_hz", [6.0, 20.0, 60.0])
def test_a_cicada_buzzes_at_its_rate(rate_hz: float) -> None:
    samples = heard("cicadas", 120.0, cicadas_level=0.14, cicadas_rate_hz=rate_hz)
    assert 1.0 / period_s(samples, 0.6 / rate_hz, 1.5 / rate_hz) == pytest.approx(rate_hz, rel=0.1)


@pytest.mark.parametrize(
    ("voice", "activity", "pitches_hz", "tolerance"),
    [
        ("crickets", "crickets_level", (2_500.0, 4_000.0, 6_500.0), 0.15),
        ("cicadas", "cicadas_level", (3_500.0, 6_000.0, 9_000.0), 0.15),
        ("owl", "owl_activity", (250.0, 400.0, 900.0), 0.35),
        ("frogs", "frogs_activity", (250.0, 1_000.0, 2_800.0), 0.9),
    ],
)
def test_pitch_follows_its_column(voice: str, activity: str, pitches_hz: tuple[float, ...], tolerance: float) -> None:
    medians = [median_hz(heard(voice, 60.0, **{activity: 0.6, f"{voice}_pitch_hz": hz})) for hz in pitches_hz]
    assert np.all(np.diff(medians) > 0.0)
    assert medians == pytest.approx(pitches_hz, rel=tolerance)


@pytest.mark.parametrize(
    ("voice", "kind"),
    [("birds", "songbird"), ("owl", "owl"), ("frogs", "frog"), ("crickets", "cricket"), ("cicadas", "cicada"),
        ("wolf", "wolf"), ("loon", "loon"), *(("livestock", kind) for kind in FARM_ANIMALS)],
)  # fmt: skip
def test_an_event_is_one_call_that_its_id_strength_and_distance_vary(voice: str, kind: str) -> None:
    plain = event(voice, kind)
    assert not np.any(plain[:SAMPLE_RATE_HZ])
    assert np.any(plain[SAMPLE_RATE_HZ:])
    assert not np.any(plain[round((1.0 + _LONGEST_S.get(voice, 5.6)) * SAMPLE_RATE_HZ) :])
    assert level_db(event(voice, kind, strength=1.0)) > level_db(plain) + 5.0
    assert level_db(event(voice, kind, distance_m=100.0)) < level_db(plain) - 13.0
    others = [event(voice, kind, id_=id_) for id_ in range(2, 10)]
    assert len({round(float(np.sum(np.abs(samples))), 6) for samples in others}) == len(others)


def bright_hz(caller: Caller) -> tuple[float, float]:
    """The lowest and the highest pitch of the first harmonics of a kind's calls."""
    lowest = [min(s.pitch_hz for s in variant.syllables if s.noise_hz == 0.0) for variant in caller.calls]
    return min(lowest), max(lowest)


def test_a_farms_animals_have_their_own_pitch() -> None:
    """Cattle below sheep below goats below poultry, each within what is known of its larynx."""
    ranges = {caller.name: bright_hz(caller) for caller in livestock.PATCHES[0].callers}
    bounds = {
        "cattle": (60, 220), "sheep": (100, 430), "goats": (180, 400), "hens": (250, 800), "cocks": (300, 500),
        "dogs": (150, 720),
    }  # fmt: skip
    for name, (low_hz, high_hz) in bounds.items():
        assert low_hz <= ranges[name][0] <= ranges[name][1] <= high_hz, (name, ranges[name])


def test_all_harmonics_of_a_farm_animals_note_glide_together() -> None:
    """A comb stays one, from mouth to mouth; and only jitter widens it, the more the higher."""
    cow = Mouth(((230, 110, -1.0), (620, 130, 0.0)), top_hz=1_500.0, jitter=0.1)
    moo = sung(cow, 120.0, 1.0, 100.0, arch=0.3).syllables
    tones = [s for s in moo if s.noise_hz == 0.0]
    assert len(tones) > 4
    for s in tones:
        assert s.pitch_hz / 120.0 == pytest.approx(s.end_hz / 100.0) == pytest.approx(round(s.pitch_hz / 120.0))
        assert (s.bend, s.at_s, s.length_s) == (0.3, 0.0, 1.0)
    jittered = {s.pitch_hz: s.noise_hz for s in moo[:-2] if s.noise_hz > 0.0}
    assert set(jittered) == {s.pitch_hz for s in tones}
    assert jittered[max(jittered)] > 3.0 * jittered[min(jittered)]


def test_a_closed_mouth_hums() -> None:
    cow = Mouth(((230, 110, -1.0), (620, 130, 0.0)), top_hz=1_500.0)
    open_db, shut_db = (
        max(s.level_db for s in sung(mouth, 120.0, 1.0).syllables[:-2] if s.pitch_hz > 450.0)
        for mouth in (cow, cow.shut())
    )
    assert shut_db < open_db - 10.0


@pytest.mark.long
def test_cocks_crow_when_it_is_their_hour_and_the_yard_is_not_the_pasture() -> None:
    """The columns choose among the animals: each alone, by how much of it is heard."""

    def much(name: str, **columns: float) -> float:
        every = VOICES["livestock"][0]
        patch = replace(every, callers=tuple(c for c in every.callers if c.name == name))
        tokens = rows(300.0, {"livestock_activity": 0.5, **columns})
        return occupancy(
            Renderer("cpu", bank=build((patch,))).render([Request(1, "mono", LOOKBACK_STEPS, tokens)])[0][0]
        )

    assert much("cocks", livestock_crowing=1.0) > 3.0 * much("cocks", livestock_crowing=0.1) + 0.01
    assert much("cocks", livestock_crowing=0.0) == 0.0
    assert much("hens", livestock_yard=1.0) > 2.0 * much("hens", livestock_yard=0.0)
    assert much("cattle", livestock_yard=0.0) > much("cattle", livestock_yard=1.0)
