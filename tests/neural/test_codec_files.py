"""The codec's files: the official weights by their checksum and never by the network, our own by what they say."""

import hashlib
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from ambiome_middleware.neural import codec as codecs
from ambiome_middleware.neural.codec import Codec, CodecShape, network, save
from ambiome_middleware.neural.files import WeightsError
from neural.codecs import SMALL, small, state


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket.socket, "connect", refused)


def official(folder: Path, monkeypatch: pytest.MonkeyPatch, weights: dict[str, torch.Tensor]) -> Path:
    """A file that is named as the official one is: by the beginning of its own checksum."""
    torch.save(weights, folder / "written")
    digest = hashlib.sha256((folder / "written").read_bytes()).hexdigest()
    path = (folder / "written").rename(folder / f"encodec_24khz-{digest[:8]}.th")
    monkeypatch.setattr(codecs, "OFFICIAL", path.name)
    return path


def test_official_weights_from_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, no_network: None) -> None:
    """The official network's size, with weights of a seed: its own cannot be had here."""
    weights = state(CodecShape())
    official(tmp_path, monkeypatch, weights)
    codec = Codec.official(tmp_path)
    assert codec.shape == CodecShape(filters=32, dimension=128, lstm_layers=2, levels=32)
    samples = torch.randn(1, 3 * 320, generator=torch.Generator().manual_seed(1)) * 0.1
    reference = network(CodecShape()).eval()
    reference.load_state_dict(weights)
    with torch.no_grad():
        wanted = reference.quantizer.encode(reference.encoder(samples[:, None]), 75).transpose(0, 1)
    codes = codec.encode(samples)
    assert codes.shape == (1, 32, 3)
    assert torch.equal(codes[:, 0], wanted[:, 0])


def test_the_networks_are_the_packages_own() -> None:
    from ambiome_middleware.neural.encodec_package import EncodecModel

    theirs = EncodecModel.encodec_model_24khz(pretrained=False).state_dict()
    ours = network(CodecShape()).state_dict()
    assert {name: value.shape for name, value in theirs.items()} == {name: value.shape for name, value in ours.items()}


def test_weights_that_are_not_the_official_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, no_network: None
) -> None:
    with pytest.raises(FileNotFoundError, match=r"encodec_24khz-d7cc33bc\.th"):
        Codec.official(tmp_path)
    path = official(tmp_path, monkeypatch, {"a": torch.ones(1)})
    path.write_bytes(path.read_bytes() + b"!")
    with pytest.raises(WeightsError, match="its SHA-256 begins with"):
        Codec.official(tmp_path)
    path.unlink()
    official(tmp_path, monkeypatch, {"a": torch.ones(1)})
    with pytest.raises(WeightsError, match="not the weights of a codec with 32 filters"):
        Codec.official(tmp_path)


def test_our_own_checkpoint(tmp_path: Path, no_network: None) -> None:
    path = tmp_path / "codec.safetensors"
    halves = {name: value.half() for name, value in state().items()}
    save(path, SMALL, halves, {"licence": "CC0"})
    codec = Codec.load(path)
    assert codec.shape == SMALL
    codes = torch.randint(0, 1_024, (1, SMALL.levels, 9), generator=torch.Generator().manual_seed(2))
    assert (codec.decode(codes) - small().decode(codes)).abs().max() < 0.02, "as exact as half precision is"


def test_files_that_are_no_checkpoint(tmp_path: Path) -> None:
    path = tmp_path / "codec.safetensors"
    path.write_bytes(b"no such thing")
    with pytest.raises(WeightsError, match=r"codec\.safetensors is not a safetensors file"):
        Codec.load(path)
    save(path, SMALL, {"a": torch.ones(1)}, {})
    with pytest.raises(WeightsError, match="not the weights of a codec with 4 filters"):
        Codec.load(path)
    from safetensors.torch import save_file

    save_file({"a": torch.ones(1)}, path)
    with pytest.raises(WeightsError, match="'nothing of ours', wanted is 'ambiome-codec 1'"):
        Codec.load(path)
    save_file({"a": torch.ones(1)}, path, {"format": "ambiome-codec 1", "shape": '{"filters": "many"}'})
    with pytest.raises(WeightsError, match="filters is 'many'"):
        Codec.load(path)


def test_a_codec_that_was_never_trained_is_refused() -> None:
    with pytest.raises(WeightsError, match="the codebook of level 0 is empty"):
        Codec(SMALL, network(SMALL).state_dict())


def test_encodec_comes_without_torchaudio_and_leaves_no_stand_in() -> None:
    """In a process of its own, in which torchaudio is not to be had."""
    program = (
        "import sys; sys.modules['torchaudio'] = None\n"
        "from ambiome_middleware.neural.encodec_package import EncodecModel\n"
        "assert sys.modules['torchaudio'] is None and 'torchaudio.transforms' not in sys.modules\n"
        "del sys.modules['torchaudio']\n"
        "from ambiome_middleware.neural import codec\n"
        "assert 'torchaudio' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-W", "ignore", "-c", program], check=True, timeout=120)


def test_the_default_path_never_imports_encodec() -> None:
    """Its licence is not ours: it belongs to the neural extra."""
    program = (
        "import sys\n"
        "import ambiome_middleware.worker, ambiome_middleware.server, ambiome_middleware.offline, ambiome_cli.main\n"
        "assert not [name for name in sys.modules if name.partition('.')[0] in ('encodec', 'torchaudio', 'einops')]\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=120)


def test_the_discriminators_spectrogram() -> None:
    """What stands in for torchaudio's: complex, not padded, and with a window of unit power."""
    from ambiome_middleware.neural.encodec_package import MultiScaleSTFTDiscriminator

    transform = MultiScaleSTFTDiscriminator(4).discriminators[0].spec_transform
    samples = torch.randn(2, 1, 4_096, generator=torch.Generator().manual_seed(1))
    found = transform(samples)
    assert found.shape == (2, 1, 513, 1 + (4_096 - 1_024) // 256)
    window = torch.hann_window(1_024)
    wanted = torch.fft.rfft(samples[1, 0, 256 : 256 + 1_024] * window) / window.pow(2).sum().sqrt()
    assert (found[1, 0, :, 1] - wanted).abs().max() < 1e-4
