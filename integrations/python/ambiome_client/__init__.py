"""The Python client of Ambiome: tell a server what the world is like, read what it sounds like.

`Ambience` waits for what it reads; `ambiome_client.aio.Ambience` is its twin for asyncio.
"""

from ambiome_client.ambience import DEFAULT_ADDRESS, Ambience
from ambiome_client.errors import (
    AmbiomeError,
    BadMessage,
    Closed,
    HelloRefused,
    NotWelcome,
    ServerFault,
    ServerLost,
    SessionLost,
    VersionRefused,
)
from ambiome_client.playback import Playback
from ambiome_client.terms import Reconnected

__all__ = [
    "DEFAULT_ADDRESS",
    "Ambience",
    "AmbiomeError",
    "BadMessage",
    "Closed",
    "HelloRefused",
    "NotWelcome",
    "Playback",
    "Reconnected",
    "ServerFault",
    "ServerLost",
    "SessionLost",
    "VersionRefused",
]
