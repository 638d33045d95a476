"""What a program is told beside sound: warnings of the server, and that a lost server is back."""

import logging
from collections import deque
from collections.abc import Callable
from typing import Final

from ambiome_protocol.messages import SceneReport, Warning

from ambiome_client.terms import Notice, Reconnected

log: Final = logging.getLogger("ambiome_client")
KEPT_WARNINGS: Final = 100


class Notices:
    """Logs, counts and keeps them, and hands them to the program's own functions."""

    def __init__(
        self,
        on_warning: Callable[[Warning], None] | None,
        on_reconnect: Callable[[Reconnected], None] | None,
        on_telemetry: Callable[[SceneReport], None] | None = None,
    ) -> None:
        self.warnings: deque[Warning] = deque(maxlen=KEPT_WARNINGS)
        self.reconnects = 0
        self._on_warning, self._on_reconnect, self._on_telemetry = on_warning, on_reconnect, on_telemetry

    def note(self, notice: Notice) -> None:
        """Takes one in."""
        if isinstance(notice, Reconnected):
            self.reconnects += 1
            log.warning("the server was lost and is back: %s session", "same" if notice.resumed else "new")
            if self._on_reconnect:
                self._on_reconnect(notice)
        elif isinstance(notice, SceneReport):
            if self._on_telemetry:
                self._on_telemetry(notice)
        else:
            self.warnings.append(notice)
            log.warning("%s: %s", notice.code, notice.detail)
            if self._on_warning:
                self._on_warning(notice)
