"""A zone and the clock of its host: who plays is never held back, and who only grants runs away from nobody."""

import heapq
import random
from dataclasses import dataclass, field

import pytest
from ambiome_middleware.host_clock import AHEAD_STEPS, DRIFT, HostClock
from ambiome_middleware.wire import Grant, Say
from ambiome_middleware.zone import Ordered, Play, Zone
from ambiome_protocol.codec import encode
from ambiome_protocol.messages import ClientBye, Frame, Hello
from hypothesis import given
from hypothesis import strategies as st
from zone_members import STEP_S, ZONE, Tavern

HELLO = Hello(version="1.0", zone="tavern", layout="mono", format="s16le")
SILENCE = bytes(3_840)
FAST, SLOW = 1.0005, 0.9995


@dataclass
class Card:
    """A member with a sound card that is so fast, and a buffer of so many steps; a greedy one plays nothing and grants
    all that it may.
    """

    begins_s: float
    buffer_steps: int = AHEAD_STEPS
    speed: float = 1.0
    is_greedy: bool = False
    played: int = 0
    frames: int = 0
    underruns: int = 0
    skips: int = 0
    held_back: list[float] = field(default_factory=list)


class House:
    """A zone, and a worker that renders at once what it has credit for."""

    def __init__(self, cards: list[Card]) -> None:
        self.zone = Zone(ZONE, 0, "tavern", b"k" * 16, HELLO, 0.0)
        self.cards = dict(enumerate(cards, ZONE + 1))
        self.granted = 0

    def play(self, until_s: float) -> None:
        """All cards, until then."""
        due = [(card.begins_s, number) for number, card in self.cards.items()]
        heapq.heapify(due)
        while due[0][0] < until_s:
            now_s, number = heapq.heappop(due)
            card = self.cards[number]
            if number not in self.zone.members:
                card.played = card.frames = self.zone.join(number, HELLO, number == 2, now_s).next_step
            elif not card.is_greedy:
                card.underruns += card.frames <= card.played
                card.played += card.frames > card.played
            self.grant(number, card, now_s)
            heapq.heappush(due, (now_s + STEP_S / card.speed, number))

    def grant(self, number: int, card: Card, now_s: float) -> None:
        for _ in range(3):
            before, until_step = card.frames, (card.frames if card.is_greedy else card.played) + card.buffer_steps
            self.take(self.zone.obey(Grant(number, until_step, card.played, card.underruns), now_s))
            if not card.is_greedy:
                card.held_back += [now_s] if card.frames < until_step else []
            if not card.is_greedy or card.frames == before:
                return  # one that is greedy grants again as soon as frames come

    def take(self, outcomes: list) -> None:
        for outcome in outcomes:
            if isinstance(outcome, Play):
                self.cards[outcome.session].frames += 1
            elif isinstance(outcome, Say):
                card, member = self.cards[outcome.session], self.zone.members[outcome.session]
                card.skips += 1
                card.played = card.frames = member.next_step
            elif isinstance(outcome, Ordered):
                self.granted = outcome.order.until_step
                while self.zone.next_step < self.granted:
                    header = encode(Frame(step=self.zone.next_step, applied_seq=0, layout="mono", format="s16le"))
                    self.take(self.zone.heard(header, SILENCE))


def troubles(cards: list[Card]) -> list[tuple]:
    return [(card.underruns, card.skips, card.held_back) for card in cards if not card.is_greedy]


@pytest.mark.parametrize("seed", range(3))
def test_who_plays_is_never_held_back(seed):
    rng = random.Random(seed)
    cards = [Card(0.0, 2, FAST), Card(1.0, 25, FAST), Card(1.0, 25), Card(2.0, 25, FAST)]
    cards += [Card(rng.uniform(0, 100), rng.randint(2, 25), rng.uniform(SLOW, FAST)) for _ in range(4)]
    House(cards).play(300.0)
    assert troubles(cards) == [(0, 0, [])] * 8


def test_who_only_grants_does_not_run_the_zone_away_from_who_plays():
    honest = [Card(0.0, 2), Card(1.0, 3, FAST), Card(2.0, 25, FAST), Card(12.0, 2, SLOW), Card(15.0, 25), Card(30.0, 4)]
    greedy = [Card(5.0, is_greedy=True), Card(6.0, is_greedy=True)]
    house = House([*honest, *greedy])
    house.play(150.0)
    assert house.granted <= 150.0 * 25 * (1 + DRIFT) + AHEAD_STEPS
    assert troubles(honest) == [(0, 0, [])] * 6


def test_a_pause_of_the_zone_or_a_stall_of_the_server_is_not_made_up_for():
    house = House([Card(0.0, is_greedy=True)])
    house.play(10.0)
    at_10_s = house.granted
    assert at_10_s == pytest.approx(275, abs=2)
    house.cards[3] = Card(70.0, is_greedy=True)
    del house.cards[2]
    house.zone.members.clear()
    house.play(70.01)
    assert house.granted == at_10_s + AHEAD_STEPS


def test_credit_that_is_held_back_is_let_through_at_the_next_tick_though_nobody_says_anything():
    tavern = Tavern()
    tavern.join(b"a")
    tavern.grant(b"a", 25)
    tavern.render(25)
    tavern.grant(b"a", 50)
    assert tavern.taken_orders()[1:] == [Grant(ZONE, 25, 0, 0)]
    tavern.tick(0.25)
    assert tavern.taken_orders() == [Grant(ZONE, 31, 0, 0)]
    tavern.tick(0.25)
    assert tavern.taken_orders() == []
    tavern.tick(5.0)
    assert tavern.taken_orders() == [Grant(ZONE, 50, 0, 0)]


@pytest.mark.parametrize("leaves", [True, False], ids=["leaves", "is lost"])
def test_a_zone_without_members_is_not_rendered(leaves):
    tavern = Tavern()
    tavern.join(b"a")
    tavern.grant(b"a", 25)
    tavern.render(25)
    tavern.grant(b"a", 50)
    tavern.taken_orders()
    if leaves:
        tavern.say(b"a", ClientBye())
    else:
        tavern.take(tavern.front.unreachable(b"a", 0.0))
    tavern.taken_orders()
    tavern.tick(5.0)
    assert tavern.taken_orders() == []
    assert tavern.front.zones.counts() == {ZONE: ("tavern", 0 if leaves else 1)}


def test_who_begins_where_the_zone_is_ahead_begins_with_the_hosts_clock():
    tavern = Tavern()
    tavern.join(b"a")
    for _ in range(20):
        tavern.now_s += STEP_S
        tavern.grant(b"a", tavern.step + 25)
        tavern.render(tavern.taken_orders()[-1].until_step - tavern.step)
    assert tavern.step == 44
    assert tavern.join(b"b").next_step == 44 - AHEAD_STEPS
    tavern.taken_orders()
    tavern.grant(b"b", 44)
    assert tavern.steps(b"b") == list(range(19, 44)), "all that it can hold"


@given(st.lists(st.tuples(st.floats(-1.0, 3.0), st.integers(0, 60)), max_size=40))
def test_the_hosts_clock_never_goes_back_nor_faster_than_time(steps):
    clock, now_s, granted, newest_s = HostClock(7, 0.0), 0.0, 7, 0.0
    limit = 7 + AHEAD_STEPS
    for passed_s, wanted in steps:
        now_s += passed_s
        newest_s = max(newest_s, now_s)
        before, limit = limit, clock.limit(granted, now_s)
        assert limit >= before
        assert limit <= granted + AHEAD_STEPS
        assert limit <= 7 + AHEAD_STEPS + newest_s * 25 * (1 + DRIFT)
        granted = max(granted, min(granted + wanted, limit))
