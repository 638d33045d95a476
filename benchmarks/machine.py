"""What a benchmark ran on, in one line: a figure without its machine says nothing."""

import os
import platform
from importlib import metadata
from pathlib import Path
from typing import Final

_PACKAGES: Final = ("torch", "numba", "numpy", "pyzmq")


def machine() -> str:
    """Processor, cores, Python and the libraries that matter, as one line."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    versions = [f"{name} {version}" for name in _PACKAGES if (version := _version(name))]
    return ", ".join(
        [f"{_processor()}, {cores} core{'s' * (cores != 1)}", f"Python {platform.python_version()}", *versions]
    )


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""
