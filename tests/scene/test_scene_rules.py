"""The rules of the map: exact where a law is exact, and always in the right direction."""

from itertools import pairwise
from typing import Any

import pytest
from ambiome_middleware.scene.map.insects import chirps_per_s
from ambiome_middleware.scene.map.rain import median_drop_mm
from ambiome_middleware.scene.map.water import wind_sea
from ambiome_middleware.scene.map.wind import beaufort, ear_share
from ambiome_middleware.scene.sun import altitude_deg, declination_deg
from scene_worlds import target

SPRING_DAWN = {"biome": "temperate_forest", "hour": 4.5, "day_of_year": 140, "latitude_deg": 50, "temperature_c": 12}
AUGUST_NIGHT = {"biome": "grassland", "hour": 23.5, "day_of_year": 225, "latitude_deg": 45, "humidity": 0.7}
SPRING_NIGHT = {"biome": "lake", "hour": 23.5, "day_of_year": 130, "latitude_deg": 45, "temperature_c": 14}
AUTUMN_NIGHT = {"biome": "temperate_forest", "hour": 23, "day_of_year": 300}
SUMMER_NOON = {"biome": "savanna", "hour": 13, "day_of_year": 205, "latitude_deg": 35}
WOLF_NIGHT = {"biome": "tundra", "hour": 23, "day_of_year": 290, "latitude_deg": 60, "wind_m_s": 1}
LOON_NIGHT = {"biome": "lake", "hour": 0, "day_of_year": 165, "latitude_deg": 48, "temperature_c": 12, "wind_m_s": 1}
FARM_DAY = {"biome": "farmland", "hour": 9, "day_of_year": 150, "latitude_deg": 50, "temperature_c": 15}
STREET_NOON = {"biome": "city", "hour": 13, "day_of_year": 150, "temperature_c": 18}

DIRECTIONS: list[tuple[str, int, str, tuple[Any, ...], dict[str, Any]]] = [
    # parameter, direction, field, ascending values, the rest of the world
    ("rain_mm_h", +1, "rain_mm_h", (0.0, 0.5, 3.0, 20.0, 100.0), {}),
    ("rain_drop_mm", +1, "rain_mm_h", (0.3, 1.0, 5.0, 30.0, 150.0), {}),
    ("rain_mm_h", +1, "temperature_c", (0.0, 1.0, 2.2, 6.0), {"biome": "none", "snow_mm_h": 5}),
    ("snow_mm_h", +1, "snow_mm_h", (0.0, 0.5, 3.0, 20.0), {"biome": "tundra"}),
    ("snow_mm_h", -1, "temperature_c", (0.0, 1.0, 2.2, 6.0), {"biome": "none", "snow_mm_h": 5}),
    ("snow_wet", +1, "temperature_c", (-2.0, 0.0, 1.0, 3.0), {"biome": "none", "snow_mm_h": 5}),
    ("snow_drift", +1, "snow_mm_h", (0.0, 1.0, 5.0), {"biome": "none", "wind_m_s": 12, "temperature_c": -5}),
    ("snow_drift", +1, "wind_m_s", (2.0, 5.0, 7.0, 12.0), {"biome": "tundra", "temperature_c": -8}),
    ("hail_mm_h", +1, "hail_mm_h", (0.0, 1.0, 10.0, 80.0), {}),
    ("hail_mm", +1, "hail_mm_h", (1.0, 5.0, 15.0, 60.0), {}),
    ("wind_litter", +1, "day_of_year", (200, 262, 320), {"biome": "temperate_forest", "temperature_c": 10}),
    ("wind_litter", -1, "wetness", (0.0, 0.5, 1.0), {"biome": "temperate_forest"}),
    ("wind_litter", -1, "temperature_c", (2.0, -1.0, -6.0), {"biome": "temperate_forest", "day_of_year": 330}),
    ("wind_sand", -1, "wetness", (0.0, 0.2, 0.6), {"biome": "desert"}),
    ("shore_height_m", +1, "wind_m_s", (0.0, 3.0, 8.0, 20.0), {"biome": "lake"}),
    ("shore_height_m", +1, "temperature_c", (-13.0, -8.0, 0.0), {"biome": "lake"}),
    ("swamp_level", +1, "temperature_c", (-8.0, -2.0, 6.0, 15.0), {"biome": "wetland"}),
    ("swamp_gas", +1, "temperature_c", (4.0, 12.0, 20.0), {"biome": "wetland"}),
    ("cafe_level", +1, "hour", (3.0, 7.0, 12.8), {"biome": "cafe"}),
    ("cafe_bustle", +1, "hour", (3.0, 7.0, 12.8), {"biome": "cafe"}),
    ("machinery_level", +1, "hour", (3.0, 6.0, 12.0), {"biome": "industrial"}),
    ("machinery_load", +1, "hour", (3.0, 6.0, 12.0), {"biome": "industrial"}),
    ("wolf_activity", -1, "wind_m_s", (1.0, 6.0, 9.0, 15.0), WOLF_NIGHT),
    ("wolf_activity", -1, "rain_mm_h", (0.0, 1.5, 3.0, 6.0), WOLF_NIGHT),
    ("loon_activity", -1, "wind_m_s", (1.0, 4.0, 6.0, 12.0), LOON_NIGHT),
    ("loon_activity", +1, "latitude_deg", (38.0, 43.0, 48.0), LOON_NIGHT),
    ("loon_activity", -1, "day_of_year", (180, 225, 260), LOON_NIGHT),
    ("livestock_activity", -1, "rain_mm_h", (0.0, 3.0, 8.0), FARM_DAY),
    ("livestock_activity", -1, "wind_m_s", (2.0, 12.0, 18.0), FARM_DAY),
    ("livestock_activity", +1, "temperature_c", (-6.0, 0.0, 10.0), FARM_DAY),
    ("wind_m_s", +1, "wind_m_s", (0.0, 2.0, 8.0, 25.0), SPRING_DAWN),
    ("wind_whistle", +1, "wind_m_s", (6.0, 11.0, 15.0), {"biome": "industrial"}),
    ("surf_height_m", +1, "wind_m_s", (2.0, 6.0, 12.0, 25.0), {"biome": "coast"}),
    ("under_water", +1, "wind_m_s", (0.0, 2.0, 6.0, 12.0), {"biome": "underwater"}),
    ("thunder_roll", +1, "altitude_m", (0, 1_500, 3_000), {"biome": "grassland"}),
    ("stream_level", +1, "wetness", (0.0, 0.5, 1.0), {"biome": "mountain", "temperature_c": 10}),
    ("stream_level", +1, "temperature_c", (-15.0, -8.0, 2.0), {"biome": "mountain"}),
    ("fire_roar", +1, "wind_m_s", (0.0, 5.0, 15.0), {"biome": "none"}),
    ("birds_activity", -1, "rain_mm_h", (0.0, 2.0, 5.0, 12.0), SPRING_DAWN),
    ("birds_activity", -1, "wind_m_s", (1.0, 8.0, 13.0, 25.0), SPRING_DAWN),
    ("crickets_level", +1, "temperature_c", (6.0, 11.0, 15.0, 22.0), AUGUST_NIGHT),
    ("crickets_level", -1, "rain_mm_h", (0.0, 1.0, 3.0), AUGUST_NIGHT),
    ("crickets_rate_hz", +1, "temperature_c", (8.0, 15.0, 25.0), AUGUST_NIGHT),
    ("crickets_pitch_hz", +1, "temperature_c", (8.0, 15.0, 25.0), AUGUST_NIGHT),
    ("cicadas_level", +1, "temperature_c", (15.0, 22.0, 25.0, 30.0), SUMMER_NOON),
    ("cicadas_level", -1, "rain_mm_h", (0.0, 0.5, 3.0), {**SUMMER_NOON, "temperature_c": 30}),
    ("cicadas_rate_hz", +1, "temperature_c", (18.0, 25.0, 32.0), SUMMER_NOON),
    ("frogs_activity", +1, "wetness", (0.0, 0.6, 1.0), {**SPRING_NIGHT, "humidity": 0.5}),
    ("frogs_activity", +1, "temperature_c", (3.0, 8.0, 13.0), SPRING_NIGHT),
    ("frogs_activity", -1, "wind_m_s", (1.0, 8.0, 12.0), SPRING_NIGHT),
    ("owl_activity", -1, "rain_mm_h", (0.0, 0.6, 1.4, 3.0), AUTUMN_NIGHT),
    ("traffic_m_s", -1, "wetness", (0.0, 0.5, 1.0), STREET_NOON),
    ("traffic_per_min", -1, "snow_mm_h", (0.0, 2.0, 6.0), {**STREET_NOON, "temperature_c": -3}),
    ("traffic_wet", +1, "wetness", (0.0, 0.5, 1.0), STREET_NOON),
    ("crowd_people", -1, "rain_mm_h", (0.0, 2.0, 5.0, 20.0), STREET_NOON),
    ("crowd_people", +1, "temperature_c", (-15.0, -4.0, 10.0), STREET_NOON),
    ("drips_per_s", +1, "wetness", (0.0, 0.6, 1.0), {"biome": "rainforest"}),
    ("outdoor", +1, "openness", (0.0, 0.4, 1.0), {"shelter": "room"}),
    ("outdoor_cutoff_hz", +1, "openness", (0.0, 0.4, 1.0), {"shelter": "room"}),
    ("late_db", -1, "snow_mm_h", (0.0, 1.0, 3.0), {"biome": "conifer_forest"}),
    ("rt60_s", -1, "openness", (0.0, 0.4, 1.0), {"shelter": "hall"}),
]  # fmt: skip


@pytest.mark.parametrize(("parameter", "direction", "field", "steps", "world"), DIRECTIONS)
def test_a_rule_goes_in_its_direction(
    parameter: str, direction: int, field: str, steps: tuple[Any, ...], world: dict[str, Any]
) -> None:
    found = [target(parameter, **{**world, field: value}) for value in steps]
    assert all((after - before) * direction > 0 for before, after in pairwise(found)), found


def test_the_laws_are_the_published_ones() -> None:
    assert chirps_per_s(25.0) == pytest.approx((4 * (77.0 - 50.0) + 40.0) / 60.0)  # Dolbear, in °F
    assert median_drop_mm(1.0) == pytest.approx(0.895, abs=0.001)
    assert median_drop_mm(100.0) / median_drop_mm(1.0) == pytest.approx(100.0**0.21)
    assert [round(beaufort(speed)) for speed in (0.0, 1.0, 4.0, 12.0, 22.0, 40.0)] == [0, 1, 3, 6, 9, 12]
    assert ear_share(0.03) == pytest.approx(0.723, abs=0.001)
    height_m, period_s = wind_sea(15.0, 100.0)
    assert (height_m, period_s) == (pytest.approx(2.42, abs=0.05), pytest.approx(7.16, abs=0.1))


def test_the_sea_does_not_grow_beyond_its_wind() -> None:
    assert wind_sea(10.0, 2_000.0)[0] == pytest.approx(0.24 * 100 / 9.81, abs=0.01)
    assert wind_sea(0.0, 2_000.0)[0] == 0.0


def test_the_sun_stands_where_it_should() -> None:
    assert declination_deg(172) == pytest.approx(23.45, abs=0.05)
    assert altitude_deg(12, 81, 0.0) == pytest.approx(90.0, abs=1.0)
    assert altitude_deg(12, 172, 50.0) == pytest.approx(63.45, abs=0.1)
    assert altitude_deg(0, 172, 50.0) == pytest.approx(-16.55, abs=0.1)
    assert altitude_deg(6, 81, 50.0) == pytest.approx(0.0, abs=0.5)
    assert altitude_deg(0, 172, 80.0) > 0 > altitude_deg(12, 355, 80.0)
    assert altitude_deg(12, 355, -35.0) > altitude_deg(12, 172, -35.0)


def test_birds_sing_at_dawn_and_in_spring() -> None:
    place = {"biome": "temperate_forest", "latitude_deg": 50, "temperature_c": 12}
    by_hour = {hour: target("birds_activity", **place, hour=hour, day_of_year=130) for hour in (0.5, 4.5, 13, 19.4)}
    assert by_hour[4.5] > by_hour[19.4] > by_hour[13] > by_hour[0.5]
    spring, winter = (
        target("birds_activity", **place, hour=hour, day_of_year=day) for day, hour in ((130, 5), (350, 8.5))
    )
    assert spring > 4 * winter
    south = target("birds_activity", **{**place, "latitude_deg": -50}, hour=5, day_of_year=312)
    assert south > 4 * target("birds_activity", **{**place, "latitude_deg": -50}, hour=8.5, day_of_year=160)


def test_the_chorus_has_no_jump_at_noon_or_midnight() -> None:
    """Neither where the sun stays low all day: a tundra in June."""
    place = {"biome": "tundra", "latitude_deg": 75, "day_of_year": 172, "temperature_c": 8}
    for hours in ((11.99, 12.01), (23.99, 0.01)):
        before, after = (target("birds_activity", **place, hour=hour) for hour in hours)
        assert before == pytest.approx(after, abs=0.01)


def test_night_belongs_to_owls_frogs_and_crickets_and_day_to_cicadas() -> None:
    for parameter, world, day_hour in (
        ("owl_activity", {"biome": "temperate_forest", "day_of_year": 300}, 12),
        ("frogs_activity", SPRING_NIGHT, 13),
        ("crickets_level", {**AUGUST_NIGHT, "biome": "suburb", "temperature_c": 20}, 13),
    ):
        assert target(parameter, **{**world, "hour": 23.5}) > 2 * target(parameter, **{**world, "hour": day_hour})
    hot = {**SUMMER_NOON, "temperature_c": 32}
    assert target("cicadas_level", **hot) > 0 == target("cicadas_level", **{**hot, "hour": 1})


def test_a_cock_crows_before_sunrise_and_the_herd_calls_by_day() -> None:
    place = {"biome": "farmland", "latitude_deg": 50, "day_of_year": 80, "temperature_c": 10}
    crowing, herd = (
        {hour: target(f"livestock_{what}", **place, hour=hour) for hour in (0, 5.5, 7.0, 12, 23.9)}
        for what in ("crowing", "activity")
    )
    assert crowing[5.5] > 3 * crowing[12] > 3 * crowing[0]
    assert herd[7.0] > herd[12] > 4 * herd[0] > 0.0
    assert herd[23.9] == pytest.approx(herd[0], abs=0.01)
    yard = {hour: target("livestock_yard", **place, hour=hour) for hour in (0, 12)}
    assert yard[0] == pytest.approx(1.0)
    assert yard[12] == pytest.approx(0.45)


def test_the_city_has_its_rush_hours() -> None:
    by_hour = {hour: target("traffic_per_min", biome="city", hour=hour) for hour in (3, 8, 13, 17.5, 23.99, 0.01)}
    assert min(by_hour[8], by_hour[17.5]) > by_hour[13] > 3 * by_hour[3]
    assert by_hour[23.99] == pytest.approx(by_hour[0.01], rel=0.02)


def test_a_longer_fetch_raises_a_higher_sea() -> None:
    assert target("surf_height_m", biome="coast", wind_m_s=12) > 2 * target("shore_height_m", biome="lake", wind_m_s=12)
    assert target("surf_height_m", biome="lake", wind_m_s=12) == 0.0, "surf is the sea's"


@pytest.mark.parametrize("shelter", ["tent", "vehicle", "room", "hall", "cave"])
def test_a_shelter_shuts_out(shelter: str) -> None:
    world = {"biome": "city", "rain_mm_h": 5}
    assert target("outdoor", **world, shelter=shelter) < target("outdoor", **world, shelter="open")
    assert target("outdoor_cutoff_hz", **world, shelter=shelter) < 10_000
    assert target("rain_ground", **world, shelter=shelter) <= target("rain_ground", **world, shelter="open")


def test_reverberation_grows_with_the_room() -> None:
    rt60 = [target("rt60_s", biome="none", shelter=shelter) for shelter in ("open", "vehicle", "room", "hall", "cave")]
    assert rt60[0] == 0.0
    assert all(after > before for before, after in pairwise(rt60))


def test_twigs_are_bare_in_winter() -> None:
    bare, green = (target("wind_trees", biome="temperate_forest", day_of_year=day) for day in (20, 200))
    assert bare < 0.6 * green
    assert target("wind_trees", biome="conifer_forest", day_of_year=20) > 0.8


def test_an_empty_world_is_silent() -> None:
    """Until something is told, nothing sounds, whatever the hour."""
    for parameter in (
        "rain_mm_h", "wind_m_s", "stream_level", "river_level", "surf_height_m", "fire_level", "birds_activity",
        "crickets_level", "cicadas_level", "frogs_activity", "owl_activity", "traffic_per_min", "crowd_people",
        "room_level", "drips_per_s", "snow_mm_h", "snow_drift", "hail_mm_h", "wind_litter", "wind_sand", "swamp_level",
        "shore_height_m", "cafe_level", "machinery_level", "wolf_activity", "loon_activity", "livestock_activity",
        "place1_level",
    ):  # fmt: skip
        assert target(parameter, hour=5, day_of_year=140) == 0.0, parameter


def test_temperature_follows_latitude_season_hour_and_altitude() -> None:
    from ambiome_middleware.scene.biomes import built_in
    from ambiome_middleware.scene.conditions import derived_temperature_c

    def at(latitude: float = 50, day: float = 180, hour: float = 12, altitude: float = 0) -> float:
        return derived_temperature_c(built_in()["grassland"].numbers, latitude, day, hour, altitude)

    assert at(latitude=0) > at(latitude=50) > at(latitude=80)
    assert at(day=200) > at(day=110) > at(day=20)
    assert at(hour=15) > at(hour=4)
    assert at() - at(altitude=1_000) == pytest.approx(6.5)
    assert 10 < at(hour=15, day=200) < 25
