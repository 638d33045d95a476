"""`ambiome learn`: recordings to a profile, and a place of one's own."""

import re
from pathlib import Path
from typing import Annotated, Final

import typer

from ambiome_cli.exits import Exit, Problem, require
from ambiome_cli.inputs import make_folder, writing
from ambiome_cli.progress import note

MOST: Final = 5
"""Levels of a profile: recordings beyond that are to be learned together."""
BIOME: Final = """\
# A place learned from a recording: `ambiome render SCORE OUT.wav --biomes THIS_FOLDER` plays it where a score says
# {{"world": {{"location": {{"biome": "{name}"}}}}}}. It may be mixed with all that other biomes have; see [own] there.
[own]
profile = "{name}"
level = 0.8
"""


def learn(
    files: Annotated[list[Path], typer.Argument(metavar="RECORDING…", help="Sound files, from soft to intense.")],
    voice: Annotated[str, typer.Option(help="What they teach: a place, or a voice's texture.")] = "place",
    name: Annotated[str, typer.Option(help="The place's name. \\[default: the first file's]")] = "",
    out: Annotated[Path, typer.Option(metavar="DIR|FILE", help="Folder of biomes, or the profile's file.")] = Path(),
    title: Annotated[str, typer.Option(help="What the recordings are. \\[default: their files' names]")] = "",
    author: Annotated[str, typer.Option(help="Who made them.")] = "",
    licence: Annotated[str, typer.Option(help="Under which licence they are.")] = "",
    together: Annotated[bool, typer.Option("--together", help="All are of one intensity.")] = False,
    rounds: Annotated[int, typer.Option(min=0, max=20, help="Rounds of rendering and correcting.")] = 5,
) -> None:
    """Learn a texture from recordings: measure it, render it, and correct it until the two agree.

    Writes NAME.profile.toml and, for a place, NAME.toml, the biome that plays it (unless there is one).
    """
    require("server", "tools")
    from ambiome_middleware.analysis.learn import files as sounds
    from ambiome_middleware.analysis.learn.learn import learned
    from ambiome_middleware.analysis.learn.loop import closed
    from ambiome_middleware.analysis.learn.material import Anchor
    from ambiome_middleware.analysis.learn.writing import to_text
    from ambiome_middleware.sound.profile import PLACE, read_profile
    from ambiome_middleware.sound.voices import taught

    if voice not in (allowed := (PLACE, *sorted(taught()))):
        raise Problem(Exit.USAGE, f"--voice: {voice!r} is none of {', '.join(allowed)}")
    if len(files) > MOST and not together:
        raise Problem(Exit.USAGE, f"{len(files)} recordings are more than {MOST} levels; with --together they are one")
    name = _name(name or files[0].stem)
    target = out if out.suffix == ".toml" else out / f"{name}.profile.toml"
    material = []
    try:
        for file in files:
            each, judgement = sounds.read(file, sounds.Whose(title, author, licence))
            for warning in judgement.warnings:
                typer.echo(f"{file}: {warning}", err=True)
            material.append(each)
    except sounds.LearnError as error:
        raise Problem(Exit.BAD_INPUT, str(error)) from error
    groups = [tuple(material)] if together else [(each,) for each in material]
    anchors = [Anchor((at + 1) / (len(groups) + 1), group) for at, group in enumerate(groups)]
    note("measuring")
    profile = learned(voice, name, anchors)
    if rounds:
        note("rendering and correcting")
        profile, distances = closed(profile, rounds)
    text = to_text(profile)
    read_profile(text, target.name)
    make_folder(target.parent)
    with writing(str(target)) as stream:
        stream.write(text.encode())
    seconds = sum(each.seconds for each in material)
    typer.echo(f"{target}: {voice} from {seconds:.0f} s, {len(profile.levels)} level(s), {len(profile.grains)} grains")
    if rounds:
        typer.echo(f"distance of its render from them: {min(distances):.2f}; uncorrected {distances[0]:.2f}")
    biome = target.parent / f"{name}.toml"
    if voice == PLACE and out.suffix != ".toml" and not biome.exists():
        with writing(str(biome)) as stream:
            stream.write(BIOME.format(name=name).encode())
        typer.echo(f"{biome}: the biome that plays it")


def _name(typed: str) -> str:
    """A name that a file, a biome and a score can have: small letters, digits and underscores."""
    name = re.sub(r"[^a-z0-9]+", "_", typed.lower()).strip("_")[:40]
    if not name:
        raise Problem(Exit.USAGE, f"--name: {typed!r} holds no letter a … z and no digit")
    return name
