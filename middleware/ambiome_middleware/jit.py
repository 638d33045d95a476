"""One way to compile: exact IEEE arithmetic, so that neither batch, chunk nor vector width changes a bit.

The scene is the same without a compiler, to the bit, and slow: a base install, which has none, explains scores with it.
"""

import hashlib
import os
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal, TypeVar, cast

import ambiome_protocol
import numpy as np

try:
    import numba
except ModuleNotFoundError:
    numba = None

Room = Literal["scene", "sound"]
"""What is compiled apart: a change in one leaves the other's code. The learned renderer goes with the sound."""
_NOT_COMPILED: Final = ("__init__", "gpu", "profile", "profile_part", "render")
_HERE: Final = Path(__file__).parent
Function = TypeVar("Function", bound=Callable[..., Any])


@cache
def cache_folder(room: Room = "sound") -> Path:
    """Where compiled code is kept, named by the digest of its sources and of the tables that they read.

    numba looks only at the file of the function itself, so without the digest a change in a function that another file
    calls would leave the old code in use.
    """
    digest = hashlib.sha256()
    for source in _sources(room):
        digest.update(source.read_bytes())
    cached = _HERE / room / "__pycache__"
    if os.access(cached if cached.exists() else _HERE / room, os.W_OK):
        return cached / f"jit-{digest.hexdigest()[:16]}"
    home = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
    return home / "ambiome" / f"jit-{digest.hexdigest()[:16]}"


def _sources(room: Room) -> Iterable[Path]:
    for source in sorted((_HERE / room).glob("*.py")):
        if room == "scene" or source.stem not in _NOT_COMPILED:
            yield source
    if room == "sound":
        yield _HERE / "neural" / "generate.py"
        yield from sorted((_HERE / "neural" / "cpu").glob("*.py"))
    yield _HERE / "splitmix.py"
    yield _HERE / "tokens.py"
    yield Path(ambiome_protocol.__file__).parent / "lists.py"


def is_compiled(module: str = "cpu") -> bool:
    """Whether this machine has compiled a module before, the sound's or, `decoding`, the learned renderer's; if not,
    the first sound waits about half a minute.
    """
    return any(cache_folder().rglob(f"{module}.*.nbi"))


def jit(function: Function) -> Function:
    """`function` compiled by numba on first call and cached on disk; no fast-math, so nothing is reassociated."""
    return _compiled(function)


def jit_room(function: Function) -> Function:
    """The same for what only compiled code calls: without a way in from Python, which is a third of the compiling."""
    return _compiled(function, no_cpython_wrapper=True, no_cfunc_wrapper=True)


def jit_inner(function: Function) -> Function:
    """The same for what makes no array of its own (numba refuses one that does): who holds an array is not counted.

    numba would count every view of a row, by an atomic up and an atomic down, which cost a third of a step.
    """
    return _compiled(function, no_cpython_wrapper=True, no_cfunc_wrapper=True, _nrt=False)


def _compiled(function: Function, **options: bool) -> Function:
    is_sound = function.__module__.startswith(("ambiome_middleware.sound.", "ambiome_middleware.neural."))
    room: Room = "sound" if is_sound else "scene"
    if numba is None:
        if is_sound:
            raise ModuleNotFoundError("No module named 'numba'", name="numba")
        return np.errstate(over="ignore")(function)  # integers that wrap are what hashes are made of
    before, numba.config.CACHE_DIR = numba.config.CACHE_DIR, str(cache_folder(room))
    try:
        return cast(Function, numba.njit(cache=True, error_model="numpy", nogil=True, **options)(function))
    finally:
        numba.config.CACHE_DIR = before
