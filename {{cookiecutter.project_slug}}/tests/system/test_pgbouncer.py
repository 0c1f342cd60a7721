"""Through a pooler that gives each transaction another connection, callers stay apart."""

import asyncio
import re
import shutil
import socket
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, event, func, insert, select

from app.core.database import Database, url
from app.core.idempotency.models import IdempotencyKey
from app.embedded.postgres_wheel import as_server_user
from tests import databases
from tests.callers import asking
from tests.system.processes import free_port, running, within

pytestmark = pytest.mark.system

SHARED = 4
CALLERS = [uuid4() for _ in range(10)]
KEEPS_PREPARED_STATEMENTS = (1, 21)
CONFIGURATION = """
[databases]
{name} = host='{host}' port={port} user='{user}'{password}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {listen}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = {shared}
"""


@pytest.fixture(scope="module")
def program() -> Path:
    found = shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin")
    if found is None:
        pytest.skip("not run: pgbouncer is not installed")
    return Path(found)


@pytest.fixture
def pooled(program: Path, server: str, template: str, tmp_path: Path) -> Iterator[str]:
    """A migrated database, by its address at the pooler."""
    with databases.made(server, template) as address:
        listen = free_port()
        configuration = tmp_path / "pgbouncer.ini"
        configuration.write_text(configured(address, listen))
        command = [*map(str, as_server_user(program)), str(configuration)]
        with running(command, tmp_path, tmp_path / "log") as process:
            assert within(lambda: answers(listen)), process.said()
            yield f"postgresql://any@127.0.0.1:{listen}/{url(address).database}"


def configured(address: str, listen: int) -> str:
    given = url(address)
    return CONFIGURATION.format(
        name=given.database,
        host=given.host or given.query["host"],
        port=given.port or given.query["port"],
        user=given.username,
        password=f" password='{given.password}'" if given.password else "",
        listen=listen,
        shared=SHARED,
    )


def answers(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port)):
        return True
    return False


@pytest.fixture
def remembers(program: Path) -> Iterator[None]:
    """Before 1.21 PgBouncer knew nothing of prepared statements, so the driver keeps none."""
    said = subprocess.run([program, "--version"], capture_output=True, check=True)  # noqa: S603 - our own
    version = tuple(map(int, re.findall(rb"\d+", said.stdout)[:2]))
    if version >= KEEPS_PREPARED_STATEMENTS:
        yield
        return
    event.listen(Engine, "do_connect", prepare_nothing)
    yield
    event.remove(Engine, "do_connect", prepare_nothing)


def prepare_nothing(_: object, __: object, ___: object, arguments: dict[str, Any]) -> None:
    arguments |= {"prepared_statement_cache_size": 0, "statement_cache_size": 0}


@pytest.fixture
async def database(pooled: str, remembers: None) -> AsyncIterator[Database]:
    async with Database(pooled, pool_size=20) as database:
        yield database


async def seen(database: Database, caller: UUID | None) -> tuple[set[UUID], int]:
    """What a query without a scope finds, and which connection of PostgreSQL's it was."""
    with asking(caller):
        async with database.unit_of_work() as work:
            pid = await work.session.scalar(select(func.pg_backend_pid()))
            await asyncio.sleep(0)
            return set(await work.session.scalars(select(IdempotencyKey.user_id))), pid or 0


async def test_callers_who_share_connections_see_their_own_rows(database: Database) -> None:
    row = {"route": "POST /things", "key": "1", "body_hash": b""}
    async with database.unit_of_work() as work:
        await work.as_system()
        for owner in CALLERS:
            await work.session.execute(insert(IdempotencyKey).values(user_id=owner, **row))

    asked = [*CALLERS, None] * 20
    found = await asyncio.gather(*(seen(database, caller) for caller in asked))

    assert [rows for rows, _ in found] == [{caller} - {None} for caller in asked]
    assert len({pid for _, pid in found}) == SHARED
