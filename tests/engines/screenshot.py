"""The picture of the Godot sample: played by a real server, drawn by the real Godot on a screen that is not there.

    PYTHONPATH=tests python -m engines.screenshot [integrations/godot/docs/sample.png]

Needs what `.ci/engines` brings, Xvfb and an OpenGL in software: on Debian `xvfb xauth libgl1 libgl1-mesa-dri`.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

import numpy as np
from ambiome_client import Ambience
from PIL import Image
from real_server import RealServer

from engines.engines import REPOSITORY, godot
from engines.godot import Godot

PICTURE: Final = REPOSITORY / "integrations/godot/docs/sample.png"
SCREEN: Final = "-screen 0 1280x800x24"
COLOURS: Final = 256
DITHER: Final = np.array([[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]])
DITHER_LEVELS: Final = 8
ONE_THREAD: Final = {"LP_NUM_THREADS": "1"}
"""For OpenGL in software, so that the sound has a core of its own."""
TIMEOUT_S: Final = 300


def take(path: Path) -> None:
    """Writes the picture as a PNG of `COLOURS` colours. Raises CalledProcessError where Godot cannot draw it."""
    with tempfile.TemporaryDirectory() as folder, RealServer() as server:
        game, raw = Godot(Path(folder)), Path(folder) / "sample.png"
        _warm(server.address)
        screen = ["xvfb-run", "--auto-servernum", "--server-args", SCREEN]
        drawn = ["--rendering-driver", "opengl3", "--audio-driver", "Dummy", "--path", str(game.folder)]
        script = ["--script", "res://tests/screenshot.gd", "--", str(raw), server.address]
        subprocess.run([*screen, godot(), *drawn, *script], check=True, timeout=TIMEOUT_S, env=os.environ | ONE_THREAD)
        path.parent.mkdir(parents=True, exist_ok=True)
        with Image.open(raw) as picture:
            _with_few_colours(picture.convert("RGB")).save(path, optimize=True)


def _with_few_colours(picture: Image.Image) -> Image.Image:
    """In a palette of its own, by ordered dithering, which a PNG packs well."""
    palette = picture.quantize(COLOURS, method=Image.Quantize.MAXCOVERAGE, kmeans=12)
    width, height = picture.size
    across, down = -(-width // len(DITHER)), -(-height // len(DITHER))
    pattern = np.tile((DITHER + 0.5) / DITHER.size - 0.5, (down, across))[:height, :width, None]
    dithered = np.asarray(picture) + DITHER_LEVELS * pattern
    return Image.fromarray(np.clip(np.rint(dithered), 0, 255).astype(np.uint8)).quantize(palette=palette, dither=0)


def _warm(address: str) -> None:
    """The first sound of a machine waits for the renderer to be compiled."""
    with Ambience(address, seed=7) as ambience:
        next(iter(ambience))


if __name__ == "__main__":
    if shutil.which("xvfb-run") is None:
        sys.exit("xvfb-run is missing; on Debian: apt-get install xvfb xauth libgl1 libgl1-mesa-dri")
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else PICTURE
    take(target)
    print(f"{target}: {target.stat().st_size / 1000:.0f} kB")
