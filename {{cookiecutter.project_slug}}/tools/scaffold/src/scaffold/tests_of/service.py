"""Writes test_service.py: the rules, without a database."""

from scaffold.filling import filled
from scaffold.resource import Resource
from scaffold.tests_of.words import names

TEXT = '''\
"""The rules of $many_words, without a database."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from app.core.cache import Look
from app.core.concurrency import Tags, VersionConflict
from app.core.pagination import Slice
from app.core.sights import Cached
from app.$many.errors import ${One}NotFound
from app.$many.repository import ${One}Repository
from app.$many.schemas import ${One}Create, ${One}Query, ${One}Read, ${One}Update
from app.$many.service import ${One}ReadService  #? cached
from app.$many.service import ${One}Service
from tests.$many.factories import $one

CHANGE = ${One}Update.model_validate({"$changed": $value})


class ${Many}InMemory(${One}Repository):
    """Keeps $many_words in a dict; remembers which were locked."""

    def __init__(self) -> None:
        self.rows: dict[UUID, ${One}Read] = {}
        self.locked: list[UUID] = []

    async def page(self, query: ${One}Query) -> Slice[${One}Read]:  #? pages
        return Slice(list(self.rows.values())[: query.limit], len(self.rows))  #? pages
    async def page(self, query: ${One}Query) -> Sequence[${One}Read]:  #? !pages
        return list(self.rows.values())[: query.limit + 1]  #? !pages

    async def get(self, ${one}_id: UUID) -> ${One}Read | None:
        return self.rows.get(${one}_id)

    async def lock(self, ${one}_id: UUID) -> ${One}Read | None:
        self.locked.append(${one}_id)
        return self.rows.get(${one}_id)

    async def add(self, new: ${One}Create) -> ${One}Read:
        moment = datetime.now(UTC)
        made = ${One}Read(
            id=uuid4(), version=1, created_at=moment, updated_at=moment, **new.model_dump()
        )
        self.rows[made.id] = made
        return made

    async def update(self, ${one}_id: UUID, values: Mapping[str, Any]) -> ${One}Read:
        row = self.rows[${one}_id]
        self.rows[${one}_id] = row.model_copy(update={**values, "version": row.version + 1})
        return self.rows[${one}_id]

    async def delete(self, ${one}_id: UUID) -> None:
        del self.rows[${one}_id]


class KeptForEver(Cached):  #? cached
    """Loads everything once."""  #? cached
  #? cached
    def __init__(self) -> None:  #? cached
        self._kept: dict[str, Any] = {}  #? cached
  #? cached
    async def get[T](self, look: Look[T], load: Callable[[], Awaitable[T]]) -> T:  #? cached
        if look.name not in self._kept:  #? cached
            self._kept[look.name] = await load()  #? cached
        found: T = self._kept[look.name]  #? cached
        return found  #? cached


@pytest.fixture
def rows() -> ${Many}InMemory:
    return ${Many}InMemory()


@pytest.fixture
def $many(rows: ${Many}InMemory) -> ${One}Service:
    return ${One}Service(rows)


@pytest.fixture  #? cached
def shown(rows: ${Many}InMemory) -> ${One}ReadService:  #? cached
    return ${One}ReadService(rows, KeptForEver()$for_whom)  #? cached


@pytest.fixture
async def made($many: ${One}Service) -> ${One}Read:
    return await $many.create(${One}Create.model_validate($one($nowhere)))


async def test_what_was_created_can_be_read($shown, made: ${One}Read) -> None:
    assert await $reads.get(made.id) == made


async def test_what_is_kept_is_not_looked_up_again(  #? cached
    shown: ${One}ReadService, rows: ${Many}InMemory, made: ${One}Read  #? cached
) -> None:  #? cached
    page, nowhere = await shown.page(${One}Query(limit=5)), uuid4()  #? cached
    await shown.get(made.id)  #? cached
    with pytest.raises(${One}NotFound):  #? cached
        await shown.get(nowhere)  #? cached
    rows.rows[nowhere] = rows.rows.pop(made.id)  #? cached
  #? cached
    assert await shown.get(made.id) == made  #? cached
    assert await shown.page(${One}Query(limit=5)) == page  #? cached
    with pytest.raises(${One}NotFound):  #? cached
        await shown.get(nowhere)  #? cached


async def test_what_is_not_there_is_not_found($many: ${One}Service$also_shown) -> None:
    with pytest.raises(${One}NotFound):
        await $reads.get(uuid4())
    with pytest.raises(${One}NotFound):
        await $many.update(uuid4(), CHANGE, Tags())
    with pytest.raises(${One}NotFound):
        await $many.delete(uuid4(), Tags())


async def test_a_page_tells_how_many_there_are($shown, made: ${One}Read) -> None:  #? pages
    page = await $reads.page(${One}Query(limit=5))  #? pages
  #? pages
    assert (list(page.data), page.meta.total, page.meta.limit) == ([made], 1, 5)  #? pages
async def test_a_page_leads_to_the_next($shown, rows: ${Many}InMemory, made: ${One}Read) -> None:  #? !pages
    rows.rows[uuid4()] = made  #? !pages
  #? !pages
    page = await $reads.page(${One}Query(limit=1))  #? !pages
  #? !pages
    assert list(page.data) == [made]  #? !pages
    assert page.meta.next_cursor is not None  #? !pages


async def test_a_change_touches_only_what_it_names(
    $many: ${One}Service, made: ${One}Read
) -> None:
    changed = await $many.update(made.id, CHANGE, Tags())

    assert changed == made.model_copy(update={**CHANGE.model_dump(), "version": 2})


async def test_a_change_of_nothing_leaves_the_version_alone(
    $many: ${One}Service, made: ${One}Read
) -> None:
    assert await $many.update(made.id, ${One}Update(), Tags()) == made


async def test_a_version_that_is_no_more_is_refused(
    $many: ${One}Service, rows: ${Many}InMemory, made: ${One}Read
) -> None:
    seen = Tags(frozenset({"1"}))
    changed = await $many.update(made.id, CHANGE, seen)

    with pytest.raises(VersionConflict):
        await $many.update(made.id, CHANGE, seen)
    with pytest.raises(VersionConflict):
        await $many.delete(made.id, seen)

    assert rows.rows[made.id] == changed


async def test_versions_are_compared_on_a_locked_row(
    $many: ${One}Service, rows: ${Many}InMemory, made: ${One}Read
) -> None:
    await $many.update(made.id, CHANGE, Tags())
    await $many.delete(made.id, Tags())

    assert rows.locked == [made.id, made.id]
    assert rows.rows == {}
'''


def text(resource: Resource) -> str:
    """The module."""
    reader = f"shown: {resource.names['One']}ReadService"
    more = {
        "nowhere": ", ".join(f"{field.name}=str(uuid4())" for field in resource.references),
        "for_whom": ", uuid4()" if resource.owned else "",
        "reads": "shown" if resource.cached else resource.many,
        "shown": reader if resource.cached else f"{resource.many}: {resource.names['One']}Service",
        "also_shown": f", {reader}" if resource.cached else "",
    }
    return filled(TEXT, resource.traits, names(resource) | more)
