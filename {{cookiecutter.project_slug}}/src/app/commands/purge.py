"""`app purge`: deletes what is past its time."""

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated

import typer

from app.commands.target import database
from app.core.database import Database
from app.core.feature import Purge, contributions
from app.main import FEATURES


def purge(
    batch: Annotated[int, typer.Option(min=1, help="Rows deleted in one transaction.")] = 1000,
) -> None:
    """Delete expired rows, a batch at a time, so that no lock is held for long."""
    with database():
        counts = asyncio.run(_configured(contributions(FEATURES, "PURGES", Purge), batch))
    for line in report(counts):
        typer.echo(line)


def report(counts: Mapping[str, int]) -> Iterator[str]:
    """A line for each purge; a service without any says so."""
    if not counts:
        yield "No feature of this service keeps rows that expire."
    for name, count in counts.items():
        yield f"{name}: {count} deleted"


async def _configured(purges: Iterable[Purge], size: int) -> dict[str, int]:
    async with Database.configured() as database:
        return await run(purges, database, size)


async def run(purges: Iterable[Purge], database: Database, size: int) -> dict[str, int]:
    """How many rows each purge deleted, in batches of `size` until one stays short."""
    counts = {}
    for each in purges:
        counts[each.name] = 0
        deleted = size
        while deleted == size:
            deleted = await each.batch(database, size)
            counts[each.name] += deleted
    return counts
