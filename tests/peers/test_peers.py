"""The comparison beside the others: what is counted, what is alike, and what is said where nothing is installed."""

import sys
from pathlib import Path

import numpy as np
import pytest
from ambiome_middleware.sound import bank as banks

from benchmarks.peers import __main__ as command
from benchmarks.peers import check
from benchmarks.peers.beds import _heard, _swells, band_power, beds
from benchmarks.peers.peer import Peer
from benchmarks.peers.plan import KINDS, plan
from benchmarks.render import WANTED, density, storm


@pytest.mark.long
def test_the_plan_has_the_density_that_ambiome_counts() -> None:
    planned, counted = plan(4, 20.0, ()).rates(), density(storm(), sessions=4, steps=500)
    for group, least in WANTED.items():
        assert planned[group] >= least
        # The plan counts onsets from 5 s on; Ambiome counts what a step sets off, a whole call at once.
        assert planned[group] == pytest.approx(counted[group], rel=0.15 if group == "chirps" else 0.05)


def test_sounds_are_in_order_and_everyone_hears_his_own() -> None:
    sounds = plan(2, 20.0, ()).sounds
    assert np.all(np.diff(sounds["onset_s"]) >= 0.0)
    assert sounds["onset_s"].max() < 20.0
    onsets = [sounds["onset_s"][sounds["listener"] == n] for n in range(2)]
    assert min(len(each) for each in onsets) > 10_000
    assert len(np.intersect1d(*onsets)) < 0.05 * len(onsets[0])
    claps = sounds[sounds["kind"] == KINDS.index("clap")]
    assert claps["onset_s"][claps["listener"] == 0].tolist() == [0.0, 0.0, 15.0, 15.0]


def test_a_bed_has_ambiomes_spectrum_where_it_is_loud() -> None:
    for bed in beds():
        power = _heard(banks.built_in(), bed.name).power + _swells()[bed.name], band_power(bed.sections)
        wanted, found = (np.add.reduceat(x[1:], range(0, 30, 3)) for x in power)
        is_loud = wanted > wanted.max() / 30.0
        assert np.max(np.abs(10.0 * np.log10(found / wanted))[is_loud]) < 3.0, bed.name
        assert 0.0 < bed.coherence < 1.0
        for *_, a1, a2 in bed.sections:
            assert abs(a2) < 1.0, "a pole outside the unit circle"
            assert abs(a1) < 1.0 + a2, "a pole outside the unit circle"


def test_only_the_same_sounds_at_the_same_moments_are_alike() -> None:
    random = np.random.default_rng(1)
    level = np.repeat(10.0 ** random.uniform(-1, 0, 500), 480)[:, None]
    reference = level * random.standard_normal((240_000, 2))
    assert check.compare(level * random.standard_normal((240_000, 2)), reference).is_alike
    assert not check.compare(0.3 * random.standard_normal((240_000, 2)), reference).is_alike
    assert not check.compare(np.zeros((240_000, 2)), reference).is_alike


def test_what_a_program_says_when_it_fails_is_passed_on(tmp_path: Path) -> None:
    says = "import sys; print('no such opcode'); sys.exit(3)"
    peer = Peer("Broken", "broken", (sys.executable,), lambda *_: None, lambda *_: [sys.executable, "-c", says], 1)
    with pytest.raises(RuntimeError, match="Broken ended with 3: no such opcode"):
        peer.cpu_s(plan(1, 0.2, ()), tmp_path, 1.0)


def test_where_nothing_is_installed_each_is_named_with_its_package(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(command, "BATCH", 2)
    monkeypatch.setattr(command, "AMBIOME_STEPS", 2)
    monkeypatch.setattr(sys, "argv", ["benchmarks.peers", "--rounds", "1"])
    command.main()
    said = capsys.readouterr().out
    assert "Ambiome, batch of 2" in said
    assert said.splitlines()[-4:] == [
        "SuperCollider: not installed: apt-get install supercollider-server",
        "Csound: not installed: apt-get install csound",
        "Pure Data: not installed: apt-get install puredata-core",
        "Faust: not installed: apt-get install faust g++",
    ]


@pytest.mark.long
@pytest.mark.parametrize("peer", command.PEERS, ids=lambda peer: peer.programs[0])
def test_a_peer_renders_what_ambiome_renders(peer: Peer, tmp_path: Path) -> None:
    if not peer.is_installed:
        pytest.skip(f"not installed: apt-get install {peer.package}")
    one = plan(1, check.SECONDS, beds())
    peer.write(one, tmp_path, [check.SECONDS])
    peer.cpu_s(one, tmp_path, check.SECONDS, "heard.wav")
    found = check.likeness(tmp_path / "heard.wav")
    assert found.is_alike, found
