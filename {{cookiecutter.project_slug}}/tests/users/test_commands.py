"""`app create-admin` makes the first admin, by the rules that hold for everybody."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import text
from typer.testing import CliRunner, Result

from app.cli import assembled
from app.core import opening
from app.core.database import Database
from app.core.settings import read
from app.main import FEATURES
from tests import databases
from tests.people import PASSWORD

pytestmark = pytest.mark.system

ADA = "ada@example.com"


@pytest.fixture
def target(server: str, template: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    with databases.made(server, template) as address:
        monkeypatch.setenv("DATABASE_URL", address)
        read.cache_clear()
        yield address
    read.cache_clear()


def create_admin(email: str, typed: str) -> Result:
    return CliRunner().invoke(assembled(FEATURES), ["create-admin", email], input=typed)


def rows(address: str, query: str) -> list[tuple[Any, ...]]:
    async def ask() -> list[tuple[Any, ...]]:
        async with Database(address) as database, database.reading() as session:
            return [tuple(row) for row in await session.execute(text(query))]

    return asyncio.run(ask())


@pytest.mark.parametrize("end", ["\n", "\r\n", ""])
def test_the_password_comes_from_stdin_and_the_account_is_an_admin(target: str, end: str) -> None:
    result = create_admin(" Ada@Example.com", f"{PASSWORD}{end}")

    assert result.exit_code == 0, result.output
    assert result.output == f"{ADA} is an admin.\n"
    assert PASSWORD not in result.output
    query = "SELECT email, role, is_active, email_verified_at IS NOT NULL FROM users"
    assert rows(target, query) == [(ADA, "admin", True, True)]
    assert rows(target, "SELECT type FROM audit_events") == [("user.registered",)]


@pytest.mark.system
def test_an_address_that_has_an_account_is_refused_with_a_way_out(target: str) -> None:
    create_admin(ADA, PASSWORD)

    again = create_admin(ADA, PASSWORD)

    assert again.exit_code == 2
    assert "has an account already" in " ".join(again.output.split())
    assert rows(target, "SELECT count(*) FROM users") == [(1,)]


@pytest.mark.system
def test_every_fault_is_named_and_nothing_is_made(target: str) -> None:
    result = create_admin("not an address", "short")

    told = " ".join(result.output.split())
    assert result.exit_code == 2
    assert "EMAIL: " in told
    assert "PASSWORD: Use at least 8 characters" in told
    assert rows(target, "SELECT count(*) FROM users") == [(0,)]


@pytest.mark.system
def test_the_address_is_no_password_here_either(target: str) -> None:
    result = create_admin(ADA, ADA)

    assert result.exit_code == 2
    assert "PASSWORD: Choose a password" in " ".join(result.output.replace("│", "").split())


def test_a_database_without_tables_is_told_with_the_command(
    server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with databases.made(server) as empty:
        monkeypatch.setenv("DATABASE_URL", empty)
        read.cache_clear()
        result = create_admin(ADA, f"{PASSWORD}\n")
    read.cache_clear()

    assert result.exit_code == 2
    assert "run: app migrate" in " ".join(result.output.split())


@pytest.mark.usefixtures("target")
def test_a_server_without_the_roles_of_the_service_is_told_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(opening, "CALLER", "made by no migration")

    result = create_admin(ADA, f"{PASSWORD}\n")

    assert result.exit_code == 2
    assert "run: app migrate" in " ".join(result.output.split())
