"""The options of an ambience, the same for all its faces."""

from typing import TypedDict

from ambiome_protocol.limits import MAX_OUTSTANDING_STEPS
from ambiome_protocol.lists import PACES, Format, Layout, Pace, RendererName

from ambiome_client.terms import Terms


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


def terms_of(options: Options) -> Terms:
    """The terms that these options ask for. ValueError for what this client cannot do; the rest is for the server."""
    terms = Terms(**options)
    if terms.pace not in PACES:
        raise ValueError(f"pace is {terms.pace!r}; it can be {' or '.join(PACES)}")
    lowest, highest = (2 if terms.pace == "live" else 1), MAX_OUTSTANDING_STEPS[terms.pace]
    if terms.buffer_steps is not None and not lowest <= terms.buffer_steps <= highest:
        raise ValueError(f"buffer_steps is {terms.buffer_steps}; {terms.pace} it can be {lowest} … {highest}")
    if not terms.timeout_s > 0:
        raise ValueError(f"timeout_s is {terms.timeout_s}; it must be above 0")
    return terms
