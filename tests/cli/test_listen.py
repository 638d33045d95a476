"""`ambiome listen`, with a sound card of paper, and without one."""

import sys
from collections.abc import Callable, Iterator
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType, TracebackType

import numpy as np
import pytest
from ambiome_cli.local_server import local_server
from ambiome_client import Ambience

from .conftest import Done

Ambiome = Callable[..., Done]


class PortAudioError(Exception):
    """What sounddevice raises."""


class PaperStream:
    """Keeps what it is given to play."""

    played: list[np.ndarray]

    def __init__(self, **options: object) -> None:
        type(self).played = []
        self.options = options

    def __enter__(self) -> "PaperStream":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None

    def write(self, samples: np.ndarray) -> None:
        assert samples.flags.c_contiguous
        self.played.append(samples)


@pytest.fixture
def card(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    module = ModuleType("sounddevice")
    module.__spec__ = ModuleSpec("sounddevice", None)
    module.PortAudioError = PortAudioError
    module.OutputStream = PaperStream
    module.query_devices = lambda kind: {"name": "paper"}
    monkeypatch.setitem(sys.modules, "sounddevice", module)
    return module


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with local_server(workers=1) as server:
        yield server.address


def test_a_server_is_heard(ambiome: Ambiome, card: ModuleType, server: str) -> None:
    assert ambiome("listen", server, "--biome", "coast", "--seconds", 1.2, "--layout", "mono") == Done(0, "", "")
    played = PaperStream.played
    assert [frame.shape for frame in played] == [(1_920, 1)] * 30
    assert np.abs(np.concatenate(played[15:])).max() > 0


def test_a_zone_is_heard_and_told_by_its_owner(ambiome: Ambiome, card: ModuleType, server: str) -> None:
    with Ambience(server, zone="tavern") as owner:
        owner.read(10)
        assert ambiome("listen", server, "--zone", "tavern", "--seconds", 0.2) == Done(0, "", "")
        assert len(PaperStream.played) == 5
        assert owner.zone_key
        key = owner.zone_key.hex()
        done = ambiome("listen", server, "--zone", "tavern", "--zone-key", key, "--rain", 50, "--seconds", 0.2)
        assert done == Done(0, "", "")
        owner.read(5)
        assert any(reason.parameter == "rain_mm_h" and reason.target > 40 for reason in owner.explain())
        done = ambiome("listen", server, "--zone", "tavern", "--zone-key", "f" * 32)
        assert done.code != 0
        assert "is not the key of this zone" in done.err


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--zone", "tavern", "--zone-key", "tavern"), "it has 32 hexadecimal digits"),
        (("--zone-key", "0" * 32), "say --zone too"),
    ],
)
def test_a_key_that_is_none_is_said(ambiome: Ambiome, card: ModuleType, options: tuple[str, ...], says: str) -> None:
    done = ambiome("listen", *options)
    assert done.code == 2
    assert says in done.err


def test_ambisonics_is_heard_through_two_loudspeakers(ambiome: Ambiome, card: ModuleType, server: str) -> None:
    assert ambiome("listen", server, "--biome", "coast", "--seconds", 1.2, "--layout", "ambisonics") == Done(0, "", "")
    assert [frame.shape for frame in PaperStream.played] == [(1_920, 2)] * 30
    assert np.abs(np.concatenate(PaperStream.played[15:])).max(axis=0).min() > 0


def test_a_score_is_heard(ambiome: Ambiome, card: ModuleType, server: str, score: Path) -> None:
    assert ambiome("listen", server, "--score", score, "--seconds", 1) == Done(0, "", "")
    assert len(PaperStream.played) == 25


def test_without_the_extra_it_says_what_to_install(ambiome: Ambiome, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ambiome_cli.exits.find_spec", lambda name: None)
    done = ambiome("listen")
    assert (done.code, done.err) == (3, 'ambiome: this needs the extra "audio": pip install "ambiome[audio]"\n')


def test_without_a_sound_card_it_says_so(ambiome: Ambiome, card: ModuleType) -> None:
    def no_device(kind: str) -> None:
        raise PortAudioError("Error querying device -1")

    card.query_devices = no_device
    done = ambiome("listen")
    assert (done.code, done.err) == (4, "ambiome: this machine has no sound card to play through\n")


def test_a_sound_card_that_fails_is_said_so(ambiome: Ambiome, card: ModuleType, server: str) -> None:
    def broken(**_: object) -> None:
        raise PortAudioError("Device unavailable")

    card.OutputStream = broken
    done = ambiome("listen", server)
    assert (done.code, done.err) == (4, "ambiome: the sound card does not play: Device unavailable\n")


def test_an_unknown_biome_is_bad_input(ambiome: Ambiome, card: ModuleType, server: str) -> None:
    done = ambiome("listen", server, "--biome", "moon", "--seconds", 1)
    assert done.code == 4
    assert "moon" in done.err


@pytest.mark.parametrize("address", ["5571", "http://127.0.0.1:5571", "tcp://127.0.0.1:99999"])
def test_an_address_that_is_none_is_bad_input(ambiome: Ambiome, card: ModuleType, address: str) -> None:
    done = ambiome("listen", address)
    assert (done.code, len(done.err.splitlines())) == (4, 1)
    assert address in done.err


def test_a_scores_biomes_are_the_servers_to_know(
    ambiome: Ambiome, card: ModuleType, server: str, tmp_path: Path
) -> None:
    score = tmp_path / "moon.jsonl"
    score.write_text('{"at": 0, "world": {"location": {"biome": "moon"}}}\n')
    done = ambiome("listen", server, "--score", score, "--seconds", 1)
    assert done.code == 4
    assert "'moon' is not in the closed list" in done.err
    assert "line" not in done.err
