"""Language two: token frames → samples. Nothing here sees a message or a socket."""

from ambiome_middleware.sound.layouts import channels
from ambiome_middleware.sound.render import SOUND_VERSION, Renderer, Request

__all__ = ["SOUND_VERSION", "Renderer", "Request", "channels"]
