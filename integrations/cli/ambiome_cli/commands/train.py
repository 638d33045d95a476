"""`ambiome train`: the learned renderer's codec and then its model, from recordings and renders of random worlds."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ambiome_cli.choices import SOUNDS, Sounds
from ambiome_cli.exits import Exit, Problem, require
from ambiome_cli.progress import note, progress

if TYPE_CHECKING:
    from ambiome_middleware.training.config import Config
    from ambiome_middleware.training.material import Clip
    from ambiome_middleware.training.trainer import Trainer

app = typer.Typer(help="Teach the learned renderer: first its codec, then its model.", no_args_is_help=True)

Out = Annotated[Path, typer.Argument(metavar="DIR", help="Where the training stands; goes on if it does.")]
Named = Annotated[str, typer.Option(metavar="NAME|FILE", help="cpu, gpu, or a file of your own.")]
Seconds = Annotated[
    float | None, typer.Option(min=0.0, help="Stop after so long. \\[default: when all steps are done]")
]
On = Annotated[str, typer.Option(help="What trains: cpu or cuda.")]


@app.command()
def codec(
    out: Out, config: Named = "cpu", sounds: Sounds = SOUNDS, seconds: Seconds = None, device: On = "cpu"
) -> None:
    """Train the codec: writes codec.safetensors and the curve codec.png into DIR."""
    require("server", "tools", "neural")
    from ambiome_middleware.neural.codec import save
    from ambiome_middleware.training.codec import CodecTrainer
    from ambiome_middleware.training.curve import draw
    from ambiome_middleware.training.material import Pieces

    with _said():
        chosen = _config(config)
        recorded, rendered = _material(chosen, sounds)
        share = chosen.data.recordings
        trainer = CodecTrainer(chosen, Pieces([(share, recorded), (1.0 - share, rendered)], chosen.seed), out, device)
        _run(trainer, "codec", chosen.train_codec.steps, seconds)
    state = {name: value.half().cpu() for name, value in trainer.model.state_dict().items()}
    save(out / "codec.safetensors", chosen.codec, state, {"steps": str(trainer.step)})
    draw(trainer.losses, out / "codec.png", f"codec, {trainer.step:,} steps")
    typer.echo(f"{out / 'codec.safetensors'}: {trainer.step:,} of {chosen.train_codec.steps:,} steps")


@app.command()
def lm(out: Out, config: Named = "cpu", sounds: Sounds = SOUNDS, seconds: Seconds = None, device: On = "cpu") -> None:
    """Train the model over the codec that DIR holds: writes lm.safetensors and the curve lm.png into it."""
    require("server", "tools", "neural")
    from ambiome_middleware.neural.codec import Codec
    from ambiome_middleware.training.curve import draw
    from ambiome_middleware.training.lm import LmTrainer, spoken

    with _said():
        chosen = _config(config)
        if not (out / "codec.safetensors").exists():
            raise Problem(Exit.BAD_INPUT, f"{out} holds no codec.safetensors: ambiome train codec {out}")
        speaker = Codec.load(out / "codec.safetensors")
        recorded, rendered = _material(chosen, sounds)
        with progress("encoding") as show:
            material = spoken([*recorded, *rendered], speaker, show)
        trainer = LmTrainer(chosen, speaker, material, out, device)
        _run(trainer, "model", chosen.train_lm.steps, seconds)
    trainer.model.save(out / "lm.safetensors", {"steps": str(trainer.step)})
    draw(trainer.losses, out / "lm.png", f"model, {trainer.step:,} steps")
    typer.echo(f"{out / 'lm.safetensors'}: {trainer.step:,} of {chosen.train_lm.steps:,} steps")


def _config(name: str) -> "Config":
    from ambiome_middleware.training.config import read

    return read(name)


def _material(config: "Config", sounds: Path) -> "tuple[list[Clip], list[Clip]]":
    """The recordings and the renders. Problem (exit 4) for a folder without a manifest."""
    from ambiome_middleware.training import material

    if not (sounds / "manifest.csv").is_file():
        raise Problem(Exit.BAD_INPUT, f"{sounds / 'manifest.csv'}: no such file; --sounds names its folder")
    note("measuring the recordings")
    recorded = material.from_recordings(sounds)
    count = round(config.data.renders_s / config.data.render_s)
    with progress("rendering") as show:
        worlds = material.from_worlds(count, config.data.render_s, config.seed, show)
    return recorded, [*worlds, *material.from_voices(config.data.voices_s, config.seed)]


def _run(trainer: "Trainer", what: str, steps: int, seconds: float | None) -> None:
    with progress(f"training the {what}") as show:
        trainer.run(seconds=seconds, progress=lambda step, losses: show(step / steps))


@contextmanager
def _said() -> Iterator[None]:
    """What a configuration, a state or a file of weights says of itself, as the command's own line."""
    from ambiome_middleware.neural.files import WeightsError
    from ambiome_middleware.training.config import ConfigError
    from ambiome_middleware.training.state import StateError

    try:
        yield
    except (ConfigError, StateError, WeightsError) as error:
        raise Problem(Exit.BAD_INPUT, str(error)) from error
