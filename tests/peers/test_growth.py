"""What is counted as sessions grow."""

import sys

import pytest
from ambiome_middleware.sound import bank as banks
from ambiome_middleware.sound.gpu import TorchBackend

from benchmarks import growth


def test_what_must_move_grows_with_sessions_and_grains() -> None:
    one, two = growth.bytes_a_step(1, 0), growth.bytes_a_step(2, 0)
    assert two == 2 * one
    # The spectra and hops of two channels alone: 2,049 complex bins and 4,096 samples, each written and read.
    assert one > 2 * 2 * (2_049 * 8 + 4_096 * 4)
    assert growth.bytes_a_step(1, 10) - one == 10 * (growth.bytes_a_step(1, 1) - one)


def test_a_point_says_what_a_step_costs() -> None:
    one, found = growth.grow("cpu", 2, 1, 1, None)
    assert one.sessions == 1
    assert found.sessions == 2
    assert found.streams > 0.0
    assert found.bandwidth_share is None
    assert 100_000 < found.kept_bytes < 2_000_000
    assert "2 sessions:" in growth.line(found, "cpu")


def test_a_device_is_measured_against_its_own_copy() -> None:
    copied_a_s = growth.bandwidth("cpu", 1 << 20, 3)
    _, found = growth.grow("cpu", 2, 1, 1, copied_a_s)
    assert found.bandwidth_share is not None
    assert 0.0 < found.bandwidth_share < 1.0
    assert "of the memory's bandwidth" in growth.line(found, "cuda")


def test_what_a_gpu_runs_is_measured_like_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(growth, "SETTLE_STEPS", 1)
    growing = growth.Growing("cpu", 2, TorchBackend(banks.built_in(), "cpu"))
    growing.render(1)
    found = growing.point(1e9)
    assert found.sessions == 2
    assert found.host_ms > 0.0
    assert found.streams == pytest.approx(2 * 40.0 / found.step_ms)
    assert found.bandwidth_share is not None
    assert 0.0 < found.bandwidth_share < 1.0
    assert 100_000 < found.kept_bytes < 2_000_000


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--device", "abacus"], "device: 'abacus' is not there; this machine has cpu"),
        (["--most", "0"], "argument --most: '0' is not a whole number from 1 on"),
        (["--rounds", "some"], "argument --rounds: 'some' is not a whole number from 1 on"),
    ],
)
def test_what_cannot_be_measured_is_said_in_a_line(
    options: list[str], says: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["benchmarks.growth", *options])
    with pytest.raises(SystemExit) as ended:
        growth.main()
    assert ended.value.code == 2
    assert says in capsys.readouterr().err.splitlines()[-1]


def test_a_gpu_is_taken_where_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def refused(device: str) -> str:
        asked.append(device)
        raise ValueError("no")

    monkeypatch.setattr(growth, "resolve_device", refused)
    monkeypatch.setattr(sys, "argv", ["benchmarks.growth"])
    with pytest.raises(SystemExit):
        growth.main()
    assert asked == ["auto"]
