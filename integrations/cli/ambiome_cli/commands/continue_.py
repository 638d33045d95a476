"""`ambiome continue`: a recording's place, going on after its end."""

from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from ambiome_cli.exits import Exit, Problem, require
from ambiome_cli.inputs import writing
from ambiome_cli.progress import note, progress
from ambiome_cli.wav import WavFormat, WavWriter
from ambiome_cli.weights import Weights, folder_of

MOST_S = 600.0


def continue_(
    recording: Annotated[Path, typer.Argument(metavar="RECORDING", help="A sound file; its last seconds are heard.")],
    target: Annotated[str, typer.Argument(metavar="OUT.wav", help="The WAV file to write; - is stdout.")],
    seconds: Annotated[float, typer.Option(min=0.1, max=MOST_S, help="How long it goes on.")] = 30.0,
    heard: Annotated[float, typer.Option(min=2.0, max=20.0, help="How many of its last seconds are heard.")] = 4.0,
    voice: Annotated[str, typer.Option(help="What it is, like rain or surf. \\[default: as it sounds]")] = "",
    seed: Annotated[int, typer.Option(min=0, help="Decides what is left to chance.")] = 0,
    format: Annotated[WavFormat, typer.Option(help="How samples are stored.")] = WavFormat.PCM24,
    weights: Weights = None,
) -> None:
    """Let a recording go on: its last seconds go into the learned renderer, and the place comes out of it.

    OUT.wav holds those seconds, and after them what was never recorded.
    """
    require("server", "tools", "neural")
    folder = folder_of(weights)
    from ambiome_middleware.analysis import measured
    from ambiome_middleware.analysis.learn.files import LearnError, decoded
    from ambiome_middleware.neural.codec import Codec
    from ambiome_middleware.neural.continuation import continued
    from ambiome_middleware.neural.files import CODEC, LM, WeightsError
    from ambiome_middleware.neural.lm import Lm

    voices = sorted(set(measured.VOICES.values()))
    if voice and voice not in voices:
        raise Problem(Exit.USAGE, f"--voice: {voice!r} is none of {', '.join(voices)}")
    try:
        audio, _, _ = decoded(recording, heard, is_end=True)
        codec = Codec.load(folder / CODEC)
        lm = Lm.load(folder / LM, codec.codebooks())
        sound = np.asarray(audio, np.float32)
        note("listening to the recording")
        told = measured.heard_as(voice, sound) if voice else measured.heard(sound)
        note(f"it sounds like {told.voice}, at {told.share:.0%} of its range")
        with progress("going on") as show:
            whole = continued(codec, lm, sound, told.row, told.gain_db, seconds, seed=seed, progress=show)
    except (LearnError, WeightsError, ValueError) as error:
        raise Problem(Exit.BAD_INPUT, str(error)) from error
    with writing(target) as stream:
        wav = WavWriter(stream, "stereo" if len(whole) == 2 else "mono", whole.shape[1], format)
        wav.write(whole)
        wav.close()
