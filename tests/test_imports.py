"""What a process must not load: seen from outside, in a fresh interpreter."""

import subprocess
import sys

import pytest

HEAVY = {"torch", "numba", "scipy", "matplotlib", "simpy", "encodec"}
SOCKETS = {"zmq"}


@pytest.mark.parametrize(
    ("module", "banned"),
    [
        ("ambiome_protocol.codec", HEAVY | SOCKETS),
        ("ambiome_client", HEAVY),
        ("ambiome_client.aio", HEAVY),
        ("ambiome_cli.main", HEAVY),
        ("ambiome_middleware.tokens", HEAVY | SOCKETS),
        ("ambiome_middleware.scene", HEAVY - {"numba", "scipy"} | SOCKETS),
        ("ambiome_middleware.session", {"torch"} | SOCKETS),
        ("ambiome_middleware.engine", {"torch"} | SOCKETS),
        ("ambiome_middleware.server", HEAVY),
        ("ambiome_sim", HEAVY - {"simpy"}),
    ],
)
def test_a_module_loads_nothing_heavy(module: str, banned: set[str]) -> None:
    program = f"import {module}, sys; print(*{{name.partition('.')[0] for name in sys.modules}})"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert set(done.stdout.split()) & banned == set()
