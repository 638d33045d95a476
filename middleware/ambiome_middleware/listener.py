"""A session as the front process knows it: whose it is, where it is, and since when."""

import logging
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Final

from ambiome_protocol.limits import MAX_OUTSTANDING_STEPS
from ambiome_protocol.messages import Hello
from ambiome_protocol.steps import STEPS_PER_S

from ambiome_middleware.gate import Guest
from ambiome_middleware.zone import Zone

_log: Final = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class Listener:
    """A session as the front knows it. `peer` is None while it is detached or resuming; times in seconds. A member of a
    zone has that for its `zone`, which is no work for the worker. `resuming` is the peer that waits for its welcome,
    since `resuming_at`, and wants to go on at `wanted_step`. `client` is who had it last: a guest, an address, a peer.
    `underruns` is the most that its client has reported.
    """

    number: int
    token: bytes
    worker: int
    hello: Hello
    peer: bytes | None
    heard_at: float
    guest: Guest | None = None
    zone: Zone | None = None
    client: Hashable = None
    underruns: int = 0
    resuming: bytes | None = None
    resuming_at: float = 0.0
    wanted_step: int = 0
    attempts: int = 0
    detached_at: float = field(default=0.0)
    opened_at: float = field(init=False)
    _counted: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self.opened_at = self.heard_at

    @property
    def name(self) -> str:
        """What logs call it."""
        return f"s{self.number}"

    def log(self, what: str) -> None:
        """A line of the log about it."""
        own: dict[str, object] = {"session": self.number, "worker": self.worker}
        own |= {"guest": self.guest.name} if self.guest else {}
        own |= {"zone": str(self.hello.zone)} if self.zone else {}
        _log.info("session %d %s", self.number, what, extra=own)

    def underran(self, told: int) -> int:
        """Its client has told of so many underruns by now: how many of them are new, and can be true. There are no more
        than steps for which there has been time, and that may be outstanding.
        """
        if told <= self.underruns:
            return 0
        possible = MAX_OUTSTANDING_STEPS[self.hello.pace] + int((self.heard_at - self.opened_at) * STEPS_PER_S)
        new = min(told - self.underruns, possible - self._counted)
        self.underruns = told
        self._counted += new
        return new

    @property
    def is_live(self) -> bool:
        """Whether it plays as time passes."""
        return self.hello.pace == "live"
