"""A coverage-guided fuzzer on the decoders: any bytes are a message or a ProtocolError, and nothing else.

    make fuzz SECONDS=60

libFuzzer (through Atheris) begins with the golden vectors and changes them where that reaches code that was not reached
before. What breaks a decoder is written to a file of its own, and named; put it into the vectors, as `bad`.
"""

import json
import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports():
    from ambiome_protocol.codec import decode_client, decode_server, encode
    from ambiome_protocol.errors import ProtocolError

VECTORS = Path(__file__).parents[2] / "protocol" / "vectors"


def one(data: bytes) -> None:
    """Decode, and what was understood goes the same way again."""
    for decode in (decode_client, decode_server):
        try:
            message = decode(data)
        except ProtocolError as error:
            str(error).encode()
            continue
        if decode(encode(message)) != message:
            raise AssertionError(f"{message} is not what it was")


def seeds(folder: Path) -> None:
    """The golden vectors, a file each."""
    for name in ("messages", "bad"):
        for vector in json.loads((VECTORS / f"{name}.json").read_text(encoding="utf-8")):
            if "hex" in vector:
                (folder / f"{name}-{vector['name']}").write_bytes(bytes.fromhex(vector["hex"]))


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        seeds(Path(folder))
        atheris.Setup([*sys.argv, folder], one)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
