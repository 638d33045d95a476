"""Weights on disk: safetensors, with what they are of in its metadata."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

import torch
from ambiome_protocol.limits import WEIGHTS_DIGEST_CHARS

CODEC: Final = "codec.safetensors"
LM: Final = "lm.safetensors"

Shape = TypeVar("Shape")


class WeightsError(ValueError):
    """A file of weights that cannot be used: what it is instead."""


@dataclass(frozen=True, slots=True)
class Weights:
    """What a file holds. `about` is what it says of itself besides."""

    shape: Any
    state: dict[str, torch.Tensor]
    about: dict[str, str]


def write(path: Path, kind: str, shape: Any, state: Mapping[str, torch.Tensor], about: Mapping[str, str]) -> None:
    """Write weights as they are. `kind` names the format; `shape` is a dataclass of numbers."""
    from safetensors.torch import save_file

    said = {**about, "format": kind, "shape": json.dumps(asdict(shape))}
    save_file({name: value.contiguous() for name, value in state.items()}, path, said)


def read(path: Path, kind: str, shape: type[Shape]) -> Weights:
    """Weights of a kind, in float32. WeightsError for any other file, OSError for one that cannot be read."""
    from safetensors import SafetensorError, safe_open

    path.stat()
    try:
        with safe_open(path, "pt") as file:
            about = dict(file.metadata() or {})
            names = file.keys()
            state = {name: file.get_tensor(name).float() for name in names}
    except SafetensorError as error:
        raise WeightsError(f"{path.name} is not a safetensors file: {first_line(error)}") from error
    if about.get("format") != kind:
        raise WeightsError(f"{path.name} is {about.get('format', 'nothing of ours')!r}, wanted is {kind!r}")
    try:
        made = shape(**json.loads(about["shape"]))
    except (KeyError, TypeError, ValueError) as error:
        raise WeightsError(f"{path.name} does not say its shape: {first_line(error)}") from error
    return Weights(made, state, about)


def digest(folder: Path) -> str:
    """A digest of a folder's weights: where it differs, so does the sound. OSError for files that cannot be read."""
    found = hashlib.sha256()
    for name in (CODEC, LM):
        found.update(hashlib.sha256((folder / name).read_bytes()).digest())
    return found.hexdigest()[:WEIGHTS_DIGEST_CHARS]


def first_line(error: Exception) -> str:
    """An error's text on one line, not too long."""
    return " ".join(str(error).split())[:200]
