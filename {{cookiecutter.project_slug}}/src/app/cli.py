"""The `app` command: the service's own commands and those that its features contribute."""

import sys

import typer
from rich.console import Console

from app.commands.check import check
from app.commands.db import db
from app.commands.dev import dev
from app.commands.migrate import downgrade, migrate, revision
from app.commands.openapi import openapi
from app.commands.purge import purge
from app.commands.routes import routes
from app.commands.serve import serve
from app.core.feature import contributions
from app.core.migrations import SeveralHeads
from app.core.settings import UnsafeSettings
from app.embedded.postgres import EmbeddedPostgresUnavailable
from app.main import FEATURES

app = typer.Typer(
    name="app", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False
)
for command in (dev, serve, migrate, revision, downgrade, db, check, routes, openapi, purge):
    app.command()(command)
for commands in contributions(FEATURES, "COMMANDS", typer.Typer):
    app.add_typer(commands)


@app.callback()
def describe() -> None:
    """Run, inspect and look after the service."""


def main() -> None:
    """What people can mend is told in a sentence; only bugs show a traceback."""
    try:
        app()
    except (UnsafeSettings, SeveralHeads, EmbeddedPostgresUnavailable) as refusal:
        Console(stderr=True).print(str(refusal), style="red", markup=False)
        sys.exit(1)
