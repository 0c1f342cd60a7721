"""Writes test_repository.py: the queries, and what the database does by itself."""

from scaffold.filling import filled
from scaffold.layers.tables import checks
from scaffold.resource import Resource
from scaffold.tests_of.words import names

TEXT = '''\
"""The queries of $many_words: what they cost and what they leave to the database."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import IntegrityError

from app.core.database import Database
from app.$many.errors import ${One}InUse  #? !soft
from app.$many.models import $One
from app.$many.repository import ${One}Repository
from app.$many.schemas import ${One}Query
from tests.people import Person
from tests.callers import asking
from tests.queries import plan, statements
from tests.$many.factories import $an_one


@asynccontextmanager
async def ${many}_of(database: Database, owner: UUID) -> AsyncIterator[${One}Repository]:  #? owned
    with asking(owner):  #? owned
        async with database.unit_of_work() as work:  #? owned
            yield ${One}Repository(work.session, owner)  #? owned
async def ${many}_in(database: Database) -> AsyncIterator[${One}Repository]:  #? !owned
    async with database.unit_of_work() as work:  #? !owned
        yield ${One}Repository(work.session)  #? !owned


async def planned(database: Database, sent: tuple[str, object]) -> str:
    async with database.unit_of_work() as work:
        await work.as_system()
        return await plan(work.session, *sent)


async def test_a_page_costs_$cost($asked) -> None:
    made = [await $an_one($there) for _ in range(3)]

    async with $repository as $many:
        with statements(database) as sent:
            found = await $many.page(${One}Query(limit=2))  #? pages
            found = await $many.page(${One}Query(limit=1))  #? !pages

    assert (len(sent), found.rows, found.matching) == (2, [made[2], made[1]], 3)  #? pages
    assert (len(sent), found) == (1, [made[2], made[1]])  #? !pages


async def test_a_list_is_read_in_the_order_of_an_index($asked) -> None:
    await $an_one($there)
    async with $repository as $many:
        with statements(database) as sent:
            await $many.page(${One}Query())

    found = await planned(database, sent[-1])

    assert "$index " in found
    assert "Sort" not in found


$checked
async def test_a_deleted_row_is_kept_and_seen_by_no_query($asked) -> None:  #? soft
    made = await $an_one($there)  #? soft
    async with $repository as $many:  #? soft
        await $many.delete(made.id)  #? soft
  #? soft
        assert await $many.get(made.id) is None  #? soft
        assert await $many.lock(made.id) is None  #? soft
  #? soft
    async with database.unit_of_work() as work:  #? soft
        await work.as_system()  #? soft
        kept = await work.session.execute(  #? soft
            text("SELECT id, version FROM $many WHERE deleted_at IS NOT NULL")  #? soft
        )  #? soft
        assert [tuple(row) for row in kept] == [(made.id, 2)]  #? soft
@pytest.fixture  #? !soft
async def _others(database: Database) -> AsyncIterator[None]:  #? !soft
    """A table that refers to all that is there."""  #? !soft
    async with database.engine.begin() as connection:  #? !soft
        await connection.exec_driver_sql("CREATE TABLE others (of_${one} uuid REFERENCES $many)")  #? !soft
    yield  #? !soft
    async with database.engine.begin() as connection:  #? !soft
        await connection.exec_driver_sql("DROP TABLE others")  #? !soft


@pytest.mark.usefixtures("_others")  #? !soft
async def test_what_something_else_refers_to_stays($asked) -> None:  #? !soft
    made = await $an_one($there)  #? !soft
    async with database.engine.begin() as connection:  #? !soft
        await connection.exec_driver_sql("INSERT INTO others SELECT id FROM $many")  #? !soft
  #? !soft
    with pytest.raises(${One}InUse):  #? !soft
        async with $repository as $many:  #? !soft
            await $many.delete(made.id)  #? !soft
  #? !soft
    async with $repository as $many:  #? !soft
        assert await $many.get(made.id) == made  #? !soft
'''

CHECKED = """\
@pytest.mark.parametrize(("change", "constraint"), [$rules])
async def test_the_database_refuses_what_no_schema_saw(
    $asked, change: dict[str, Any], constraint: str
) -> None:
    await $an_one($there)

    with pytest.raises(IntegrityError, match=constraint):
        async with database.unit_of_work() as work:
            await work.as_system()
            await work.session.execute(update($One).values(change))


"""


def text(resource: Resource) -> str:
    """The module."""
    rules = [f'({each.broken}, "ck_{resource.many}_{each.name}")' for each in checks(resource)]
    of_ada = f"{resource.many}_of(database, ada.id)"
    words = names(resource) | {
        "asked": "database: Database, ada: Person" if resource.owned else "database: Database",
        "there": "database, ada.id" if resource.owned else "database",
        "repository": of_ada if resource.owned else f"{resource.many}_in(database)",
        "index": f"ix_{resource.many}_{'user_id' if resource.owned else 'created_at'}",
        "cost": "two_statements" if resource.pages else "one_statement",
        "rules": ", ".join(rules),
    }
    checked = filled(CHECKED, (), words) if rules else ""
    return filled(TEXT, resource.traits, words | {"checked": checked})
