"""Ten minutes of a simulated day, driven over a socket: how long it takes, and of whose time.

    python -m benchmarks.simulation [--seconds 600] [--json]

The whole chain: the SimPy world, the client, the server's front and one worker that maps, renders and sends.
"""

import argparse
import json
import time
from dataclasses import asdict, dataclass

import ambiome_client
from ambiome_sim import demo_day, drive

from benchmarks.machine import machine
from benchmarks.serving import serving


@dataclass(frozen=True, slots=True)
class Result:
    """Seconds: of simulated time, of wall clock, and of CPU by process."""

    machine: str
    simulated_s: float
    wall_s: float
    cpu_client_s: float
    cpu_front_s: float
    cpu_worker_s: float


def measure(seconds: float) -> Result:
    """Drive `seconds` of the demo's day against a server that has rendered before."""
    with serving() as server:
        _drive(server.address, 2.0)
        before, own, began = server.cpu_s(), time.process_time(), time.monotonic()
        _drive(server.address, seconds)
        wall_s, own_s, after = time.monotonic() - began, time.process_time() - own, server.cpu_s()
    return Result(
        machine(), seconds, wall_s, own_s, after["front"] - before["front"], after["workers"] - before["workers"]
    )


def _drive(address: str, seconds: float) -> None:
    with ambiome_client.Ambience(address, pace="free", seed=7) as ambience:
        for _ in drive(demo_day(seed=7, seconds=max(seconds, 5.0)), ambience):
            pass


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=600.0)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    result = measure(arguments.seconds)
    if arguments.json:
        print(json.dumps(asdict(result), indent=2))
        return
    cpu_s = result.cpu_client_s + result.cpu_front_s + result.cpu_worker_s
    print(f"simulation on {result.machine}")
    print(
        f"{result.simulated_s:.0f} s of world in {result.wall_s:.2f} s and {cpu_s:.2f} s of CPU "
        f"(client {result.cpu_client_s:.2f}, front {result.cpu_front_s:.2f}, worker {result.cpu_worker_s:.2f})"
    )


if __name__ == "__main__":
    main()
