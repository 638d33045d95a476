"""Sessions that were taken up after a process died, until each has been rendered once.

    taken up ──resumes──▶ waiting ──has credit──▶ on trial ──rendered──▶ like any other
        ▲                    │                       │
        └───────pauses───────┴───────────────────────┘

Over which of them the process died is not known. All are tried together at first; who was on trial when a process died
once more is tried alone the next time, so that one which kills whatever renders it is the only one to go on doing so.
After `MOST_DEATHS` it is not taken up any more.
"""

from collections.abc import Callable
from typing import Final

MOST_DEATHS: Final = 3


class Trials:
    """Sessions by number, and how many processes have died while each was on trial."""

    def __init__(self) -> None:
        self._deaths: dict[int, int] = {}
        self._waiting: dict[int, None] = {}
        self._on_trial: set[int] = set()

    def enter(self, session: int, deaths: int) -> None:
        """It is taken up."""
        self._deaths[session] = deaths

    def resume(self, session: int) -> bool:
        """It goes on: False where it is to wait for its trial first."""
        if session not in self._deaths:
            return True
        self._waiting[session] = None
        return False

    def begin(self, is_due: Callable[[int], bool]) -> list[tuple[int, int]]:
        """Who is on trial from now on, and over how many deaths; [] while others are, and where nobody `is_due`."""
        if self._on_trial or not self._waiting:
            return []
        due = [session for session in self._waiting if is_due(session)]
        chosen = [session for session in due if not self._deaths[session]] or due[:1]
        for session in chosen:
            del self._waiting[session]
            self._on_trial.add(session)
        return [(session, self._deaths[session]) for session in chosen]

    def passed(self, session: int) -> bool:
        """It was rendered: whether it was on trial, and is like any other now."""
        if session not in self._on_trial:
            return False
        self.leave(session)
        return True

    def pause(self, session: int) -> int | None:
        """It is not to be rendered: over how many deaths it was on trial; None where it was not."""
        self._waiting.pop(session, None)
        if session not in self._on_trial:
            return None
        self._on_trial.discard(session)
        return self._deaths[session]

    def leave(self, session: int) -> None:
        """It is over."""
        self._deaths.pop(session, None)
        self._waiting.pop(session, None)
        self._on_trial.discard(session)

    def __contains__(self, session: int) -> bool:
        return session in self._deaths
