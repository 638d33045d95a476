"""The messages, typed. Units in the names, ranges in the annotations; SPEC.md and the JSON Schema are made from both.

Every field of a world is optional: `UNSET` leaves it as it is, `None` returns it to "derived".
"""

from typing import Annotated

from msgspec import UNSET as UNSET
from msgspec import Struct, UnsetType, field

from ambiome_protocol.limits import (
    LOWEST_QUALITY,
    MAX_AT_S,
    MAX_BIOMES,
    MAX_COUNT,
    MAX_DETAIL_CHARS,
    MAX_FEATURES,
    MAX_NAME_CHARS,
    MAX_REASON_CHARS,
    MAX_SEED,
    MAX_SERVER_ARRAY,
    MAX_SERVER_MAP,
    MAX_TELEMETRY_HZ,
    MAX_TRANSITION_S,
    RESUME_BYTES,
    WEIGHTS_DIGEST_CHARS,
    ZONE_KEY_BYTES,
)
from ambiome_protocol.lists import (
    AnimalKind,
    ByeReason,
    ErrorCode,
    EventKind,
    FeatureKind,
    Format,
    Layout,
    Pace,
    RendererName,
    Shelter,
    VoiceName,
    WarningCode,
)
from ambiome_protocol.meta import about, number, sized

Name = Annotated[str, sized(1, MAX_NAME_CHARS, "a name")]
Weight = Annotated[float, number(0, 1, "", "its weight")]
Seq = Annotated[int, number(0, MAX_COUNT, "", "the client's number of the message, ascending from 1; 0 for none")]
At = Annotated[float, number(0, MAX_AT_S, "s", "session time at which it takes effect, rounded up to a step")]
Version = Annotated[str, sized(3, 16, "protocol version of the sender, major.minor", r"^[0-9]+\.[0-9]+$")]
Token = Annotated[bytes, sized(RESUME_BYTES, RESUME_BYTES, "the secret that resumes this session")]
ZoneKey = Annotated[bytes, sized(ZONE_KEY_BYTES, ZONE_KEY_BYTES, "the secret that makes a member of a zone its owner")]
Value = Annotated[float, number(-1e12, 1e12, "", "a value, in the parameter's unit")]


class Part(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A map inside a message."""


class Weather(Part, frozen=True, kw_only=True):
    """The weather at the listener's place, out in the open."""

    rain_mm_h: Annotated[float, number(0, 200, "mm/h", "rain")] | UnsetType | None = UNSET
    snow_mm_h: Annotated[float, number(0, 50, "mm/h", "snow, as water")] | UnsetType | None = UNSET
    hail_mm_h: Annotated[float, number(0, 100, "mm/h", "hail, as water")] | UnsetType | None = UNSET
    wind_m_s: Annotated[float, number(0, 60, "m/s", "mean wind 10 m above ground")] | UnsetType | None = UNSET
    gust_m_s: Annotated[float, number(0, 90, "m/s", "wind in gusts; at least the mean")] | UnsetType | None = UNSET
    wind_from_deg: Annotated[float, number(0, 360, "°", "where the wind comes from")] | UnsetType | None = UNSET
    cloud: Annotated[float, number(0, 1, "", "share of the sky in cloud")] | UnsetType | None = UNSET
    fog: Annotated[float, number(0, 1, "", "0 clear, 1 dense fog")] | UnsetType | None = UNSET
    temperature_c: Annotated[float, number(-60, 60, "°C", "temperature of the air")] | UnsetType | None = UNSET
    humidity: Annotated[float, number(0, 1, "", "relative humidity")] | UnsetType | None = UNSET
    wetness: Annotated[float, number(0, 1, "", "water on ground and leaves")] | UnsetType | None = UNSET
    thunder_per_min: Annotated[float, number(0, 60, "1/min", "lightning strokes")] | UnsetType | None = UNSET
    thunder_km: Annotated[float, number(0.05, 30, "km", "distance of the storm")] | UnsetType | None = UNSET


class Feature(Part, frozen=True, kw_only=True):
    """Something in the world that sounds, at a place."""

    id: Annotated[str, sized(1, MAX_NAME_CHARS, "the client's name for it, one of a kind in its world")]
    kind: Annotated[FeatureKind, about("what it is")]
    distance_m: Annotated[float, number(0.5, 5_000, "m", "distance to the listener")] = 10.0
    azimuth_deg: Annotated[float, number(0, 360, "°", "where it lies, clockwise from north")] = 0.0
    size: Annotated[float, number(0, 1, "", "0 the smallest of its kind, 1 the largest")] = 0.5


class Location(Part, frozen=True, kw_only=True):
    """Where the listener is. `features` counts first, then `feature_set`, then `feature_remove`."""

    biome: Annotated[
        Name | Annotated[dict[Name, Weight], sized(1, MAX_BIOMES, "biomes with their weights")] | UnsetType | None,
        about("a biome, or up to four with weights, blended in power; a server may have biomes beyond the list"),
    ] = UNSET
    shelter: Annotated[Shelter, about("what is around and above the listener")] | UnsetType | None = UNSET
    openness: Annotated[float, number(0, 1, "", "how much of the outside gets in")] | UnsetType | None = UNSET
    altitude_m: Annotated[float, number(-500, 9_000, "m", "above sea level")] | UnsetType | None = UNSET
    features: (
        Annotated[tuple[Feature, ...], sized(0, MAX_FEATURES, "all features; replaces those there are")]
        | UnsetType
        | None
    ) = UNSET
    feature_set: Annotated[Feature, about("one feature, added, or changed if its id is there")] | UnsetType = UNSET
    feature_remove: Annotated[str, sized(1, MAX_NAME_CHARS, "id of the feature to remove")] | UnsetType = UNSET


class Time(Part, frozen=True, kw_only=True):
    """The time of day and year in the world; the sun's altitude follows from it."""

    hour: Annotated[float, number(0, 24, "h", "local solar time")] | UnsetType | None = UNSET
    day_of_year: Annotated[int, number(1, 366, "", "1 is the first of January")] | UnsetType | None = UNSET
    latitude_deg: Annotated[float, number(-90, 90, "°", "north is positive")] | UnsetType | None = UNSET
    rate: (
        Annotated[float, number(0, 86_400, "s/s", "game seconds per session second; 0 stands still")]
        | UnsetType
        | None
    ) = UNSET  # fmt: skip


class Listener(Part, frozen=True, kw_only=True):
    """The one who hears."""

    heading_deg: (
        Annotated[float, number(0, 360, "°", "where the listener looks, clockwise from north")] | UnsetType | None
    ) = UNSET


class World(Part, frozen=True, kw_only=True):
    """What the world is like. What is not named stays as it is; `null` returns a field to "derived"."""

    weather: Annotated[Weather, about("the weather")] | UnsetType = UNSET
    location: Annotated[Location, about("the place")] | UnsetType = UNSET
    time: Annotated[Time, about("the time")] | UnsetType = UNSET
    listener: Annotated[Listener, about("the listener")] | UnsetType = UNSET


class VoiceMix(Part, frozen=True, kw_only=True):
    """How one voice is mixed."""

    gain_db: Annotated[float, number(-60, 12, "dB", "gain of the voice")] | UnsetType = UNSET
    mute: Annotated[bool, about("whether the voice is silent")] | UnsetType = UNSET
    solo: Annotated[bool, about("whether only this voice, and others with solo, are heard")] | UnsetType = UNSET


class Mix(Part, frozen=True, kw_only=True):
    """How the sound is mixed. What is not named stays as it is."""

    master_db: Annotated[float, number(-60, 12, "dB", "gain of everything")] | UnsetType = UNSET
    voices: Annotated[dict[VoiceName, VoiceMix], about("voices by name")] | UnsetType = UNSET
    dynamics: (
        Annotated[float, number(0, 1, "", "0 all loudness levelled, 0.5 halved in dB, 1 as in nature")] | UnsetType
    ) = UNSET


class Event(Part, frozen=True, kw_only=True):
    """Something that happens once. `animal` is required by, and only by, the kind "animal"."""

    kind: Annotated[EventKind, about("what happens")]
    distance_m: Annotated[float, number(0.5, 30_000, "m", "distance to the listener")] = 50.0
    azimuth_deg: Annotated[float, number(0, 360, "°", "where it happens, clockwise from north")] = 0.0
    strength: Annotated[float, number(0, 1, "", "0 faint of its kind, 1 the strongest")] = 0.5
    animal: Annotated[AnimalKind, about('which animal; required by, and only by, the kind "animal"')] | UnsetType = (
        UNSET
    )


class Message(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True, tag_field="type"):
    """What every message is: a map whose "type" names it."""


class Change(Message, frozen=True, kw_only=True):
    """A client message that changes what is heard. `seq` is the client's own counter, ascending from 1."""

    seq: Seq = 0
    at: At | UnsetType = UNSET


class WorldMessage(Change, frozen=True, kw_only=True, tag="world"):
    """Changes the world."""

    world: Annotated[World, about("what changes")]
    transition_s: (
        Annotated[float, number(0, MAX_TRANSITION_S, "s", "how long the change takes; without it, as in nature")]
        | UnsetType
    ) = UNSET
    cut: Annotated[bool, about("whether the scene snaps to the change at once: a teleport, a cut of the picture")] = (
        False
    )


class EventMessage(Change, frozen=True, kw_only=True, tag="event"):
    """Makes something happen, once."""

    event: Annotated[Event, about("what happens")]


class MixMessage(Change, frozen=True, kw_only=True, tag="mix"):
    """Changes the mix."""

    mix: Annotated[Mix, about("what changes")]
    transition_s: (
        Annotated[float, number(0, MAX_TRANSITION_S, "s", "how long the change takes; without it, a moment")]
        | UnsetType
    ) = UNSET  # fmt: skip


class Hello(Message, frozen=True, kw_only=True, tag="hello"):
    """Opens a session, or resumes one."""

    version: Version
    seed: Annotated[int, number(0, MAX_SEED, "", "decides everything that is left to chance")] = 0
    layout: Annotated[Layout, about("loudspeaker layout")] = "stereo"
    format: Annotated[Format, about("format of the samples")] = "f32le"
    pace: Annotated[Pace, about("whether it plays as it comes (live) or is collected as fast as it renders (free)")] = (
        "live"
    )
    renderer: Annotated[
        RendererName,
        about("what renders: procedural, or neural, the learned renderer, which a server offers if it was told to"),
    ] = "procedural"
    telemetry_hz: Annotated[float, number(0, MAX_TELEMETRY_HZ, "1/s", "scene reports wanted; 0 for none")] = 0.0
    resume: Annotated[bytes, sized(RESUME_BYTES, RESUME_BYTES, "the token of the session to resume")] | UnsetType = (
        UNSET
    )
    next_step: (
        Annotated[int, number(0, MAX_COUNT, "steps", "with `resume`, and only then: the first step wanted")] | UnsetType
    ) = UNSET
    zone: (
        Annotated[
            str,
            sized(
                1, MAX_NAME_CHARS, "name of the zone to join, or to open if there is none", r"^[A-Za-z0-9_.\-]+(?!\n)$"
            ),
        ]
        | UnsetType
    ) = UNSET
    zone_key: ZoneKey | UnsetType = UNSET


class Credit(Message, frozen=True, kw_only=True, tag="credit"):
    """Says how far the client will take frames. Cumulative and idempotent: a lower one changes nothing."""

    until_step: Annotated[int, number(0, MAX_COUNT, "steps", "frames of steps below this may be sent")]
    played_step: Annotated[int, number(0, MAX_COUNT, "steps", "steps below this have been played")] = 0
    underruns: Annotated[int, number(0, MAX_COUNT, "", "times the client had nothing to play, since hello")] = 0


class Explain(Message, frozen=True, kw_only=True, tag="explain"):
    """Asks why it sounds as it does; answered by `scene` with `reasons`."""

    seq: Annotated[int, number(0, MAX_COUNT, "", "comes back in the answer")] = 0


class ClientBye(Message, frozen=True, kw_only=True, tag="bye"):
    """Ends the session for good; the server answers `bye`."""

    reason: Annotated[str, sized(0, MAX_REASON_CHARS, "why, for the server's log")] = ""


class Welcome(Message, frozen=True, kw_only=True, tag="welcome"):
    """Answers `hello`: what the session is."""

    version: Version
    session: Annotated[str, sized(1, MAX_NAME_CHARS, "name of the session in logs; no secret")]
    resume: Token
    next_step: Annotated[int, number(0, MAX_COUNT, "steps", "step of the first frame that will come")]
    seed: Annotated[int, number(0, MAX_SEED, "", "the session's seed")]
    layout: Annotated[Layout, about("the session's layout")]
    format: Annotated[Format, about("the session's format")]
    pace: Annotated[Pace, about("the session's pace")]
    renderer: Annotated[RendererName, about("the session's renderer")] = "procedural"
    weights: Annotated[str, sized(0, WEIGHTS_DIGEST_CHARS, "digest of what the neural renderer has learned")] = ""
    channels: Annotated[int, number(1, 64, "", "channels of the layout")]
    sample_rate_hz: Annotated[int, number(1, 1_000_000, "Hz", "sampling rate")]
    step_samples: Annotated[int, number(1, 1_000_000, "samples", "samples of a step, each channel")]
    max_outstanding_steps: Annotated[int, number(1, MAX_COUNT, "steps", "how much credit may be outstanding")]
    sound_version: Annotated[int, number(0, MAX_COUNT, "", "equal versions and `weights` make equal sound")]
    resumed: Annotated[bool, about("whether this is a session resumed")] = False
    last_seq: Annotated[int, number(0, MAX_COUNT, "", "highest `seq` received: send again what is above")] = 0
    zone_key: Annotated[
        ZoneKey | UnsetType, about("told to the owners of a zone: the secret that makes others its owners too")
    ] = UNSET


class Frame(Message, frozen=True, kw_only=True, tag="frame"):
    """The header of one step's audio; the samples ride in the second part of the ZeroMQ message."""

    step: Annotated[int, number(0, MAX_COUNT, "steps", "which step this is")]
    applied_seq: Annotated[int, number(0, MAX_COUNT, "", "`seq` of the last change in effect; 0 for none")]
    layout: Annotated[Layout, about("layout of the samples")]
    format: Annotated[Format, about("format of the samples")]
    cut: Annotated[int, number(0, 32_767, "", "cuts of the scene so far, wrapping")] = 0
    quality: Annotated[int, number(0, LOWEST_QUALITY, "", "what it was spared; 0 for nothing")] = 0


class SceneReport(Message, frozen=True, kw_only=True, tag="scene"):
    """Telemetry, or (with `reasons`) the answer to `explain`."""

    step: Annotated[int, number(0, MAX_COUNT, "steps", "the step reported on")]
    seq: Annotated[int, number(0, MAX_COUNT, "", "`seq` of the `explain` answered; 0 for telemetry")] = 0
    applied_seq: Annotated[int, number(0, MAX_COUNT, "", "`seq` of the last change in effect; 0 for none")] = 0
    values: Annotated[dict[Name, Value], sized(0, MAX_SERVER_MAP, "scene parameters as they are")] = field(
        default_factory=dict
    )
    targets: Annotated[dict[Name, Value], sized(0, MAX_SERVER_MAP, "what they move to")] = field(default_factory=dict)
    reasons: Annotated[
        tuple["Reason", ...], sized(0, MAX_SERVER_ARRAY, "why parameters stand where they do; empty in telemetry")
    ] = ()


class Reason(Part, frozen=True, kw_only=True):
    """Why a parameter stands where it does."""

    parameter: Annotated[str, sized(1, MAX_NAME_CHARS, "which parameter")]
    value: Annotated[float, number(-1e12, 1e12, "", "what it is")]
    target: Annotated[float, number(-1e12, 1e12, "", "what it moves to")]
    rule: Annotated[str, sized(0, MAX_NAME_CHARS, "the rule that decided it")]
    because: Annotated[str, sized(0, MAX_DETAIL_CHARS, "the numbers that decided it, in words")]


class Warning(Message, frozen=True, kw_only=True, tag="warning"):
    """Something is not as the client may think, but nothing is wrong."""

    code: Annotated[WarningCode, about("which warning")]
    detail: Annotated[str, sized(0, MAX_DETAIL_CHARS, "a sentence for people")]
    seq: Annotated[int, number(0, MAX_COUNT, "", "`seq` of the message concerned; 0 for none")] = 0
    at: Annotated[float, number(0, MAX_AT_S, "s", "the time asked for")] | UnsetType = UNSET
    applied_at: Annotated[float, number(0, MAX_AT_S, "s", "the time at which it took effect")] | UnsetType = UNSET
    from_step: (
        Annotated[int, number(0, MAX_COUNT, "steps", "with `skipped`: the step that would have been next")] | UnsetType
    ) = UNSET
    next_step: (
        Annotated[int, number(0, MAX_COUNT, "steps", "with `skipped`: the step of the next frame that will come")]
        | UnsetType
    ) = UNSET


class Error(Message, frozen=True, kw_only=True, tag="error"):
    """A message was refused; nothing of it took effect, and everything else goes on."""

    code: Annotated[ErrorCode, about("which error")]
    detail: Annotated[str, sized(0, MAX_DETAIL_CHARS, "a sentence for people; names field, value and range")]
    field: Annotated[str, sized(0, MAX_DETAIL_CHARS, 'path to the bad field; "" for the whole message')] = ""
    value: Annotated[str, sized(0, MAX_DETAIL_CHARS, "the bad value, as text")] = ""
    allowed: Annotated[str, sized(0, MAX_DETAIL_CHARS, "what would have been right")] = ""
    seq: Annotated[int, number(0, MAX_COUNT, "", "`seq` of the message refused; 0 if it had none to read")] = 0
    retry_s: Annotated[float, number(0, MAX_AT_S, "s", "after so long it may be sent again; 0: not known")] = 0.0


class ServerBye(Message, frozen=True, kw_only=True, tag="bye"):
    """The connection's session is over, or goes on without this connection (`detached`)."""

    reason: Annotated[ByeReason, about("why")] = "bye"


ClientMessage = Hello | WorldMessage | EventMessage | MixMessage | Credit | Explain | ClientBye
ServerMessage = Welcome | Frame | SceneReport | Warning | Error | ServerBye
