"""What JSON cannot say: objects, arrays and enumerations as simulators hand them over, and formulas against others."""

import enum
import pickle
from math import exp, log
from types import SimpleNamespace

import numpy as np
import pytest
from ambiome_client.adapters import AdapterError, airsim, carla, metar, osm, uds, worldcover
from ambiome_client.adapters.air import fog, humidity
from ambiome_client.adapters.rates import FIELDS, RATES_MM_H, falls_mm_h
from ambiome_client.adapters.sun import hour_of_sun
from ambiome_middleware.scene.sun import altitude_deg


class WeatherParameter(enum.IntEnum):
    """As some forks of AirSim have it; AirSim's own is a class of plain integers."""

    Rain = 0
    Fog = 7


def test_carla_s_object_says_what_its_array_says() -> None:
    for name, array in carla.PRESETS.items():
        thing = SimpleNamespace(**{field: value for (field, _, _), value in zip(carla.PARAMETERS, array, strict=True)})
        told = carla.to_world(name)
        assert carla.to_world(thing) == carla.to_world(array) == carla.to_world(list(array)) == told
        assert carla.to_world(np.array(array)) == told
        assert carla.to_world(vars(thing)) == told


def test_carla_has_every_sky_under_every_sun() -> None:
    skies = ("Clear", "Cloudy", "Wet", "WetCloudy", "SoftRain", "MidRain", "HardRain")
    assert {sky + sun for sky in skies for sun in ("Noon", "Sunset", "Night")} | {"Default", "DustStorm"} <= set(
        carla.PRESETS
    )
    rates = [
        carla.to_world(f"{sky}Noon")["weather"]["rain_mm_h"] for sky in ("Clear", "SoftRain", "MidRain", "HardRain")
    ]
    assert rates == [0.0, 2.0, 7.0, 35.0]


def test_an_object_that_is_no_weather_is_named() -> None:
    with pytest.raises(AdapterError, match="cloudiness"):
        carla.to_world(object())


def test_airsim_s_enumeration_in_all_its_forms() -> None:
    told = airsim.to_world({"Rain": 0.6, "Fog": 0.2})
    assert airsim.to_world({0: 0.6, 7: 0.2}) == told
    assert airsim.to_world({np.int64(0): np.float64(0.6), 7.0: 0.2}) == told
    assert airsim.to_world({WeatherParameter.Rain: 0.6, WeatherParameter.Fog: 0.2}) == told
    wind = SimpleNamespace(x_val=0.0, y_val=-4.0, z_val=0.0)
    assert airsim.to_world({}, wind) == airsim.to_world({}, (0.0, -4.0, 0.0))
    assert airsim.to_world({}, wind)["weather"]["wind_from_deg"] == 90.0


@pytest.mark.parametrize("latitude", [-60.0, -20.0, 0.0, 45.0, 66.0])
@pytest.mark.parametrize("day", [1, 80, 172, 300])
def test_the_sun_stands_on_the_server_where_carla_has_it(latitude: float, day: int) -> None:
    lowest, highest = altitude_deg(0.0, day, latitude), altitude_deg(12.0, day, latitude)
    for share in (0.01, 0.3, 0.7, 0.99):
        altitude = lowest + share * (highest - lowest)
        for is_morning in (True, False):
            hour = hour_of_sun(altitude, day, latitude, is_morning)
            assert (hour <= 12.0) is is_morning
            assert altitude_deg(hour, day, latitude) == pytest.approx(altitude, abs=0.01)


def test_humidity_by_another_formula() -> None:
    """Against Tetens' formula, and at saturation."""
    for celsius, dew in ((30.0, 20.0), (10.0, 2.0), (-5.0, -9.0)):
        tetens = exp(17.27 * dew / (237.3 + dew) - 17.27 * celsius / (237.3 + celsius))
        assert humidity(celsius, dew) == pytest.approx(tetens, abs=0.01)
    assert humidity(12.0, 12.0) == 1.0
    assert humidity(5.0, 9.0) == 1.0


def test_fog_falls_as_one_sees_further() -> None:
    seen = [fog(metres) for metres in (0, 30, 50, 150, 999, 1_000, 3_000, 10_000, 90_000)]
    assert seen == sorted(seen, reverse=True)
    assert (seen[0], fog(1_000), seen[-1]) == (1.0, 0.5, 0.0)


CLASSES = {
    "drizzle": (0.1, 0.5),
    "rain": (2.5, 10.0, 50.0),
    "snow": (1.0, 5.0),
    "hail": (2.5, 10.0, 50.0),
    "pellets": (1.0, 5.0),
}  # fmt: skip
"""WMO-No. 8: where light ends, where moderate does, and for rain and hail where heavy does."""


@pytest.mark.parametrize("kind", CLASSES)
def test_a_rate_lies_in_its_class(kind: str) -> None:
    light, moderate, heavy, violent = RATES_MM_H[kind].values()
    ends = CLASSES[kind]
    assert 0 < light < ends[0] <= moderate < ends[1] <= heavy
    assert heavy < (ends[2] if len(ends) > 2 else violent) <= violent
    assert abs(log(moderate / (ends[0] * ends[1]) ** 0.5)) < 0.05


def test_a_mixture_is_as_much_as_its_parts() -> None:
    assert falls_mm_h([]) == {"rain_mm_h": 0.0, "snow_mm_h": 0.0, "hail_mm_h": 0.0}
    assert set(FIELDS) == set(RATES_MM_H)
    mixed = falls_mm_h([("rain", "heavy"), ("snow", "heavy"), ("hail", "heavy")])
    assert mixed == pytest.approx({"rain_mm_h": 13.2, "snow_mm_h": 1.75, "hail_mm_h": 3.3})


def test_worldcover_takes_pixels_and_histograms() -> None:
    window = np.array([[10, 10], [10, 80]], np.uint8)
    assert worldcover.to_world(window) == worldcover.to_world({10: 3, 80: 1}) == worldcover.to_world([10, 10, 80, 10])


def test_a_city_is_not_longer_one_when_it_ends() -> None:
    assert worldcover.to_world({50: 0.69, 30: 0.31})["location"]["biome"] == {"suburb": 0.69, "grassland": 0.31}


def test_tags_alone() -> None:
    assert osm.tags_to_world({"natural": "wood"})["location"] == {"biome": "temperate_forest", "shelter": None}
    assert osm.tags_to_world({"natural": "wood"}, latitude_deg=5)["location"]["biome"] == "rainforest"
    assert osm.tags_to_world({"natural": "water", "water": "river"})["location"]["biome"] == "river"
    assert osm.tags_to_world({"building": "apartments"})["location"] == {"biome": None, "shelter": "room"}


def test_a_map_names_each_thing_once_and_three_of_a_kind() -> None:
    streams = [
        {"type": "way", "id": number % 5, "tags": {"waterway": "stream"}, "lat": 48.0 + number / 1e4, "lon": 8.0}
        for number in range(10)
    ]
    features = osm.to_world(streams, 48.0, 8.0)["location"]["features"]
    assert [feature["id"] for feature in features] == ["way/0", "way/1", "way/2"]


def test_a_flash_in_unreal_s_centimetres() -> None:
    assert uds.flash((0, 100_000, 50_000), (0, 0, 0)) == {"distance_m": 1_000.0, "azimuth_deg": 90.0}
    assert uds.flash((-100, 0), (0, 0), north_yaw_deg=90) == {"distance_m": 1.0, "azimuth_deg": 90.0}


def test_an_error_travels_between_processes() -> None:
    with pytest.raises(AdapterError) as caught:
        metar.to_world("METAR EDDB 211820Z 24012KT WHAT")
    copied = pickle.loads(pickle.dumps(caught.value))
    assert str(copied) == str(caught.value)
    assert str(copied).startswith("metar: group 5 is 'WHAT'; allowed: ")
