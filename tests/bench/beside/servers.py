"""Runs a private PostgreSQL and Valkey until its input ends, and prints where they are."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from app.embedded import postgres, valkey

folder = Path(sys.argv[1])
# Not durable: what a disk does to a commit is the disk's affair.
with (
    postgres.serve(folder / "postgres", durable=False) as database,
    valkey.serve(folder / "valkey") as redis,
):
    print(json.dumps({"DATABASE_URL": database, "REDIS_URL": redis}), flush=True)
    sys.stdin.read()
