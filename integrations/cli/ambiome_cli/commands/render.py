"""`ambiome render`: a score or a token file to WAV, without a server."""

import io
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from ambiome_protocol.steps import STEP_SAMPLES

from ambiome_cli.choices import BiomeFolder, Device, LayoutName, RendererName
from ambiome_cli.exits import Exit, Problem, require
from ambiome_cli.inputs import PIPE, parse_score, read_biomes, read_bytes, shown_name, writing
from ambiome_cli.progress import note, progress
from ambiome_cli.wav import WavFormat, WavWriter
from ambiome_cli.weights import Weights, folder_if

if TYPE_CHECKING:
    from ambiome_middleware.token_file import TokenFile


def render(
    source: Annotated[
        str, typer.Argument(metavar="SCORE", help="A score (JSON Lines), a token file or preset:NAME; - is stdin.")
    ],
    target: Annotated[str, typer.Argument(metavar="OUT.wav", help="The WAV file to write; - is stdout.")],
    seconds: Annotated[float | None, typer.Option(help="How long. \\[default: until 10 s after the last line]")] = None,
    seed: Annotated[int | None, typer.Option(help="Decides what is left to chance. \\[default: 0]")] = None,
    layout: Annotated[LayoutName | None, typer.Option(help="Loudspeakers. \\[default: stereo]")] = None,
    device: Annotated[Device, typer.Option(help="What renders.")] = Device.AUTO,
    format: Annotated[WavFormat, typer.Option(help="How samples are stored.")] = WavFormat.PCM24,
    save_tokens: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Write the token frames too: they render to the same bytes again."),
    ] = None,
    biomes: BiomeFolder = None,
    renderer: Annotated[
        RendererName, typer.Option(help="Who makes sound of the scene; neural is learned.")
    ] = RendererName.PROCEDURAL,
    weights: Weights = None,
) -> None:
    """Render a score, or a token file, to a WAV file.

    With a token file, --seconds, --seed and --layout may only say what the file says, and --biomes only where
    the profiles lie that it was made with.
    """
    folder = folder_if(renderer is RendererName.NEURAL, "--renderer neural", weights)
    require("server")
    from ambiome_middleware import offline, token_file
    from ambiome_middleware.jit import is_compiled

    _check_apart(source, target, save_tokens)
    recording = _recording(source, seconds, seed, layout, biomes)
    samples = len(recording.rows) * STEP_SAMPLES
    with ExitStack() as files:
        stream = files.enter_context(writing(target))
        if save_tokens is not None:
            files.enter_context(writing(save_tokens)).write(token_file.to_bytes(recording))
        if not (is_compiled() and (renderer is RendererName.PROCEDURAL or is_compiled("decoding"))):
            note("compiling the renderer for this machine: once, about half a minute")
        show = files.enter_context(progress("rendering"))
        wav = WavWriter(stream, recording.layout, samples, format)
        try:
            blocks = offline.play(recording, device.value, show, biomes, renderer.value, folder)
            for block in blocks:
                wav.write(block)
        except ValueError as error:
            raise Problem(Exit.BAD_INPUT, str(error)) from error
        wav.close()


def _check_apart(source: str, target: str, save_tokens: str | None) -> None:
    """Problem (exit 4) where two things were to be written to one file, or one over the score."""
    read, sound, tokens = (
        name and (name if name == PIPE else Path(name).resolve()) for name in (source, target, save_tokens)
    )
    if read != PIPE and read in (sound, tokens):
        raise Problem(Exit.BAD_INPUT, f"{source} is what is read: name another file to write to")
    if sound == tokens:
        raise Problem(Exit.BAD_INPUT, f"--save-tokens {save_tokens} is where the sound goes: name another file")


def _recording(
    source: str, seconds: float | None, seed: int | None, layout: LayoutName | None, biomes: Path | None
) -> "TokenFile":
    """What is to be heard: read, or made of a score. Problem (exit 4) for a broken one or an option that cannot be."""
    from ambiome_middleware import offline, token_file
    from ambiome_middleware.remap import ColumnError

    data = read_bytes(source)
    try:
        if data.startswith(token_file.MAGIC):
            held = token_file.parse(io.BytesIO(data))
            return offline.recording_of(held, seconds, seed, layout.value if layout else None, biomes)
        changes = parse_score(data, source, read_biomes(biomes))
        return offline.recording_of(changes, seconds, seed, layout.value if layout else None, biomes)
    except (token_file.TokenFileError, ColumnError) as error:
        raise Problem(Exit.BAD_INPUT, f"{shown_name(source)}: {error}") from error
    except ValueError as error:
        raise Problem(Exit.BAD_INPUT, str(error)) from error
