"""`app db`: a psql prompt."""

import os
import shutil
import signal
import subprocess

import typer
from sqlalchemy.engine import make_url

from app.commands.target import database
from app.embedded import postgres


def db() -> None:
    """Open psql on the configured or the embedded database."""
    with database() as address:
        psql = shutil.which("psql") or str(postgres.binary("psql"))
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for psql: it ends a query
        ended = subprocess.run(  # noqa: S603 - the address is our own
            [psql, named(address)], env=os.environ | secret(address), check=False
        )
    raise typer.Exit(ended.returncode)


def named(address: str) -> str:
    """As psql spells it, and without the password: others can read a process's arguments."""
    given = make_url(address)
    return given.set(drivername="postgresql", password=None).render_as_string(hide_password=False)
