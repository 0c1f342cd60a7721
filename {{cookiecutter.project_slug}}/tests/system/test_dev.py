"""`app dev` on a project of its own: answers, reloads, loses nothing, leaves nothing behind."""

import asyncio
import json
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import asyncpg
import httpx2
import pytest
from redis import Redis

from app.auth.keys import Algorithm, generate
from app.core.database import url
from app.embedded import postgres, valkey
from tests.system.processes import (
    APP,
    Process,
    copied,
    free_port,
    get,
    gone,
    ready,
    running,
    within,
)

pytestmark = pytest.mark.system


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Shared: only the first start has a database to make."""
    return copied(tmp_path_factory.mktemp("dev") / "project")


@contextmanager
def dev(project: Path, port: int, **settings: str) -> Iterator[Process]:
    command = [*APP, "dev", "--port", str(port)]
    with running(command, project, project / "dev.log", **settings) as process:
        yield process


def embedded(project: Path) -> Path:
    return project / ".data" / "postgres"


def keepers(project: Path) -> list[int]:
    """The process groups of the embedded servers and whoever keeps them."""
    postmaster = int((embedded(project) / "data" / "postmaster.pid").read_text().split()[0])
    with Redis.from_url(valkey.address(project / ".data" / "valkey") or "") as redis:
        return [os.getpgid(pid) for pid in (postmaster, redis.info("server")["process_id"])]


def execute(project: Path, statement: str) -> list[object]:
    address = url(postgres.address(embedded(project)) or "").set(drivername="postgresql")

    async def run() -> list[object]:
        connection = await asyncpg.connect(address.render_as_string(hide_password=False))
        try:
            return [row[0] for row in await connection.fetch(statement)]
        finally:
            await connection.close()

    return asyncio.run(run())


def test_a_killed_service_starts_again_at_once_with_every_committed_row(project: Path) -> None:
    port = free_port()
    with dev(project, port) as first:
        ready(first, port)
        execute(project, "CREATE TABLE kept AS SELECT 7 AS id")
        left_behind = [first.pid, *keepers(project)]
        first.kill()
        first.wait()
        with dev(project, port) as second:
            assert within(lambda: all(map(gone, left_behind)))
            ready(second, port)
            assert execute(project, "SELECT id FROM kept") == [7]


def test_ctrl_c_ends_all_that_was_started(project: Path) -> None:
    port = free_port()
    with dev(project, port) as process:
        ready(process, port)
        servers = keepers(project)

        os.killpg(process.pid, signal.SIGINT)  # as a terminal does

        assert process.ended() == 0, process.said()
        assert within(lambda: all(map(gone, [process.pid, *servers])))
        assert "Traceback" not in process.said()


def test_it_brings_all_that_the_service_depends_on(project: Path) -> None:
    port = free_port()
    with dev(project, port) as process:
        ready(process, port)

        assert get(port, "/health/ready").json()["status"] == "ready"


def test_a_key_of_ones_own_is_used_wherever_it_stands(project: Path, tmp_path: Path) -> None:
    port, key = free_port(), tmp_path / "key"
    key.write_text(json.dumps([generate(Algorithm.ES256)]))
    with dev(project, port, JWT_KEYS_FILE=str(key)) as process:
        ready(process, port)

        (shown,) = get(port, "/.well-known/jwks.json").json()["keys"]

    assert shown["kid"] == json.loads(key.read_text())[0]["kid"]


def test_a_changed_file_is_reloaded(project: Path) -> None:
    port = free_port()
    health = project / "src" / "app" / "observability" / "health.py"

    def reloaded() -> bool:
        with suppress(httpx2.TransportError):  # it ends with the process that took it
            return bool(get(port, "/health").json() == {"status": "reloaded"})
        return False

    with dev(project, port) as process:
        ready(process, port)
        assert get(port, "/health").json() == {"status": "ok"}

        health.write_text(health.read_text("utf-8").replace('"ok"', '"reloaded"'), "utf-8")

        assert within(reloaded)


def test_two_services_run_side_by_side(project: Path, tmp_path: Path) -> None:
    other = copied(tmp_path / "other")
    one_port, other_port = free_port(), free_port()
    with dev(project, one_port) as one, dev(other, other_port) as two:
        ready(one, one_port)
        ready(two, other_port)
        execute(project, "CREATE TABLE mine (id int)")
        assert execute(other, "SELECT to_regclass('mine')") == [None]
