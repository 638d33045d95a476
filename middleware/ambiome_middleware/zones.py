"""The zones of a server, by name: who may join which, and how long one lives.

    (none) ──hello with its name──▶ open ──no owner attached for KEEP_ZONE_S──▶ (none), its members told zone_ended
    open ──its worker dies, and nothing is written down──▶ lost: for KEEP_ZONE_S its name waits for who has its key

Who opens a zone is its owner, and so is who joins with its key. A key that comes with the first hello is the zone's, so
that an owner can open a zone again which a server has lost.
"""

from collections.abc import Callable, Iterator
from hmac import compare_digest
from typing import Final, Literal

from ambiome_protocol.errors import ProtocolError, no_room, shown
from ambiome_protocol.limits import KEEP_ZONE_S, MAX_COUNT, MAX_ZONE_MEMBERS, MAX_ZONES, ZONE_KEY_BYTES
from ambiome_protocol.messages import UNSET, Hello

from ambiome_middleware.wire import Order, Restore
from ambiome_middleware.zone import Zone

_SHARED: Final[tuple[Literal["layout", "format", "renderer"], ...]] = ("layout", "format", "renderer")
"""What a member's hello must have as the zone has it."""


class Zones:
    """All zones of a front."""

    def __init__(self, new_key: Callable[[int], bytes], later_s: Callable[[], float]) -> None:
        """`new_key` makes so many unguessable bytes; `later_s` is after how long who finds no room comes again."""
        self._new_key, self._later_s = new_key, later_s
        self._by_name: dict[str, Zone] = {}
        self._by_number: dict[int, Zone] = {}
        self._lost: dict[str, tuple[bytes, float]] = {}

    def __iter__(self) -> Iterator[Zone]:
        return iter(list(self._by_number.values()))

    def __contains__(self, number: int) -> bool:
        return number in self._by_number

    def of(self, number: int) -> Zone | None:
        """The zone whose session has this number."""
        return self._by_number.get(number)

    def at(self, worker: int) -> list[Zone]:
        """Those that a worker renders."""
        return [zone for zone in self if zone.worker == worker]

    def counts(self) -> dict[int, tuple[str, int]]:
        """Name and number of members of each, by the number of its session."""
        return {zone.number: (zone.name, len(zone.members)) for zone in self}

    def find(self, hello: Hello, now_s: float) -> Zone | None:
        """The zone that a hello names; None where it is to be opened. ProtocolError where it may be neither."""
        name, key = str(hello.zone), hello.zone_key
        zone = self._by_name.get(name)
        if zone is None:
            kept, until_s = self._lost.get(name, (b"", now_s))
            if now_s < until_s and not _is_same(key, kept):
                raise no_room("its owner, for a while", until_s - now_s, "zone", name)
            if len(self._by_name) >= MAX_ZONES:
                raise no_room(f"{MAX_ZONES} zones", self._later_s(), "zone", name)
            return None
        if key is not UNSET and not _is_same(key, zone.key):
            raise ProtocolError("bad_zone_key", field="zone_key", allowed=f"the key of the zone {name!r}, or none")
        for field in _SHARED:
            if getattr(hello, field) != getattr(zone.hello, field):
                allowed = f"{getattr(zone.hello, field)!r}, which the zone {name!r} has"
                raise ProtocolError("zone_mismatch", field=field, value=shown(getattr(hello, field)), allowed=allowed)
        if zone.is_resting:
            raise no_room("nobody, while what renders it is away", 1.0, "zone", name)
        if len(zone.members) >= MAX_ZONE_MEMBERS:
            raise no_room(f"{MAX_ZONE_MEMBERS} members", self._later_s(), "zone", name)
        return zone

    def open(self, number: int, worker: int, hello: Hello, now_s: float) -> Zone:
        """A new zone, as `hello` wants it; `number` is that of its session, which `worker` renders."""
        key = self._new_key(ZONE_KEY_BYTES) if hello.zone_key is UNSET else hello.zone_key
        return self._keep(Zone(number, worker, str(hello.zone), key, hello, now_s))

    def adopt(self, number: int, worker: int, hello: Hello, now_s: float) -> list[Order]:
        """Go on with a zone of another process that is written down; where it stands, its worker will say."""
        zone = self._keep(Zone(number, worker, str(hello.zone), bytes(hello.zone_key or b""), hello, now_s))
        zone.rest()
        return [Restore(number), *zone.restore(MAX_COUNT)]

    def overdue(self, now_s: float) -> list[Zone]:
        """Those that have been without an attached owner for too long."""
        self._lost = {name: lost for name, lost in self._lost.items() if now_s < lost[1]}
        for zone in self:
            if zone.is_owned:
                zone.owned_at_s = now_s
        return [zone for zone in self if now_s - zone.owned_at_s >= KEEP_ZONE_S]

    def close(self, zone: Zone) -> None:
        """It is over."""
        self._by_number.pop(zone.number, None)
        self._by_name.pop(zone.name, None)

    def lose(self, zone: Zone, now_s: float) -> None:
        """It is gone with its worker; its owner may open it again before others."""
        self.close(zone)
        self._lost[zone.name] = (zone.key, now_s + KEEP_ZONE_S)

    def _keep(self, zone: Zone) -> Zone:
        self._lost.pop(zone.name, None)
        self._by_name[zone.name] = self._by_number[zone.number] = zone
        return zone


def _is_same(key: object, wanted: bytes) -> bool:
    return isinstance(key, bytes) and compare_digest(key, wanted)
