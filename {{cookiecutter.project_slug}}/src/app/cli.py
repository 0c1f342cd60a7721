"""The `app` command: the service's own commands and those that its features contribute."""

import sys
from collections.abc import Callable, Iterable

import typer
from alembic.util import CommandError
from rich.console import Console

from app.commands.target import DatabaseUnreachable, RedisUnreachable
from app.core.feature import Feature, contributions
from app.core.migrations import SeveralHeads
from app.core.settings import UnsafeSettings
from app.embedded.postgres import EmbeddedPostgresUnavailable
from app.embedded.valkey import EmbeddedValkeyUnavailable

REFUSALS = (
    UnsafeSettings,
    DatabaseUnreachable,
    RedisUnreachable,
    EmbeddedPostgresUnavailable,
    EmbeddedValkeyUnavailable,
    SeveralHeads,
    CommandError,
)


def main() -> None:
    """What people can mend is told in a sentence; only bugs show a traceback."""
    try:
        # Not at the top: composing the application reads settings, and may refuse them.
        from app.main import FEATURES  # noqa: PLC0415

        assembled(FEATURES)()
    except REFUSALS as refusal:
        Console(stderr=True).print(str(refusal), style="red", markup=False, soft_wrap=True)
        sys.exit(1)


def assembled(features: Iterable[Feature]) -> typer.Typer:
    """The whole command line of a service with these features."""
    from app.commands import (  # noqa: PLC0415 - see `main`
        cache,
        check,
        db,
        dev,
        migrate,
        openapi,
        purge,
        routes,
        serve,
    )

    app = typer.Typer(
        name="app", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False
    )
    app.callback()(describe)
    own: list[Callable[..., None]] = [
        dev.dev,
        serve.serve,
        migrate.migrate,
        migrate.revision,
        migrate.downgrade,
        db.db,
        check.check,
        routes.routes,
        openapi.openapi,
        purge.purge,
    ]
    for command in own:
        relative = command is migrate.downgrade  # takes `-1`, which is no option
        app.command(context_settings={"ignore_unknown_options": relative})(command)
    for commands in [cache.commands, *contributions(features, "COMMANDS", typer.Typer)]:
        app.add_typer(commands)
    return app


def describe() -> None:
    """Run, inspect and look after the service."""
