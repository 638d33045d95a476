"""Check: what only the scene can know to be wrong with a change, before it is queued."""

from ambiome_protocol.errors import ProtocolError, unknown_name
from ambiome_protocol.messages import Change, WorldMessage
from msgspec import UNSET

from ambiome_middleware.scene.biomes import Biomes, built_in


def check(change: Change, biomes: Biomes | None = None) -> None:
    """Raises ProtocolError for a biome that is not known here, offering the nearest, and for weights that are all 0."""
    if not isinstance(change, WorldMessage) or change.world.location is UNSET:
        return
    told = change.world.location.biome
    if told is UNSET or told is None:
        return
    known = built_in() if biomes is None else biomes
    for name in (told,) if isinstance(told, str) else told:
        if name not in known:
            raise unknown_name("world.location.biome", name, sorted(known), seq=change.seq)
    if isinstance(told, dict) and not any(weight > 0 for weight in told.values()):
        allowed = "at least one weight above 0"
        raise ProtocolError(
            "out_of_range", field="world.location.biome", value=str(told), allowed=allowed, seq=change.seq
        )
