"""Migrations by several processes at once, and revisions written on a copy of the project."""

import asyncio
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import text

from app.core.database import Database
from app.core.migrations import ROOT, applied, heads
from tests import databases
from tests.system.processes import APP, running

pytestmark = pytest.mark.system

TWIN = '''"""A twin."""

revision = "{name}"
down_revision = "0001_core"


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
'''
NOTE = '''

class Note(Resource, Model):
    """A table that no revision knows yet."""

    __tablename__ = "notes"

    words: Mapped[str]
'''


@pytest.fixture
def empty(server: str) -> Iterator[str]:
    with databases.made(server) as address:
        yield address


@pytest.fixture
def versions(project: Path) -> Path:
    return project / "migrations" / "versions"


def app(project: Path, address: str, *arguments: str) -> tuple[int, str]:
    log = project / "app.log"
    log.unlink(missing_ok=True)
    with running([*APP, *arguments], project, log, DATABASE_URL=address) as process:
        return process.ended(), process.said()


def ask(address: str, question: str) -> object:
    async def run() -> object:
        async with Database(address) as database, database.reading() as session:
            return await session.scalar(text(question))

    return asyncio.run(run())


def revisions(address: str) -> list[str]:
    async def run() -> list[str]:
        async with Database(address) as database:
            return await applied(database)

    return asyncio.run(run())


def test_replicas_that_start_together_migrate_once(empty: str, tmp_path: Path) -> None:
    with ExitStack() as stack:
        replicas = [
            stack.enter_context(
                running([*APP, "migrate"], ROOT, tmp_path / f"{number}.log", DATABASE_URL=empty)
            )
            for number in range(3)
        ]
        assert [replica.ended() for replica in replicas] == [0, 0, 0]
        said = "".join(replica.said() for replica in replicas)

    assert said.count("Running upgrade  -> 0001_core") == 1
    assert revisions(empty) == heads()
    assert ask(empty, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'") == 0


def test_printed_statements_can_be_piped_to_where_they_are_wanted(
    empty: str, tmp_path: Path
) -> None:
    command = [*APP, "migrate", "--sql"]
    with running(command, ROOT, tmp_path / "log", DATABASE_URL=empty) as process:
        assert process.ended() == 0

    lines = process.said().splitlines()
    assert lines[0] == "SET lock_timeout = '2s';"
    assert not any(line.startswith("{") for line in lines)


def test_a_revision_is_written_formatted_applied_and_taken_back(
    project: Path, versions: Path, empty: str
) -> None:
    known = set(versions.glob("*.py"))
    with (project / "src" / "app" / "core" / "models.py").open("a") as models:
        models.write(NOTE)

    assert app(project, empty, "revision", "-m", "Add notes")[0] == 0
    (written,) = set(versions.glob("*.py")) - known
    assert written.name.endswith("_add_notes.py")
    ruff = ["ruff", "format", "--no-cache", "--check", str(written)]
    assert subprocess.run(ruff, cwd=project, check=False).returncode == 0  # noqa: S603 - our own

    assert app(project, empty, "migrate")[0] == 0
    assert ask(empty, "SELECT to_regclass('notes')::text") == "notes"
    code, said = app(project, empty, "revision", "-m", "Again")
    assert (code, said.count("Nothing to write")) == (0, 1), said

    assert app(project, empty, "downgrade", "base")[0] == 0
    assert ask(empty, "SELECT to_regclass('notes')::text") is None


def test_two_newest_revisions_are_refused_with_the_command_that_joins_them(
    project: Path, versions: Path, empty: str
) -> None:
    for name in ("one", "two"):
        (versions / f"{name}.py").write_text(TWIN.replace("{name}", name))

    code, said = app(project, empty, "migrate")

    assert code == 1
    assert "Join them first: app revision --merge -m" in said
    assert revisions(empty) == []
    assert app(project, empty, "check")[1].count("Join them first") == 1
    assert app(project, empty, "revision", "--merge", "-m", "merge")[0] == 0
    assert app(project, empty, "migrate")[0] == 0
    assert len(revisions(empty)) == 1
