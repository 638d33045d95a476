"""In a free session what is heard depends on the order of messages alone, never on how far rendering has got."""

import numpy as np
import standin_scene
from ambiome_middleware.session import Session
from ambiome_middleware.tokens import LOOKBACK_STEPS
from ambiome_protocol.messages import Event, EventMessage, Weather, World, WorldMessage
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import UNSET

ats = st.none() | st.floats(0, 4)
worlds = st.builds(lambda at, rain: ("world", at, rain), ats, st.integers(0, 200))
events = st.builds(lambda at: ("event", at, 0), ats)
grants = st.builds(lambda steps: ("grant", steps, 0), st.integers(0, 40))


def play(messages, renders, rewinds=()) -> tuple[np.ndarray, list[int], list]:
    """Tokens, applied seqs and warnings of a session that renders `renders[i]` steps after message i, then the rest."""
    session = Session(9, "stereo", "free", scene=standin_scene)
    rows, applied, warnings = [], [], []

    def render(steps: int) -> None:
        request = session.advance(min(steps, session.due()))
        rows.extend(request.tokens[LOOKBACK_STEPS:].tolist())
        applied.extend(session.applied_seq_at(step) for step in range(request.first_step, session.next_step))

    for seq, (kind, value, rain) in enumerate(messages, 1):
        at = UNSET if value is None else value
        if kind == "grant":
            render(max(0, session.due() - 100))  # so that no credit is refused
            session.grant(session.credit + value)
        elif kind == "world":
            warnings += session.tell(WorldMessage(seq=seq, at=at, world=World(weather=Weather(rain_mm_h=rain))))
        else:
            warnings += session.tell(EventMessage(seq=seq, at=at, event=Event(kind="gust")))
        render(renders[seq % len(renders)])
        for back in rewinds:
            session.rewind(max(0, session.next_step - back))
            del rows[session.next_step :], applied[session.next_step :]
            render(back // 2)
    render(1_000)
    session.grant(session.credit + 60)
    render(60)
    return np.array(rows), applied, warnings


@settings(max_examples=40, deadline=None)
@given(st.lists(st.one_of(worlds, events, grants), max_size=12), st.lists(st.integers(0, 120), min_size=1, max_size=4),
       st.lists(st.integers(0, 100), max_size=2))  # fmt: skip
def test_the_speed_of_rendering_and_lost_frames_change_nothing(messages, renders, rewinds):
    at_once, lazily, back = play(messages, [10_000]), play(messages, [0]), play(messages, renders, rewinds)
    for other in (lazily, back):
        assert np.array_equal(at_once[0], other[0])
        assert at_once[1:] == other[1:]
