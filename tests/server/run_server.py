"""A server in a process of its own, for tests: its options are JSON, its address is its first line of output.

Exit codes: 0 stopped as asked, 4 could not serve (why is on standard error).
"""

import json
import logging
import sys
from pathlib import Path

from ambiome_middleware.crew import Parts
from ambiome_middleware.front import Manners
from ambiome_middleware.server import ServeError, serve


def main() -> int:
    options = json.loads(sys.argv[1])
    logging.basicConfig(level=logging.INFO)
    parts = Parts(
        device=options.get("device", "cpu"),
        biomes=Path(options["biomes"]) if "biomes" in options else None,
        journal=Path(options["journal"]) if "journal" in options else None,
        sound=options.get("sound", "standin_sound"),
        scene=options.get("scene", "standin_scene"),
    )
    manners = Manners(
        options.get("detach_after_s", 10.0), options.get("keep_detached_s", 120.0), options.get("max_sessions", 64)
    )
    try:
        serve(
            options.get("bind", "tcp://127.0.0.1:*"),
            workers=options.get("workers", 1),
            manners=manners,
            parts=parts,
            on_ready=lambda address: print(address, flush=True),
        )
    except ServeError as error:
        print(error, file=sys.stderr)
        return 4
    print("torch" in sys.modules, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
