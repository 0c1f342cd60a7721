"""`app migrate`, `revision` and `downgrade`: the database's structure and its history."""

from typing import Annotated

import typer
from alembic import command

from app.commands.target import database
from app.core.migrations import config, require_one_head


def migrate(
    *, sql: Annotated[bool, typer.Option("--sql", help="Print the statements instead.")] = False
) -> None:
    """Bring the database to the newest revision; safe to run from several replicas at once."""
    require_one_head()
    if sql:
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
        command.merge(config(), "heads", message=message)
        return
    require_one_head()
    with database():
        if not empty:
            command.upgrade(config(), "head")
        command.revision(config(), message=message, autogenerate=not empty)


def downgrade(
    target: Annotated[str, typer.Argument(help="A revision, `-1` for one back, or `base`.")],
) -> None:
    """Take revisions back, data included."""
    with database():
        command.downgrade(config(), target)
