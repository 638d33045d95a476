"""What a session is asked for, and what a program is told beside its sound."""

from dataclasses import dataclass

from ambiome_protocol.lists import Format, Layout, Pace, RendererName
from ambiome_protocol.messages import UNSET, Hello, SceneReport, Warning
from ambiome_protocol.version import VERSION


@dataclass(frozen=True, slots=True)
class Reconnected:
    """The server was lost and is back. `resumed`: the same session, at the next sample; else a new one.

    A new live session starts at `step` and was told the world as it stands; a new free one was replayed up to `step`.
    """

    resumed: bool
    step: int


Notice = Warning | SceneReport | Reconnected


@dataclass(frozen=True)
class Terms:
    """What a session is asked for.

    `buffer_steps` counts the frames on their way or waiting, the one being played included (live 2 … 25, free 1 … 250);
    where it is None, live holds 3, and 2 as long as frames come in time for that, free 250. `timeout_s` is how long an
    answer may take before the server counts as lost. `zone` is the zone to join, and `zone_key` what makes its members
    owners.
    """

    seed: int = 0
    layout: Layout = "stereo"
    format: Format = "f32le"
    pace: Pace = "live"
    renderer: RendererName = "procedural"
    telemetry_hz: float = 0.0
    buffer_steps: int | None = None
    timeout_s: float = 10.0
    reconnect: bool = True
    zone: str | None = None
    zone_key: bytes | None = None

    def hello(self) -> Hello:
        """The hello that asks for it."""
        return Hello(
            version=VERSION,
            seed=self.seed,
            layout=self.layout,
            format=self.format,
            pace=self.pace,
            renderer=self.renderer,
            telemetry_hz=self.telemetry_hz,
            zone=UNSET if self.zone is None else self.zone,
            zone_key=UNSET if self.zone_key is None else self.zone_key,
        )
