"""Keys of a client: what is none is said so before anything is sent, and what is missing where it can be guessed."""

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import zmq
from ambiome_client import Ambience, NotWelcome
from ambiome_client.keys import keys_of
from zmq.auth import create_certificates

SERVER = zmq.curve_keypair()[0].decode()


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    return Path(create_certificates(tmp_path, "client")[1])


def test_a_pair_is_read_and_without_one_a_key_is_made_for_this_once(secret: Path) -> None:
    keys = keys_of(SERVER, secret)
    assert keys is not None
    assert zmq.curve_public(keys.secret) == keys.public
    once = keys_of(SERVER, None)
    assert once is not None
    assert once.server == SERVER.encode()
    assert keys_of(None, None) is None


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("client.key", "holds a public key only"),
        ("none.key_secret", "is no file of a key"),
        ("half.key_secret", "holds no pair of keys"),
        ("other.key_secret", "holds no pair of keys"),
    ],
)
def test_what_is_no_pair_is_said_so(secret: Path, name: str, text: str) -> None:
    written = secret.read_text()
    keys = keys_of(SERVER, secret)
    assert keys is not None
    own, other = keys.secret.decode(), zmq.curve_keypair()[1].decode()
    (secret.parent / "half.key_secret").write_text(written.replace(own, own[:20]))
    (secret.parent / "other.key_secret").write_text(written.replace(own, other))
    with pytest.raises(ValueError, match=text):
        keys_of(SERVER, secret.parent / name)


@pytest.mark.parametrize(("server", "key"), [("x", None), ("1" * 41, None), ("ü" * 40, None), (None, "some.key")])
def test_what_is_no_public_key_of_a_server_is_said_so(server: str | None, key: str | None) -> None:
    with pytest.raises(ValueError, match="server_key"):
        keys_of(server, key)


@pytest.fixture
def curt() -> Iterator[str]:
    """The address of somebody who hangs up at once, whoever comes: so does a server that is too busy to say why."""
    is_over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def hang_up() -> None:
            while not is_over.is_set():
                listening.accept()[0].close()

        thread = threading.Thread(target=hang_up)
        thread.start()
        yield f"tcp://127.0.0.1:{listening.getsockname()[1]}"
        is_over.set()
        socket.create_connection(listening.getsockname()).close()
        thread.join()


@pytest.mark.parametrize(
    ("has_keys", "maybe"),
    [
        (False, "a key is wanted there: server_key, maybe key"),
        (True, "its key is another, or no keys are wanted there"),
    ],
)
def test_of_who_hangs_up_each_time_it_is_said_what_that_may_mean(curt: str, has_keys: bool, maybe: str) -> None:
    with pytest.raises(NotWelcome, match=f"does not answer within 2 s: it hangs up each time; maybe {maybe}"):
        Ambience(curt, timeout_s=2.0, server_key=SERVER if has_keys else None)
