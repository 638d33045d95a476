"""How a training goes: one TOML file, of which two come with the package, for a small CPU run and for a GPU."""

import tomllib
from dataclasses import dataclass, fields
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from ambiome_middleware.neural.codec import CodecShape
from ambiome_middleware.neural.lm import LmShape

BUILT_IN: Final = ("cpu", "gpu")


class ConfigError(ValueError):
    """A configuration that cannot be: which line of it, and what is wanted instead."""


@dataclass(frozen=True, slots=True)
class Data:
    """What is learned from: `renders_s` seconds of renders of random worlds, each `render_s` long; `voices_s` seconds
    of single voices from faint to strong; and recordings, which the codec is taught with a chance of `recordings`.
    """

    renders_s: float = 1_800.0
    render_s: float = 20.0
    voices_s: float = 1_200.0
    recordings: float = 0.6


@dataclass(frozen=True, slots=True)
class CodecTraining:
    """`steps` of `batch` pieces of `seconds`. From `adversary_from` on, a discriminator of `adversary_filters` learns
    too, at `adversary_chance` of the steps, and of the codec only the decoder: what codes stand for is settled then,
    and a model can be trained over them meanwhile. `adversary_rate` is the discriminator's own learning rate: at the
    codec's it would tell nothing from anything for thousands of steps. Weights are those of the loss balancer.
    """

    steps: int = 20_000
    batch: int = 6
    seconds: float = 1.0
    rate: float = 3e-4
    warm_up: int = 200
    adversary_from: int = 10_000
    adversary_filters: int = 8
    adversary_rate: float = 2e-3
    adversary_chance: float = 0.67
    weight_time: float = 0.1
    weight_mel: float = 1.0
    weight_adversary: float = 3.0
    weight_features: float = 3.0
    save_every_s: float = 120.0


@dataclass(frozen=True, slots=True)
class LmTraining:
    """`steps` of `batch` pieces of `seconds`; fine levels count `fine_weight` of a coarse one. A `share` of a piece's
    steps, by chance, is what is learned from: what comes before them is heard whole, and codes cost most.
    """

    steps: int = 20_000
    batch: int = 4
    seconds: float = 8.0
    rate: float = 3e-4
    warm_up: int = 200
    fine_weight: float = 0.5
    share: float = 0.2
    save_every_s: float = 120.0


@dataclass(frozen=True, slots=True)
class Config:
    """A whole configuration. `seed` decides all chance; the device does not."""

    codec: CodecShape
    lm: LmShape
    data: Data
    train_codec: CodecTraining
    train_lm: LmTraining
    seed: int = 1


_PARTS: Final[dict[str, Any]] = {
    "codec": CodecShape, "lm": LmShape, "data": Data, "train_codec": CodecTraining, "train_lm": LmTraining,
}  # fmt: skip


def read(source: str | Path) -> Config:
    """A configuration by name, "cpu" or "gpu", or from a file. ConfigError, with the place, for one that is not right;
    OSError for a file that cannot be read.
    """
    path = files(__package__) / "configs" / f"{source}.toml" if source in BUILT_IN else Path(source)
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{source}: {error}") from error
    seed = found.pop("seed", 1)
    if type(seed) is not int or seed < 0:
        raise ConfigError(f"{source}: seed: {seed!r} is not a whole number from 0 on")
    if unknown := set(found) - set(_PARTS):
        raise ConfigError(f"{source}: [{min(unknown)}] is none of {', '.join(_PARTS)}")
    made = {name: _part(str(source), name, kind, found.get(name, {})) for name, kind in _PARTS.items()}
    config = Config(**made, seed=seed)
    if config.lm.latent != config.codec.dimension or config.lm.levels != config.codec.levels:
        raise ConfigError(f"{source}: [lm] latent and levels must be the codec's dimension and levels")
    return config


def _part(source: str, name: str, kind: Any, given: dict[str, Any]) -> Any:
    wanted = {field.name: field.type for field in fields(kind)}
    for key, value in given.items():
        if key not in wanted:
            raise ConfigError(f"{source}: [{name}] {key} is none of {', '.join(wanted)}")
        is_right = type(value) in ((int, float) if wanted[key] is float else (int,))
        if not is_right or value < 0:
            raise ConfigError(f"{source}: [{name}] {key}: {value!r} is not a number from 0 on")
    try:
        return kind(**given)
    except ValueError as error:
        raise ConfigError(f"{source}: [{name}] {error}") from error
