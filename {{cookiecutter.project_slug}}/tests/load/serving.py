"""The service as in production, on servers of its own, with people who have accounts there."""

import asyncio
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from app.core.database import Database
from app.core.migrations import ROOT
from app.embedded import postgres, valkey
from tests.load.shopping import fill  # feature: example
from tests.load.visitor import Visitor
from tests.load.wire import Connection
from tests.people import a_person
from tests.system.processes import APP, KEYS, Process, free_port, ready, running


class Served(NamedTuple):
    """The one process of the service, its servers, and those who will visit it."""

    process: Process
    database: str
    redis: str
    visitors: list[Visitor]


@contextmanager
def served(users: int, profile: Path | None = None) -> Iterator[Served]:
    """Ready; nothing of it is left after the block. Its log is thrown away with its folder.

    Into `profile` goes, as HTML, in which functions the service has spent its time.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="load-")))
        database = stack.enter_context(postgres.serve(folder / "postgres"))
        redis = stack.enter_context(valkey.serve(folder / "valkey"))
        settings = {"DATABASE_URL": database, "REDIS_URL": redis, "JWT_KEYS": KEYS}
        log, port = folder / "log", free_port()
        with running([*APP, "migrate"], ROOT, log, **settings) as migration:
            assert migration.ended() == 0, migration.said()
        visitors = asyncio.run(prepared(database, users, port))
        serve = [*profiled(profile), "serve", "--port", str(port)]
        process = stack.enter_context(running(serve, ROOT, log, **settings))
        ready(process, port)
        yield Served(process, database, redis, visitors)
        if profile:
            process.terminate()
            process.ended()  # which writes it


def profiled(profile: Path | None) -> list[str]:
    """The `app` command, by itself or under pyinstrument."""
    if profile is None:
        return APP
    recording = ["-m", "pyinstrument", "-r", "html", "-o", str(profile.resolve()), "-m", "app"]
    return [sys.executable, *recording]


async def prepared(address: str, users: int, port: int) -> list[Visitor]:
    """People with accounts, in a database that holds what they will look for."""
    async with Database(address) as database:
        await fill(database)  # feature: example
        people = [await a_person(database) for _ in range(users)]
        return [Visitor(Connection(port), person) for person in people]
