"""Keys of a client: what is none is said so before anything is sent."""

from pathlib import Path

import pytest
import zmq
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
