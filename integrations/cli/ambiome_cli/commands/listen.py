"""`ambiome listen`: a running server through the sound card."""

from collections.abc import Sequence
from types import ModuleType
from typing import Annotated

import typer
from ambiome_client import DEFAULT_ADDRESS, Ambience, Playback
from ambiome_protocol.audio import stereo_decode
from ambiome_protocol.messages import Change
from ambiome_protocol.score import told
from ambiome_protocol.steps import SAMPLE_RATE_HZ, STEP_SAMPLES, step_at

from ambiome_cli.addresses import session_at
from ambiome_cli.choices import LayoutName, OwnKey, RendererName, ServerKey, zone_key_of
from ambiome_cli.exits import Exit, Problem, require
from ambiome_cli.inputs import read_bytes, score_lines
from ambiome_cli.progress import note

BUFFER_STEPS = 5


def listen(
    address: Annotated[str, typer.Argument(help="Where the server is.")] = DEFAULT_ADDRESS,
    score: Annotated[str | None, typer.Option(help="A score, or preset:NAME, instead of the place below.")] = None,
    biome: Annotated[str, typer.Option(help="The place.")] = "temperate_forest",
    hour: Annotated[float, typer.Option(min=0, max=24, help="The time of day.")] = 6.5,
    rain: Annotated[float, typer.Option(min=0, max=200, help="Rain in mm/h.")] = 0.0,
    wind: Annotated[float, typer.Option(min=0, max=60, help="Wind in m/s.")] = 3.0,
    seed: Annotated[int, typer.Option(min=0, help="Decides what is left to chance.")] = 0,
    layout: Annotated[LayoutName, typer.Option(help="Loudspeakers.")] = LayoutName.STEREO,
    renderer: Annotated[RendererName, typer.Option(help="Who makes the sound; neural where the server offers it.")] = (
        RendererName.PROCEDURAL
    ),
    zone: Annotated[
        str | None, typer.Option(help="A place that many share, by name; it is opened where there is none.")
    ] = None,
    zone_key: Annotated[
        str | None, typer.Option(metavar="HEX", help="What makes an owner of it, whose place and score are heard.")
    ] = None,
    seconds: Annotated[float | None, typer.Option(min=0, help="How long. \\[default: until Ctrl-C]")] = None,
    server_key: ServerKey = None,
    key: OwnKey = None,
) -> None:
    """Hear a running server through the sound card."""
    changes = told(score_lines(read_bytes(score), score)) if score is not None else ()
    card = sound_card()
    with session_at(
        address,
        seed=seed,
        layout=layout.value,
        renderer=renderer.value,
        buffer_steps=BUFFER_STEPS,
        zone=zone,
        zone_key=zone_key_of(zone, zone_key),
        server_key=server_key,
        key=key,
    ) as ambience:
        is_owner = zone is None or ambience.zone_key is not None
        if not is_owner:
            note(f"the zone {zone} is as its owners tell: place and score are left out")
            changes = ()
        elif zone is not None:
            note(f"an owner of the zone {zone}; who has its key is another one: {(ambience.zone_key or b'').hex()}")
        if is_owner and score is None:
            ambience.world(
                weather={"rain_mm_h": rain, "wind_m_s": wind}, location={"biome": biome}, time={"hour": hour}, cut=True
            )
        play(ambience, card, changes, seconds)


def play(ambience: Ambience, card: ModuleType, changes: Sequence[Change], seconds: float | None) -> None:
    """Plays until the time is over or the program is interrupted, telling each change shortly before its time.

    A sound card has loudspeakers: ambisonics is decoded to two. While the server is away there is silence, between two
    fades.
    """
    waiting = list(changes)
    end_step = None if seconds is None else step_at(seconds)
    step = 0
    playback = Playback(ambience)
    is_ambisonic = ambience.layout == "ambisonics"
    channels = 2 if is_ambisonic else ambience.channels
    try:
        with card.OutputStream(
            samplerate=SAMPLE_RATE_HZ, channels=channels, dtype="float32", blocksize=STEP_SAMPLES
        ) as stream:
            while end_step is None or step < end_step:
                while waiting and step_at(float(waiting[0].at or 0.0)) <= step + 2 * BUFFER_STEPS:
                    ambience.tell(waiting.pop(0))
                frame = playback.next()
                stream.write((stereo_decode(frame) if is_ambisonic else frame).T.copy())
                step += 1
    except KeyboardInterrupt:
        return
    except card.PortAudioError as error:
        raise Problem(Exit.BAD_INPUT, f"the sound card does not play: {error}") from error


def sound_card() -> ModuleType:
    """The sounddevice module, with an output to play to. Problem where it (exit 3) or a card (exit 4) is missing."""
    require("audio")
    try:
        import sounddevice
    except OSError as error:
        line = "no way to a sound card: the PortAudio library is missing (on Debian: apt-get install libportaudio2)"
        raise Problem(Exit.BAD_INPUT, line) from error
    try:
        sounddevice.query_devices(kind="output")
    except (sounddevice.PortAudioError, ValueError) as error:
        raise Problem(Exit.BAD_INPUT, "this machine has no sound card to play through") from error
    card: ModuleType = sounddevice
    return card
