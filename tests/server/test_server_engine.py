"""The engine: who is rendered next and how much, and that one session's trouble is no other's."""

import numpy as np
import pytest
import standin_scene
from ambiome_middleware.engine import (
    BATCH_STEPS,
    COMPANY,
    FREE_STEPS,
    GUEST_STEPS,
    LONE_LIVE_STEPS,
    NEWCOMERS,
    TRUST_TURNS,
    Engine,
    Failure,
    RendererBroken,
    Stretch,
)
from ambiome_middleware.lead import STEPS_AHEAD
from ambiome_middleware.session import LOOKBACK, Session
from ambiome_middleware.tokens import STEP_SAMPLES
from msgspec.structs import replace
from standin_sound import Renderer


def engine_of(*listeners: tuple[str, int], played: tuple[int, ...] = ()) -> Engine:
    """An engine with sessions 0, 1, … of these paces and credits, the first of which have played so far."""
    engine = Engine(Renderer())
    for key, (pace, credit) in enumerate(listeners):
        engine.add(key, Session(key, "stereo", pace, scene=standin_scene))
        grant(engine, key, credit, played[key] if played else 0)
    return engine


def grant(engine: Engine, key: int, until_step: int, played_step: int = 0) -> None:
    engine.get(key).grant(until_step, played_step)
    engine.see(key)


def begin(engine: Engine) -> None:
    """All have their first step behind them, and credit for no other."""
    while not engine.is_idle():
        engine.turn()


def served(engine: Engine) -> list[tuple[int, int]]:
    return [(stretch.key, stretch.samples.shape[1] // STEP_SAMPLES) for stretch in engine.turn()]


def test_nobody_is_rendered_without_credit():
    engine = engine_of(("live", 0), ("free", 0))
    assert engine.is_idle()
    assert engine.turn() == []


def test_all_with_credit_are_rendered_in_one_batch_live_before_free():
    engine = engine_of(("free", 250), ("live", 2), ("free", 2), ("live", 1), ("live", 0))
    assert served(engine) == [(1, 1), (3, 1), (0, GUEST_STEPS)]
    assert len(engine._renderers["procedural"].calls) == 1


def test_the_live_session_with_the_least_left_to_play_comes_first():
    engine = engine_of(("live", 25), ("live", 25), ("live", 25))
    for _ in range(3):
        engine.turn()
    for key, played in enumerate((1, 3, 2)):
        grant(engine, key, 25, played)
    assert [key for key, _ in served(engine)] == [1, 2, 0]


def test_free_sessions_alone_render_many_steps_at_once_and_take_turns():
    engine = engine_of(*[("free", 250)] * 40)
    first, second = served(engine), served(engine)
    assert sum(steps for _, steps in first) == BATCH_STEPS
    assert first[0] == (0, FREE_STEPS)
    assert second[0][0] == len(first)
    while not engine.is_idle():
        engine.turn()
    assert all(engine.get(key).next_step == 250 for key in range(40))


def test_a_free_session_yields_to_a_live_one_that_plays_but_not_to_one_that_is_paused():
    engine = engine_of(("free", 250), ("live", 0))
    assert served(engine) == [(0, GUEST_STEPS)]
    engine.pause(1)
    assert served(engine) == [(0, FREE_STEPS)]
    engine.pause(1, False)
    assert served(engine) == [(0, GUEST_STEPS)]
    engine.remove(1)
    assert served(engine) == [(0, FREE_STEPS)]


def test_a_live_session_alone_fills_its_buffer_quickly():
    assert served(engine_of(("live", 25))) == [(0, LONE_LIVE_STEPS)]


def test_the_paused_and_the_removed_are_not_rendered():
    engine = engine_of(("live", 5), ("live", 5), ("live", 5))
    engine.pause(0)
    assert engine.remove(1).seed == 1
    assert [key for key, _ in served(engine)] == [2]
    assert engine.remove(1) is None
    engine.pause(0, False)
    assert {key for key, _ in served(engine)} == {0, 2}


def test_a_session_sounds_the_same_whoever_it_is_rendered_with():
    def sound_of_2(engine: Engine) -> np.ndarray:
        heard = []
        while not engine.is_idle():
            heard += [stretch.samples for stretch in engine.turn() if stretch.key == 2]
        return np.concatenate(heard, axis=1)

    alone = Engine(Renderer())
    alone.add(2, Session(2, "stereo", "free", scene=standin_scene))
    grant(alone, 2, 100)
    crowd = engine_of(("live", 20), ("free", 250), ("free", 100), ("live", 25))
    assert np.array_equal(sound_of_2(alone), sound_of_2(crowd))


class Noting(Renderer):
    """Notes which steps it is asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple[int, int]] = []

    def render(self, requests):
        self.asked += [(request.first_step, request.steps) for request in requests]
        return super().render(requests)


def test_what_a_live_client_did_not_get_is_sent_again_and_not_rendered_again():
    engine = Engine(renderer := Noting())
    engine.add(0, session := Session(0, "stereo", "live", scene=standin_scene))
    heard: dict[int, bytes] = {}

    def turn() -> None:
        for stretch in engine.turn():
            for step in range(stretch.samples.shape[1] // STEP_SAMPLES):
                samples = stretch.samples[:, step * STEP_SAMPLES : (step + 1) * STEP_SAMPLES].tobytes()
                assert heard.setdefault(stretch.first_step + step, samples) == samples

    for played in range(40):
        grant(engine, 0, played + 3, played)
        turn()
    before = len(renderer.asked)
    session.rewind(session.next_step - 3)
    grant(engine, 0, session.next_step + 5, session.next_step)
    while not engine.is_idle():
        turn()
    assert sorted(heard) == list(range(44))
    assert renderer.asked[before:] == [(42, 2)], "the three that were on their way come from what was kept"
    session.rewind(20)
    grant(engine, 0, 40, 20)
    turn()
    assert renderer.asked[-1][0] == 20, "what it has played is not kept"


class Choking(Renderer):
    """Cannot render the sessions in `seeds`; counts what it forgets."""

    def __init__(self, *seeds: int) -> None:
        super().__init__()
        self.seeds, self.forgotten = seeds, []

    def render(self, requests):
        if any(request.seed in self.seeds for request in requests):
            raise FloatingPointError("choked")
        return super().render(requests)

    def forget(self, key) -> None:
        self.forgotten.append(key)


def test_a_renderer_that_fails_costs_only_the_session_concerned(caplog):
    engine = Engine(Choking(1, 3))
    for key in range(5):
        engine.add(key, Session(key, "stereo", "live", scene=standin_scene))
        grant(engine, key, 2)
    outcome = {stretch.key: stretch for stretch in engine.turn()}
    assert {key for key, stretch in outcome.items() if isinstance(stretch, Failure)} == {1, 3}
    assert all(isinstance(outcome[key], Stretch) and outcome[key].first_step == 0 for key in (0, 2, 4))
    assert isinstance(outcome[1].error, FloatingPointError)
    assert set(engine._renderers["procedural"].forgotten) == set(range(5)), "what was begun may be half done"
    assert [stretch.first_step for stretch in engine.turn()] == [1, 1, 1]
    assert "session 1 ends" in caplog.text


class OutOfMemoryError(RuntimeError):
    """As torch names it."""


class Cramped(Renderer):
    """A renderer on a device with memory for so many sessions at once."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most

    def render(self, requests):
        if len(requests) > self.most:
            raise OutOfMemoryError(f"{len(requests)} sessions")
        return super().render(requests)


@pytest.mark.parametrize("most", [1, 3, 8])
def test_a_device_that_is_full_gets_smaller_batches_and_nobody_loses_a_frame(most, caplog):
    device = Cramped(20)
    engine, alike = Engine(device), engine_of(*[("live", 1)] * 20)
    for key in range(20):
        engine.add(key, Session(key, "stereo", "live", scene=standin_scene))
        grant(engine, key, 1)
    for each in (engine, alike):
        begin(each)
        for key in range(20):
            grant(each, key, 3)
    device.most = most
    heard = {stretch.key: stretch.samples for stretch in engine.turn()}
    assert heard.keys() == set(range(20))
    wanted = {stretch.key: stretch.samples for stretch in alike.turn()}
    assert all(np.array_equal(heard[key], wanted[key]) for key in heard)
    caplog.clear()
    while not engine.is_idle():
        assert len(engine.turn()) <= max(most, 1), "it remembers how much there was room for"
    assert caplog.text == ""
    assert all(engine.get(key).next_step == 3 for key in range(20))


def test_without_memory_for_one_session_it_goes_on_elsewhere(caplog):
    made = []

    def spare():
        made.append(Renderer())
        return made[-1]

    engine = Engine(Cramped(0), spares={"procedural": spare})
    for key in range(3):
        engine.add(key, Session(key, "stereo", "live", scene=standin_scene))
        grant(engine, key, 2)
    while not engine.is_idle():
        assert all(isinstance(outcome, Stretch) for outcome in engine.turn())
    assert len(made) == 1
    assert "goes on on the CPU" in caplog.text
    alone = Engine(Cramped(0))
    alone.add(0, Session(0, "stereo", "live", scene=standin_scene))
    grant(alone, 0, 2)
    with pytest.raises(RendererBroken):
        alone.turn()  # there is no other place, and nothing else would fit here either


class Unnamed(Cramped):
    """A device whose want of memory is a RuntimeError like any other."""

    text = ""

    def render(self, requests):
        try:
            return super().render(requests)
        except OutOfMemoryError:
            raise RuntimeError(self.text) from None


@pytest.mark.parametrize(
    "text",
    [
        "[enforce fail at alloc_cpu.cpp:119] . DefaultCPUAllocator: can't allocate memory: you tried 9 bytes",
        "MPS backend out of memory (MPS allocated: 9.00 GB, max allowed: 9.07 GB)",
        "CUDA error: out of memory",
        "cuFFT error: CUFFT_ALLOC_FAILED",
    ],
)
def test_want_of_memory_is_known_by_its_words_too(text, monkeypatch):
    monkeypatch.setattr(Unnamed, "text", text)
    engine = Engine(Unnamed(4))
    for key in range(20):
        engine.add(key, Session(key, "stereo", "live", scene=standin_scene))
        grant(engine, key, 2)
    assert all(isinstance(outcome, Stretch) for outcome in engine.turn())
    assert len(engine.turn()) <= 4


def test_a_device_that_was_full_is_tried_with_more_again():
    device, now = Cramped(2), [0.0]
    engine = Engine(device, clock=lambda: now[0])
    for key in range(8):
        engine.add(key, Session(key, "stereo", "live", scene=standin_scene))
        grant(engine, key, 1)
    engine.turn()
    assert len(device.calls[-1]) <= 2
    device.most = 100
    for step in range(2, 3 * TRUST_TURNS):
        now[0] += 0.1
        for key in range(8):
            grant(engine, key, min(step, engine.get(key).next_step + 1), step - 1)
        engine.turn()
    assert len(device.calls[-1]) == 8


def test_a_renderer_that_fails_for_everybody_ends_the_process_and_no_session():
    class Dead(Renderer):
        def render(self, requests):
            raise RuntimeError("CUDA error: an illegal memory access was encountered")

    engine = Engine(Dead())
    for key in range(3):
        engine.add(key, Session(key, "stereo", "live", scene=standin_scene))
        grant(engine, key, 1)
    with pytest.raises(RendererBroken):
        engine.turn()
    assert len(engine) == 3


def test_a_scene_that_fails_costs_only_the_session_concerned(monkeypatch):
    engine = engine_of(("live", 2), ("live", 2))
    monkeypatch.setattr(engine.get(0), "advance", lambda steps: 1 // 0)
    outcome = engine.turn()
    assert [(type(o), o.key) for o in outcome] == [(Failure, 0), (Stretch, 1)]
    assert len(engine) == 1


@pytest.mark.parametrize("sessions", [BATCH_STEPS, BATCH_STEPS + 1])
def test_a_batch_is_bounded_and_the_rest_come_next(sessions):
    engine = engine_of(*[("live", 1)] * sessions)
    begin(engine)
    for key in range(sessions):
        grant(engine, key, 2)
    assert len(engine.turn()) == BATCH_STEPS
    assert len(engine.turn()) == sessions - BATCH_STEPS


def test_those_who_begin_are_a_few_in_a_call_and_hold_up_nobody_who_plays():
    engine = engine_of(("live", 1), ("live", 1))
    begin(engine)
    for key in range(2, 2 + 3 * NEWCOMERS):
        engine.add(key, Session(key, "stereo", "live", scene=standin_scene))
        grant(engine, key, 1)
    for key in (0, 1):
        grant(engine, key, 2)
    turns = [[key for key, _ in served(engine)] for _ in range(3)]
    assert turns[0] == [*range(2, 2 + NEWCOMERS), 0, 1]
    assert [len(turn) for turn in turns[1:]] == [NEWCOMERS, NEWCOMERS]
    assert engine.is_idle()


def test_where_many_at_once_are_no_cheaper_the_first_live_ones_do_not_wait_for_the_last():
    engine = Engine(Renderer(), most_live=3)
    for key, pace in enumerate(["free", *["live"] * 7]):
        engine.add(key, Session(key, "stereo", pace, scene=standin_scene))
        grant(engine, key, 1)
    turns = [[key for key, _ in served(engine)] for _ in range(3)]
    assert turns == [[1, 2, 3], [4, 5, 6], [7, 0]], "free ones have what live ones leave"


class Neural(Renderer):
    """A stand-in that is asked for as many token frames before as the neural renderer is."""

    def render(self, requests):
        assert all(request.lookback == LOOKBACK["neural"] for request in requests)
        return super().render([replace(request, tokens=_near(request), lookback=250) for request in requests])


def _near(request):
    return request.tokens[request.lookback - 250 :]


def engine_of_both(*listeners: tuple[str, str, int]) -> Engine:
    engine = Engine(Renderer(), Neural())
    for key, (kind, pace, credit) in enumerate(listeners):
        engine.add(key, Session(key, "stereo", pace, renderer=kind, scene=standin_scene))
        grant(engine, key, credit)
    return engine


def test_the_two_renderers_take_turns_and_the_slow_one_makes_single_steps():
    engine = engine_of_both(("neural", "free", 3), ("procedural", "free", 60), ("neural", "free", 2))
    turns = [served(engine) for _ in range(5)]
    neural, procedural = [(0, 1), (2, 1)], [(1, FREE_STEPS)]
    assert turns == [neural, procedural, neural, procedural, [(0, 1)]]
    assert served(engine) == [(1, 60 - 2 * FREE_STEPS)]
    assert engine.is_idle()


def test_while_somebody_plays_only_some_free_sessions_hold_up_the_neural_renderer():
    engine = engine_of_both(("neural", "live", 5), *[("neural", "free", 9)] * (GUEST_STEPS + 3))
    assert served(engine) == [(0, 1), *[(key, 1) for key in range(1, GUEST_STEPS + 1)]]


def test_what_no_renderer_is_there_for_is_not_taken_in():
    engine = Engine(Renderer())
    with pytest.raises(ValueError, match="'neural' is none of procedural"):
        engine.add(1, Session(1, "mono", "live", renderer="neural", scene=standin_scene))
    assert engine.is_idle()
    assert len(engine) == 0


def clocked(*credits: tuple[int, int]) -> tuple[Engine, list[float]]:
    """An engine of live sessions that have had a step each, with more credit and what they played; and its clock."""
    now = [0.0]
    engine = Engine(Renderer(), clock=lambda: now[0])
    for key in range(len(credits)):
        engine.add(key, Session(key, "stereo", "live", scene=standin_scene))
        grant(engine, key, 1)
    engine.turn()
    for key, (credit, played) in enumerate(credits):
        grant(engine, key, credit, played)
    return engine, now


def test_few_that_play_wait_for_company_and_one_that_has_nothing_left_does_not():
    engine, now = clocked((2, 1), (2, 1))
    assert engine.gains_by_company(1.0)
    assert not engine.gains_by_company(0.0), "they have waited for so long"
    now[0] = 0.041  # the step that they played when they granted is over
    assert not engine.gains_by_company(1.0)


def test_the_first_step_a_free_session_and_a_full_batch_do_not_wait():
    assert not engine_of(("live", 2)).gains_by_company(1.0), "a client that has nothing yet"
    engine, _ = clocked((2, 1))
    engine.add(9, Session(9, "stereo", "free", scene=standin_scene))
    grant(engine, 9, 5)
    assert not engine.gains_by_company(1.0)
    assert not clocked(*[(2, 1)] * COMPANY)[0].gains_by_company(1.0)
    assert not clocked((1, 1))[0].gains_by_company(1.0), "nobody waits"


def test_calls_are_counted_by_how_many_were_in_them_and_how_long_they_took():
    engine, _ = clocked((2, 1), (2, 1))
    before = list(engine.work.calls_by_sessions)
    assert engine.owed_live_steps() == engine.owed_steps() == 2
    engine.turn()
    assert [now - then for now, then in zip(engine.work.calls_by_sessions, before, strict=True)] == [
        0, 1, *[0] * (len(before) - 2),
    ]  # fmt: skip
    assert sum(engine.work.calls_by_s) == engine.work.turns


def test_a_step_is_missed_when_it_begins_after_the_one_before_is_over():
    engine, now = clocked((2, 1), (2, 0))
    now[0] = 0.039
    engine.turn()
    assert engine.work.misses == 0
    for key, played in ((0, 2), (1, 1)):
        grant(engine, key, 3, played)
    now[0] = 0.1
    engine.turn()
    assert engine.work.misses == 1, "the other one has a step in hand"


def test_who_takes_live_sound_faster_than_it_plays_gets_what_others_leave():
    now = [0.0]
    engine = Engine(Renderer(), clock=lambda: now[0])
    for key in range(3):
        engine.add(key, Session(key, "stereo", "live", scene=standin_scene))
    for step in range(2 * STEPS_AHEAD):
        now[0] += 0.001
        grant(engine, 0, engine.get(0).next_step + 5, engine.get(0).next_step)  # it says that it has played all
        if step % 40 == 0:
            for key in (1, 2):
                grant(engine, key, engine.get(key).next_step + 1, engine.get(key).next_step)
            order = [key for key, _ in engine.plan()]
            assert order[:2] == ([0, 1] if not step else [1, 2])
        live = engine.work.live_steps
        engine.turn()
        assert engine.work.live_steps - live <= 2 + 5 * (engine.get(0).next_step <= STEPS_AHEAD + 5)
    assert engine.work.misses == 0
    assert engine.get(0).next_step > STEPS_AHEAD, "it is not refused what it asks for"
    now[0] += 60.0  # it has had its fill, and plays
    for _ in range(2):
        grant(engine, 0, engine.get(0).next_step + 1, engine.get(0).next_step)
        engine.turn()
        now[0] += 0.04
    live = engine.work.live_steps
    grant(engine, 0, engine.get(0).next_step + 1, engine.get(0).next_step)
    engine.turn()
    assert engine.work.live_steps == live + 1


def test_a_client_that_says_it_played_what_it_never_had_is_not_served_before_all_others():
    engine = engine_of(*[("live", 1)] * 300)
    begin(engine)
    got = [0] * 300
    for _ in range(20):
        for key in range(300):
            step = engine.get(key).next_step
            grant(engine, key, step + (1 if key >= 256 else 20), 2**52 if key < 256 else step)
        for stretch in engine.turn():
            got[stretch.key] += 1
    assert min(got[256:]) >= 8


def test_a_client_that_never_says_what_it_played_is_taken_to_have_a_little_left():
    now = [0.0]
    engine = Engine(Renderer(), clock=lambda: now[0])
    for key in range(3):
        engine.add(key, Session(key, "stereo", "live", scene=standin_scene))
    for step in range(1, 31):
        now[0] += 0.04
        for key in range(3):
            grant(engine, key, step, 0 if key == 0 else max(step - 1, 0))
        engine.turn()
    for key, played in ((0, 0), (1, 20), (2, 30)):
        grant(engine, key, 31, played)
    order = [key for key, _ in engine.plan()]
    assert order.index(2) < order.index(0)
