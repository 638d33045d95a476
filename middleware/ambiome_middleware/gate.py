"""Who may connect: CURVE keys, a list of those that are allowed, and what an address without keys may be.

ZeroMQ asks (ZAP 1.0, https://rfc.zeromq.org/spec/27) before it lets a connection in, and is answered here. A client has
proved by then that it holds the secret half of its key; what is left to decide is whether that key is welcome.
"""

import struct
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import ip_address
from pathlib import Path
from typing import Final

import zmq
from ambiome_protocol.errors import shown
from ambiome_protocol.limits import MAX_SESSIONS
from zmq.auth import load_certificate
from zmq.utils import z85

ZAP_ADDRESS: Final = "inproc://zeromq.zap.01"
ZAP_VERSION: Final = b"1.0"
DOMAIN: Final = b"ambiome"
KEY_BYTES: Final = 32


class GateError(ValueError):
    """A file of keys that is not, or an address that is open to strangers; the text says which and what would help."""


@dataclass(frozen=True, slots=True)
class Guest:
    """Whose key it is, and how many sessions it may have at once."""

    name: str
    sessions: int = MAX_SESSIONS


@dataclass(frozen=True, slots=True)
class Gate:
    """A server's own keys and its guests by public key, all Z85; `guests` None: every key is welcome."""

    public: bytes
    secret: bytes
    guests: Mapping[bytes, Guest] | None = None

    @classmethod
    def of(cls, key: Path, guests: Path | None = None) -> "Gate":
        """Of a secret key's file (`ambiome keys`) and a file of guests. GateError for what is none."""
        public, secret = load_certificate_of(key)
        return cls(public, secret, None if guests is None else guests_of(guests))

    def lock(self, socket: "zmq.Socket[bytes]") -> None:
        """Let nobody in through this socket, not bound yet, who has no key, or whose key is not welcome."""
        socket.set(zmq.CURVE_SERVER, 1)
        socket.set(zmq.CURVE_PUBLICKEY, self.public)
        socket.set(zmq.CURVE_SECRETKEY, self.secret)
        socket.set(zmq.ZAP_DOMAIN, DOMAIN)

    def answer(self, asked: Sequence[bytes]) -> list[bytes]:
        """What ZeroMQ is told about a connection: 200 and the guest's name, or 400."""
        if len(asked) < 6 or asked[0] != ZAP_VERSION:
            return [ZAP_VERSION, b"", b"500", b"not ZAP 1.0", b"", b""]
        mechanism, credentials = asked[5], asked[6:]
        is_keyed = mechanism == b"CURVE" and len(credentials) == 1 and len(credentials[0]) == KEY_BYTES
        guest = self.guest(z85.encode(credentials[0]).decode()) if is_keyed else None
        if guest is None:
            return [ZAP_VERSION, asked[1], b"400", b"this key is not welcome", b"", b""]
        return [ZAP_VERSION, asked[1], b"200", b"", z85.encode(credentials[0]), b""]

    def guest(self, key: str) -> Guest | None:
        """Whose key (40 characters, Z85) it is; None where it is not welcome."""
        if self.guests is None:
            return Guest(key)
        return self.guests.get(key.encode())


def load_certificate_of(path: Path) -> tuple[bytes, bytes]:
    """Public and secret key, Z85, of a file that `ambiome keys` wrote. GateError for any other."""
    try:
        public, secret = load_certificate(path)
    except (OSError, ValueError) as error:
        raise GateError(f"{path} is no file of a key (`ambiome keys` makes them): {error}") from error
    if secret is None:
        raise GateError(f"{path} holds a public key only; the secret one is in the file that ends with _secret")
    for which, key in (("public", public), ("secret", secret)):
        if not is_key(key.decode(errors="replace")):
            raise GateError(f"{path}: its {which} key is none: it must have 40 characters (Z85)")
    if zmq.curve_public(secret) != public:
        raise GateError(f"{path}: its public and its secret key are not of one pair")
    return public, secret


def guests_of(path: Path) -> dict[bytes, Guest]:
    """Guests by public key, Z85, of a TOML file with a table for each: `key`, and `sessions` where they are limited.
    GateError, with the place, for what is not right.
    """
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise GateError(f"{path}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise GateError(f"{path}: {error}") from error
    guests: dict[bytes, Guest] = {}
    for name, told in found.items():
        if not isinstance(told, dict) or set(told) - {"key", "sessions"}:
            raise GateError(f"{path}: [{name}] must hold `key`, and may hold `sessions`, and nothing else")
        key, sessions = told.get("key"), told.get("sessions", MAX_SESSIONS)
        if not isinstance(key, str) or not is_key(key):
            raise GateError(f"{path}: [{name}] key: {shown(key)} is not a public key of 40 characters (Z85)")
        if type(sessions) is not int or sessions < 0:
            raise GateError(f"{path}: [{name}] sessions: {shown(sessions)} is not a whole number from 0 on")
        if key.encode() in guests:
            raise GateError(f"{path}: [{name}] has the key of [{guests[key.encode()].name}]")
        guests[key.encode()] = Guest(name, sessions)
    return guests


def is_key(text: str) -> bool:
    """Whether this is a key in Z85."""
    try:
        return len(text) == 40 and len(z85.decode(text.encode())) == KEY_BYTES
    except (ValueError, LookupError, struct.error):
        return False


def check_closed(bind: str) -> None:
    """GateError for an address that other machines can reach. What is no address at all leads nowhere, as ZeroMQ will
    say.
    """
    if "://" in bind and not is_closed(bind):
        raise GateError(
            f"{bind} can be reached by strangers: give clients keys (`ambiome keys`, then --key), "
            "or say --insecure where the network is your own"
        )


def is_closed(bind: str) -> bool:
    """Whether only this machine can reach an address, as far as is known: of what else ZeroMQ speaks, nothing is."""
    if bind.startswith(("ipc://", "inproc://")):
        return True
    if not bind.startswith("tcp://"):
        return False
    host = bind.removeprefix("tcp://").rpartition(":")[0].strip("[]")
    return host in ("localhost", "lo") or _is_loopback(host, otherwise=False)


@lru_cache(maxsize=1_024)
def is_local(address: str) -> bool:
    """Whether a peer's address, as ZeroMQ says it, is of this machine; "" and what is no IP address (ipc) are."""
    return _is_loopback(address, otherwise=True)


def _is_loopback(host: str, otherwise: bool) -> bool:
    """Whether an IP address is one of this machine's own; `otherwise` is what is said of what is none."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return otherwise
