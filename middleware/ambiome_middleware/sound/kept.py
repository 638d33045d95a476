"""What takes long to draw up is kept as a file beside the compiled code, named by the digest of what it was made from.

A file that is not there, or not whole, is drawn up anew; one that cannot be written is not missed.
"""

import hashlib
import os
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ambiome_middleware.jit import cache_folder


@cache
def _digest() -> str:
    """Of every source and profile of the sound, the token table, and the library that computes."""
    here, digest = Path(__file__).parent, hashlib.sha256(np.__version__.encode())
    for source in sorted([*here.rglob("*.py"), *here.rglob("*.toml"), here.parent / "tokens.py"]):
        digest.update(source.relative_to(here.parent).as_posix().encode())
        digest.update(source.read_bytes())
    return digest.hexdigest()[:16]


def place(name: str) -> Path:
    """Where a thing of this name is kept."""
    return cache_folder() / f"{name}-{_digest()}.npz"


def read(path: Path, names: Sequence[str]) -> list[npt.NDArray[Any]] | None:
    """The arrays of these names; None where the file does not hold them."""
    try:
        with np.load(path, allow_pickle=False) as found:
            return [found[name] for name in names]
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None


def write(path: Path, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
    """Keep arrays, at once or not at all."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        number, fresh = tempfile.mkstemp(dir=path.parent, suffix=".npz")
        with os.fdopen(number, "wb") as file:
            np.savez(file, **dict(arrays))  # type: ignore[arg-type]
        Path(fresh).replace(path)
    except OSError:
        return
