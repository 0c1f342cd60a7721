"""`app db`: a psql prompt."""

import os
import shutil
import signal
import subprocess

import typer
from sqlalchemy.engine import URL, make_url

from app.commands.target import database
from app.embedded import postgres


def db() -> None:
    """Open psql on the configured or the embedded database."""
    with database() as address:
        command, password = psql(address)
        environment = os.environ | ({"PGPASSWORD": password} if password else {})
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for psql: it ends a query
        ended = subprocess.run(command, env=environment, check=False)  # noqa: S603 - our own
    raise typer.Exit(ended.returncode)


def psql(address: str) -> tuple[list[str], str | None]:
    """The command and the password, kept apart: anybody can read a process's arguments."""
    given = make_url(address)
    plain = URL.create(
        "postgresql",
        given.username,
        host=given.host,
        port=given.port,
        database=given.database,
        query=given.query,
    )
    program = shutil.which("psql") or str(postgres.binary("psql"))
    return [program, plain.render_as_string()], given.password
