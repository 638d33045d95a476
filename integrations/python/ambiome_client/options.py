"""The options of an ambience, the same for all its faces."""

import os
from typing import Any, Final, TypedDict

from ambiome_protocol.limits import MAX_OUTSTANDING_STEPS
from ambiome_protocol.lists import PACES, Format, Layout, Pace, RendererName

from ambiome_client.credit import FEWEST_STEPS
from ambiome_client.keys import Keys, keys_of
from ambiome_client.terms import Terms

_ABOUT_KEYS: Final = ("server_key", "key")


class Options(TypedDict, total=False):
    """See `ambiome_client.Ambience`."""

    seed: int
    layout: Layout
    format: Format
    pace: Pace
    renderer: RendererName
    telemetry_hz: float
    buffer_steps: int
    timeout_s: float
    reconnect: bool
    zone: str | None
    zone_key: bytes | None
    server_key: str | None
    key: "str | os.PathLike[str] | None"


def keys_in(options: Options) -> Keys | None:
    """The keys among these options, if any. ValueError for what is no key."""
    return keys_of(options.get("server_key"), options.get("key"))


def terms_of(options: Options) -> Terms:
    """The terms that these options ask for. ValueError for what this client cannot do; the rest is for the server."""
    about_session: dict[str, Any] = {name: value for name, value in options.items() if name not in _ABOUT_KEYS}
    terms = Terms(**about_session)
    if terms.pace not in PACES:
        raise ValueError(f"pace is {terms.pace!r}; it can be {' or '.join(PACES)}")
    lowest, highest = (FEWEST_STEPS if terms.pace == "live" else 1), MAX_OUTSTANDING_STEPS[terms.pace]
    if terms.buffer_steps is not None and not lowest <= terms.buffer_steps <= highest:
        raise ValueError(f"buffer_steps is {terms.buffer_steps}; {terms.pace} it can be {lowest} … {highest}")
    if not terms.timeout_s > 0:
        raise ValueError(f"timeout_s is {terms.timeout_s}; it must be above 0")
    return terms
