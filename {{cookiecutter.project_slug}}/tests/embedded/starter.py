"""Serves on the folder it is given, commits a row, says so, and waits to be killed."""

import signal
import subprocess
import sys
from pathlib import Path

from app.embedded.postgres import binary, serve

with serve(Path(sys.argv[1])) as address:
    url = address.replace("+asyncpg", "")
    rows = "drop table if exists kept; create table kept as select 1 as id"
    subprocess.run([binary("psql"), url, "-qc", rows], check=True, stdout=sys.stderr)  # noqa: S603
    # Lives on when the starter does not, and must not hold the server's lifeline.
    child = subprocess.Popen(["/bin/sleep", "60"], stdout=subprocess.DEVNULL)
    print(child.pid, flush=True)  # noqa: T201 - the test reads it
    signal.pause()
