"""Serves on the folder it is given, says so, and waits to be killed."""

import signal
import sys
from pathlib import Path

from app.embedded.valkey import serve

with serve(Path(sys.argv[1])):
    print("up", flush=True)  # noqa: T201 - the test reads it
    signal.pause()
