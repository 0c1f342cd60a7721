"""`app cache`: fills the cache before the first visitors come, or empties it."""

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

import typer

from app.commands import target
from app.core.cache import Cache
from app.core.database import Database
from app.core.feature import Warmup, contributions
from app.core.redis import Redis
from app.embedded import valkey
from app.main import FEATURES

commands = typer.Typer(
    name="cache", help="Fill the cache, or empty it.", no_args_is_help=True, add_completion=False
)


@commands.command()
def warm() -> None:
    """Load what most visitors look at first, so that none of them waits for it."""
    with _redis(), target.database():
        counts = asyncio.run(_warmed(contributions(FEATURES, "WARMUPS", Warmup)))
    for line in report(counts):
        typer.echo(line)


@commands.command()
def clear() -> None:
    """Make everything in the cache worthless, for every process, at once."""
    with _redis():
        asyncio.run(_cleared())
    typer.echo("Whatever was in the cache is loaded anew when it is asked for.")


def report(counts: Mapping[str, int]) -> Iterator[str]:
    """A line for each warm-up; a service without any says so."""
    if not counts:
        yield "No feature of this service says what to load."
    for name, count in counts.items():
        yield f"{name}: {count} loaded"


@contextmanager
def _redis() -> Iterator[None]:
    """The configured one, or that of `app dev`: one started for the command would be empty."""
    if not target.redis_configured() and valkey.address(target.VALKEY) is None:
        raise typer.BadParameter("there is no Redis: set REDIS_URL, or start `app dev`")
    with target.redis():
        yield


async def _warmed(warmups: Iterable[Warmup]) -> dict[str, int]:
    async with (
        Database.configured() as database,
        Redis.configured() as redis,
        Cache(redis) as cache,
    ):
        return {each.name: await each.run(database, cache) for each in warmups}


async def _cleared() -> None:
    async with Redis.configured() as redis, Cache(redis) as cache:
        await cache.clear()
