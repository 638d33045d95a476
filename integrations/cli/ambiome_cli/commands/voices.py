"""`ambiome voices`: what can sound, and a picture of each."""

from pathlib import Path
from typing import Annotated

import typer

from ambiome_cli.choices import Device
from ambiome_cli.exits import require
from ambiome_cli.tables import print_table


def voices(
    sheet: Annotated[
        Path | None,
        typer.Option(file_okay=False, help="Draw each voice at 10, 50 and 90 % of its main control into this folder."),
    ] = None,
    device: Annotated[Device, typer.Option(help="What renders.")] = Device.AUTO,
) -> None:
    """List the voices with the scene parameters that control them, or draw them."""
    if sheet is None:
        headings = ("voice", "parameter", "unit", "range", "meaning")
        print_table("", headings, _rows())
        return
    require("server")
    from ambiome_middleware.analysis.sheet import draw_sheets

    for path in draw_sheets(sheet, device=device.value):
        typer.echo(path)


def _rows() -> list[tuple[str, str, str, str, str]]:
    from ambiome_middleware.tokens import SCENE
    from ambiome_protocol.lists import VOICES

    rows: list[tuple[str, str, str, str, str]] = []
    for voice in VOICES:
        own = [parameter for parameter in SCENE if parameter.name.startswith(f"{voice}_")]
        for index, parameter in enumerate(own):
            span = f"{parameter.low:g} … {parameter.high:g}"
            rows.append(("" if index else voice, parameter.name, parameter.unit, span, parameter.meaning))
    return rows
