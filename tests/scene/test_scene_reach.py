"""No column without a world: everything in the token table is reached by telling the scene something."""

from pathlib import Path

import numpy as np
from ambiome_middleware.scene import BoundScene, load_biomes
from ambiome_middleware.tokens import EVENT_KIND_NAMES, FEATURES_AT, PLACES, SCENE, silent_row
from ambiome_protocol.lists import ANIMAL_KINDS, BIOMES, VOICES
from ambiome_protocol.messages import VoiceMix
from scene_worlds import events, happens, mixed, run, run_in, standing, told

WORLDS = (
    {"rain_mm_h": 20, "hail_mm_h": 20, "hour": 12, "wetness": 1},
    {"snow_mm_h": 5, "wind_m_s": 14, "hour": 23, "day_of_year": 20},
    {"snow_mm_h": 2, "temperature_c": 1.0},
    {"wind_m_s": 18, "hour": 23, "day_of_year": 300},
    {"wind_m_s": 1, "hour": 23.5, "day_of_year": 165, "temperature_c": 20},
    {"wind_m_s": 1, "hour": 13, "day_of_year": 190, "temperature_c": 32, "shelter": "room"},
    {"wind_m_s": 1, "hour": 5, "day_of_year": 135, "shelter": "tent", "rain_mm_h": 1},
    {"wind_m_s": 1, "hour": 22, "day_of_year": 290, "heading_deg": 200},
)


def test_every_column_is_reached(tmp_path: Path) -> None:
    for n in range(1, PLACES + 1):
        (tmp_path / f"p{n}.profile.toml").write_text('voice = "place"\n', "utf-8")
        own_place = f'[own]\nprofile = "p{n}"\ndensity = 2\ndistance_m = 99\n'
        more = "[fire]\nlevel = 0.5\n[river]\nlevel = 0.5\nsize = 0.9\n"
        (tmp_path / f"p{n}.toml").write_text(own_place + more, "utf-8")
    own = BoundScene(load_biomes(tmp_path))
    mix = mixed(master_db=-9, dynamics=0.2, voices={name: VoiceMix(gain_db=-3) for name in VOICES})
    moved = np.zeros(FEATURES_AT, bool)
    for biome in (*BIOMES, *(f"p{n}" for n in range(1, PLACES + 1))):
        for world in WORLDS if biome in BIOMES else WORLDS[:1]:
            rows = run_in(own, 3, {0: [told(biome={biome: 1.0}, **world), mix], 2: [told(cut=True)]})
            moved |= (rows[:, :FEATURES_AT] != silent_row()[:FEATURES_AT]).any(0)
    assert [p.name for p, reached in zip(SCENE, moved, strict=True) if not reached] == []


def test_every_kind_of_event_is_reached() -> None:
    story = [happens("animal", animal=kind, distance_m=5) for kind in ANIMAL_KINDS]
    story += [happens(kind, distance_m=5) for kind in ("lightning", "branch", "splash")]
    _, rows = run(standing(biome="mountain", wind_m_s=0), 900, {1: story})
    assert {kind for _, kind, _ in events(rows)} == set(EVENT_KIND_NAMES) - {"none"}
