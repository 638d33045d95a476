"""What a member of a zone is sent again, it is sent as it was: the same bytes, whatever was told meanwhile."""

import numpy as np
import pytest
from ambiome_middleware.timeline import Timeline
from ambiome_protocol.audio import pack, unpack
from ambiome_protocol.limits import ZONE_RING_STEPS
from ambiome_protocol.messages import Frame, Hello, Listener, Warning, Weather, World, WorldMessage
from hypothesis import given
from hypothesis import strategies as st
from zone_members import Tavern

RAIN = World(weather=Weather(rain_mm_h=8))
LOUD = pack(np.full((2, 1_920), 0.5, np.float32), "f32le")
AROUND = pack(np.repeat(np.array([[0.5], [0.3], [0.0], [0.4]], np.float32), 1_920, axis=1), "f32le")


def look(heading_deg: float, seq: int) -> WorldMessage:
    return WorldMessage(seq=seq, world=World(listener=Listener(heading_deg=heading_deg)))


def heard(tavern: Tavern, peer: bytes) -> dict[int, tuple[Frame, bytes]]:
    """The frames that a peer was sent, by step."""
    headers = [message for message in tavern.told.get(peer, []) if isinstance(message, Frame)]
    return {header.step: (header, bytes(audio)) for header, audio in zip(headers, tavern.sounds[peer], strict=True)}


def move(tavern: Tavern, peer: bytes, to: bytes, next_step: int, joined: bytes | None = None) -> None:
    """The member loses its connection, and comes back on another one with the token of its welcome."""
    tavern.take(tavern.front.unreachable(peer, tavern.now_s))
    resume = tavern.welcomes[joined or peer].resume
    tavern.sounds.setdefault(to, [])
    tavern.say(to, Hello(version="1.0", resume=resume, next_step=next_step))


def applied(tavern: Tavern, peer: bytes) -> list[int]:
    return [message.applied_seq for message in tavern.told[peer] if isinstance(message, Frame)]


def test_the_first_frame_of_who_joined_is_faded_in_as_often_as_it_is_sent():
    tavern = Tavern()
    tavern.join(b"a")
    tavern.play(b"a", 100, audio=LOUD)
    assert tavern.join(b"b").next_step == 95
    tavern.grant(b"b", 97)
    move(tavern, b"b", b"c", 95)
    assert heard(tavern, b"c") == heard(tavern, b"b")
    first, second = (unpack(audio, "f32le", 2) for _, audio in heard(tavern, b"c").values())
    assert first[0, 0] == pytest.approx(0.0, abs=1e-5)
    assert second.tobytes() == LOUD


def test_a_frame_that_was_skipped_to_is_faded_in_as_often_as_it_is_sent():
    tavern = Tavern()
    tavern.join(b"a")
    tavern.join(b"b")
    tavern.play(b"a", ZONE_RING_STEPS + 10, audio=LOUD)
    assert [type(message) for message in tavern.grant(b"b", 20)] == [Warning]
    tavern.grant(b"b", ZONE_RING_STEPS + 8)
    move(tavern, b"b", b"c", ZONE_RING_STEPS + 5)
    assert len(heard(tavern, b"b")) == 3
    assert heard(tavern, b"c") == heard(tavern, b"b")
    assert unpack(heard(tavern, b"c")[ZONE_RING_STEPS + 5][1], "f32le", 2)[0, 0] == pytest.approx(0.0, abs=1e-5)


def test_after_a_step_back_frames_name_what_they_named_before():
    tavern = Tavern()
    tavern.join(b"a")
    tavern.grant(b"a", 20)
    tavern.render(5)
    tavern.say(b"a", WorldMessage(seq=1, world=RAIN))
    tavern.render(5, applied_seq=1)
    assert applied(tavern, b"a") == [0] * 5 + [1] * 5
    move(tavern, b"a", b"c", 0)
    assert applied(tavern, b"c") == [0] * 5 + [1] * 5


def test_a_heading_counts_from_the_first_frame_on_that_was_never_sent():
    tavern = Tavern("ambisonics")
    tavern.join(b"a")
    tavern.grant(b"a", 6)
    tavern.render(5, audio=AROUND)
    tavern.say(b"a", look(90, 1))
    move(tavern, b"a", b"c", 3)
    tavern.render(1, audio=AROUND)
    assert applied(tavern, b"c") == [0, 0, 1]
    *again, turning = (audio for _, audio in heard(tavern, b"c").values())
    assert again == [AROUND, AROUND]
    np.testing.assert_allclose(unpack(turning, "f32le", 4)[:, -1], [0.5, 0.4, 0.0, -0.3], atol=1e-5)


@given(
    st.lists(
        st.tuples(st.sampled_from(["grant", "render", "move", "look", "rain"]), st.integers(0, 30)),
        max_size=25,
    )
)
def test_whatever_happens_what_is_sent_again_is_the_same(deeds):
    tavern = Tavern("ambisonics")
    tavern.join(b"a", zone_key=b"k" * 16)
    tavern.play(b"a", 10, audio=AROUND)
    joined = b"0"
    first_step = tavern.join(joined, zone_key=b"k" * 16).next_step
    peer, credit, numbered = joined, 0, 0
    tavern.sounds[peer] = []
    before: dict[int, tuple[Frame, bytes]] = {}
    for seq, (deed, amount) in enumerate(deeds, 1):
        sent = max(before, default=first_step - 1) + 1
        if deed == "grant":
            credit = max(credit, sent + amount % 8)
            tavern.grant(peer, credit)
        elif deed == "render" and tavern.step < ZONE_RING_STEPS:
            tavern.render(1, audio=AROUND, applied_seq=numbered if amount % 2 else 0)
        elif deed == "move":
            there = str(seq).encode()
            move(tavern, peer, there, max(first_step, sent - amount), joined)
            peer = there
        elif deed == "look":
            tavern.say(peer, look(amount * 12, seq))
        elif deed == "rain":
            tavern.say(peer, WorldMessage(seq=seq, world=RAIN))
            numbered += 1
        now = heard(tavern, peer)
        again = before.keys() & now.keys()
        assert {step: now[step] for step in again} == {step: before[step] for step in again}
        before |= now


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(1, 9)), max_size=200))
def test_a_timeline_knows_what_was_at_all_steps_that_a_ring_has(changes):
    timeline, expected, step = Timeline(0), [0], 0
    for passed, value in changes:
        step += passed
        expected += [expected[-1]] * (step + 1 - len(expected))
        expected[step] = value
        timeline.put(step, value)
        for held in range(max(0, step - ZONE_RING_STEPS - 1), step + 3):
            assert timeline.at(held) == expected[min(held, step)]
    assert len(timeline._changes) <= ZONE_RING_STEPS + 2
    assert timeline.latest == expected[-1]
