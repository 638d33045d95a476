"""Logs: a line for people, or an object a line for machines, and nothing of a stranger's that is not escaped."""

import io
import json
import logging
import subprocess
import sys
from collections.abc import Iterator

import pytest
from ambiome_client import Ambience
from ambiome_middleware.front import Front
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
    server = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert server.stderr is not None
    told: list[str] = []
    while not told or "serves at" not in told[-1]:
        told.append(server.stderr.readline())
        assert told[-1], "it ended"
    with Ambience(json.loads(told[-1])["event"].split()[3]) as ambience:
        ambience.read(2)
    server.terminate()
    _, rest = server.communicate(timeout=30)
    events = [json.loads(line)["event"] for line in [*told, *rest.splitlines()]]
    assert [each for each in events if each.startswith("session")] == ["session 1 is opened", "session 1 is over"]
