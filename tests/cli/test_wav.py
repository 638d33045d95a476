"""WAV files are read back as they were written, by a reader that is not ours."""

import io

import numpy as np
import pytest
import soundfile
from ambiome_cli.wav import WavFormat, WavWriter, header
from ambiome_protocol.audio import pack

AUDIO = np.random.default_rng(2).uniform(-1, 1, (2, 4_801)).astype(np.float32)
ERROR = {WavFormat.PCM24: 0.51 / 2**23, WavFormat.S16: 0.51 / 2**15, WavFormat.F32: 0.0}
SUBTYPE = {WavFormat.PCM24: "PCM_24", WavFormat.S16: "PCM_16", WavFormat.F32: "FLOAT"}
FULL_SCALE = {WavFormat.PCM24: (2**23 - 1) / 2**23, WavFormat.S16: (2**15 - 1) / 2**15, WavFormat.F32: 1.0}


def written(audio: np.ndarray, format: WavFormat, block: int = 1_920) -> bytes:
    stream = io.BytesIO()
    writer = WavWriter(stream, audio.shape[0], audio.shape[1], format)
    for start in range(0, audio.shape[1], block):
        writer.write(audio[:, start : start + block])
    writer.close()
    return stream.getvalue()


@pytest.mark.parametrize("format", WavFormat)
@pytest.mark.parametrize("channels", [1, 2])
def test_what_was_written_is_read(format: WavFormat, channels: int) -> None:
    data = written(AUDIO[:channels], format)
    with soundfile.SoundFile(io.BytesIO(data)) as file:
        assert (file.samplerate, file.channels, file.frames) == (48_000, channels, AUDIO.shape[1])
        assert file.subtype == SUBTYPE[format]
        read = file.read(dtype="float64", always_2d=True).T
    assert np.abs(read - AUDIO[:channels].astype(np.float64) * FULL_SCALE[format]).max() <= ERROR[format]


@pytest.mark.parametrize("format", WavFormat)
def test_blocks_do_not_matter(format: WavFormat) -> None:
    assert written(AUDIO, format, 7) == written(AUDIO, format, 10_000)


@pytest.mark.parametrize("format", WavFormat)
def test_chunks_fill_the_file(format: WavFormat) -> None:
    data = written(AUDIO[:1], format)
    assert int.from_bytes(data[4:8], "little") == len(data) - 8
    assert len(data) % 2 == 0


def test_16_bits_are_those_of_the_protocol() -> None:
    assert written(AUDIO, WavFormat.S16).endswith(pack(AUDIO, "s16le"))


def test_beyond_full_scale_is_clipped() -> None:
    loud = np.array([[2.0, -2.0]], np.float32)
    assert written(loud, WavFormat.S16)[-4:] == b"\xff\x7f\x01\x80"
    assert written(loud, WavFormat.PCM24)[-6:] == b"\xff\xff\x7f\x01\x00\x80"


def test_a_file_of_more_than_4_gib_is_rf64() -> None:
    samples = 48_000 * 3_600 * 24
    data = header(2, samples, WavFormat.F32)
    assert data[:4] == b"RF64"
    assert data[12:16] == b"ds64"
    assert int.from_bytes(data[20:28], "little") == len(data) + samples * 8 - 8
    assert int.from_bytes(data[28:36], "little") == samples * 8


def test_a_wrong_length_is_not_passed_over() -> None:
    writer = WavWriter(io.BytesIO(), 2, 100, WavFormat.S16)
    with pytest.raises(ValueError, match="more than the 100"):
        writer.write(AUDIO)
    with pytest.raises(ValueError, match="100 samples were announced"):
        writer.close()
    with pytest.raises(ValueError, match=r"1 channel\(s\), the file 2"):
        writer.write(AUDIO[:1, :10])
