"""Audio, steps, versions, names and errors: the small parts of the protocol."""

import numpy as np
import pytest
from ambiome_protocol import limits
from ambiome_protocol.audio import CHANNELS, SAMPLE_BYTES, frame_bytes, pack, unpack
from ambiome_protocol.errors import ProtocolError, nearest, shown, unknown_name
from ambiome_protocol.lists import BIOMES, FORMATS
from ambiome_protocol.steps import SAMPLE_RATE_HZ, STEP_SAMPLES, STEPS_PER_S, seconds_at, step_at
from ambiome_protocol.version import VERSION, is_compatible, major
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize("channels", [1, 2, 6])
def test_f32_is_exact_and_interleaved(channels):
    samples = np.random.default_rng(1).uniform(-1, 1, (channels, 50)).astype(np.float32)
    data = pack(samples, "f32le")
    np.testing.assert_array_equal(unpack(data, "f32le", channels), samples)
    np.testing.assert_array_equal(np.frombuffer(data, "<f4")[:channels], samples[:, 0])
    np.testing.assert_array_equal(unpack(memoryview(data), "f32le", channels), samples)


def test_s16_rounds_to_the_nearest_and_clips():
    samples = np.array([[0, 0.6 / 32_767, -0.6 / 32_767, 1.5, -1.5]], np.float32)
    assert np.frombuffer(pack(samples, "s16le"), "<i2").tolist() == [0, 1, -1, 32_767, -32_767]


@pytest.mark.parametrize("format", FORMATS)
def test_what_is_packed_stays_what_it_is(format):
    samples = np.array([[0.1, 1.5, -1.5]], np.float32)
    before = samples.copy()
    pack(samples, format)
    np.testing.assert_array_equal(samples, before)


@given(integers=st.lists(st.integers(-32_767, 32_767), max_size=20))
def test_s16_goes_both_ways(integers):
    data = np.array(integers, "<i2").tobytes()
    assert pack(unpack(data, "s16le", 1), "s16le") == data


def test_unpacked_samples_may_be_written_to():
    samples = unpack(bytes(8), "f32le", 2)
    samples += 1
    assert samples.tolist() == [[1.0], [1.0]]


@pytest.mark.parametrize("form", FORMATS)
def test_audio_that_ends_within_an_instant_is_refused(form):
    with pytest.raises(ProtocolError, match="audio of") as caught:
        unpack(bytes(2 * SAMPLE_BYTES[form] + 1), form, 2)
    assert (caught.value.code, caught.value.field) == ("malformed", "audio")


def test_a_frame_has_the_bytes_that_it_says():
    for layout, channels in CHANNELS.items():
        for form in FORMATS:
            assert len(pack(np.zeros((channels, STEP_SAMPLES)), form)) == frame_bytes(layout, form)


def test_steps_samples_and_seconds_agree():
    assert STEP_SAMPLES * STEPS_PER_S == SAMPLE_RATE_HZ


@given(step=st.integers(0, 10**9 * STEPS_PER_S))
def test_the_time_of_a_step_means_that_step(step):
    assert step_at(seconds_at(step)) == step


@given(at=st.floats(0, 1e7))
def test_times_round_up(at):
    step = step_at(at)
    assert seconds_at(step) >= at - 2e-6
    assert step == 0 or seconds_at(step - 1) < at


def test_all_that_may_be_outstanding_can_be_rendered_again():
    tokens = pytest.importorskip("ambiome_middleware.tokens")
    assert limits.MAX_OUTSTANDING_STEPS["free"] <= tokens.LOOKBACK_STEPS


@pytest.mark.parametrize(("version", "spoken"), [("1.0", True), ("1.99", True), ("2.0", False), ("0.9", False)])
def test_equal_majors_may_speak(version, spoken):
    assert is_compatible(version) == spoken
    assert is_compatible(VERSION)


@pytest.mark.parametrize("text", ["", "1", "1.", ".1", "1.0.0", "1.x", "-1.0", "1.0\n", " 1.0", "１.0"])
def test_what_is_no_version_is_refused(text):
    with pytest.raises(ValueError, match="not a version"):
        major(text)


@pytest.mark.parametrize(
    ("name", "near"),
    [("temperate forest", "temperate_forest"), ("Rain-Forest", "rainforest"), ("citty", "city"), ("qqqq", None)],
)
def test_the_nearest_name(name, near):
    assert nearest(name, BIOMES) == near


def test_an_unknown_name_names_all_that_are_known():
    error = unknown_name("world.location.biome", "forrest", ["forest", "lake"], seq=4)
    assert str(error) == (
        "world.location.biome 'forrest' is not in the closed list of names (did you mean 'forest'?); "
        "allowed: one of forest, lake"
    )
    assert (error.code, error.seq) == ("unknown_name", 4)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"),
        (True, "true"),
        (1, "1"),
        (0.5, "0.5"),
        ("a\nb", r"'a\nb'"),
        (b"secret", "(6 bytes)"),
        ({"a": 1}, "(a map of 1)"),
        ([1, 2], "(an array of 2)"),
        (2**1_000, "(an integer of 1001 bits)"),
    ],
)
def test_values_are_shown_short_and_in_one_line(value, text):
    assert shown(value) == text


@given(st.text(), st.integers(0, 3_000), st.integers(0, 3_000))
def test_an_error_never_exceeds_its_limits(value, field, allowed):
    error = ProtocolError("out_of_range", field="f" * field, value=shown(value), allowed="a" * allowed)
    assert len(error.value) <= limits.MAX_SHOWN_CHARS
    assert len(error.field) <= limits.MAX_DETAIL_CHARS
    assert len(error.allowed) <= limits.MAX_DETAIL_CHARS
    assert len(error.detail) <= limits.MAX_DETAIL_CHARS
