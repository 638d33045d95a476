"""The version of the protocol, and who may speak with whom.

| version | since | what changed |
|---|---|---|
| 1.0 | 0.1.0 | the first |

The major changes when an old peer could misunderstand a new one; the minor when something was added. Peers of one major
understand each other: the server sends nothing that is newer than the client's minor.
"""

from typing import Final

VERSION: Final = "1.0"


def major(version: str) -> int:
    """The major of a version like "1.0". ValueError for anything else."""
    whole, dot, part = version.partition(".")
    if not (dot and whole.isascii() and whole.isdigit() and part.isascii() and part.isdigit()):
        raise ValueError(f"not a version: {version!r}")
    return int(whole)


def is_compatible(version: str, with_version: str = VERSION) -> bool:
    """Whether peers of these two versions may speak: whether their majors are equal."""
    return major(version) == major(with_version)
