"""CURVE keys: whose server it is, and who we are to it."""

import os
from pathlib import Path
from typing import Final, NamedTuple

import zmq
from zmq.auth import load_certificate

KEY_CHARS: Final = 40


class Keys(NamedTuple):
    """Public keys of the server and of the client, and the client's secret one; Z85, 40 characters each."""

    server: bytes
    public: bytes
    secret: bytes

    def lock(self, socket: "zmq.Socket[bytes]") -> None:
        """Let this socket, not connected yet, speak with that server alone, and encrypted."""
        socket.set(zmq.CURVE_SERVERKEY, self.server)
        socket.set(zmq.CURVE_PUBLICKEY, self.public)
        socket.set(zmq.CURVE_SECRETKEY, self.secret)


def keys_of(server_key: str | None, key: "str | os.PathLike[str] | None") -> Keys | None:
    """Of the server's public key and the file of our secret one; without the latter, a key for this once. None without
    either. ValueError for what is no key.
    """
    if server_key is None:
        if key is not None:
            raise ValueError("key: a key of one's own is of use only with the server's public one, server_key")
        return None
    if len(server_key) != KEY_CHARS or not server_key.isascii():
        raise ValueError(f"server_key is {server_key!r}; a public key has {KEY_CHARS} characters (Z85)")
    public, secret = zmq.curve_keypair() if key is None else _loaded(Path(key))
    return Keys(server_key.encode(), public, secret)


def _loaded(path: Path) -> tuple[bytes, bytes]:
    try:
        public, secret = load_certificate(path)
    except (OSError, ValueError) as error:
        raise ValueError(f"key: {path} is no file of a key (`ambiome keys` makes them): {error}") from error
    if secret is None:
        raise ValueError(f"key: {path} holds a public key only; the secret one is in the file that ends with _secret")
    try:
        fits = zmq.curve_public(secret) == public
    except (zmq.ZMQError, ValueError):
        fits = False
    if not fits:
        raise ValueError(f"key: {path} holds no pair of keys: the public one is not that of the secret one")
    return public, secret
