"""WAV files are read back as they were written, by a reader that is not ours."""

import io

import numpy as np
import pytest
import soundfile
from ambiome_cli.wav import WavFormat, WavWriter, header
from ambiome_protocol.audio import pack
from ambiome_protocol.lists import Layout

AUDIO = np.random.default_rng(2).uniform(-1, 1, (6, 4_801)).astype(np.float32)
PAIR = AUDIO[:2]
LAYOUT: dict[int, Layout] = {1: "mono", 2: "stereo", 4: "quad", 6: "5.1"}
ERROR = {WavFormat.PCM24: 0.51 / 2**23, WavFormat.S16: 0.51 / 2**15, WavFormat.F32: 0.0}
SUBTYPE = {WavFormat.PCM24: "PCM_24", WavFormat.S16: "PCM_16", WavFormat.F32: "FLOAT"}
FULL_SCALE = {WavFormat.PCM24: (2**23 - 1) / 2**23, WavFormat.S16: (2**15 - 1) / 2**15, WavFormat.F32: 1.0}


def written(audio: np.ndarray, format: WavFormat, block: int = 1_920, layout: Layout | None = None) -> bytes:
    stream = io.BytesIO()
    writer = WavWriter(stream, layout or LAYOUT[len(audio)], audio.shape[1], format)
    for start in range(0, audio.shape[1], block):
        writer.write(audio[:, start : start + block])
    writer.close()
    return stream.getvalue()


@pytest.mark.parametrize("format", WavFormat)
@pytest.mark.parametrize("channels", LAYOUT)
def test_what_was_written_is_read(format: WavFormat, channels: int) -> None:
    data = written(AUDIO[:channels], format)
    with soundfile.SoundFile(io.BytesIO(data)) as file:
        assert (file.samplerate, file.channels, file.frames) == (48_000, channels, AUDIO.shape[1])
        assert file.subtype == SUBTYPE[format]
        read = file.read(dtype="float64", always_2d=True).T
    assert np.abs(read - AUDIO[:channels].astype(np.float64) * FULL_SCALE[format]).max() <= ERROR[format]


@pytest.mark.parametrize("format", WavFormat)
def test_blocks_do_not_matter(format: WavFormat) -> None:
    assert written(PAIR, format, 7) == written(PAIR, format, 10_000)


@pytest.mark.parametrize("format", WavFormat)
@pytest.mark.parametrize(
    ("layout", "names"),
    [
        ("quad", "Front Left, Front Right, Back Left, Back Right"),
        ("5.1", "Front Left, Front Right, Front Center, Low Frequency, Side Left, Side Right"),
    ],
)
def test_loudspeakers_are_where_the_mask_says(layout: Layout, names: str, format: WavFormat) -> None:
    """The bits of the mask stand in the order of the channels (Microsoft's ksmedia.h)."""
    bits = ("Front Left", "Front Right", "Front Center", "Low Frequency", "Back Left", "Back Right",
            "Front Left of Center", "Front Right of Center", "Back Center", "Side Left", "Side Right")  # fmt: skip
    data = header(layout, 10, format)
    mask = int.from_bytes(data[40:44], "little")
    assert ", ".join(name for bit, name in enumerate(bits) if mask >> bit & 1) == names


def test_ambisonics_has_no_loudspeakers() -> None:
    data = written(AUDIO[:4], WavFormat.S16, layout="ambisonics")
    assert data[20:22] == b"\x01\x00"
    with soundfile.SoundFile(io.BytesIO(data)) as file:
        assert file.channels == 4


@pytest.mark.parametrize("format", WavFormat)
def test_chunks_fill_the_file(format: WavFormat) -> None:
    data = written(AUDIO[:1], format)
    assert int.from_bytes(data[4:8], "little") == len(data) - 8
    assert len(data) % 2 == 0


def test_16_bits_are_those_of_the_protocol() -> None:
    assert written(PAIR, WavFormat.S16).endswith(pack(PAIR, "s16le"))


def test_beyond_full_scale_is_clipped() -> None:
    loud = np.array([[2.0, -2.0]], np.float32)
    assert written(loud, WavFormat.S16)[-4:] == b"\xff\x7f\x01\x80"
    assert written(loud, WavFormat.PCM24)[-6:] == b"\xff\xff\x7f\x01\x00\x80"


def test_a_file_of_more_than_4_gib_is_rf64() -> None:
    samples = 48_000 * 3_600 * 24
    data = header("stereo", samples, WavFormat.F32)
    assert data[:4] == b"RF64"
    assert data[12:16] == b"ds64"
    assert int.from_bytes(data[20:28], "little") == len(data) + samples * 8 - 8
    assert int.from_bytes(data[28:36], "little") == samples * 8


def test_a_wrong_length_is_not_passed_over() -> None:
    writer = WavWriter(io.BytesIO(), "stereo", 100, WavFormat.S16)
    with pytest.raises(ValueError, match="more than the 100"):
        writer.write(PAIR)
    with pytest.raises(ValueError, match="100 samples were announced"):
        writer.close()
    with pytest.raises(ValueError, match=r"1 channel\(s\), the file 2"):
        writer.write(AUDIO[:1, :10])
