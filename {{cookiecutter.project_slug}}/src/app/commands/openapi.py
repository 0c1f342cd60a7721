"""`app openapi`: the contract as a document."""

import json
from typing import Annotated

import typer

from app.core.migrations import ROOT
from app.main import create_app


def openapi(
    *, write: Annotated[bool, typer.Option("--write", help="Into openapi.json.")] = False
) -> None:
    """Print the OpenAPI document, or keep it beside the code to see changes in review."""
    document = json.dumps(create_app().openapi(), indent=2, sort_keys=True) + "\n"
    if write:
        (ROOT / "openapi.json").write_text(document, encoding="utf-8")
    else:
        typer.echo(document, nl=False)
