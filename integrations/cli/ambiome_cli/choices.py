"""The choices that several commands offer."""

from enum import StrEnum


class Device(StrEnum):
    """What renders; `auto` takes the best there is."""

    AUTO = "auto"
    CPU = "cpu"
    CUDA = "cuda"
    MPS = "mps"


class LayoutName(StrEnum):
    """Loudspeaker layouts, as `ambiome_protocol.lists.LAYOUTS` has them."""

    MONO = "mono"
    STEREO = "stereo"
