"""The choices that several commands offer."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final

import typer
from ambiome_protocol.limits import ZONE_KEY_BYTES

from ambiome_cli.exits import Exit, Problem


class Device(StrEnum):
    """What renders; `auto` takes the best there is."""

    AUTO = "auto"
    CPU = "cpu"
    CUDA = "cuda"
    MPS = "mps"


class Logs(StrEnum):
    """For whom a server logs."""

    TEXT = "text"
    JSON = "json"


class LayoutName(StrEnum):
    """Loudspeaker layouts, as `ambiome_protocol.lists.LAYOUTS` has them."""

    MONO = "mono"
    STEREO = "stereo"
    QUAD = "quad"
    SURROUND = "5.1"
    AMBISONICS = "ambisonics"


class RendererName(StrEnum):
    """Who makes sound of token frames."""

    PROCEDURAL = "procedural"
    NEURAL = "neural"


BiomeFolder = Annotated[Path | None, typer.Option(exists=True, file_okay=False, help="Folder with biomes of your own.")]
SOUNDS: Final = Path("../shared/sounds")
Sounds = Annotated[Path, typer.Option(metavar="DIR", help="Recordings, with their manifest.csv.")]
ServerKey = Annotated[
    str | None, typer.Option(metavar="KEY", help="The server's public key, where it wants keys (ambiome keys).")
]
OwnKey = Annotated[
    Path | None, typer.Option("--key", dir_okay=False, help="The file of one's own secret key, where guests are named.")
]


def zone_key_of(zone: str | None, key: str | None) -> bytes | None:
    """A zone's key as it was typed, in hexadecimal. Problem (exit 2) for what is none, or has no zone."""
    if key is None:
        return None
    if zone is None:
        raise Problem(Exit.USAGE, "--zone-key is of a zone: say --zone too")
    try:
        made = bytes.fromhex(key)
    except ValueError:
        made = b""
    if len(made) != ZONE_KEY_BYTES:
        raise Problem(Exit.USAGE, f"--zone-key is {key!r}; it has {2 * ZONE_KEY_BYTES} hexadecimal digits")
    return made
