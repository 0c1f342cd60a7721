"""`app dev`: everything that a developer needs, running."""

import asyncio
import logging
import os
import shutil
import signal
import socket
from multiprocessing import parent_process
from threading import Thread
from typing import Annotated

import typer
import uvicorn
from alembic import command
from fastapi import FastAPI
from rich.console import Console

from app.commands.target import DATA, POSTGRES, database
from app.core.database import Database
from app.core.feature import Seed, contributions
from app.core.migrations import ROOT, config, heads
from app.core.settings import DatabaseSettings, Environment, read
from app.embedded import postgres
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
    """Run the service for development, with a PostgreSQL of its own, reloading on every change."""
    os.environ["ENVIRONMENT"] = Environment.DEVELOPMENT
    read.cache_clear()
    logging.getLogger("alembic").setLevel(logging.WARNING)
    _require_free(port)
    if reset:
        _reset()
    place = "as configured" if read(DatabaseSettings).database_url else f"embedded, in {DATA}"
    with database():
        console.print(f"database  [dim]{place}[/]")
        command.upgrade(config(), "head")
        console.print(f"migrated  [dim]to {', '.join(heads())}[/]")
        if planted := asyncio.run(_plant()):
            console.print(f"planted   [dim]{planted} rows to play with[/]")
        console.print(f"API       [link]http://{HOST}:{port}/api/v1[/]")
        console.print(f"docs      [link]http://{HOST}:{port}/docs[/]   [dim]Ctrl-C stops[/]")
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


def served() -> FastAPI:
    """What the reloader serves: the application, which ends when the reloader is killed."""
    Thread(target=_end_with_parent, daemon=True).start()
    return create_app()


def _end_with_parent() -> None:
    if parent := parent_process():
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)


def _require_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            raise typer.BadParameter(
                f"port {port} is taken; choose another one: app dev --port {port + 1}"
            ) from None


def _reset() -> None:
    if read(DatabaseSettings).database_url:
        raise typer.BadParameter("--reset is for the embedded database, but DATABASE_URL is set")
    if postgres.address(POSTGRES):
        raise typer.BadParameter("the embedded database is in use; stop its `app dev` first")
    shutil.rmtree(DATA, ignore_errors=True)


async def _plant() -> int:
    async with Database.configured() as database:
        return sum([await seed.plant(database) for seed in contributions(FEATURES, "SEEDS", Seed)])
