"""Up, back and up again; what is written to files is tried on a copy, in `tests/system`."""

import asyncio
from collections.abc import Iterator

import pytest

from app.core.database import Database
from app.core.migrations import applied, heads
from tests import databases
from tests.commands.conftest import Run


@pytest.fixture
def empty(server: str) -> Iterator[str]:
    with databases.made(server) as address:
        yield address


def revisions(address: str) -> list[str]:
    async def ask() -> list[str]:
        async with Database(address) as database:
            return await applied(database)

    return asyncio.run(ask())


def test_an_empty_database_is_brought_to_the_newest_revision_and_back(run: Run, empty: str) -> None:
    assert run("migrate", DATABASE_URL=empty).exit_code == 0
    assert revisions(empty) == heads()

    assert run("downgrade", "0001_core", DATABASE_URL=empty).exit_code == 0
    assert revisions(empty) == ["0001_core"]

    assert run("downgrade", "-1", DATABASE_URL=empty).exit_code == 0
    assert revisions(empty) == []


def test_the_statements_are_printed_and_run_by_nobody(run: Run, empty: str) -> None:
    result = run("migrate", "--sql", DATABASE_URL=empty)

    assert result.exit_code == 0
    assert result.output.startswith("SET lock_timeout")
    assert revisions(empty) == []


def test_a_merge_of_one_revision_is_refused(run: Run) -> None:
    result = run("revision", "--merge", "-m", "merge")

    assert result.exit_code == 2
    assert "joins several newest revisions" in " ".join(result.output.split())
