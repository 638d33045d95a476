"""Why is this playing? Every parameter has an answer, with the rule and the numbers."""

import pytest
from ambiome_middleware import scene
from ambiome_middleware.scene.columns import HIDDEN
from ambiome_middleware.tokens import SCENE
from ambiome_protocol.codec import decode_server, encode
from ambiome_protocol.messages import Feature, Reason, SceneReport, VoiceMix
from scene_worlds import mixed, run, standing, told


def why(parameter: str, **world: object) -> Reason:
    [reason] = [reason for reason in scene.explain(standing(**world)) if reason.parameter == parameter]
    return reason


def test_every_parameter_has_a_reason() -> None:
    reasons = scene.explain(standing(biome="temperate_forest"))
    assert [reason.parameter for reason in reasons] == [p.name for p in (*SCENE, *HIDDEN)]
    assert all(reason.rule and reason.because for reason in reasons)


@pytest.mark.parametrize(
    ("parameter", "world", "rule", "numbers"),
    [
        ("crickets_level", {"biome": "grassland", "hour": 23, "day_of_year": 225, "temperature_c": 19}, "crickets",
            ("19 °C", "Dolbear: 1.7 chirps/s", "night", "no rain")),
        ("birds_activity", {"biome": "temperate_forest", "hour": 5, "day_of_year": 140, "rain_mm_h": 9}, "birds",
            ("sun", "rising", "9.0 mm/h falling", "season 1.00")),
        ("wind_m_s", {"biome": "coast", "wind_m_s": 13}, "wind", ("13.0 m/s", "Beaufort 6", "wires whistle")),
        ("rain_drop_mm", {"rain_mm_h": 6}, "rain", ("Marshall–Palmer", "6 mm/h")),
        ("surf_height_m", {"biome": "coast", "wind_m_s": 10}, "surf", ("10.0 m/s over 300 km", "swell 0.80 m")),
        ("outdoor", {"shelter": "room", "openness": 0.25}, "enclosure", ("shelter room", "openness 0.25")),
        ("traffic_per_min", {"biome": "city", "hour": 8}, "traffic", ("8.0 h", "100% of the busiest hour's")),
        ("lightning_per_min", {"thunder_per_min": 3}, "thunder", ("3 lightnings a minute",)),
        ("surf_break", {"biome": "coast"}, "waves", ("sets of waves",)),
    ],
)  # fmt: skip
def test_a_reason_names_its_numbers(
    parameter: str, world: dict[str, object], rule: str, numbers: tuple[str, ...]
) -> None:
    reason = why(parameter, **world)
    assert reason.rule == rule
    for number in numbers:
        assert number in reason.because


def test_value_and_target_are_told_apart() -> None:
    state = standing(biome="city", hour=12)
    state, _ = run(state, 5, {1: [told(shelter="room")]})
    [reason] = [reason for reason in scene.explain(state) if reason.parameter == "outdoor"]
    assert reason.value > 0.5 > reason.target
    assert (reason.value, reason.target) == (scene.values(state)["outdoor"], scene.targets(state)["outdoor"])


def test_the_mix_explains_itself() -> None:
    state = standing(biome="city")
    state, _ = run(state, 1, {1: [mixed(voices={"rain": VoiceMix(solo=True), "wind": VoiceMix(mute=True)})]})
    because = {reason.parameter: reason.because for reason in scene.explain(state)}
    assert "solo" in because["gain_rain_db"]
    assert because["gain_wind_db"] == "wind is muted"
    assert because["gain_surf_db"] == "another voice plays solo"


def test_features_explain_themselves() -> None:
    long_id = "x" * 64
    state = standing(hour=8, features=(Feature(id=long_id, kind="traffic"), Feature(id="b", kind="fire")))
    state, _ = run(state, 5, {3: [told(feature_remove="b")]})
    found = [reason for reason in scene.explain(state) if reason.rule == "features"]
    assert [reason.because for reason in found] == ["traffic: 8.0 h", "it has gone and fades"]
    assert found[1].value > 0 == found[1].target


def test_an_explanation_fits_the_protocol() -> None:
    """The largest one there is, there and back."""
    features = tuple(Feature(id=f"{i}" * 32, kind="traffic") for i in range(10, 26))
    biome = {"temperate_forest": 0.25, "conifer_forest": 0.25, "industrial": 0.25, "underwater": 0.25}
    state = standing(biome=biome, features=features, rain_mm_h=3.3)
    report = SceneReport(step=1, values=scene.values(state), targets=scene.targets(state), reasons=scene.explain(state))
    assert decode_server(encode(report)) == report


def test_before_anything_was_told_there_is_an_answer() -> None:
    assert scene.explain(scene.initial_state(3))
