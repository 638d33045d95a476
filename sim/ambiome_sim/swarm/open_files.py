"""How many files, sockets among them, this process may have open: often less is preset than a swarm needs."""

import errno
from typing import Final

try:
    import resource
except ImportError:  # not on Windows
    resource = None  # type: ignore[assignment]

FILES_EACH: Final = 4
"""Of a listener on Linux: its socket, both ends of what tells of that, its connection."""
AMPLE_FILES_EACH: Final = 8
"""Elsewhere each socket takes two; and those that are closed go a moment later."""
OTHER_FILES: Final = 64


def allow_files(listeners: int) -> None:
    """Let this process have as many files open as so many listeners need. OSError where it may not."""
    if resource is None:
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = AMPLE_FILES_EACH * listeners + OTHER_FILES
    most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
        soft = most
    needed = FILES_EACH * listeners + OTHER_FILES
    if soft != resource.RLIM_INFINITY and soft < needed:
        raise too_many(f"{listeners} listeners need some {needed:,}, and this process may have {soft:,} (ulimit -Hn)")


def too_many(why: str) -> OSError:
    """What is raised where there are more open files than may be."""
    return OSError(errno.EMFILE, f"too many open files: {why}")
