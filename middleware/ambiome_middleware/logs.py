"""Logs of a server: lines for people, or a JSON object a line for machines (JSON Lines, UTF-8).

    time      of day, UTC, ISO 8601 with milliseconds
    level     debug, info, warning or error
    from      "front", or "worker 0" …
    event     what happened, as people read it
    session   number of the session, worker, code, guest: where there is one; see `FIELDS`
    error     the traceback, where there is one

What a stranger sent stands in no line as it came. JSON escapes whatever is no printable ASCII; lines for people escape
what is not printable, as JSON does, and a traceback's are indented: none of them looks like a line of the log.
"""

import json
import logging
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final, Literal

Format = Literal["text", "json"]
FIELDS: Final = ("session", "worker", "code", "guest", "zone", "quality")
"""What a line may carry besides, given as `extra` where it is logged."""
INDENT: Final = "    "


class JsonLines(logging.Formatter):
    """Makes a JSON object of a record."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self._source = source

    def format(self, record: logging.LogRecord) -> str:
        """One line, without its end."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line: dict[str, Any] = {
            "time": at.replace("+00:00", "Z"), "level": record.levelname.lower(), "from": self._source,
            "event": record.getMessage(),
        }  # fmt: skip
        line |= {name: getattr(record, name) for name in FIELDS if hasattr(record, name)}
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line)


class Lines(logging.Formatter):
    """Makes a line for people of a record, and indented ones of its traceback."""

    def __init__(self, prefix: str) -> None:
        super().__init__()
        self._prefix = prefix

    def format(self, record: logging.LogRecord) -> str:
        """One line or more, without the end of the last."""
        lines = [f"{self._prefix}: {printable(record.getMessage())}"]
        if record.exc_info and record.exc_info[1]:
            lines += [f"{INDENT}{printable(line)}" for line in _told(record.exc_info[1])]
        return "\n".join(lines)


def printable(text: str) -> str:
    """A text with whatever is not printable escaped as in JSON: ends of lines, controls, marks of direction."""
    return "".join(each if each.isprintable() else json.dumps(each)[1:-1] for each in text)


def _told(error: BaseException) -> Iterator[str]:
    """The lines of a traceback. An exception's own words are one line, whatever is in them; where it was is several."""
    for part in traceback.TracebackException.from_exception(error).format():
        yield from part.splitlines() if part.startswith(" ") else [part.strip("\n")]


def set_up(source: str, format: Format, level: int, prefix: str) -> None:
    """Log to standard error from here on: what is for people from `level` on and with a `prefix`, what is for machines
    from INFO on.
    """
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines(source) if format == "json" else Lines(prefix))
    logging.basicConfig(level=logging.INFO if format == "json" else level, handlers=[handler], force=True)
