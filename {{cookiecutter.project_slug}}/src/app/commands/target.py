"""Which database a command works on: the configured one, else the project's embedded one."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from app.core.migrations import ROOT
from app.core.settings import DatabaseSettings, read
from app.embedded import postgres

DATA = ROOT / ".data"
POSTGRES = DATA / "postgres"


@contextmanager
def database() -> Iterator[str]:
    """Its address, set as DATABASE_URL too; an embedded server ends with the block.

    One that `app dev` runs at the moment is used and left running.
    """
    if read(DatabaseSettings).database_url:
        yield read(DatabaseSettings).address
    elif running := postgres.address(POSTGRES):
        yield _settle(running)
    else:
        with postgres.serve(POSTGRES) as address:
            yield _settle(address)


def _settle(address: str) -> str:
    os.environ["DATABASE_URL"] = address
    read.cache_clear()
    return address
