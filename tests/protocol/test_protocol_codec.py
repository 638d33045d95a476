"""Bytes to messages: any bytes give a message or a `ProtocolError`, and a `ProtocolError` says what is wrong."""

import msgpack
import pytest
from ambiome_protocol import codec, limits
from ambiome_protocol.codec import check, decode_client, decode_server, encode, error_message
from ambiome_protocol.errors import ProtocolError
from ambiome_protocol.limits import LOWEST_QUALITY, MAX_COUNT
from ambiome_protocol.messages import Credit, Frame, Hello, Mix, MixMessage, SceneReport, Weather, World, WorldMessage
from hypothesis import given, settings
from hypothesis import strategies as st
from protocol_strategies import CLIENT, SERVER, anything, disturbed

SIDES = pytest.mark.parametrize(
    ("right", "decode"), [(CLIENT, decode_client), (SERVER, decode_server)], ids=["client", "server"]
)


def refused(data: bytes, decode=decode_client) -> ProtocolError:
    with pytest.raises(ProtocolError) as caught:
        decode(data)
    return caught.value


def fault_in(data: bytes, decode) -> ProtocolError | None:
    """The fault that decoding finds, if any; whatever else it raises fails the test."""
    try:
        decode(data)
    except ProtocolError as error:
        return error
    return None


def world(**groups) -> bytes:
    return msgpack.packb({"type": "world", "seq": 7, "world": groups})


@SIDES
@given(data=st.data())
def test_right_messages_go_both_ways(right, decode, data):
    message = decode(msgpack.packb(data.draw(right)))
    assert decode(encode(message)) == message
    check(message)


@SIDES
@given(data=st.binary(max_size=200))
def test_random_bytes_give_a_message_or_a_protocol_error(right, decode, data):
    fault_in(data, decode)


@SIDES
@given(raw=anything)
def test_any_msgpack_gives_a_message_or_a_protocol_error(right, decode, raw):
    fault_in(msgpack.packb(raw), decode)


counts = st.one_of(st.integers(0, 300), st.integers(-1, 2**53), st.floats(0, 9), st.booleans())


@given(
    pairs=st.lists(st.tuples(st.sampled_from(["until_step", "played_step", "underruns", "seq"]), counts), max_size=4),
    at=st.integers(0, 60),
    byte=st.none() | st.integers(0, 255),
)
def test_the_short_way_of_a_credit_reads_what_the_long_way_reads(pairs, at, byte):
    packer = msgpack.Packer()
    data = bytearray(packer.pack_map_pairs([("type", "credit"), *pairs]))
    if byte is not None and at < len(data):
        data[at] = byte
    short = codec._plain(bytes(data), b"credit", codec._credits)
    if short is not None:
        assert short == codec._decode(bytes(data), codec._CLIENT)


def test_a_plain_credit_goes_the_short_way_and_one_with_a_key_twice_does_not():
    credit = Credit(until_step=7, played_step=5)
    assert codec._plain(encode(credit), b"credit", codec._credits) == credit
    twice = msgpack.Packer().pack_map_pairs([("type", "credit"), ("until_step", 3), ("until_step", 3)])
    assert codec._plain(twice, b"credit", codec._credits) is None
    assert refused(twice).code == "malformed"


def test_a_plain_frame_goes_the_short_way_however_long_and_another_order_of_keys_the_long_one():
    frame = Frame(
        step=MAX_COUNT, applied_seq=MAX_COUNT, layout="ambisonics", format="f32le", cut=32_767, quality=LOWEST_QUALITY
    )
    assert codec._plain(encode(frame), b"frame", codec._frames) == frame
    turned = msgpack.packb(dict(reversed(msgpack.unpackb(encode(frame)).items())))
    assert codec._plain(turned, b"frame", codec._frames) is None
    assert decode_server(turned) == frame
    beyond = msgpack.packb(msgpack.unpackb(encode(frame)) | {"quality": LOWEST_QUALITY + 1})
    with pytest.raises(ProtocolError, match="quality"):
        decode_server(beyond)


@pytest.mark.parametrize("byte", [0x80, 0xC1, 0xE6, 0xFF])
@pytest.mark.parametrize("at", range(25))
def test_a_credit_with_a_byte_disturbed_is_refused_or_read_as_the_long_way_reads_it(at, byte):
    data = bytearray(encode(Credit(until_step=7)))
    data[at] = byte
    assert fault_in(bytes(data), decode_client) or decode_client(bytes(data)) == codec._decode(
        bytes(data), codec._CLIENT
    )


@SIDES
@given(data=st.data())
def test_every_truncation_is_malformed(right, decode, data):
    whole = msgpack.packb(data.draw(right))
    cut = data.draw(st.integers(0, len(whole) - 1))
    assert refused(whole[:cut], decode).code == "malformed"


@SIDES
@given(data=st.data(), more=st.binary(min_size=1, max_size=5))
def test_trailing_data_is_malformed(right, decode, data, more):
    assert refused(msgpack.packb(data.draw(right)) + more, decode).code == "malformed"


@SIDES
@settings(max_examples=200)
@given(data=st.data())
def test_a_fault_is_always_found_and_named(right, decode, data):
    error = fault_in(msgpack.packb(data.draw(disturbed(right))), decode)
    if error is not None:
        assert error.code not in ("malformed", "internal")  # msgspec refused it: then our own words say why
        assert error.field
        assert error.field.split(".")[-1].split("[")[0] in str(error)
        assert error.value or error.code == "missing_field"
        assert error.allowed
        assert error.allowed in str(error)


@pytest.mark.parametrize("depth", [*range(12), 500, 5_000])
def test_nesting_is_limited(depth):
    error = refused(b"\x81\xa1a" * depth + b"\x80")
    assert (error.code == "too_large") == (depth + 1 > limits.MAX_DEPTH)


def test_the_field_the_value_and_the_range_are_named():
    error = refused(world(weather={"rain_mm_h": 400}))
    assert (error.code, error.field, error.value, error.allowed, error.seq) == (
        "out_of_range", "world.weather.rain_mm_h", "400", "a number from 0 to 200", 7,
    )  # fmt: skip
    assert str(error) == "world.weather.rain_mm_h 400 is out of range; allowed: a number from 0 to 200"


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_numbers_are_finite_in_both_directions(value):
    assert refused(world(weather={"rain_mm_h": value})).code == "out_of_range"
    report = encode(SceneReport(step=0, values={"rain": value}))
    error = refused(report, decode_server)
    assert (error.code, error.field) == ("out_of_range", "values.rain")


def test_an_integer_is_taken_for_a_number_and_no_boolean_is():
    message = decode_client(world(weather={"rain_mm_h": 4}))
    assert message.world.weather.rain_mm_h == 4.0
    assert isinstance(message.world.weather.rain_mm_h, float)
    assert refused(world(weather={"rain_mm_h": True})).code == "wrong_type"


def test_null_is_derived_and_absence_says_nothing():
    weather = decode_client(world(weather={"fog": None})).world.weather
    assert weather == Weather(fog=None)
    assert weather != Weather()


@pytest.mark.parametrize(
    ("raw", "near"),
    [
        ({"type": "wrold"}, "world"),
        ({"type": "world", "world": {"wether": {}}}, "weather"),
        ({"type": "world", "world": {"location": {"shelter": "canopi"}}}, "canopy"),
        ({"type": "mix", "mix": {"voices": {"bird": {}}}}, "birds"),
        ({"type": "event", "event": {"kind": "Lightening"}}, "lightning"),
    ],
)
def test_the_nearest_name_is_offered(raw, near):
    assert f"did you mean '{near}'?" in str(refused(msgpack.packb(raw)))


def test_another_major_is_refused_before_its_fields_are_read():
    assert refused(msgpack.packb({"type": "hello", "version": "2.0", "novel": 1})).code == "version"
    assert decode_client(msgpack.packb({"type": "hello", "version": "1.7"})) == Hello(version="1.7")


def test_an_unknown_biome_is_for_the_scene_to_judge():
    assert decode_client(world(location={"biome": "x" * 64})).world.location.biome == "x" * 64
    assert refused(world(location={"biome": "x" * 65})).field == "world.location.biome"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\xc1" * (limits.MAX_CLIENT_MESSAGE_BYTES + 1), "too_large"),
        (b"\xc1" * limits.MAX_CLIENT_MESSAGE_BYTES, "malformed"),
        (msgpack.packb({str(i): 0 for i in range(limits.MAX_CLIENT_MAP + 1)}), "too_large"),
        (msgpack.packb({str(i): 0 for i in range(limits.MAX_CLIENT_MAP)}), "missing_field"),
        (msgpack.packb({"a": [0] * (limits.MAX_CLIENT_ARRAY + 1)}), "too_large"),
        (msgpack.packb({"a": [0] * limits.MAX_CLIENT_ARRAY}), "missing_field"),
        (msgpack.packb({"a": "x" * (limits.MAX_CLIENT_STRING_BYTES + 1)}), "too_large"),
        (msgpack.packb({"a": "x" * limits.MAX_CLIENT_STRING_BYTES}), "missing_field"),
        (msgpack.packb({"a": bytes(limits.RESUME_BYTES + 1)}), "too_large"),
        (msgpack.packb({"a": bytes(limits.RESUME_BYTES)}), "missing_field"),
    ],
)
def test_limits_hold_exactly(data, code):
    assert refused(data).code == code


def test_the_largest_right_messages_fit_the_limits():
    names = [f"{index}" + "\N{BAT}" * (limits.MAX_NAME_CHARS - 2) for index in range(limits.MAX_FEATURES)]
    features = [{"id": n, "kind": "waterfall", "distance_m": 0.7, "azimuth_deg": 0.1, "size": 0.3} for n in names]
    location = {"biome": dict.fromkeys(names[:4], 0.3), "features": features, "feature_set": features[0]}
    decode_client(world(location=location))
    decode_client(encode(codec.messages.ClientBye(reason="\N{BAT}" * limits.MAX_REASON_CHARS)))
    reason = codec.messages.Reason(parameter="p" * 64, value=0.1, target=0.1, rule="r" * 64, because="b" * 400)
    many = {f"{index:03}" + "n" * 61: 0.1 for index in range(limits.MAX_SERVER_MAP)}
    decode_server(encode(SceneReport(step=0, values=many, targets=many, reasons=(reason,) * limits.MAX_SERVER_ARRAY)))


def test_a_message_of_this_process_is_checked_as_the_other_end_would():
    check(MixMessage(mix=Mix(master_db=-6)))
    with pytest.raises(ProtocolError, match=r"mix\.master_db 13 is out of range"):
        check(MixMessage(mix=Mix(master_db=13)))
    with pytest.raises(ProtocolError, match="layout"):
        check(Frame(step=0, applied_seq=0, layout="octo", format="f32le"))


def test_an_error_becomes_a_message_and_an_error_again():
    error = refused(world(weather={"rain_mm_h": 400}))
    message = decode_server(encode(error_message(error)))
    again = ProtocolError.of(message)
    assert vars(again) == vars(error)
    assert error_message(ProtocolError("busy"), seq=3).seq == 3


@given(seq=st.integers(0, limits.MAX_COUNT))
def test_an_error_bears_the_seq_of_its_message(seq):
    raw = {"type": "world", "seq": seq, "world": {"weather": {"fog": 2}}}
    assert refused(msgpack.packb(raw)).seq == seq


def test_a_changed_message_leaves_the_rest_unsaid():
    assert encode(WorldMessage(seq=1, world=World(weather=Weather(fog=0.5)))) == msgpack.packb(
        {"type": "world", "seq": 1, "world": {"weather": {"fog": 0.5}}}
    )
