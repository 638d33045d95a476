"""The worlds that others already describe, as Ambiome takes them: one module for each schema, one function in each.

    from ambiome_client.adapters import metar
    ambience.world(**metar.to_world("METAR EDDB 211820Z 24012G25KT 9999 -SHRA BKN070 19/14 Q1009"))

`carla`, `airsim`, `uds` (Unreal's Ultra Dynamic Sky and Weather) and `minecraft` read games and simulators; `metar`,
`openweathermap`, `open_meteo` and `wmo` read the weather; `osm` and `worldcover` read the land. Each `to_world` is a
pure function that returns groups of a world (`WorldFields`), never out of the protocol's ranges, and raises
`AdapterError` for what it cannot read.
"""

from ambiome_client.adapters import (
    airsim,
    carla,
    metar,
    minecraft,
    open_meteo,
    openweathermap,
    osm,
    uds,
    wmo,
    worldcover,
)
from ambiome_client.adapters.errors import AdapterError
from ambiome_client.adapters.fields import WorldFields

__all__ = [
    "AdapterError",
    "WorldFields",
    "airsim",
    "carla",
    "metar",
    "minecraft",
    "open_meteo",
    "openweathermap",
    "osm",
    "uds",
    "wmo",
    "worldcover",
]
