"""Profiles: what a texture is like, measured from recordings, as a small file that a person can read.

A profile is TOML. `voice` names what it teaches: a learned place ("place"), or one of the built-in textures
(`TEXTURES`), whose own profile it then replaces. `[[source]]` names the recordings. Each `[[level]]` is an anchor on
the way from the softest (`intensity` 0) to the most intense (1), and `[[grain]]` the classes of single events, with
one number for each level where a list of them stands. `ambiome learn` writes profiles; to read them takes TOML alone.

Powers are in dB against the whole texture: the K-weighted sum over `BAND_HZ` of each level's spectrum is 0 dB.
"""

import hashlib
import os
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Final, Literal, cast

import numpy as np
import numpy.typing as npt

from ambiome_middleware.sound.patch import BANDS, FLUTTER_HZ, FLUTTER_STEPS
from ambiome_middleware.sound.profile_part import Part, ProfileError
from ambiome_middleware.tokens import PLACES

Floats = npt.NDArray[np.float64]
Form = Literal["mode", "noise", "tone"]

FORMAT: Final = 1
PLACE: Final = "place"
TEXTURES: Final = (
    "rain", "rain_tent", "wind", "wind_trees", "wind_desert", "thunder", "stream", "river", "surf", "shore", "fire",
    "birds", "crickets", "frogs", "owl", "wolf", "loon", "crowd", "cafe", "traffic", "room", "snow", "swamp",
    "machinery",
)  # fmt: skip
"""What a profile can teach beside a place: the built-in voices' textures, one file each in `profiles/`."""
SUFFIX: Final = ".profile.toml"
"""How the name of a user's profile ends, in a folder of biomes."""
MODULATION_HZ: Final[Floats] = 2.0 ** np.arange(-1.0, 8.0)
"""Centres of the octave bands of the statistics' modulation power, 0.5 … 128 Hz."""
MAX_LEVELS, MAX_GRAINS, MAX_FILE_BYTES = 5, 16, 65_536
_FORMS: Final = ("mode", "noise", "tone")


@dataclass(frozen=True, slots=True)
class Origin:
    """A recording that taught: who made it and under which licence, how much of it (s) was heard, its digest."""

    title: str
    author: str
    licence: str
    seconds: float
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Statistics:
    """Sub-band envelope statistics at one level, after McDermott & Simoncelli (2011), of envelopes to the power 0.3.

    `hz` [n] the bands' centres; `mean_db` [n] their envelopes' means against the loudest, in dB of the envelope before
    its compression; `variation` [n] standard deviation over mean; `skew`, `kurtosis` [n] of the compressed envelope (0
    and 3 for a Gaussian one); `modulation_db` [n, len(MODULATION_HZ)] the share of each octave of rates in that.
    """

    hz: Floats
    mean_db: Floats
    variation: Floats
    skew: Floats
    kurtosis: Floats
    modulation_db: Floats


@dataclass(frozen=True, slots=True)
class Level:
    """One anchor of a texture.

    `spectrum_db` [BANDS]: the whole texture in third-octaves; `bed_db` [BANDS]: what of it is noise, the rest being
    grains; `flutter_db`, `bed_flutter_db` [len(FLUTTER_HZ), len(FLUTTER_STEPS)]: how the whole wanders, and how the bed
    must so that bed and grains together do; `common` [len(FLUTTER_STEPS)] as in `patch.Flutter`; `coherence` [BANDS]
    between two channels, 0 … 1, or None where no source was stereo.
    """

    intensity: float
    spectrum_db: Floats
    bed_db: Floats
    flutter_db: Floats
    bed_flutter_db: Floats
    common: Floats
    coherence: Floats | None
    statistics: Statistics | None


@dataclass(frozen=True, slots=True)
class Grain:
    """One class of single events.

    `rate_hz`, `level_db` [levels]: onsets a second, and the level that a steady sine at the median grain's peak would
    have against the whole texture, at each level; `spread_db` half the range about it; `pitch_hz` ± `pitch_oct`,
    `decay_s` ± `decay_oct`, `band_hz` (of "noise") likewise; `attack_s`; `sweep_oct` over its length; `bursts`
    [len(FLUTTER_STEPS)] as in `patch.Emitter`; `share` of the texture's energy, 0 … 1, for the reader.
    """

    name: str
    form: Form
    rate_hz: Floats
    level_db: Floats
    spread_db: float
    pitch_hz: float
    pitch_oct: float
    decay_s: float
    decay_oct: float
    attack_s: float
    band_hz: float
    sweep_oct: float
    bursts: Floats
    share: float


@dataclass(frozen=True, slots=True)
class Profile:
    """A texture. `digest` is that of the file's text; `bandwidth_hz` how far up the sources reached."""

    voice: str
    name: str
    sources: tuple[Origin, ...]
    levels: tuple[Level, ...]
    grains: tuple[Grain, ...]
    bandwidth_hz: float
    digest: str

    @property
    def intensities(self) -> Floats:
        """The levels' intensities, ascending, [levels]."""
        return np.array([level.intensity for level in self.levels])


Profiles = Mapping[str, Profile]
"""Profiles by what they teach: the names in `TEXTURES`, and "place1" … for learned places."""


def read_profile(text: str, file: str = "profile") -> Profile:
    """A profile from a file's text; `file` is how errors call it. Raises ProfileError."""
    if len(text) > MAX_FILE_BYTES:
        raise ProfileError(f"{file}: {len(text)} characters, allowed are {MAX_FILE_BYTES}")
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ProfileError(f"{file}: not TOML: {error}") from error
    top = Part(file, "", document)
    if (version := top.take("format")) != FORMAT:
        raise ProfileError(f"{file}: format = {version!r} is not {FORMAT}, which this version reads")
    voice = top.one_of("voice", (PLACE, *TEXTURES))
    name, bandwidth_hz = top.text("name"), top.number("bandwidth_hz", 1_000.0, 24_000.0)
    sources = tuple(_origin(part) for part in top.parts("source", 1, 64))
    levels = tuple(_level(part) for part in top.parts("level", 1, MAX_LEVELS))
    grains = tuple(_grain(part, len(levels)) for part in top.parts("grain", 0, MAX_GRAINS))
    top.close()
    intensities = [level.intensity for level in levels]
    if intensities != sorted(set(intensities)):
        raise ProfileError(f"{file}: level.intensity = {intensities} does not ascend")
    return Profile(voice, name, sources, levels, grains, bandwidth_hz, hashlib.sha256(text.encode()).hexdigest())


@cache
def profiles() -> Profiles:
    """The built-in profiles by what they teach; those of `TEXTURES` that have a file."""
    folder = files(__package__).joinpath("profiles")
    found = (item for item in folder.iterdir() if item.name.endswith(".toml"))
    read = [read_profile(item.read_text("utf-8"), item.name) for item in sorted(found, key=lambda item: item.name)]
    return MappingProxyType({profile.voice: profile for profile in read})


def load_profiles(directory: str | os.PathLike[str] | None = None) -> Profiles:
    """The built-in profiles and, over them, the `*.profile.toml` of a folder; its places are "place1" … by file name.

    Raises ProfileError: a broken file, two that teach the same, more than PLACES places.
    """
    if directory is None:
        return profiles()
    return _over(profiles(), sorted(Path(directory).glob(f"*{SUFFIX}")))


def digest_of(known: Profiles) -> str:
    """What the profiles that are not built in add to the sound: a digest, "" where all are built in."""
    own = sorted((key, p.digest) for key, p in known.items() if profiles().get(key) is not p)
    return hashlib.sha256(repr(own).encode()).hexdigest()[:16] if own else ""


def read_file(path: Path) -> Profile:
    """The profile in a file. Raises ProfileError."""
    try:
        return read_profile(path.read_text("utf-8"), path.name)
    except (OSError, UnicodeDecodeError) as error:
        raise ProfileError(f"{path.name}: cannot be read: {error}") from error


def _over(built_in: Profiles, paths: Iterable[Path]) -> Profiles:
    known, taught, places = dict(built_in), dict[str, str](), 0
    for path in paths:
        profile = read_file(path)
        if profile.voice == PLACE:
            places += 1
            if places > PLACES:
                raise ProfileError(f"{path.name}: it is place {places} of its folder, allowed are {PLACES}")
        elif profile.voice in taught:
            raise ProfileError(f"{path.name}: voice = {profile.voice!r} is taught by {taught[profile.voice]} already")
        taught[profile.voice] = path.name
        known[f"{PLACE}{places}" if profile.voice == PLACE else profile.voice] = profile
    return MappingProxyType(known)


def _origin(part: Part) -> Origin:
    digest = part.text("sha256") if part.has("sha256") else ""
    origin = Origin(
        part.text("title"), part.text("author"), part.text("licence"), part.number("seconds", 0.0, 1e6), digest
    )
    part.close()
    return origin


def _level(part: Part) -> Level:
    octaves, rates = len(FLUTTER_HZ), len(FLUTTER_STEPS)
    spectrum_db = part.numbers("spectrum_db", (BANDS,), -200.0, 60.0)
    flutter_db = part.numbers("flutter_db", (octaves, rates), 0.0, 20.0)
    level = Level(
        part.number("intensity", 0.0, 1.0),
        spectrum_db,
        part.numbers("bed_db", (BANDS,), -200.0, 60.0) if part.has("bed_db") else spectrum_db,
        flutter_db,
        part.numbers("bed_flutter_db", (octaves, rates), 0.0, 20.0) if part.has("bed_flutter_db") else flutter_db,
        part.numbers("common", (rates,), 0.0, 1.0),
        part.numbers("coherence", (BANDS,), 0.0, 1.0) if part.has("coherence") else None,
        _statistics(part.part("statistics")) if part.has("statistics") else None,
    )
    part.close()
    return level


def _statistics(part: Part) -> Statistics:
    hz = part.numbers("hz", (-1,), 10.0, 24_000.0)
    count = len(hz)
    statistics = Statistics(
        hz,
        part.numbers("mean_db", (count,), -300.0, 0.0),
        part.numbers("variation", (count,), 0.0, 100.0),
        part.numbers("skew", (count,), -100.0, 100.0),
        part.numbers("kurtosis", (count,), 0.0, 1e5),
        part.numbers("modulation_db", (count, len(MODULATION_HZ)), -200.0, 60.0),
    )
    part.close()
    return statistics


def _grain(part: Part, levels: int) -> Grain:
    grain = Grain(
        part.text("name"),
        cast(Form, part.one_of("form", _FORMS)),
        part.numbers("rate_hz", (levels,), 0.0, 1_500.0),
        part.numbers("level_db", (levels,), -120.0, 60.0),
        part.number("spread_db", 0.0, 40.0),
        part.number("pitch_hz", 20.0, 20_000.0),
        part.number("pitch_oct", 0.0, 3.0),
        part.number("decay_s", 0.0002, 4.0),
        part.number("decay_oct", 0.0, 3.0),
        part.number("attack_s", 0.00005, 1.0),
        part.number("band_hz", 10.0, 24_000.0),
        part.number("sweep_oct", -2.0, 2.0),
        part.numbers("bursts", (len(FLUTTER_STEPS),), 0.0, 4.0),
        part.number("share", 0.0, 1.0),
    )
    part.close()
    return grain
