"""What can go wrong for a client.

The tree of exceptions:

    Exception
    └── AmbiomeError            everything below; catch this one to catch them all
        ├── ServerLost          the server does not answer, or has gone and did not come back in time
        │   └── NotWelcome      it lets nobody in without a key, or not with this one; or seems not to
        ├── HelloRefused        the server answered, but opens no session; `code` and `field` say why
        │   └── VersionRefused  it speaks another major version of the protocol
        ├── SessionLost         the server is there, but the session is not, and it was not to be opened again
        ├── BadMessage          a message was refused; names field, value and what is allowed. The session goes on
        ├── ServerFault         the server said what the protocol does not allow
        └── Closed              the ambience was closed, by this program

`BadMessage` and `HelloRefused` are also `ambiome_protocol.errors.ProtocolError`s, with its attributes `code`, `field`,
`value`, `allowed`, `detail`, `seq` and `retry_s`.
"""

from typing import Self

from ambiome_protocol.errors import ProtocolError


class AmbiomeError(Exception):
    """Anything that goes wrong between this program and an ambience."""


class ServerLost(AmbiomeError):
    """The server does not answer, or has gone and did not come back in time."""


class NotWelcome(ServerLost):
    """The server lets nobody in without a key, or not with this one; or it wants none; or it only hangs up each time,
    which is what that looks like.
    """


class SessionLost(AmbiomeError):
    """The server no longer has the session, and it was not to be opened again."""


class ServerFault(AmbiomeError):
    """The server said what the protocol does not allow."""


class Closed(AmbiomeError, RuntimeError):
    """The ambience was closed by this program."""


class _Refused(AmbiomeError, ProtocolError):
    @classmethod
    def like(cls, error: ProtocolError) -> Self:
        """The same refusal as an exception of the client."""
        return cls(
            error.code, error.detail, field=error.field, value=error.value, allowed=error.allowed, seq=error.seq,
            retry_s=error.retry_s,
        )  # fmt: skip


class BadMessage(_Refused):
    """A message was refused, by this client before it was sent or by the server. The session goes on without it."""


class HelloRefused(_Refused):
    """The server answered, but opens no session."""


class VersionRefused(HelloRefused):
    """The server speaks another major version of the protocol."""
