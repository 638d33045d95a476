"""Logs of a server: lines for people, or a JSON object a line for machines (JSON Lines, UTF-8).

    time      of day, UTC, ISO 8601 with milliseconds
    level     debug, info, warning or error
    from      "front", or "worker 0" …
    event     what happened, as people read it
    session   number of the session, worker, code, guest: where there is one; see `FIELDS`
    error     the traceback, where there is one

What a stranger sent stands in no line as it came: JSON escapes whatever is no printable ASCII, and in lines for people
only what the protocol has checked is named.
"""

import json
import logging
from datetime import UTC, datetime
from typing import Any, Final, Literal

Format = Literal["text", "json"]
FIELDS: Final = ("session", "worker", "code", "guest", "zone", "quality")
"""What a line may carry besides, given as `extra` where it is logged."""


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


def set_up(source: str, format: Format, level: int, prefix: str) -> None:
    """Log to standard error from here on: what is for people from `level` on and with a `prefix`, what is for machines
    from INFO on.
    """
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines(source) if format == "json" else logging.Formatter(f"{prefix}: %(message)s"))
    logging.basicConfig(level=logging.INFO if format == "json" else level, handlers=[handler], force=True)
