"""The steps before `app dev` serves; the whole of it is tried in `tests/system`."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
import typer

from app.commands.dev import HOST, plant, redis_if_any, require_free, served, throw_away
from app.core.database import Database
from app.core.feature import Feature, Seed
from app.embedded import postgres, valkey
from app.main import FEATURES
from tests.commands.conftest import Run


@pytest.fixture
def taken() -> Iterator[int]:
    """A port on which somebody else listens."""
    with socket.create_server((HOST, 0)) as other:
        yield other.getsockname()[1]


def test_a_port_that_is_taken_is_told_with_the_way_out(run: Run, taken: int) -> None:
    result = run("dev", "--port", str(taken))

    assert result.exit_code == 2
    sentence = " ".join(result.output.replace("│", "").split())
    assert f"port {taken} is taken; choose another one: app dev --port {taken + 1}" in sentence


def test_a_port_that_was_left_a_moment_ago_is_free() -> None:
    with socket.create_server((HOST, 0)) as ours:
        port = ours.getsockname()[1]
        with socket.create_connection((HOST, port)) as client:
            served, _ = ours.accept()
            served.close()  # first, so the port lingers on our side
            client.recv(1)

    require_free(port)


def test_a_reset_is_for_the_embedded_database_only(run: Run, address: str) -> None:
    with socket.create_server((HOST, 0)) as other:
        port = other.getsockname()[1]

    result = run("dev", "--reset", "--port", str(port), DATABASE_URL=address)

    assert result.exit_code == 2
    assert "--reset is for the embedded database" in result.output


@pytest.mark.usefixtures("nothing_configured")
def test_without_an_embedded_redis_it_goes_on_and_says_what_that_means(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()

    with redis_if_any(tmp_path / "file" / "no-folder"):
        assert "REDIS_URL" not in os.environ

    (line,) = capsys.readouterr().out.splitlines()
    assert "none: nothing is cached, each process throttles by itself." in line
    assert "set REDIS_URL" in line


@pytest.mark.usefixtures("nothing_configured")
def test_with_one_the_service_is_told_where_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with redis_if_any(tmp_path):
        assert os.environ["REDIS_URL"] == valkey.address(tmp_path)

    assert "embedded Valkey" in capsys.readouterr().out


@pytest.mark.usefixtures("nothing_configured")
def test_a_reset_throws_away_what_nobody_uses(folder: Path, tmp_path: Path) -> None:
    data = tmp_path / ".data"
    data.mkdir()
    (data / "postgres").symlink_to(folder)
    with postgres.serve(data / "postgres", durable=False):
        with pytest.raises(typer.BadParameter, match="in use; stop its `app dev` first"):
            throw_away(data)
        assert data.exists()

    throw_away(data)

    assert not data.exists()


async def test_every_seed_is_planted_and_counted(database: Database) -> None:
    async def three(_: Database) -> int:
        return 3

    async def none(_: Database) -> int:
        return 0

    feature = cast(Feature, SimpleNamespace(SEEDS=[Seed("a", three), Seed("b", none)]))

    assert await plant([feature, feature]) == 6


async def test_the_seeds_of_the_service_are_planted_once(database: Database) -> None:
    await plant(FEATURES)

    assert await plant(FEATURES) == 0


def test_what_is_served_is_the_whole_service() -> None:
    assert "/health/ready" in [getattr(route, "path", None) for route in served().routes]
