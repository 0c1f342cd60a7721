"""A command works with the configured servers, else with the project's embedded ones."""

import os
from pathlib import Path

import pytest

from app.commands.target import DatabaseUnreachable, RedisUnreachable, database, redis
from app.core.database import url
from app.core.settings import UnsafeSettings
from app.embedded import postgres, valkey


def test_the_configured_database_wins(
    nothing_configured: pytest.MonkeyPatch, address: str, tmp_path: Path
) -> None:
    nothing_configured.setenv("DATABASE_URL", address)

    with database(tmp_path / "unused") as chosen:
        assert chosen == address
    assert not (tmp_path / "unused").exists()


@pytest.mark.usefixtures("nothing_configured")
def test_an_embedded_one_is_started_for_the_command_and_stopped_after_it(folder: Path) -> None:
    with database(folder) as chosen:
        assert postgres.address(folder) == chosen == os.environ["DATABASE_URL"]

        with database(folder) as again:
            assert again == chosen

    assert postgres.address(folder) is None
    assert "DATABASE_URL" not in os.environ


@pytest.mark.usefixtures("nothing_configured")
def test_one_that_runs_already_is_used_and_left_running(folder: Path) -> None:
    with postgres.serve(folder, durable=False) as running:
        with database(folder) as chosen:
            assert chosen == running == os.environ["DATABASE_URL"]

        assert postgres.address(folder) == running


@pytest.mark.parametrize("name", ["DATABASE_URL", "MIGRATION_DATABASE_URL"])
def test_a_database_that_cannot_be_reached_is_named_by_its_setting(
    nothing_configured: pytest.MonkeyPatch, address: str, name: str
) -> None:
    nothing_configured.setenv("DATABASE_URL", address)
    elsewhere = url(address).set(database="nowhere").render_as_string(hide_password=False)
    nothing_configured.setenv(name, elsewhere)

    refused = pytest.raises(DatabaseUnreachable, match=rf"of {name} .*\"nowhere\" does not exist")
    with refused, database():
        pass


def test_an_address_for_migrations_alone_starts_nothing_embedded(
    nothing_configured: pytest.MonkeyPatch, address: str, tmp_path: Path
) -> None:
    nothing_configured.setenv("MIGRATION_DATABASE_URL", address)

    with pytest.raises(UnsafeSettings, match="DATABASE_URL: is not set"), database(tmp_path):
        pass


def test_the_configured_redis_wins(
    nothing_configured: pytest.MonkeyPatch, redis_settings: dict[str, str], tmp_path: Path
) -> None:
    for name, value in redis_settings.items():
        nothing_configured.setenv(name, value)

    with redis(tmp_path / "unused"):
        assert os.environ["REDIS_URL"] == redis_settings["REDIS_URL"]
    assert os.environ["REDIS_URL"] == redis_settings["REDIS_URL"]
    assert not (tmp_path / "unused").exists()


@pytest.mark.usefixtures("nothing_configured")
def test_an_embedded_redis_is_started_for_the_command_and_stopped_after_it(tmp_path: Path) -> None:
    with redis(tmp_path):
        running = valkey.address(tmp_path)
        assert running == os.environ["REDIS_URL"]

    assert valkey.address(tmp_path) is None
    assert "REDIS_URL" not in os.environ


@pytest.mark.usefixtures("nothing_configured")
def test_an_embedded_redis_that_runs_already_is_used_and_left_running(tmp_path: Path) -> None:
    with valkey.serve(tmp_path) as running:
        with redis(tmp_path):
            assert running == os.environ["REDIS_URL"]

        assert valkey.address(tmp_path) == running


def test_a_redis_that_cannot_be_reached_is_named_by_its_setting_and_without_its_password(
    nothing_configured: pytest.MonkeyPatch,
) -> None:
    nothing_configured.setenv("REDIS_URL", "redis://me:hunter2@127.0.0.1:1")

    with pytest.raises(RedisUnreachable, match=r"of REDIS_URL .*127\.0\.0\.1") as error, redis():
        pass
    assert "hunter2" not in str(error.value)
