"""`app openapi`: the contract as a document."""

import json
from pathlib import Path
from typing import Annotated

import typer

from app.core.migrations import ROOT
from app.main import create_app


def openapi(
    *, write: Annotated[bool, typer.Option("--write", help="Into openapi.json.")] = False
) -> None:
    """Print the OpenAPI document, or keep it beside the code to see changes in review."""
    if write:
        keep(ROOT)
    else:
        typer.echo(document(), nl=False)


def keep(folder: Path) -> None:
    """Writes openapi.json there; the same code always writes the same bytes."""
    (folder / "openapi.json").write_text(document(), encoding="utf-8")


def document() -> str:
    """Indented JSON with sorted keys, so that a change of the code is a small one here."""
    return json.dumps(create_app().openapi(), indent=2, sort_keys=True) + "\n"
