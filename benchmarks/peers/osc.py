"""A score for `scsynth -N`: OSC bundles, each after its length, with the time in seconds from the start (OSC 1.0)."""

import struct
from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

_BUNDLE: Final = b"#bundle\0"
_FRACTION: Final = 1 << 32


def message(address: str, *arguments: int | float | str | bytes) -> bytes:
    """One OSC message of integers, floats, strings and blobs."""
    tags, data = ",", b""
    for value in arguments:
        if isinstance(value, bytes):
            tags, data = tags + "b", data + struct.pack(">i", len(value)) + value + b"\0" * (-len(value) % 4)
        elif isinstance(value, str):
            tags, data = tags + "s", data + _text(value)
        elif isinstance(value, int):
            tags, data = tags + "i", data + struct.pack(">i", value)
        else:
            tags, data = tags + "f", data + struct.pack(">f", value)
    return _text(address) + _text(tags) + data


def bundle(at_s: float, *messages: bytes) -> bytes:
    """A bundle of messages with its length before it, as a score has them."""
    parts = b"".join(struct.pack(">i", len(each)) + each for each in messages)
    whole = _BUNDLE + struct.pack(">Q", round(at_s * _FRACTION)) + parts
    return struct.pack(">i", len(whole)) + whole


def synths(
    at_s: npt.NDArray[np.float64], names: Sequence[str], which: npt.NDArray[np.int32],
    arguments: npt.NDArray[np.float64],
) -> bytes:  # fmt: skip
    """Bundles that each start one synth: at `at_s` [N], `names[which]` of equal lengths, `arguments` [N, A] by index.

    One record a synth, all of one size, so that a million of them are written at once.
    """
    count = arguments.shape[1]
    # After the bundle's head: /s_new name −1 (any number) 1 (at the tail) 0 (of the root), then index and value.
    example = message("/s_new", names[0], -1, 1, 0, *[x for n in range(count) for x in (n, 0.0)])
    head = message("/s_new", names[0], -1, 1, 0)
    name_at = len(_text("/s_new")) + len(_text("," + "siii" + "if" * count))
    arguments_at = name_at + len(head) - len(_text("/s_new")) - len(_text(",siii"))
    width = len(_text(names[0]))
    if any(len(_text(name)) != width for name in names):
        raise ValueError(f"names: {', '.join(names)} are not of one length")
    record = np.dtype(
        {
            "names": ["bundle", "time", "name", "arguments"],
            "formats": [f"V{24 + len(example)}", ">u8", f"V{width}", ([("index", ">i4"), ("value", ">f4")], count)],
            "offsets": [0, 12, 24 + name_at, 24 + arguments_at],
        }
    )
    first = bundle(0.0, example)
    records = np.frombuffer(first * len(at_s), record).copy()
    records["time"] = np.round(at_s * _FRACTION).astype(np.uint64)
    records["name"] = np.frombuffer(b"".join(_text(name) for name in names), f"V{width}")[which]
    records["arguments"]["value"] = arguments
    return records.tobytes()


def _text(text: str) -> bytes:
    raw = text.encode("ascii")
    return raw + b"\0" * (4 - len(raw) % 4)
