"""`app dev`: everything that a developer needs, running."""

import asyncio
import logging
import os
import shutil
import socket
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from multiprocessing import parent_process
from pathlib import Path
from threading import Thread
from typing import Annotated

import typer
import uvicorn
from alembic import command
from fastapi import FastAPI
from rich.console import Console
from rich.markup import escape

from app.auth.keys import development_keys
from app.auth.settings import JwtSettings
from app.commands import demo
from app.commands.target import DATA, VALKEY, configured, database, redis, redis_configured
from app.core.database import Database
from app.core.feature import Feature, Seed, contributions
from app.core.migrations import ROOT, config, heads, require_one_head
from app.core.settings import Environment, read
from app.embedded import postgres
from app.embedded.valkey import EmbeddedValkeyUnavailable
from app.main import FEATURES, create_app

console = Console()
HOST = "127.0.0.1"


def dev(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Where to listen.")] = 8000,
    *,
    reset: Annotated[
        bool, typer.Option("--reset", help="Throw the embedded database away first.")
    ] = False,
) -> None:
    """Run the service for development, with servers of its own, reloading on every change."""
    os.environ["ENVIRONMENT"] = Environment.DEVELOPMENT
    read.cache_clear()
    logging.getLogger("alembic").setLevel(logging.WARNING)
    require_free(port)
    require_one_head()
    if reset:
        throw_away(DATA)
    if not read(JwtSettings).jwt_keys:
        os.environ["JWT_KEYS"] = development_keys(DATA)
        read.cache_clear()
    place = "as configured" if configured() else f"embedded, in {DATA}"
    with database(), redis_if_any():
        console.print(f"database  [dim]{place}[/]")
        _prepare()
        console.print(f"API       [link]http://{HOST}:{port}/api/v1[/]")
        console.print(f"docs      [link]http://{HOST}:{port}/docs[/]   [dim]Ctrl-C stops[/]")
        _serve(port)


def served() -> FastAPI:
    """What the reloader serves: the application, which ends when the reloader is killed."""
    app = create_app()
    from app.jobs import tasks, worker  # noqa: PLC0415 - not for every command  # feature: background_jobs

    worker.beside(app, tasks.contributed(FEATURES))  # feature: background_jobs
    Thread(target=_end_with_parent, daemon=True).start()
    return app


def require_free(port: int) -> None:
    """Raises BadParameter, before anything is started in vain."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            raise typer.BadParameter(
                f"port {port} is taken; choose another one: app dev --port {port + 1}"
            ) from None


def throw_away(data: Path) -> None:
    """Deletes what is embedded there. Raises BadParameter when that is not ours to delete."""
    if configured():
        raise typer.BadParameter("--reset is for the embedded database, but DATABASE_URL is set")
    if postgres.address(data / "postgres"):
        raise typer.BadParameter("the embedded database is in use; stop its `app dev` first")
    shutil.rmtree(data, ignore_errors=True)


async def plant(features: Iterable[Feature]) -> int:
    """The rows that the seeds of these features added to the configured database."""
    async with Database.configured() as database:
        return sum([await seed.plant(database) for seed in contributions(features, "SEEDS", Seed)])


@contextmanager
def redis_if_any(folder: Path = VALKEY) -> Iterator[None]:
    """The configured Redis, else an embedded one; where there is none, the service does without."""
    place = "as configured" if redis_configured() else "embedded Valkey"
    with ExitStack() as stack:
        try:
            stack.enter_context(redis(folder))
        except EmbeddedValkeyUnavailable as reason:
            place = f"none: nothing is cached, each process throttles by itself. {reason}"
        console.print(f"Redis     [dim]{escape(place)}[/]", soft_wrap=True)
        yield


def _prepare() -> None:
    command.upgrade(config(), "head")
    console.print(f"migrated  [dim]to {', '.join(heads())}[/]")
    if planted := asyncio.run(plant(FEATURES)):
        console.print(f"planted   [dim]{planted} rows to play with[/]")
    if shown := asyncio.run(_demo()):
        console.print(f"sign in   [dim]as[/] {shown[0]} [dim]with[/] {shown[1]}", highlight=False)


async def _demo() -> tuple[str, str] | None:
    async with Database.configured() as database:
        return await demo.sign_in(database, DATA)


def _serve(port: int) -> None:
    uvicorn.run(
        "app.commands.dev:served",
        factory=True,
        host=HOST,
        port=port,
        reload=True,
        reload_dirs=[str(ROOT / "src")],
        log_level="warning",
        server_header=False,
    )


def _end_with_parent() -> None:
    if parent := parent_process():
        parent.join()
        os._exit(1)  # at once: whoever starts again wants the port, and the database is gone too
