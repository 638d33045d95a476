"""The comparison beside the others: what is counted, what is alike, and what is said where nothing is installed.

`AMBIOME_PEERS=require` makes a peer that is missing fail where its test would be skipped.
"""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from ambiome_middleware.sound import bank as banks
from ambiome_middleware.tokens import COLUMN, EVENTS_AT, SCENE

from benchmarks.peers import __main__ as command
from benchmarks.peers import check
from benchmarks.peers.ambiome import Speed
from benchmarks.peers.beds import _heard, _swells, band_power, beds
from benchmarks.peers.check import Likeness
from benchmarks.peers.live import living
from benchmarks.peers.peer import Peer
from benchmarks.peers.plan import KINDS, Plan, plan
from benchmarks.peers.scene import still
from benchmarks.render import STORM, WANTED, density, storm


@pytest.mark.long
def test_the_living_storm_is_as_dense() -> None:
    planned, lived = (plan(8, 35.0, (), rows) for rows in (still, living))
    assert lived.rates() == pytest.approx(planned.rates(), rel=0.15)
    assert lived.sounding() == pytest.approx(planned.sounding(), rel=0.15)


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
    level = np.repeat(10.0 ** random.uniform(-1, 0, 500), 480)[:, None] * [1.0, 2.0]
    reference = level * random.standard_normal((240_000, 2))
    assert check.compare(level * random.standard_normal((240_000, 2)), reference).is_alike
    assert not check.compare(level[:, ::-1] * random.standard_normal((240_000, 2)), reference).is_alike
    assert not check.compare(0.3 * random.standard_normal((240_000, 2)), reference).is_alike
    assert not check.compare(
        reference * [1.0, 0.0] + [0.0, 0.3] * random.standard_normal((240_000, 2)), reference
    ).is_alike
    assert not check.compare(np.zeros((240_000, 2)), reference).is_alike


@pytest.mark.parametrize(
    ("says", "passed_on"),
    [
        ("import sys; print('no such opcode'); sys.exit(3)", "Broken ended with 3: no such opcode"),
        ("print('begun'); print('error: throw~: size mismatch')", "Broken ended with 0: begun\nerror: throw~: size"),
    ],
)
def test_what_a_program_says_when_it_fails_is_passed_on(says: str, passed_on: str, tmp_path: Path) -> None:
    peer = Peer("Broken", "broken", (sys.executable,), lambda *_: None, lambda *_: [sys.executable, "-c", says], 1)
    with pytest.raises(RuntimeError, match=passed_on):
        peer.cpu_s(plan(1, 0.2, ()), tmp_path, 1.0)


def test_each_peer_has_its_row_beside_ambiome_alone_and_with_its_scene(monkeypatch: pytest.MonkeyPatch) -> None:
    for module, name, value in (
        (command, "BATCH", 2), (command, "AMBIOME_STEPS", 2), (command, "SETTLE_S", 0.2),
        (check, "SECONDS", 0.4), (check, "likeness", lambda _: Likeness(0.5, -2.0, 0.9)),
    ):  # fmt: skip
        monkeypatch.setattr(module, name, value)
    told: list[tuple[int, list[float]]] = []
    busy = "import sys, time\nwhile time.process_time() < 0.1 * float(sys.argv[1]): pass"

    def write(plan: Plan, folder: Path, lengths_s: Sequence[float]) -> None:
        told.append((plan.listeners, list(lengths_s)))
        assert folder.is_dir()

    peer = Peer(
        "Busy",
        "busy",
        (sys.executable,),
        write,
        lambda _, length_s, file: [sys.executable, "-c", busy, f"{length_s}"],
        3,
    )
    own, results = command.measure([peer], (), 2.0, 2)
    assert told == [(1, [0.4]), (3, [0.2, 2.2])]
    assert own.rendering > own.with_scene > 0.0
    (found,) = results
    assert (found.name, found.listeners, found.likeness) == ("Busy", 3, Likeness(0.5, -2.0, 0.9))
    # Three listeners' 2 s for 0.2 s of CPU time, or more where the program's start takes longer once.
    assert 3 * 2.0 / 0.4 < found.streams_a_core < 3 * 2.0 / 0.1
    assert len(found.rendering) == len(found.with_scene) == 2
    assert all(alone > whole > 0.0 for alone, whole in zip(found.rendering, found.with_scene, strict=True))


def test_the_table_gives_both_ratios_and_who_comes_nearest() -> None:
    quick = command.Result("Quick", "1.2", 4, 100.0, [2.5, 3.0, 2.75], [2.0, 2.5, 2.25], Likeness(0.5, -2.0, 0.9))
    slow = command.Result("Slow", "3", 1, 50.0, [6.0], [5.0], Likeness(9.0, -2.0, 0.9))
    assert command.lines(Speed(275.0, 225.0), [slow, quick]) == [
        "   275.0  Ambiome, rendering, batch of 64",
        "   225.0  Ambiome, with its scene",
        "    50.0  Slow 3, listeners a process: 1",
        "          Ambiome renders 6.00 times as many (6.00 … 6.00), with its scene 5.00 times as many (5.00 … 5.00)",
        "          beside Ambiome's sound: level +9.0 dB, farthest octave -2.0 dB, moments 0.90: NOT ALIKE",
        "   100.0  Quick 1.2, listeners a process: 4",
        "          Ambiome renders 2.75 times as many (2.50 … 3.00), with its scene 2.25 times as many (2.00 … 2.50)",
        "          beside Ambiome's sound: level +0.5 dB, farthest octave -2.0 dB, moments 0.90",
        "beside the best of them, Quick: 2.75 times, with its scene 2.25 (2 wanted: reached)",
    ]
    assert command.lines(Speed(275.0, 225.0), [slow])[-1].endswith("5.00 (2 wanted: reached)")


def test_a_living_storm_moves_with_each_step_about_the_storm() -> None:
    rows, fixed = living(3, 500), still(3, 500)
    assert np.array_equal(rows[:, EVENTS_AT:], fixed[:, EVENTS_AT:])
    assert np.mean(np.any(np.diff(rows[:, :EVENTS_AT], axis=0), axis=1)) > 0.9
    for name, value in STORM.items():
        tokens, level = rows[:, COLUMN[name]], SCENE[COLUMN[name]].quantise(value)
        assert abs(np.mean(tokens) - level) < 0.15 * level, name


@pytest.mark.parametrize("options", [["--rounds", "0"], ["--seconds", "0"], ["--seconds", "long"]])
def test_what_measures_nothing_is_refused_in_a_line(
    options: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["benchmarks.peers", *options])
    with pytest.raises(SystemExit) as ended:
        command.main()
    assert ended.value.code == 2
    assert f"argument {options[0]}: '{options[1]}' is not a" in capsys.readouterr().err.splitlines()[-1]


def test_where_nothing_is_installed_each_is_named_with_its_package(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(command, "BATCH", 2)
    monkeypatch.setattr(command, "AMBIOME_STEPS", 2)
    monkeypatch.setattr(sys, "argv", ["benchmarks.peers", "--rounds", "1"])
    command.main()
    said = capsys.readouterr().out
    assert "Ambiome, rendering, batch of 2" in said
    assert "Ambiome, with its scene" in said
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
        missing = pytest.fail if os.environ.get("AMBIOME_PEERS") == "require" else pytest.skip
        missing(f"not installed: apt-get install {peer.package}; `make peers` does")
    one = plan(1, check.SECONDS, beds())
    peer.write(one, tmp_path, [check.SECONDS])
    peer.cpu_s(one, tmp_path, check.SECONDS, "heard.wav")
    found = check.likeness(tmp_path / "heard.wav")
    assert found.is_alike, found
