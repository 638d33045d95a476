"""Logs: a line for people, or an object a line for machines, and nothing of a stranger's that is not escaped."""

import io
import json
import logging
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from ambiome_client import Ambience
from ambiome_middleware import logs
from ambiome_middleware.front import Front, Manners
from ambiome_middleware.logs import JsonLines, Lines
from ambiome_protocol.codec import encode
from ambiome_protocol.messages import ClientBye, Hello
from ambiome_protocol.version import VERSION

STRANGE = "a\nb\x1b[31m\u202e\x00"


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What is logged of the middleware from here on."""
    stream, logger = io.StringIO(), logging.getLogger("ambiome_middleware")
    handler, level = logging.StreamHandler(stream), logger.level
    handler.setFormatter(JsonLines("front"))
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    yield stream
    logger.removeHandler(handler)
    logger.setLevel(level)


def read(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_the_life_of_a_session_is_told(lines: io.StringIO) -> None:
    front = Front([0], 1)
    front.receive(b"a", encode(Hello(version=VERSION)), 0.0)
    front.unreachable(b"a", 1.0)
    front.receive(b"b", encode(Hello(version=VERSION)), 2.0)
    front.receive(b"b", encode(ClientBye()), 3.0)
    told = [(line["session"], line["event"], line["worker"], line["from"], line["level"]) for line in read(lines)]
    assert told == [
        (1, "session 1 is opened", 0, "front", "info"),
        (1, "session 1 is detached", 0, "front", "info"),
        (2, "session 2 is opened", 0, "front", "info"),
        (2, "session 2 is over", 0, "front", "info"),
    ]


def test_that_there_is_no_room_is_told_now_and_then(lines: io.StringIO) -> None:
    front = Front([0], 1, Manners(max_sessions=0))
    for now_s in (0.0, 1.0, 9.9, 10.0, 11.0):
        front.receive(b"a", encode(Hello(version=VERSION)), now_s)
    told = [(line["level"], line["code"], line["event"]) for line in read(lines)]
    assert [each[:2] for each in told] == [("warning", "busy")] * 2
    assert all(each[2].startswith("a hello is refused: there is room for 0 sessions; try again in 1") for each in told)
    assert front.refused["busy"] == 5


def test_every_field_is_set_somewhere() -> None:
    sources = "".join(path.read_text() for path in Path(logs.__file__).parent.glob("*.py") if path.name != "logs.py")
    assert [name for name in logs.FIELDS if not re.search(rf'(extra=|own.*){{.*"{name}":', sources)] == []


def test_what_a_client_says_for_the_log_is_in_it_short_and_escaped(lines: io.StringIO) -> None:
    front = Front([0], 1)
    for reason in ("level 2 is over", STRANGE, "x" * 200):
        front.receive(b"a", encode(Hello(version=VERSION)), 0.0)
        front.receive(b"a", encode(ClientBye(reason=reason)), 1.0)
    _, plain, _, strange, _, long = (str(line["event"]) for line in read(lines))
    assert plain == "session 1 is over: 'level 2 is over'"
    assert strange == r"session 2 is over: 'a\nb\x1b[31m\u202e\x00'"
    assert len(long) < 110


def test_whatever_is_logged_is_one_line_of_printable_ascii(lines: io.StringIO) -> None:
    log = logging.getLogger("ambiome_middleware.test")
    log.error("said %s", STRANGE, extra={"code": "\n", "secret": "no"})
    try:
        raise ValueError("\nforged: line")
    except ValueError:
        log.exception("a fault")
    assert all(32 <= ord(each) < 127 for each in lines.getvalue().replace("\n", ""))
    said, fault = read(lines)
    assert said["event"] == f"said {STRANGE}"
    assert "secret" not in said
    assert str(fault["error"]).startswith("Traceback")


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (("--bind", "5571"), 4, "'5571'"),
        (("--weights", "."), 2, "--neural"),
        (("--key", "none.key"), 4, "none.key"),
    ],
)
def test_what_keeps_a_server_from_starting_is_a_line_too(options: tuple[str, ...], code: int, said: str) -> None:
    command = [sys.executable, "-m", "ambiome_cli", "serve", *options, "--logs", "json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (code, "")
    (line,) = (json.loads(each) for each in done.stderr.splitlines())
    assert (line["level"], line["from"]) == ("error", "front")
    assert said in line["event"]


def fault(error: Exception) -> logging.LogRecord:
    """The record of an exception, raised in the handling of another."""
    try:
        try:
            raise LookupError(STRANGE)
        except LookupError:
            raise error  # noqa: B904
    except Exception:
        return logging.LogRecord("ambiome", logging.ERROR, "", 0, "said %s", (STRANGE,), sys.exc_info())


@pytest.mark.parametrize(
    "error",
    [
        ValueError("\nworker 0: session 1 is over\x1b[2J\r\u2028\u202e"),
        UnicodeDecodeError("utf-8", b"\n", 0, 1, "\nworker 0: forged"),
        SyntaxError("\nworker 0: forged", ("\nworker 0: a", 1, 1, "\nworker 0: b\n")),
        ExceptionGroup("\nworker 0: forged", [ValueError("\nworker 0: forged\x1b")]),
    ],
)
def test_a_line_for_people_is_one_line_and_a_traceback_is_indented(error: Exception) -> None:
    error.add_note("\nworker 0: a note\x1b[2J")
    told = Lines("worker 0").format(fault(error))
    first, *rest = told.split("\n")
    assert first == r"worker 0: said a\nb\u001b[31m\u202e\u0000"
    assert rest
    assert all(line.startswith("    ") and line.isprintable() for line in rest)
    assert json.loads(JsonLines("worker 0").format(fault(error)))["event"] == f"said {STRANGE}"
    assert "\n" not in JsonLines("worker 0").format(fault(error))


def test_the_words_of_an_exception_are_one_line() -> None:
    *_, last = Lines("worker 0").format(fault(ValueError("a\nb\n"))).split("\n")
    assert last == r"    ValueError: a\nb"


def test_letters_of_any_language_are_left_to_be_read() -> None:
    record = logging.LogRecord("ambiome", logging.ERROR, "", 0, "/srv/Gewölbe/洞窟", None, None)
    assert Lines("ambiome").format(record) == "ambiome: /srv/Gewölbe/洞窟"


def test_a_server_logs_so_and_its_workers_too() -> None:
    code = "import sys; from ambiome_cli.main import main; main()"
    command = [sys.executable, "-c", code, "serve", "--bind", "tcp://127.0.0.1:*", "--workers", "1", "--logs", "json"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as server:
        try:
            events = _events_of(server)
        finally:
            server.kill()
    assert [each for each in events if each.startswith("session")] == ["session 1 is opened", "session 1 is over"]


def _events_of(server: subprocess.Popen[str]) -> list[str]:
    """What a server logs while a client comes, hears something and goes."""
    assert server.stderr is not None
    told: list[str] = []
    while not told or "serves at" not in told[-1]:
        told.append(server.stderr.readline())
        assert told[-1], "it ended"
    with Ambience(json.loads(told[-1])["event"].split()[3]) as ambience:
        ambience.read(2)
    while sum('"session 1 is' in line for line in told) < 2:
        told.append(server.stderr.readline())
        assert told[-1], "it ended"
    server.terminate()
    _, rest = server.communicate(timeout=30)
    return [json.loads(line)["event"] for line in [*told, *rest.splitlines()]]
