"""`app db`: a psql prompt."""

import shutil
import subprocess

import typer

from app.commands.target import database
from app.core.database import url
from app.embedded import postgres


def db() -> None:
    """Open psql on the configured or the embedded database."""
    with database() as address:
        plain = url(address).set(drivername="postgresql")
        psql = shutil.which("psql") or str(postgres.binary("psql"))
        shown = plain.render_as_string(hide_password=False)
        ended = subprocess.run([psql, shown], check=False)  # noqa: S603 - the address is our own
    raise typer.Exit(ended.returncode)
