"""What the scene has compiled is compiled once, before the first listener comes; without a compiler it is the same."""

import subprocess
import sys
from pathlib import Path

_STORY = """
from ambiome_middleware import scene
from ambiome_protocol.lists import FEATURE_KINDS
from ambiome_protocol.messages import Feature
from scene_worlds import happens, mixed, run, told

features = [Feature(id=kind, kind=kind, distance_m=5 + n, azimuth_deg=30 * n) for n, kind in enumerate(FEATURE_KINDS)]
story = {
    0: [told(biome="coast", hour=5, rain_mm_h=10, hail_mm_h=5, wind_m_s=30, thunder_per_min=60, features=features)],
    20: [told(biome={"lake": 0.5, "city": 0.5}, heading_deg=90, rate=600, transition_s=1), happens("splash")],
    60: [told(cut=True, biome="cave"), happens("gust"), happens("lightning", distance_m=500)],
    110: [mixed(master_db=-6), told(features=features[:3], feature_remove="fire")],
}
state, rows = run(scene.initial_state(2**63 - 1), 200, story)
after, more = run(scene.state_from_bytes(scene.state_to_bytes(state)), 100, {210: [told(biome="wetland", hour=21)]})
"""

_COMPILED = f"""
import importlib, pkgutil
from ambiome_middleware import scene
from ambiome_middleware.worker import live_a_little

def forms():
    found = {{}}
    for module in pkgutil.iter_modules(scene.__path__, "ambiome_middleware.scene."):
        for name, each in vars(importlib.import_module(module.name)).items():
            if hasattr(each, "nopython_signatures"):
                found[module.name, name] = len(each.nopython_signatures)
    return found

live_a_little(scene)
before = forms()
assert sum(before.values()) > 5, before
{_STORY}
assert forms() == before, {{each: (count, before[each]) for each, count in forms().items() if count != before[each]}}
"""

_TOLD = f"""
import hashlib
{_STORY}
print(hashlib.sha256(rows.tobytes() + more.tobytes() + scene.state_to_bytes(after)).hexdigest())
"""


def told(program: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", program], check=True, cwd=Path(__file__).parent, timeout=120, text=True,
        stdout=subprocess.PIPE,
    )  # fmt: skip
    return done.stdout


def test_whatever_comes_nothing_is_compiled_after_the_first_steps() -> None:
    told(_COMPILED)


def test_without_a_compiler_the_scene_is_the_same_to_the_last_bit() -> None:
    assert told(f"import sys; sys.modules['numba'] = None\n{_TOLD}") == told(_TOLD)
