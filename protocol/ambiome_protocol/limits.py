"""Every limit of the protocol, named. SPEC.md's table is made from `LIMITS`; nothing else may hold a number like these.

A limit on bytes, entries or depth is enforced before memory is taken for what exceeds it.
"""

from dataclasses import dataclass
from typing import Final

from ambiome_protocol.lists import Pace

MAX_CLIENT_MESSAGE_BYTES: Final = 16_384
MAX_CLIENT_MAP: Final = 32
MAX_CLIENT_ARRAY: Final = 64
MAX_CLIENT_STRING_BYTES: Final = 1_024
MAX_SERVER_MESSAGE_BYTES: Final = 262_144
MAX_SERVER_MAP: Final = 256
MAX_SERVER_ARRAY: Final = 256
MAX_SERVER_STRING_BYTES: Final = 4_096
MAX_DEPTH: Final = 8
MAX_SCORE_LINE_CHARS: Final = 65_536

MAX_NAME_CHARS: Final = 64
MAX_REASON_CHARS: Final = 256
MAX_DETAIL_CHARS: Final = 1_024
MAX_SHOWN_CHARS: Final = 80
RESUME_BYTES: Final = 16
ZONE_KEY_BYTES: Final = 16
WEIGHTS_DIGEST_CHARS: Final = 16
MAX_FEATURES: Final = 16
MAX_BIOMES: Final = 4
MAX_TRANSITION_S: Final = 600
MAX_AT_S: Final = 1_000_000_000
MAX_COUNT: Final = 2**53 - 1
MAX_SEED: Final = 2**63 - 1

LOWEST_QUALITY: Final = 3
MAX_MESSAGES_PER_S: Final = 10_000
MAX_MESSAGES_PER_SESSION_S: Final = 100
MAX_QUESTIONS_PER_S: Final = 25
MAX_PENDING: Final = 1_024
MAX_UNREAD: Final = 2_048
MAX_QUESTIONS: Final = 16
MAX_EVENTS_PER_STEP: Final = 8
MAX_PENDING_EVENTS: Final = 1_024
MAX_SESSIONS: Final = 1_024
MAX_OUTSTANDING_STEPS: Final[dict[Pace, int]] = {"live": 25, "free": 250}
MAX_TELEMETRY_HZ: Final = 25
MAX_ZONES: Final = 256
MAX_ZONE_MEMBERS: Final = 1_024
ZONE_RING_STEPS: Final = 50

CREDIT_INTERVAL_S: Final = 2.0
DETACH_AFTER_S: Final = 10.0
KEEP_DETACHED_S: Final = 120.0
KEEP_ZONE_S: Final = 30.0


@dataclass(frozen=True, slots=True)
class Limit:
    """A row of SPEC.md's table of limits: what is limited, to how much, and the error that going over it gives."""

    what: str
    value: int | float
    unit: str
    over: str = "too_large"


LIMITS: Final[tuple[Limit, ...]] = (
    Limit("a client's message", MAX_CLIENT_MESSAGE_BYTES, "bytes"),
    Limit("a map in a client's message", MAX_CLIENT_MAP, "entries"),
    Limit("an array in a client's message", MAX_CLIENT_ARRAY, "items"),
    Limit("a string in a client's message", MAX_CLIENT_STRING_BYTES, "bytes of UTF-8"),
    Limit("the first part of a server's message", MAX_SERVER_MESSAGE_BYTES, "bytes"),
    Limit("a map in a server's message", MAX_SERVER_MAP, "entries"),
    Limit("an array in a server's message", MAX_SERVER_ARRAY, "items"),
    Limit("a string in a server's message", MAX_SERVER_STRING_BYTES, "bytes of UTF-8"),
    Limit("binary data in a message", RESUME_BYTES, "bytes"),
    Limit("maps and arrays within each other", MAX_DEPTH, "levels"),
    Limit("a line of a score", MAX_SCORE_LINE_CHARS, "characters"),
    Limit("a name or id", MAX_NAME_CHARS, "characters", "out_of_range"),
    Limit("the reason of a bye", MAX_REASON_CHARS, "characters", "out_of_range"),
    Limit("features of a world", MAX_FEATURES, "features", "out_of_range; one by one: warning features_full"),
    Limit("biomes blended", MAX_BIOMES, "biomes", "out_of_range"),
    Limit("a transition", MAX_TRANSITION_S, "s", "out_of_range"),
    Limit("a time `at`", MAX_AT_S, "s", "out_of_range"),
    Limit("a sequence number, a step, a count", MAX_COUNT, "", "out_of_range"),
    Limit("a seed", MAX_SEED, "", "out_of_range"),
    Limit("scene reports", MAX_TELEMETRY_HZ, "a second", "out_of_range"),
    Limit("messages of a client, twice as many of a sudden", MAX_MESSAGES_PER_S, "a second", "at_limit"),
    Limit("the same for each of its sessions, where that is more", MAX_MESSAGES_PER_SESSION_S, "a second", "at_limit"),
    Limit("questions of a session or a zone, twice as many of a sudden", MAX_QUESTIONS_PER_S, "a second", "at_limit"),
    Limit("changes of a session that wait for their time", MAX_PENDING, "messages", "at_limit"),
    Limit("messages of a session that the server has not got to", MAX_UNREAD, "messages", "at_limit"),
    Limit("questions of a session that are not answered", MAX_QUESTIONS, "`explain`", "at_limit"),
    Limit("events that begin to be heard in one step", MAX_EVENTS_PER_STEP, "events", "they wait for the next step"),
    Limit("events of a session on their way to the listener", MAX_PENDING_EVENTS, "events", "warning events_full"),
    Limit("sessions of a server, attached and detached (its default)", MAX_SESSIONS, "sessions", "busy"),
    Limit("zones of a server", MAX_ZONES, "zones", "busy"),
    Limit("members of a zone, attached and detached", MAX_ZONE_MEMBERS, "members", "busy"),
    Limit("a zone's newest frames, which its members are sent", ZONE_RING_STEPS, "steps", "warning skipped"),
    Limit("frames outstanding, pace live", MAX_OUTSTANDING_STEPS["live"], "steps", "credit"),
    Limit("frames outstanding, pace free", MAX_OUTSTANDING_STEPS["free"], "steps", "credit"),
    Limit("between two messages of a client, at most", CREDIT_INTERVAL_S, "s", "–"),
    Limit("without messages until a session is detached", DETACH_AFTER_S, "s", "unknown_session"),
    Limit("a detached session is kept", KEEP_DETACHED_S, "s", "bad_resume"),
    Limit("a zone without an attached owner is kept", KEEP_ZONE_S, "s", "bye zone_ended"),
)  # fmt: skip
