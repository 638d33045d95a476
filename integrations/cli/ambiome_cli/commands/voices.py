"""`ambiome voices`: what can sound, and a picture of each."""

from pathlib import Path
from typing import Annotated

import typer

from ambiome_cli.exits import require


def voices(
    sheet: Annotated[
        Path | None, typer.Option(help="Draw each voice at 10, 50 and 90 % of its main control into this folder.")
    ] = None,
) -> None:
    """List the voices with the scene parameters that control them, or draw them."""
    if sheet is None:
        _list()
        return
    require("server")
    from ambiome_middleware.analysis.sheet import draw_sheets

    sheet.mkdir(parents=True, exist_ok=True)
    for path in draw_sheets(sheet):
        typer.echo(path)


def _list() -> None:
    from ambiome_middleware.tokens import SCENE
    from ambiome_protocol.lists import VOICES
    from rich.console import Console
    from rich.table import Table

    table = Table(show_edge=False, pad_edge=False)
    for heading in ("voice", "parameter", "unit", "range", "meaning"):
        table.add_column(heading)
    for voice in VOICES:
        name = voice
        for parameter in SCENE:
            if parameter.name.startswith(f"{voice}_"):
                span = f"{parameter.low:g} … {parameter.high:g}"
                table.add_row(name, parameter.name, parameter.unit, span, parameter.meaning)
                name = ""
        if name:
            table.add_row(name, "", "", "", "by events only")
        table.add_section()
    Console().print(table)
