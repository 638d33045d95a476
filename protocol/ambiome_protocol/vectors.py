"""Golden vectors: what every client in every language is tested against. `protocol/vectors/` holds them as JSON.

    python -m ambiome_protocol.vectors            prints what is out of date; exit code 1 if anything is
    python -m ambiome_protocol.vectors --write    rewrites protocol/vectors/*.json

- `messages.json`: {name, meaning, direction, hex, message}: every message, in bytes and in JSON form.
- `bad.json`: {name, meaning, direction, hex, code, field}: bytes that are refused, and with which error.
- `audio.json`: {name, meaning, format, channels, hex, samples}: second parts of frames, short ones.
- `steps.json`: {name, meaning, at, step}: the steps that times mean.

Binary data is in base64 in JSON form. The hex of a message is what this package writes; another writer may order fields
otherwise, or write numbers wider, or fields that have their default.
"""

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import msgpack  # type: ignore[import-untyped]
import msgspec
import numpy as np

from ambiome_protocol import generated
from ambiome_protocol.audio import pack, unpack
from ambiome_protocol.codec import decode_client, decode_server, encode, error_message
from ambiome_protocol.errors import ERRORS, ProtocolError
from ambiome_protocol.examples import CLIENT, SERVER, Good
from ambiome_protocol.lists import FORMATS
from ambiome_protocol.messages import Message
from ambiome_protocol.mistakes import BAD, REFUSALS, Bad
from ambiome_protocol.steps import step_at

ROOT: Final = Path(__file__).parents[1] / "vectors"
"""Where the vectors lie in the sources; an installed package has none."""

Vector = dict[str, Any]
DECODERS: Final = {"to_server": decode_client, "to_client": decode_server}


def messages() -> Iterator[Vector]:
    """Every message, both ways, and an `error` message of every code."""
    for good in CLIENT:
        yield _good(good, "to_server")
    for good in (*SERVER, *_errors()):
        yield _good(good, "to_client")


def bad() -> Iterator[Vector]:
    """Bytes that are refused, with the code and the field of the error."""
    for item in BAD:
        fault = _fault(item)
        yield {
            "name": item.name,
            "meaning": item.meaning,
            "direction": item.direction,
            "hex": _bytes(item).hex(),
            "code": fault.code,
            "field": fault.field,
        }


def audio() -> Iterator[Vector]:
    """A few instants in every format, mono and stereo, with what is clipped and rounded."""
    mono = np.array([[0.0, 0.5, -0.5, 1.0, -1.0]], np.float32)
    for channels in (1, 2):
        samples = np.concatenate([mono, -mono / 4])[:channels]
        for form in FORMATS:
            data = pack(samples, form)
            yield {
                "name": f"{form}_{channels}",
                "meaning": f"five instants of {channels} channel{'s' * (channels > 1)}; samples are [channel][instant]",
                "format": form,
                "channels": channels,
                "hex": data.hex(),
                "samples": unpack(data, form, channels).astype(float).tolist(),
            }


def steps() -> Iterator[Vector]:
    """The steps that some times mean."""
    for at, meaning in (
        (0.0, "the beginning"),
        (0.04, "the second step"),
        (0.041, "rounded up"),
        (0.28, "a little over step 7 in binary floating point; the tolerance makes it step 7"),
        (0.2800005, "within the tolerance of a microsecond"),
        (0.280002, "beyond it"),
        (12.5, "between two steps"),
        (86_400.0, "a day"),
    ):
        yield {"name": f"at_{at!r}", "meaning": meaning, "at": at, "step": step_at(at)}


FILES: Final = {"messages.json": messages, "bad.json": bad, "audio.json": audio, "steps.json": steps}


def out_of_date(root: Path = ROOT) -> dict[Path, str]:
    """The files that do not say what the code does, with what they should say."""
    wanted = {root / name: _text(list(make())) for name, make in FILES.items()}
    return generated.out_of_date(wanted)


def _good(good: Good, direction: str) -> Vector:
    return {
        "name": good.name,
        "meaning": good.meaning,
        "direction": direction,
        "hex": encode(good.message).hex(),
        "message": _json_form(good.message),
    }


def _json_form(message: Message) -> Any:
    """A message as JSON has it, with binary data in base64, fields at their defaults left out."""
    return json.loads(msgspec.json.encode(message))


def _errors() -> Iterator[Good]:
    faults = {item.code: (item.meaning, _fault(item)) for item in reversed(BAD)}
    faults |= {fault.code: (meaning, fault) for fault, meaning in REFUSALS}
    for code in ERRORS:
        meaning, fault = faults[code]
        yield Good(f"error_{code}", f"the answer to: {meaning}", error_message(fault))


def _fault(item: Bad) -> ProtocolError:
    try:
        message = DECODERS[item.direction](_bytes(item))
    except ProtocolError as error:
        if (error.code, error.field) != (item.code, item.field):
            raise ValueError(f"{item.name}: {error.code} {error.field!r} is not what it should be") from error
        return error
    raise ValueError(f"{item.name} is not bad: {message}")


def _bytes(item: Bad) -> bytes:
    return item.data if isinstance(item.data, bytes) else bytes(msgpack.packb(item.data))


def _text(vectors: list[Vector]) -> str:
    lines = ",\n".join("  " + json.dumps(vector, ensure_ascii=False) for vector in vectors)
    return f"[\n{lines}\n]\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; returns its exit code."""
    return generated.command("python -m ambiome_protocol.vectors", __doc__, out_of_date(), arguments)


if __name__ == "__main__":
    sys.exit(main())
