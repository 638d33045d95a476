"""Examples of right messages, out of which the golden vectors are made."""

from dataclasses import dataclass
from typing import Final

from ambiome_protocol.limits import MAX_FEATURES, MAX_PENDING_EVENTS
from ambiome_protocol.messages import (
    ClientBye,
    Credit,
    Event,
    EventMessage,
    Explain,
    Feature,
    Frame,
    Hello,
    Listener,
    Location,
    Message,
    Mix,
    MixMessage,
    Reason,
    SceneReport,
    ServerBye,
    Time,
    VoiceMix,
    Warning,
    Weather,
    Welcome,
    World,
    WorldMessage,
)

_TOKEN: Final = bytes(range(16))
_KEY: Final = bytes(range(16, 32))


@dataclass(frozen=True, slots=True)
class Good:
    """A right message, and what it says."""

    name: str
    meaning: str
    message: Message


CLIENT: Final = (
    Good("hello_least", "opens a session with every default", Hello(version="1.0")),
    Good(
        "hello_full",
        "opens a free session in mono, 16 bit, with five scene reports a second",
        Hello(version="1.0", seed=2**63 - 1, layout="mono", format="s16le", pace="free", telemetry_hz=5),
    ),
    Good(
        "hello_neural",
        "opens a session that the learned renderer makes",
        Hello(version="1.0", seed=7, renderer="neural"),
    ),
    Good(
        "hello_resume",
        "resumes a session whose last frame received was step 4,711",
        Hello(version="1.0", resume=_TOKEN, next_step=4_712),
    ),
    Good(
        "hello_zone",
        "joins the zone of this name, or opens it",
        Hello(version="1.0", zone="tavern"),
    ),
    Good(
        "hello_zone_key",
        "joins a zone as one of its owners, with reports of its scene",
        Hello(version="1.0", layout="ambisonics", zone="Level_2.gate-b", zone_key=_KEY, telemetry_hz=4),
    ),
    Good("world_empty", "changes nothing", WorldMessage(seq=1, world=World())),
    Good(
        "world_rain",
        "light rain in a forest, a summer evening",
        WorldMessage(
            seq=1,
            at=0.0,
            world=World(
                weather=Weather(rain_mm_h=4),
                location=Location(biome="temperate_forest"),
                time=Time(hour=21.5, day_of_year=170),
            ),
        ),
    ),
    Good(
        "world_derived",
        "temperature and cloud go back to derived; the rain stays as it is",
        WorldMessage(seq=2, world=World(weather=Weather(temperature_c=None, cloud=None))),
    ),
    Good(
        "world_full",
        "every field of a world but feature_set and feature_remove, over 30 seconds",
        WorldMessage(
            seq=3,
            at=12.5,
            transition_s=30,
            world=World(
                weather=Weather(
                    rain_mm_h=0,
                    snow_mm_h=1,
                    hail_mm_h=0,
                    wind_m_s=7.5,
                    gust_m_s=12,
                    wind_from_deg=270,
                    cloud=0.9,
                    fog=0.1,
                    temperature_c=-2.5,
                    humidity=0.8,
                    wetness=0.3,
                    thunder_per_min=0.5,
                    thunder_km=8,
                ),
                location=Location(
                    biome={"temperate_forest": 0.7, "lake": 0.3},
                    shelter="canopy",
                    openness=0.75,
                    altitude_m=420,
                    features=(
                        Feature(id="brook", kind="stream", distance_m=12, azimuth_deg=90, size=0.4),
                        Feature(id="camp", kind="fire"),
                    ),
                ),
                time=Time(hour=6, day_of_year=366, latitude_deg=52.5, rate=60),
                listener=Listener(heading_deg=180),
            ),
        ),
    ),
    Good(
        "world_cut",
        "a teleport into a cave",
        WorldMessage(seq=4, world=World(location=Location(biome="cave", shelter="cave")), cut=True),
    ),
    Good(
        "world_feature_set",
        "adds a feature, or changes the one with this id",
        WorldMessage(
            seq=5, world=World(location=Location(feature_set=Feature(id="fälle", kind="waterfall", distance_m=80)))
        ),
    ),
    Good(
        "world_feature_remove",
        "removes a feature",
        WorldMessage(seq=6, world=World(location=Location(feature_remove="fälle"))),
    ),
    Good(
        "event_lightning",
        "lightning at 900 m in the north-east, at 12.5 s",
        EventMessage(seq=7, at=12.5, event=Event(kind="lightning", distance_m=900, azimuth_deg=45)),
    ),
    Good("event_gust", "a gust, now", EventMessage(seq=8, event=Event(kind="gust", strength=0.8))),
    Good(
        "event_animal",
        "an owl calls",
        EventMessage(seq=9, event=Event(kind="animal", animal="owl", distance_m=120)),
    ),
    Good(
        "event_wolf",
        "a wolf howls, a mile to the north",
        EventMessage(seq=9, event=Event(kind="animal", animal="wolf", distance_m=1_600, azimuth_deg=0)),
    ),
    Good(
        "event_loon",
        "a loon wails across the lake, faintly",
        EventMessage(seq=9, event=Event(kind="animal", animal="loon", distance_m=400, azimuth_deg=200, strength=0.3)),
    ),
    Good(
        "event_rooster",
        "a cock crows across the yard",
        EventMessage(seq=9, event=Event(kind="animal", animal="rooster", distance_m=80, azimuth_deg=310)),
    ),
    Good(
        "world_blizzard",
        "snow and a storm of wind in the tundra",
        WorldMessage(
            seq=9,
            world=World(
                weather=Weather(snow_mm_h=6, wind_m_s=18, gust_m_s=27, temperature_c=-9),
                location=Location(biome="tundra"),
            ),
        ),
    ),
    Good(
        "world_cafe",
        "a café at a quarter to four",
        WorldMessage(seq=9, world=World(location=Location(biome="cafe"), time=Time(hour=15.75))),
    ),
    Good(
        "mix_full",
        "everything 6 dB down, birds louder, only rain and birds heard, within two seconds",
        MixMessage(
            seq=10,
            transition_s=2,
            mix=Mix(
                master_db=-6,
                voices={
                    "birds": VoiceMix(gain_db=3, solo=True),
                    "rain": VoiceMix(solo=True),
                    "wind": VoiceMix(mute=True),
                },
                dynamics=0.5,
            ),
        ),
    ),
    Good("credit", "takes frames of steps 0 to 24", Credit(until_step=25)),
    Good("credit_full", "the same, with what was played", Credit(until_step=1_025, played_step=1_001, underruns=2)),
    Good("explain", "asks why it sounds as it does", Explain(seq=11)),
    Good("client_bye", "ends the session", ClientBye()),
    Good("client_bye_reason", "ends the session, and says why", ClientBye(reason="level unloaded")),
)

SERVER: Final = (
    Good(
        "welcome",
        "a new session",
        Welcome(
            version="1.0",
            session="s1",
            resume=_TOKEN,
            next_step=0,
            seed=0,
            layout="stereo",
            format="f32le",
            pace="live",
            channels=2,
            sample_rate_hz=48_000,
            step_samples=1_920,
            max_outstanding_steps=25,
            sound_version=1,
        ),
    ),
    Good(
        "welcome_resumed",
        "the session goes on at step 4,712; changes above seq 10 did not arrive",
        Welcome(
            version="1.0",
            session="s1",
            resume=_TOKEN,
            next_step=4_712,
            seed=7,
            layout="mono",
            format="s16le",
            pace="free",
            channels=1,
            sample_rate_hz=48_000,
            step_samples=1_920,
            max_outstanding_steps=250,
            sound_version=1,
            resumed=True,
            last_seq=10,
        ),
    ),
    Good(
        "welcome_zone",
        "a member of a zone, and its owner; the zone's seed, and a step from which on it has sound at once",
        Welcome(
            version="1.0",
            session="s3",
            resume=_TOKEN,
            next_step=195,
            seed=7,
            layout="stereo",
            format="f32le",
            pace="live",
            channels=2,
            sample_rate_hz=48_000,
            step_samples=1_920,
            max_outstanding_steps=25,
            sound_version=1,
            zone_key=_KEY,
        ),
    ),
    Good(
        "welcome_neural",
        "a new session that the learned renderer makes",
        Welcome(
            version="1.0",
            session="s2",
            resume=_TOKEN,
            next_step=0,
            seed=7,
            layout="stereo",
            format="f32le",
            pace="live",
            renderer="neural",
            weights="0123456789abcdef",
            channels=2,
            sample_rate_hz=48_000,
            step_samples=1_920,
            max_outstanding_steps=25,
            sound_version=1,
        ),
    ),
    Good("frame", "header of the first frame", Frame(step=0, applied_seq=0, layout="stereo", format="f32le")),
    Good(
        "frame_later",
        "header of a frame a day on, after two cuts",
        Frame(step=2_160_000, applied_seq=99, layout="mono", format="s16le", cut=2),
    ),
    Good(
        "frame_spared",
        "header of a frame of the lowest quality",
        Frame(step=500, applied_seq=3, layout="stereo", format="s16le", quality=3),
    ),
    Good(
        "scene_telemetry",
        "scene parameters as they move",
        SceneReport(step=25, applied_seq=1, values={"crickets_level": 0.5}, targets={"crickets_level": 0.7}),
    ),
    Good(
        "scene_explained",
        "the answer to explain",
        SceneReport(
            step=25,
            seq=11,
            applied_seq=10,
            values={"crickets_level": 0.5},
            targets={"crickets_level": 0.7},
            reasons=(
                Reason(
                    parameter="crickets_level",
                    value=0.5,
                    target=0.7,
                    rule="dolbear",
                    because="19 °C, night, no rain",
                ),
            ),
        ),
    ),
    Good(
        "warning_late",
        "an `at` that had passed",
        Warning(
            code="late",
            detail="at 3 s has passed; it takes effect at 3.48 s",
            seq=3,
            at=3.0,
            applied_at=3.48,
        ),
    ),
    Good(
        "warning_repeated",
        "a change that had arrived already",
        Warning(code="repeated", detail="seq 3 is not above 10, which has been received; it was ignored", seq=3),
    ),
    Good(
        "warning_gust_raised",
        "gusts below the wind",
        Warning(code="gust_raised", detail="gust_m_s 3 is below wind_m_s 7; it counts as 7", seq=4),
    ),
    Good(
        "warning_feature_unknown",
        "removing what is not there",
        Warning(code="feature_unknown", detail="there is no feature 'brook'; nothing was removed", seq=5),
    ),
    Good(
        "warning_features_full",
        "one feature too many",
        Warning(code="features_full", detail=f"there are {MAX_FEATURES} features; 'well' was not added", seq=6),
    ),
    Good(
        "warning_events_full",
        "one event too many",
        Warning(
            code="events_full",
            detail=f"{MAX_PENDING_EVENTS:,} events are on their way; it is not heard, nor were 3 before",
            seq=12,
        ),
    ),
    Good(
        "warning_behind",
        "the server is too slow",
        Warning(code="behind", detail="the client ran dry 3 times; 2 steps are granted and not rendered"),
    ),
    Good(
        "warning_quality",
        "the server has more listeners than it can render in full",
        Warning(
            code="quality",
            detail="from 12.4 s on quality 1 of 0 (full) to 3: the server has much to do",
            applied_at=12.4,
        ),
    ),
    Good(
        "warning_skipped",
        "a member of a zone that fell out of its ring",
        Warning(
            code="skipped",
            detail="step 100 is held no more; it goes on at step 195",
            from_step=100,
            next_step=195,
        ),
    ),
    Good(
        "warning_heading_ignored",
        "an owner's heading, in a zone of another layout than ambisonics",
        Warning(code="heading_ignored", detail="in a zone of stereo, a heading would turn everybody", seq=7),
    ),
    Good("server_bye", "the answer to bye", ServerBye(reason="bye")),
    Good("server_bye_shutdown", "the server ends", ServerBye(reason="shutdown")),
    Good("server_bye_zone_ended", "the zone has been without an owner for too long", ServerBye(reason="zone_ended")),
    Good(
        "server_bye_detached", "the session is kept, for a while, without this connection", ServerBye(reason="detached")
    ),
)
