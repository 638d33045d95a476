"""What is counted as sessions grow."""

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
    assert 100_000 < found.kept_bytes < 1_000_000
    assert "2 sessions:" in growth.line(found, "cpu")


def test_a_device_is_measured_against_its_own_copy() -> None:
    copied_a_s = growth.bandwidth("cpu", 1 << 20, 3)
    _, found = growth.grow("cpu", 2, 1, 1, copied_a_s)
    assert found.bandwidth_share is not None
    assert 0.0 < found.bandwidth_share < 1.0
    assert "of the memory's bandwidth" in growth.line(found, "cuda")
