"""The closed lists: every name that a message may carry. SPEC.md and the JSON Schema are generated from here.

A name outside its list is an error that offers the nearest one (see `ambiome_protocol.errors`).
"""

from typing import Final, Literal, get_args

Biome = Literal[
    "temperate_forest", "conifer_forest", "rainforest", "grassland", "farmland", "savanna", "desert", "tundra",
    "wetland", "mangrove", "mountain", "coast", "river", "lake", "suburb", "city", "industrial", "cave", "underwater",
    "interior", "cafe", "none",
]  # fmt: skip
Shelter = Literal["open", "canopy", "street", "courtyard", "tent", "vehicle", "room", "hall", "cave"]
FeatureKind = Literal[
    "stream", "river", "waterfall", "surf", "lake", "fire", "traffic", "crowd", "machinery", "foliage", "roof",
    "drips",
]  # fmt: skip
EventKind = Literal["lightning", "gust", "branch", "splash", "animal"]
AnimalKind = Literal[
    "songbird", "owl", "frog", "cricket", "cicada", "wolf", "loon", "cow", "sheep", "goat", "hen", "rooster", "dog",
]  # fmt: skip
VoiceName = Literal[
    "rain", "wind", "thunder", "stream", "river", "surf", "fire", "birds", "crickets", "cicadas", "frogs", "owl",
    "traffic", "crowd", "room", "drips", "snow", "hail", "swamp", "shore", "cafe", "machinery", "wolf", "loon",
    "livestock", "place",
]  # fmt: skip
Layout = Literal["mono", "stereo", "quad", "5.1", "ambisonics"]
Format = Literal["f32le", "s16le"]
Pace = Literal["live", "free"]
RendererName = Literal["procedural", "neural"]

BIOMES: Final[tuple[Biome, ...]] = get_args(Biome)
SHELTERS: Final[tuple[Shelter, ...]] = get_args(Shelter)
FEATURE_KINDS: Final[tuple[FeatureKind, ...]] = get_args(FeatureKind)
EVENT_KINDS: Final[tuple[EventKind, ...]] = get_args(EventKind)
ANIMAL_KINDS: Final[tuple[AnimalKind, ...]] = get_args(AnimalKind)
VOICES: Final[tuple[VoiceName, ...]] = get_args(VoiceName)
LAYOUTS: Final[tuple[Layout, ...]] = get_args(Layout)
FORMATS: Final[tuple[Format, ...]] = get_args(Format)
PACES: Final[tuple[Pace, ...]] = get_args(Pace)
RENDERERS: Final[tuple[RendererName, ...]] = get_args(RendererName)

ErrorCode = Literal[
    "malformed", "too_large", "unknown_type", "unknown_field", "missing_field", "wrong_type", "out_of_range",
    "unknown_name", "contradiction", "version", "unknown_session", "already_open", "bad_resume", "busy", "credit",
    "at_limit", "not_owner", "zone_mismatch", "bad_zone_key", "internal",
]  # fmt: skip
WarningCode = Literal[
    "late", "repeated", "gust_raised", "feature_unknown", "features_full", "events_full", "behind", "quality",
    "skipped", "heading_ignored",
]  # fmt: skip
ByeReason = Literal["bye", "shutdown", "detached", "zone_ended"]

ERROR_CODES: Final[tuple[ErrorCode, ...]] = get_args(ErrorCode)
WARNING_CODES: Final[tuple[WarningCode, ...]] = get_args(WarningCode)
BYE_REASONS: Final[tuple[ByeReason, ...]] = get_args(ByeReason)

CLOSED_LISTS: Final[dict[str, tuple[str, ...]]] = {
    "biome": BIOMES,
    "shelter": SHELTERS,
    "feature kind": FEATURE_KINDS,
    "event kind": EVENT_KINDS,
    "animal": ANIMAL_KINDS,
    "voice": VOICES,
    "layout": LAYOUTS,
    "format": FORMATS,
    "pace": PACES,
    "renderer": RENDERERS,
    "error code": ERROR_CODES,
    "warning code": WARNING_CODES,
    "bye reason": BYE_REASONS,
}
"""All of them, by what their names name."""
