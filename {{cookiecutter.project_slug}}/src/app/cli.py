"""The `app` command: the service's own commands and those that its features contribute."""

import sys
from collections.abc import Iterable
from pkgutil import resolve_name

import typer
from rich.console import Console

from app.core.feature import Feature, contributions
from app.core.settings import UnsafeSettings

# By name, and each imported when it is asked for: Alembic, which some need, takes 0.15 s and 7 MB.
OWN = {
    "dev": "app.commands.dev:dev",
    "serve": "app.commands.serve:serve",
    "migrate": "app.commands.migrate:migrate",
    "revision": "app.commands.migrate:revision",
    "downgrade": "app.commands.migrate:downgrade",
    "db": "app.commands.db:db",
    "check": "app.commands.check:check",
    "routes": "app.commands.routes:routes",
    "openapi": "app.commands.openapi:openapi",
    "purge": "app.commands.purge:purge",
    "cache": "app.commands.cache:commands",
}


def main() -> None:
    """What people can mend is told in a sentence; only bugs show a traceback."""
    try:
        # Not at the top: composing the application reads settings, and may refuse them.
        from app.main import FEATURES  # noqa: PLC0415

        assembled(FEATURES, *sys.argv[1:2])()
    except Exception as error:
        if not isinstance(error, refusals()):
            raise
        Console(stderr=True).print(str(error), style="red", markup=False, soft_wrap=True)
        sys.exit(1)


def refusals() -> tuple[type[Exception], ...]:
    """Looked up when there is one, as they come with what refuses."""
    from alembic.util import CommandError  # noqa: PLC0415

    from app.commands.target import DatabaseUnreachable, RedisUnreachable  # noqa: PLC0415
    from app.core.migrations import SeveralHeads  # noqa: PLC0415
    from app.embedded.postgres import EmbeddedPostgresUnavailable  # noqa: PLC0415
    from app.embedded.valkey import EmbeddedValkeyUnavailable  # noqa: PLC0415

    return (
        UnsafeSettings,
        DatabaseUnreachable,
        RedisUnreachable,
        EmbeddedPostgresUnavailable,
        EmbeddedValkeyUnavailable,
        SeveralHeads,
        CommandError,
    )


def assembled(features: Iterable[Feature], wanted: str | None = None) -> typer.Typer:
    """The command line of a service with these features; of its own commands all, or `wanted`."""
    app = typer.Typer(
        name="app", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False
    )
    app.callback()(describe)
    for name in [wanted] if wanted in OWN else OWN:
        found = resolve_name(OWN[name])
        if isinstance(found, typer.Typer):
            app.add_typer(found)
        else:
            relative = name == "downgrade"  # takes `-1`, which is no option
            app.command(name, context_settings={"ignore_unknown_options": relative})(found)
    for commands in contributions(features, "COMMANDS", typer.Typer):
        app.add_typer(commands)
    return app


def describe() -> None:
    """Run, inspect and look after the service."""
