"""A session that is written down, by a desk that is left alone at some moment, as if its process had been killed."""

from pathlib import Path

import standin_sound
from ambiome_middleware import scene, tokens
from ambiome_middleware.desk import Desk
from ambiome_middleware.engine import Engine
from ambiome_middleware.journal import Journal
from ambiome_middleware.journal_file import Begun
from ambiome_middleware.wire import FrameReport, Grant, Open, Tell
from ambiome_protocol import build
from ambiome_protocol.codec import decode_server, encode
from ambiome_protocol.messages import Frame

OPEN = Open(7, 3, "mono", "f32le", "live", 0.0, token=b"t" * 16, guest="studio")
BEGUN = Begun(OPEN, 7, "", tokens.table())


def told(seq: int, rain: float) -> Tell:
    change = build.restamp(build.world({"rain_mm_h": rain}, {"biome": "coast"}), seq)
    return Tell(7, encode(change), seq)


class Killed:
    """A desk that writes a journal, and is left alone at some moment."""

    def __init__(self, folder: Path, sound_version: int = 7) -> None:
        self.journal = Journal(folder, None)
        self.desk = Desk(Engine(standin_sound.Renderer()), scene, self.journal, sound_version)
        self.heard: dict[int, bytes] = {}

    def play(self, until: int) -> None:
        """As a live client does, a step at a time; the worker's hour decides in what quality."""
        step = max(self.heard, default=-1) + 1
        while step < until:
            self.desk.engine.quality = step // 37 % 4
            self.desk.obey(Grant(7, step + 1, step, 0))
            reports, audio = self.desk.turn()
            at = 0
            for report in reports:
                if isinstance(report, FrameReport):
                    frame = decode_server(report.header)
                    assert isinstance(frame, Frame)
                    self.heard[frame.step] = audio[at : at + report.audio_bytes]
                    at += report.audio_bytes
            step = max(self.heard) + 1
