"""Strangers: who has no key, or one that is not welcome, hears nothing; who has one is served, encrypted."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import zmq
from ambiome_client import Ambience, HelloRefused, NotWelcome
from ambiome_middleware.gate import Gate, GateError, Guest, check_closed, guests_of, is_closed, is_local
from ambiome_middleware.server import ServeError, serve
from ambiome_protocol.codec import decode_server, encode
from ambiome_protocol.messages import ClientBye, Credit, Error, Hello, ServerBye, ServerMessage, Welcome
from real_server import RealServer
from zmq.auth import create_certificates, load_certificate
from zmq.utils import z85

SOON_S = 1.5


def pair(folder: Path, name: str) -> tuple[Path, str]:
    """The file of a secret key, and the public key."""
    public, secret = create_certificates(folder, name)
    return Path(secret), load_certificate(public)[0].decode()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("keys")


@pytest.fixture(scope="module")
def studio(folder: Path) -> tuple[Path, str]:
    return pair(folder, "studio")


@pytest.fixture(scope="module")
def server_key(folder: Path) -> tuple[Path, str]:
    return pair(folder, "server")


@pytest.fixture(scope="module")
def neighbour(folder: Path) -> tuple[Path, str]:
    return pair(folder, "neighbour")


@pytest.fixture(scope="module")
def server(
    folder: Path, server_key: tuple[Path, str], studio: tuple[Path, str], neighbour: tuple[Path, str]
) -> Iterator[RealServer]:
    guests = folder / "guests.toml"
    tables = f'[studio]\nkey = "{studio[1]}"\nsessions = 1\n[neighbour]\nkey = "{neighbour[1]}"\n'
    guests.write_text(tables, encoding="utf-8")
    with RealServer(workers=1, key=server_key[0], guests=guests) as one:
        yield one


def test_a_guest_is_served_and_has_no_more_sessions_than_it_may(
    server: RealServer, server_key: tuple[Path, str], studio: tuple[Path, str]
) -> None:
    with Ambience(server.address, server_key=server_key[1], key=studio[0]) as ambience:
        assert ambience.read(3).shape == (2, 5_760)
        with pytest.raises(HelloRefused, match="allowed: 1 sessions of this key"):
            Ambience(server.address, server_key=server_key[1], key=studio[0])
        assert ambience.read(3).shape == (2, 5_760)
    with Ambience(server.address, server_key=server_key[1], key=studio[0]) as ambience:
        assert ambience.read().shape == (2, 1_920), "who has left has left room"


def test_a_guest_does_not_get_a_session_by_the_name_of_its_connection(
    server: RealServer, server_key: tuple[Path, str], studio: tuple[Path, str], neighbour: tuple[Path, str]
) -> None:
    """A name that is taken is refused, and nothing comes through: until the server has seen that its bearer is gone."""

    def answered(context: "zmq.Context[zmq.Socket[bytes]]", secret: Path, message: Hello | Credit) -> ServerMessage:
        for _ in range(20):
            with context.socket(zmq.DEALER) as socket:
                socket.linger = 0
                socket.set(zmq.ROUTING_ID, b"game-1")
                socket.curve_serverkey = server_key[1].encode()
                socket.curve_publickey, socket.curve_secretkey = load_certificate(secret)
                socket.connect(server.address)
                socket.send(encode(message))
                if socket.poll(1_000):
                    return decode_server(socket.recv_multipart()[0])
        raise AssertionError("the server says nothing")

    with zmq.Context() as context:
        welcome = answered(context, studio[0], Hello(version="1.0"))
        assert isinstance(welcome, Welcome)
        error = answered(context, neighbour[0], Credit(until_step=3))
        assert isinstance(error, Error)
        assert error.code == "unknown_session"
        back = answered(context, studio[0], Hello(version="1.0", resume=welcome.resume, next_step=0))
        assert isinstance(back, Welcome)
        bye = answered(context, studio[0], ClientBye())
        assert isinstance(bye, ServerBye)


def test_strangers_hear_nothing(server: RealServer, server_key: tuple[Path, str], folder: Path) -> None:
    with pytest.raises(NotWelcome, match="a key is wanted there"):
        Ambience(server.address)
    with pytest.raises(NotWelcome, match="this key is not welcome there"):
        Ambience(server.address, server_key=server_key[1])
    other, public = pair(folder, "other")
    with pytest.raises(NotWelcome, match="this key is not welcome there"):
        Ambience(server.address, server_key=server_key[1], key=other)
    with pytest.raises(NotWelcome, match="maybe its key is another"):
        Ambience(server.address, timeout_s=SOON_S, server_key=public, key=other)


def test_without_a_list_every_key_is_welcome(server_key: tuple[Path, str]) -> None:
    with RealServer(key=server_key[0]) as one:
        with Ambience(one.address, server_key=server_key[1]) as ambience:
            assert ambience.read().shape == (2, 1_920)
        with pytest.raises(NotWelcome):
            Ambience(one.address)


def test_keys_that_are_none_are_refused_where_they_are_given(studio: tuple[Path, str], folder: Path) -> None:
    with pytest.raises(ValueError, match="40 characters"):
        Ambience(server_key="short")
    with pytest.raises(ValueError, match="no public key"):
        Ambience(server_key='"' * 40)
    with pytest.raises(ValueError, match="only with the server's public one"):
        Ambience(key=studio[0])
    with pytest.raises(ValueError, match="ends with _secret"):
        Ambience(server_key=studio[1], key=folder / "studio.key")
    with pytest.raises(ValueError, match="no file of a key"):
        Ambience(server_key=studio[1], key=folder / "nothing")


def test_what_zeromq_is_told() -> None:
    public, secret = zmq.curve_keypair()
    raw = z85.decode(public)
    asked = [b"1.0", b"7", b"ambiome", b"127.0.0.1", b"", b"CURVE", raw]
    known = Gate(public, secret, {public: Guest("studio", 2)})
    assert known.answer(asked) == [b"1.0", b"7", b"200", b"", public, b""]
    assert known.guest(public.decode()) == Guest("studio", 2)
    for stranger in (
        [*asked[:6], bytes(32)],
        [*asked[:5], b"NULL"],
        [*asked[:5], b"PLAIN", b"name", b"word"],
        [*asked[:6], b"short"],
    ):
        assert known.answer(stranger)[1:3] == [b"7", b"400"]
    assert Gate(public, secret).answer([*asked[:6], bytes(32)])[2] == b"200"
    assert known.answer([b"2.0"])[2] == known.answer([])[2] == b"500"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[a]\nkey = 5", r"\[a\] key: 5 is not a public key"),
        ('[a]\nkey = "short"', r"\[a\] key: 'short' is not"),
        ("a = 1", r"\[a\] must hold `key`"),
        ('[a]\nkey = "{key}"\nfriends = 2', r"\[a\] must hold `key`"),
        ('[a]\nkey = "{key}"\nsessions = -1', r"\[a\] sessions: -1 is not a whole number"),
        ('[a]\nkey = "{key}"\n[b]\nkey = "{key}"', r"\[b\] has the key of \[a\]"),
        ("[a", "guests.toml: "),
    ],
)
def test_a_list_of_guests_that_is_none(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "guests.toml"
    path.write_text(text.replace("{key}", zmq.curve_keypair()[0].decode()), encoding="utf-8")
    with pytest.raises(GateError, match=says):
        guests_of(path)
    with pytest.raises(GateError, match="No such file"):
        guests_of(tmp_path / "none.toml")


@pytest.mark.parametrize(
    ("bind", "is_for_this_machine"),
    [
        ("tcp://127.0.0.1:5571", True), ("tcp://127.9.9.9:*", True), ("tcp://localhost:5571", True),
        ("tcp://[::1]:5571", True), ("ipc:///tmp/ambiome", True), ("tcp://*:5571", False),
        ("tcp://0.0.0.0:5571", False), ("tcp://192.168.1.5:5571", False), ("tcp://[::]:5571", False),
        ("tcp://eth0:5571", False), ("tcp://localhost.example:5571", False), ("inproc://ambiome", True),
        ("ws://127.0.0.1:5571", False), ("tipc://{5571,0,0}", False), ("udp://127.0.0.1:5571", False),
    ],
)  # fmt: skip
def test_what_strangers_can_reach(bind: str, is_for_this_machine: bool) -> None:
    assert is_closed(bind) is is_for_this_machine
    if is_for_this_machine:
        check_closed(bind)
    else:
        with pytest.raises(ServeError, match=r"can be reached by strangers.*--insecure"):
            serve(bind)


def test_who_is_on_this_machine() -> None:
    assert all(map(is_local, ("127.0.0.1", "127.8.8.8", "::1", "localhost:0:0:23222", "")))
    assert not any(map(is_local, ("192.168.1.5", "2001:db8::1", "0.0.0.0")))


def test_a_file_whose_keys_are_none_or_not_of_one_pair_is_said_so(tmp_path: Path) -> None:
    (public, secret), (other, _) = zmq.curve_keypair(), zmq.curve_keypair()
    for first, second, says in (
        (public, secret[:-1], "its secret key is none"),
        (public, b"?" * 39 + b"\x80", "its secret key is none"),
        (public[:-1], secret, "its public key is none"),
        (other, secret, "not of one pair"),
    ):
        path = tmp_path / "bad.key_secret"
        path.write_bytes(b'metadata\ncurve\n    public-key = "%s"\n    secret-key = "%s"\n' % (first, second))
        with pytest.raises(ServeError, match=says):
            serve("tcp://127.0.0.1:*", key=path)


def test_guests_need_a_server_that_can_know_them(tmp_path: Path) -> None:
    with pytest.raises(ServeError, match="no key of its own"):
        serve("tcp://127.0.0.1:*", guests=tmp_path / "guests.toml")
    with pytest.raises(ServeError, match="no file of a key"):
        serve("tcp://127.0.0.1:*", key=tmp_path / "none.key_secret")
