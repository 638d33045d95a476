"""What a demo measures, as a table and as JSON."""

import math
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ambiome_cli.processor import processor

if TYPE_CHECKING:
    from ambiome_protocol.audio import Samples


@dataclass(frozen=True, slots=True)
class Measured:
    """Seconds, LUFS, dBTP; `largest_seam` is the ratio of `ambiome_middleware.analysis.seam`, about 1 without seams."""

    machine: str
    workers: str
    seed: int
    length_s: float
    took_s: float
    speed: float
    largest_seam: float
    largest_seam_at_s: float
    loudness_lufs: float
    true_peak_dbtp: float
    changes: int
    world_events: int
    wav: str
    picture: str

    def as_json(self) -> dict[str, object]:
        """Everything by name; what JSON has no number for (silence has −inf LUFS) is null."""
        return {
            name: None if isinstance(value, float) and not math.isfinite(value) else value
            for name, value in asdict(self).items()
        }

    def rows(self) -> list[tuple[str, str]]:
        """What a table shows: name and value with unit."""
        return [
            ("length", f"{self.length_s:.1f} s, {self.changes} changes of the world, seed {self.seed}"),
            ("speed", f"{self.speed:.1f} times real time ({self.took_s:.1f} s, {self.workers}, {self.machine})"),
            (
                "largest seam",
                f"{self.largest_seam:.2f} of the roughest place beside it, at {self.largest_seam_at_s:g} s",
            ),
            ("loudness", f"{self.loudness_lufs:.1f} LUFS"),
            ("true peak", f"{self.true_peak_dbtp:.1f} dBTP"),
            ("sound", self.wav),
            ("picture", self.picture),
        ]


def measure(
    audio: "Samples",
    *,
    took_s: float,
    workers: str,
    seed: int,
    changes: int,
    world_events: int,
    wav: Path,
    picture: Path,
) -> Measured:
    """Measures audio float32 [channels, n] at 48 kHz, at least 0.4 s of it."""
    from ambiome_middleware.analysis.loudness import integrated_lufs, true_peak_dbtp
    from ambiome_middleware.analysis.seam import largest_seam
    from ambiome_protocol.steps import SAMPLE_RATE_HZ

    length_s = audio.shape[1] / SAMPLE_RATE_HZ
    seam = largest_seam(audio)
    return Measured(
        machine=processor(),
        workers=workers,
        seed=seed,
        length_s=length_s,
        took_s=round(took_s, 3),
        speed=round(length_s / took_s, 2),
        largest_seam=round(seam.ratio, 3),
        largest_seam_at_s=seam.at_s,
        loudness_lufs=round(integrated_lufs(audio), 2),
        true_peak_dbtp=round(true_peak_dbtp(audio), 2),
        changes=changes,
        world_events=world_events,
        wav=str(wav),
        picture=str(picture),
    )
