"""What a benchmark ran on, in one line: a figure without its machine says nothing."""

import os
import platform
from importlib import metadata
from typing import Final

from ambiome_cli.processor import processor

_PACKAGES: Final = ("torch", "numba", "numpy", "pyzmq")


def machine() -> str:
    """Processor, cores, Python and the libraries that matter, as one line."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    versions = [f"{name} {version}" for name in _PACKAGES if (version := _version(name))]
    return ", ".join(
        [f"{processor()}, {cores} core{'s' * (cores != 1)}", f"Python {platform.python_version()}", *versions]
    )


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""
