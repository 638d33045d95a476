"""The quality ladder: when a worker takes a step down or up, and that all who need to know of it do."""

import numpy as np
import pytest
import standin_scene
import standin_sound
from ambiome_middleware import offline, scene
from ambiome_middleware.desk import Desk
from ambiome_middleware.engine import Engine
from ambiome_middleware.ladder import (
    CALM_LOOKS,
    DEAREST,
    DOWN_ABOVE,
    LATE_ABOVE,
    MOST_CALM_LOOKS,
    SOON_LOOKS,
    UP_BELOW,
    Ladder,
)
from ambiome_middleware.session import Session
from ambiome_middleware.tokens import QUALITY_AT
from ambiome_middleware.wire import FrameReport, Grant, Open, Report, Say, Tell
from ambiome_protocol import build
from ambiome_protocol.codec import decode_server, encode
from ambiome_protocol.limits import LOWEST_QUALITY
from ambiome_protocol.messages import Frame, Warning
from ambiome_protocol.score import Quality, read_score, write_score

HEAVY, LIGHT = DOWN_ABOVE + 0.01, UP_BELOW / DEAREST - 0.01


def test_it_goes_down_a_rung_and_sees_what_it_gained_while_there_is_too_much_to_do():
    ladder = Ladder()
    assert [ladder.look(HEAVY, False) for _ in range(7)] == [1, 1, 2, 2, 3, 3, LOWEST_QUALITY]


def test_it_goes_up_only_when_it_has_been_calm_for_a_while():
    ladder = Ladder()
    for _ in range(3):
        ladder.look(0.95, False)
    assert [ladder.look(LIGHT, False) for _ in range(2 * CALM_LOOKS + 1)] == [
        *[2] * (CALM_LOOKS - 1), *[1] * CALM_LOOKS, 0, 0,
    ]  # fmt: skip


def test_what_would_not_be_calm_above_stays_where_it_is():
    """Between the two limits nothing moves: what fits here would be too much above, so it does not flap."""
    ladder = Ladder()
    ladder.look(0.95, False)
    for n in range(40):
        busy = LIGHT if n % CALM_LOOKS else (UP_BELOW + DOWN_ABOVE) / 2
        assert ladder.look(busy, False) == 1


@pytest.mark.parametrize(("gained", "quality"), [(1.4, 1), (1.1, 0)])
def test_what_a_rung_costs_is_what_it_gained_on_the_way_down(gained: float, quality: int):
    ladder = Ladder()
    ladder.look(0.95, False, streams=100)
    for _ in range(CALM_LOOKS):
        ladder.look(0.65, False, streams=100 * gained * 0.65 / 0.95)
    assert ladder.quality == quality


def test_a_single_dear_look_that_sends_it_down_does_not_keep_it_there():
    ladder = Ladder()
    for _ in range(20):
        ladder.look(0.65, False, streams=100)
    assert ladder.look(0.99, False, streams=100) == 1
    for _ in range(CALM_LOOKS):
        ladder.look(0.62, False, streams=100)
    assert ladder.quality == 0


def test_what_a_rung_costs_is_not_measured_on_another_day():
    """Where it stays for long, the weather changes, and what streams cost in it."""
    ladder = Ladder()
    ladder.look(0.95, False, streams=100)
    for _ in range(100):
        ladder.look(0.78, False, streams=100)
    assert ladder.quality == 1
    for _ in range(CALM_LOOKS):
        ladder.look(0.55, False, streams=100)
    assert ladder.quality == 0


def test_who_goes_up_in_vain_waits_longer_each_time_and_no_longer_once_it_held():
    ladder = Ladder()

    def calm() -> int:
        """How many calm looks it takes to go up."""
        return next(n for n in range(1, 200) if ladder.look(LIGHT, False) == 0)

    ladder.look(HEAVY, False)
    waits = []
    for _ in range(6):
        waits.append(calm())
        ladder.look(HEAVY, False)
        assert ladder.quality == 1
    assert waits == [CALM_LOOKS << n for n in range(5)] + [MOST_CALM_LOOKS]
    calm()
    for _ in range(SOON_LOOKS):
        ladder.look(LIGHT, False)
    ladder.look(HEAVY, False)
    assert calm() == CALM_LOOKS


def test_what_comes_late_counts_only_where_there_is_much_to_do():
    ladder = Ladder()
    assert [ladder.look(busy, True) for busy in (0.1, LATE_ABOVE, LATE_ABOVE + 0.01)] == [0, 0, 1]


def frames_of(reports: list[Report]) -> list[Frame | Warning]:
    headers = [each.header if isinstance(each, FrameReport) else each.data for each in reports
               if isinstance(each, FrameReport | Say)]  # fmt: skip
    return [message for data in headers if isinstance(message := decode_server(data), Frame | Warning)]


def test_a_live_client_is_told_before_the_frame_and_a_free_one_is_spared_nothing():
    desk = Desk(Engine(standin_sound.Renderer()), standin_scene)
    desk.obey(Open(1, 1, "mono", "f32le", "live", 0.0))
    desk.obey(Open(2, 1, "mono", "f32le", "free", 0.0))
    heard: dict[int, list[Frame | Warning]] = {1: [], 2: []}
    for step in range(6):
        desk.engine.quality = (0, 0, 2, 2, 1, 0)[step]
        for number in heard:
            desk.obey(Grant(number, step + 1, step, 0))
        reports, _ = desk.turn()
        for number in heard:
            heard[number] += frames_of([each for each in reports if each.session == number])
    told = [(each.code, each.applied_at) if isinstance(each, Warning) else each.quality for each in heard[1]]
    assert told == [0, 0, ("quality", 0.08), 2, 2, ("quality", 0.16), 1, ("quality", 0.2), 0]
    assert [each.quality for each in heard[2] if isinstance(each, Frame)] == [0] * 6


def test_a_neural_session_is_not_on_the_ladder():
    engine = Engine(standin_sound.Renderer(), standin_sound.Renderer())
    engine.add(1, Session(1, "mono", "live", renderer="neural", scene=standin_scene))
    engine.get(1).grant(2)
    engine.see(1)
    engine.quality = 3
    engine.turn()
    assert engine.get(1).quality_at(0) == 0


def test_a_snapshot_has_it():
    session = Session(3, "mono", "live", scene=standin_scene)
    session.advance(3)
    session.set_quality(2)
    session.advance(2)
    again = Session.restore(session.snapshot(7), 7, scene=standin_scene)
    again.advance(1)
    assert [again.quality_at(step) for step in range(6)] == [0, 0, 0, 2, 2, 2]


def test_a_score_with_its_qualities_gives_the_same_token_frames():
    """A live session whose quality changes, written down as `ambiome record` does, and made again from that."""
    session = Session(9, "mono", "live")
    rain = build.world({"rain_mm_h": 30.0}, {"biome": "coast"})
    session.tell(rain)
    rows = []
    for step in range(60):
        if step in (10, 33, 47):
            session.set_quality({10: 1, 33: 3, 47: 0}[step])
        rows.append(session.advance(1).tokens[-1].copy())
    lines = list(write_score([
        build.restamp(build.world({"rain_mm_h": 30.0}, {"biome": "coast"}, at=0.0), 1),
        Quality(at=0.4, quality=1), Quality(at=33 * 0.04, quality=3), Quality(at=47 * 0.04, quality=0),
    ]))  # fmt: skip
    made = offline.record(read_score(lines), 60 * 0.04, 9, "mono").rows
    np.testing.assert_array_equal(made, rows)
    assert set(made[:, QUALITY_AT]) == {0, 1, 3}


def test_no_client_can_tell_a_server_a_quality():
    desk = Desk(Engine(standin_sound.Renderer()), scene)
    desk.obey(Open(1, 1, "mono", "f32le", "live", 0.0))
    [refused] = desk.obey(Tell(1, encode(Quality(at=1.0, quality=3)), 1))
    assert isinstance(refused, Say)
    assert "unknown_type" in str(decode_server(refused.data))
