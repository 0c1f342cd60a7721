"""`app openapi`: the contract as a document."""

import json
from pathlib import Path
from typing import Annotated

import typer

from app.commands.breaking import breaking
from app.core.migrations import ROOT
from app.main import create_app

_WAY_OUT = (
    "This breaks clients: keep what was and add the new beside it, or under /api/v2. If all of them"
    " have agreed, compare with the commit that breaks it: nox -s openapi -- HEAD"
)


def openapi(
    *,
    write: Annotated[bool, typer.Option("--write", help="Into openapi.json.")] = False,
    since: Annotated[
        Path | None, typer.Option(help="Name what breaks clients of this one.")
    ] = None,
) -> None:
    """Print the OpenAPI document, or keep it beside the code to see changes in review."""
    if write:
        keep(ROOT)
    elif since:
        broken = list(breaking(json.loads(since.read_text("utf-8")), create_app().openapi()))
        for sentence in broken:
            typer.echo(sentence)
        if broken:
            typer.echo(_WAY_OUT, err=True)
        raise typer.Exit(int(bool(broken)))
    else:
        typer.echo(document(), nl=False)


def keep(folder: Path) -> None:
    """Writes openapi.json there; the same code always writes the same bytes."""
    (folder / "openapi.json").write_text(document(), encoding="utf-8")


def document() -> str:
    """Indented JSON with sorted keys, so that a change of the code is a small one here."""
    return json.dumps(create_app().openapi(), indent=2, sort_keys=True) + "\n"
