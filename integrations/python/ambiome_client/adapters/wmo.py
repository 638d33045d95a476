"""WMO weather codes: those of code table 4677 (present weather) that Open-Meteo and others send as `weather_code`.

ambience.world(**wmo.to_world(95))
"""

from typing import Final

from ambiome_client.adapters.fields import WorldFields, world
from ambiome_client.adapters.present import Present
from ambiome_client.adapters.schema import Schema, listed

_WMO: Final = Schema("wmo")

CODES: Final[dict[int, Present]] = {
    0: Present(cloud=0.0),
    1: Present(cloud=0.2),
    2: Present(cloud=0.5),
    3: Present(),
    45: Present(fog=0.7, cloud=None),
    48: Present(fog=0.8, cloud=None),
    51: Present((("drizzle", "light"),)),
    53: Present((("drizzle", "moderate"),)),
    55: Present((("drizzle", "heavy"),)),
    56: Present((("drizzle", "light"),)),
    57: Present((("drizzle", "heavy"),)),
    61: Present((("rain", "light"),)),
    63: Present((("rain", "moderate"),)),
    65: Present((("rain", "heavy"),)),
    66: Present((("rain", "light"),)),
    67: Present((("rain", "heavy"),)),
    71: Present((("snow", "light"),)),
    73: Present((("snow", "moderate"),)),
    75: Present((("snow", "heavy"),)),
    77: Present((("grains", "moderate"),)),
    80: Present((("rain", "light"),), cloud=0.7),
    81: Present((("rain", "moderate"),), cloud=0.8),
    82: Present((("rain", "violent"),), cloud=0.9),
    85: Present((("snow", "light"),), cloud=0.8),
    86: Present((("snow", "heavy"),), cloud=0.9),
    95: Present((("rain", "moderate"),), "moderate", cloud=0.9),
    96: Present((("rain", "moderate"), ("hail", "light")), "moderate", cloud=0.9),
    99: Present((("rain", "heavy"), ("hail", "heavy")), "heavy", cloud=0.9),
}
"""0–3 clear to overcast, 45 and 48 fog, 51–57 drizzle, 61–67 rain, 71–77 snow, 80–86 showers, 95–99 thunder."""


def present(field: str, code: object, schema: Schema = _WMO) -> Present:
    """The row of a code. Raises AdapterError for what is none."""
    number = schema.integer(field, code, f"a WMO code: {listed(CODES)}")
    if number not in CODES:
        raise schema.error(field, code, f"a WMO code: {', '.join(map(str, CODES))}")
    return CODES[number]


def to_world(code: int) -> WorldFields:
    """`weather` (rain, snow, hail, fog, cloud, thunder) of a code. Raises AdapterError for what is none."""
    return world(weather=present("code", code).weather())
