"""Roles belong to a whole server: who makes them, who may take them, and when they go."""

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from app.core.database import Database, url
from app.core.migrations import ROOT
from app.core.roles import CALLER, ROLES
from app.embedded import postgres
from tests import databases
from tests.commands.conftest import Run
from tests.system.processes import APP, running

pytestmark = pytest.mark.system


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server that nothing else uses."""
    with postgres.serve(tmp_path_factory.mktemp("elsewhere"), durable=False) as address:
        yield address


@pytest.fixture
def fresh(elsewhere: str) -> str:
    """The same, with no trace of an earlier migration."""
    databases.run(elsewhere, *(f'DROP ROLE IF EXISTS "{role}"' for role in ROLES))
    return elsewhere


@contextmanager
def owned(server: str, attributes: str = "") -> Iterator[str]:
    """A database of a login that is no superuser, by its address as that login."""
    with databases.login(server, attributes) as login, databases.made(server) as address:
        name = url(address).database
        databases.run(server, f"ALTER DATABASE {name} OWNER TO {login.username}")
        yield databases.as_login(login, address)


def who_works(address: str) -> str:
    async def ask() -> str:
        async with Database(address) as database, database.unit_of_work() as work:
            return str(await work.session.scalar(text("SELECT current_user")))

    return asyncio.run(ask())


def roles(server: str) -> set[str]:
    async def ask() -> set[str]:
        async with Database(server) as database, database.reading() as session:
            return set(await session.scalars(text("SELECT rolname FROM pg_roles")))

    return asyncio.run(ask()) & set(ROLES)


def test_an_owner_who_may_make_roles_needs_nobody(fresh: str, run: Run) -> None:
    with owned(fresh, "CREATEROLE") as address:
        assert run("migrate", DATABASE_URL=address).exception is None
        assert who_works(address) == CALLER


def test_an_owner_who_may_not_is_told_what_somebody_else_has_to_run(fresh: str, run: Run) -> None:
    with owned(fresh) as address:
        told, _, statements = str(run("migrate", DATABASE_URL=address).exception).rpartition(
            "migrate again: "
        )
        assert "may not make roles" in told

        databases.run(fresh, statements)

        assert run("migrate", DATABASE_URL=address).exception is None
        assert who_works(address) == CALLER


def test_databases_of_one_server_may_be_migrated_at_the_same_time(
    fresh: str, tmp_path: Path
) -> None:
    with ExitStack() as stack:
        addresses = [stack.enter_context(databases.made(fresh)) for _ in range(3)]
        migrating = [
            stack.enter_context(
                running([*APP, "migrate"], ROOT, tmp_path / str(number), DATABASE_URL=address)
            )
            for number, address in enumerate(addresses)
        ]

        assert [each.ended() for each in migrating] == [0, 0, 0], [e.said() for e in migrating]
        assert [who_works(address) for address in addresses] == [CALLER] * 3


def test_the_roles_go_with_the_last_database_that_needs_them(fresh: str, run: Run) -> None:
    with databases.made(fresh) as one, databases.made(fresh) as other:
        for address in (one, other):
            assert run("migrate", DATABASE_URL=address).exception is None

        assert run("downgrade", "0005_join", DATABASE_URL=one).exception is None
        assert roles(fresh) == set(ROLES)
        assert who_works(other) == CALLER

        assert run("downgrade", "0005_join", DATABASE_URL=other).exception is None
        assert roles(fresh) == set()

        assert run("migrate", DATABASE_URL=one).exception is None
        assert who_works(one) == CALLER


def test_the_roles_stay_while_a_login_has_been_given_them(fresh: str, run: Run) -> None:
    with databases.login(fresh) as login, databases.made(fresh) as address:
        assert run("migrate", DATABASE_URL=address).exception is None
        databases.run(fresh, f'GRANT "{CALLER}" TO {login.username}')

        assert run("downgrade", "base", DATABASE_URL=address).exception is None

        assert roles(fresh) == {CALLER}
