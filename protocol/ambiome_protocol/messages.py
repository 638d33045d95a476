"""The messages, typed. Units in the names, ranges in the annotations; SPEC.md and the JSON Schema are made from both.

Every field of a world is optional: `UNSET` leaves it as it is, `None` returns it to "derived".
"""

from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType, field

from ambiome_protocol.lists import AnimalKind, EventKind, FeatureKind, Format, Layout, Pace, Shelter, VoiceName

Share = Annotated[float, Meta(ge=0, le=1)]
Azimuth = Annotated[float, Meta(ge=0, le=360, description="degrees clockwise from north, fixed in the world")]
Seq = Annotated[int, Meta(ge=0, le=2**53 - 1)]
At = Annotated[float, Meta(ge=0, le=1e9, description="seconds of session time, rounded up to a step")]
TransitionS = Annotated[float, Meta(ge=0, le=600)]
Step = Annotated[int, Meta(ge=0, le=2**53 - 1)]
Distance = Annotated[float, Meta(ge=0.5, le=30_000)]


class Part(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A map inside a message."""


class Weather(Part, frozen=True, kw_only=True):
    rain_mm_h: Annotated[float, Meta(ge=0, le=200)] | None | UnsetType = UNSET
    snow_mm_h: Annotated[float, Meta(ge=0, le=50)] | None | UnsetType = UNSET
    hail_mm_h: Annotated[float, Meta(ge=0, le=100)] | None | UnsetType = UNSET
    wind_m_s: Annotated[float, Meta(ge=0, le=60)] | None | UnsetType = UNSET
    gust_m_s: Annotated[float, Meta(ge=0, le=90)] | None | UnsetType = UNSET
    wind_from_deg: Azimuth | None | UnsetType = UNSET
    cloud: Share | None | UnsetType = UNSET
    fog: Share | None | UnsetType = UNSET
    temperature_c: Annotated[float, Meta(ge=-60, le=60)] | None | UnsetType = UNSET
    humidity: Share | None | UnsetType = UNSET
    wetness: Share | None | UnsetType = UNSET
    thunder_per_min: Annotated[float, Meta(ge=0, le=60)] | None | UnsetType = UNSET
    thunder_km: Annotated[float, Meta(ge=0.05, le=30)] | None | UnsetType = UNSET


class Feature(Part, frozen=True, kw_only=True):
    id: Annotated[str, Meta(min_length=1, max_length=64)]
    kind: FeatureKind
    distance_m: Annotated[float, Meta(ge=0.5, le=5_000)] = 10.0
    azimuth_deg: Azimuth = 0.0
    size: Share = 0.5


class Location(Part, frozen=True, kw_only=True):
    biome: str | Annotated[dict[str, Share], Meta(min_length=1, max_length=4)] | None | UnsetType = UNSET
    """A biome's name, or up to four names with weights. Names beyond the closed list come from a server's --biomes."""
    shelter: Shelter | None | UnsetType = UNSET
    openness: Share | None | UnsetType = UNSET
    altitude_m: Annotated[float, Meta(ge=-500, le=9_000)] | None | UnsetType = UNSET
    features: Annotated[tuple[Feature, ...], Meta(max_length=16)] | None | UnsetType = UNSET
    feature_set: Feature | UnsetType = UNSET
    feature_remove: Annotated[str, Meta(min_length=1, max_length=64)] | UnsetType = UNSET


class Time(Part, frozen=True, kw_only=True):
    hour: Annotated[float, Meta(ge=0, le=24)] | None | UnsetType = UNSET
    day_of_year: Annotated[int, Meta(ge=1, le=366)] | None | UnsetType = UNSET
    latitude_deg: Annotated[float, Meta(ge=-90, le=90)] | None | UnsetType = UNSET
    rate: Annotated[float, Meta(ge=0, le=86_400)] | None | UnsetType = UNSET


class Listener(Part, frozen=True, kw_only=True):
    heading_deg: Azimuth | None | UnsetType = UNSET


class World(Part, frozen=True, kw_only=True):
    weather: Weather | UnsetType = UNSET
    location: Location | UnsetType = UNSET
    time: Time | UnsetType = UNSET
    listener: Listener | UnsetType = UNSET


class VoiceMix(Part, frozen=True, kw_only=True):
    gain_db: Annotated[float, Meta(ge=-60, le=12)] | UnsetType = UNSET
    mute: bool | UnsetType = UNSET
    solo: bool | UnsetType = UNSET


class Mix(Part, frozen=True, kw_only=True):
    master_db: Annotated[float, Meta(ge=-60, le=12)] | UnsetType = UNSET
    voices: dict[VoiceName, VoiceMix] | UnsetType = UNSET
    dynamics: Share | UnsetType = UNSET


class Event(Part, frozen=True, kw_only=True):
    """Something that happens once. `animal` is required by, and only by, the kind "animal"."""

    kind: EventKind
    distance_m: Distance = 50.0
    azimuth_deg: Azimuth = 0.0
    strength: Share = 0.5
    animal: AnimalKind | UnsetType = UNSET


class Message(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True, tag_field="type"):
    """What every message is: a map whose "type" names it."""


class Change(Message, frozen=True, kw_only=True):
    """A client message that changes what is heard. `seq` is the client's own counter, ascending from 1."""

    seq: Seq = 0
    at: At | UnsetType = UNSET


class WorldMessage(Change, frozen=True, kw_only=True, tag="world"):
    world: World
    transition_s: TransitionS | UnsetType = UNSET
    cut: bool = False


class EventMessage(Change, frozen=True, kw_only=True, tag="event"):
    event: Event


class MixMessage(Change, frozen=True, kw_only=True, tag="mix"):
    mix: Mix
    transition_s: TransitionS | UnsetType = UNSET


class Hello(Message, frozen=True, kw_only=True, tag="hello"):
    version: Annotated[str, Meta(max_length=16, pattern=r"^[0-9]+\.[0-9]+$")]
    seed: Annotated[int, Meta(ge=0, le=2**63 - 1)] = 0
    layout: Layout = "stereo"
    format: Format = "f32le"
    pace: Pace = "live"
    telemetry_hz: Annotated[float, Meta(ge=0, le=25, description="scene reports a second; 0 for none")] = 0.0
    resume: Annotated[bytes, Meta(min_length=16, max_length=16)] | UnsetType = UNSET
    next_step: Step | UnsetType = UNSET


class Credit(Message, frozen=True, kw_only=True, tag="credit"):
    until_step: Annotated[Step, Meta(description="frames of steps below this may be sent; never lowered")]
    played_step: Step = 0
    underruns: Annotated[int, Meta(ge=0, le=2**53 - 1)] = 0


class Explain(Message, frozen=True, kw_only=True, tag="explain"):
    seq: Seq = 0


class ClientBye(Message, frozen=True, kw_only=True, tag="bye"):
    reason: Annotated[str, Meta(max_length=256)] = ""


class Welcome(Message, frozen=True, kw_only=True, tag="welcome"):
    version: str
    session: str
    resume: Annotated[bytes, Meta(min_length=16, max_length=16)]
    next_step: Step
    seed: int
    layout: Layout
    format: Format
    pace: Pace
    channels: int
    sample_rate_hz: int
    step_samples: int
    max_outstanding_steps: int
    sound_version: int
    resumed: bool = False


class Frame(Message, frozen=True, kw_only=True, tag="frame"):
    """The header of one step's audio; the samples ride in the second part of the ZeroMQ message."""

    step: Step
    applied_seq: Seq
    layout: Layout
    format: Format
    cut: int = 0


class SceneReport(Message, frozen=True, kw_only=True, tag="scene"):
    """Telemetry, or (with `reasons`) the answer to `explain`."""

    step: Step
    seq: Seq = 0
    applied_seq: Seq = 0
    values: dict[str, float] = field(default_factory=dict)
    targets: dict[str, float] = field(default_factory=dict)
    reasons: tuple["Reason", ...] = ()


class Reason(Part, frozen=True, kw_only=True):
    """Why a parameter stands where it does."""

    parameter: str
    value: float
    target: float
    rule: str
    because: str


class Warning(Message, frozen=True, kw_only=True, tag="warning"):  # noqa: A001
    code: str
    detail: str
    seq: Seq = 0
    at: At | UnsetType = UNSET
    applied_at: At | UnsetType = UNSET


class Error(Message, frozen=True, kw_only=True, tag="error"):
    code: str
    detail: str
    field: str = ""
    value: str = ""
    allowed: str = ""
    seq: Seq = 0


class ServerBye(Message, frozen=True, kw_only=True, tag="bye"):
    reason: str = ""


ClientMessage = Hello | WorldMessage | EventMessage | MixMessage | Credit | Explain | ClientBye
ServerMessage = Welcome | Frame | SceneReport | Warning | Error | ServerBye
