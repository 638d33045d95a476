"""Ports that ZeroMQ would take for others."""

import pytest
from ambiome_protocol.address import check_address


@pytest.mark.parametrize("port", ["99999", "65536", "-1", "0x50", "", "abc", "1" * 5_000, "५५७१"])
@pytest.mark.parametrize("is_bound", [True, False])
def test_a_port_that_cannot_be_is_named(port: str, is_bound: bool) -> None:
    with pytest.raises(ValueError, match=r"port .* cannot be; it must be 1 … 65535"):
        check_address(f"tcp://127.0.0.1:{port}", is_bound=is_bound)


@pytest.mark.parametrize("port", ["*", "0", "!"])
def test_a_free_port_can_be_taken_and_not_connected_to(port: str) -> None:
    check_address(f"tcp://127.0.0.1:{port}", is_bound=True)
    with pytest.raises(ValueError, match="cannot be"):
        check_address(f"tcp://127.0.0.1:{port}")


@pytest.mark.parametrize(
    "address",
    ["tcp://127.0.0.1:1", "tcp://[::1]:65535", "tcp://lo:5571", "tcp://[::1]", "tcp://a", "ipc:///x", "5571", ""],
)
def test_what_may_be_and_what_zeromq_itself_refuses(address: str) -> None:
    check_address(address)
