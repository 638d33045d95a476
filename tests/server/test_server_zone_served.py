"""A zone on a real server keeps to the time that passes there."""

import time

from ambiome_middleware.host_clock import AHEAD_STEPS


def test_who_grants_without_playing_is_sent_no_more_than_time_has_passed_for(server, connect):
    greedy, steps = connect(server.address), AHEAD_STEPS + 15
    began_s = time.monotonic()
    greedy.hello(zone="cellar")
    greedy.frames(0, steps)
    assert time.monotonic() - began_s >= 15 / 25.1
