"""A session as the front process knows it: whose it is, where it is, and since when."""

import logging
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Final

from ambiome_protocol.messages import Hello

from ambiome_middleware.admission import load_of
from ambiome_middleware.gate import Guest
from ambiome_middleware.zone import Zone

_log: Final = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class Listener:
    """A session as the front knows it. `peer` is None while it is detached or resuming; times in seconds. A member of a
    zone has that for its `zone`, which is no work for the worker. `resuming` is the peer that waits for its welcome,
    since `resuming_at`, and wants to go on at `wanted_step`. `client` is who had it last: a guest, an address, a peer.
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

    @property
    def is_live(self) -> bool:
        """Whether it plays as time passes."""
        return self.hello.pace == "live"

    @property
    def load(self) -> int:
        """How much work it is for its worker, in listeners of the procedural renderer."""
        return 0 if self.zone else load_of(self.hello)
