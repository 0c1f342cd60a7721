"""A command works on the configured database, else on the project's embedded one."""

import os
from pathlib import Path

import pytest

from app.commands.target import DatabaseUnreachable, database
from app.core.database import url
from app.core.settings import UnsafeSettings
from app.embedded import postgres


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
