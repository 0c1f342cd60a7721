"""`app migrate`, `revision` and `downgrade`: the database's structure and its history."""

import logging
from typing import Annotated

import typer
from alembic import command
from alembic.operations.ops import MigrationScript
from alembic.runtime.migration import MigrationContext

from app.commands.target import database
from app.core.migrations import config, heads, require_one_head


def migrate(
    *, sql: Annotated[bool, typer.Option("--sql", help="Print the statements instead.")] = False
) -> None:
    """Bring the database to the newest revision; safe to run from several replicas at once."""
    require_one_head()
    if sql:
        logging.getLogger("alembic").setLevel(logging.WARNING)  # the output is for statements
        command.upgrade(config(), "head", sql=True)
        return
    with database():
        command.upgrade(config(), "head")


def revision(
    message: Annotated[str, typer.Option("-m", "--message", help="What it does, in a few words.")],
    *,
    empty: Annotated[bool, typer.Option("--empty", help="To be filled in by hand.")] = False,
    merge: Annotated[bool, typer.Option("--merge", help="Join all heads into one.")] = False,
) -> None:
    """Write a revision: what the models have that the migrated database has not."""
    if merge:
        _merge(message)
        return
    require_one_head()
    if empty:
        command.revision(config(), message=message)
        return
    with database():
        command.upgrade(config(), "head")
        written = command.revision(
            config(), message, autogenerate=True, process_revision_directives=_drop_empty
        )
    if not written:
        typer.echo("Nothing to write: the models have nothing new. To write SQL by hand: --empty")


def downgrade(
    target: Annotated[str, typer.Argument(help="A revision, `-1` for one back, or `base`.")],
) -> None:
    """Take revisions back, data included."""
    with database():
        command.downgrade(config(), target)


def _merge(message: str) -> None:
    if len(found := heads()) < 2:  # noqa: PLR2004 - a merge is of two
        raise typer.BadParameter(
            f"--merge joins several newest revisions; here is one: {', '.join(found)}"
        )
    command.merge(config(), "heads", message=message)


def _drop_empty(_: MigrationContext, __: object, scripts: list[MigrationScript]) -> None:
    if all(script.upgrade_ops and script.upgrade_ops.is_empty() for script in scripts):
        scripts.clear()
