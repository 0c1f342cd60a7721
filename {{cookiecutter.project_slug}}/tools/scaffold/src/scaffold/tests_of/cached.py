"""Writes test_cached.py: never older than the last answered change."""

from scaffold.filling import filled
from scaffold.resource import Resource
from scaffold.tests_of.words import names

TEXT = '''\
"""$Many_words as the cache shows them: never older than the last answered change."""

from uuid import UUID, uuid4

from httpx2 import AsyncClient

from app.core.database import Database
from tests.queries import statements
from tests.$many.factories import $MANY, create
from tests.$many.factories import Body  #? refers
from tests.$many.factories import $one  #? !refers
from tests.$many.test_router import ids


async def test_what_was_read_once_needs_no_query(
    $writer: AsyncClient, database: Database$given
) -> None:
    path = f"{$MANY}/{(await create($writer, $body()))['id']}"
    first, page = await $writer.get(path), await $writer.get($MANY)

    with statements(database) as sent:
        assert (await $writer.get(path)).content == first.content
        assert (await $writer.get($MANY)).content == page.content

    assert sent == []


async def test_what_is_changed_is_shown_at_once_and_in_every_list(
    $writer: AsyncClient$given
) -> None:
    path = f"{$MANY}/{(await create($writer, $body()))['id']}"
    await $writer.get(path)
    await ids($writer)

    changed = await $writer.patch(path, json={"$changed": $value})

    shown = await $writer.get(path)
    assert (shown.json(), shown.headers["ETag"]) == (changed.json(), '"2"')
    assert (await $writer.get($MANY)).json()["data"] == [changed.json()]


async def test_what_is_deleted_is_gone_at_once($writer: AsyncClient$given) -> None:
    path = f"{$MANY}/{(await create($writer, $body()))['id']}"
    await $writer.get(path)
    await ids($writer)

    await $writer.delete(path)

    assert (await $writer.get(path)).status_code == 404
    assert await ids($writer) == []


async def test_what_is_new_is_in_the_list_at_once($writer: AsyncClient$given) -> None:
    assert await ids($writer) == []

    made = await create($writer, $body())

    assert await ids($writer) == [made["id"]]


async def test_another_query_is_kept_apart($writer: AsyncClient$given) -> None:
    made = [(await create($writer, $body()))["id"] for _ in range(3)]

    assert await ids($writer) == made[::-1]
    assert await ids($writer, limit=1) == made[2:]


async def test_that_there_is_none_is_kept_too($writer: AsyncClient, database: Database) -> None:
    path = f"{$MANY}/{uuid4()}"
    assert (await $writer.get(path)).status_code == 404

    with statements(database) as sent:
        assert (await $writer.get(path)).status_code == 404

    assert sent == []
'''

OWN = """\


async def test_what_is_kept_for_one_is_shown_to_nobody_else(
    hers: AsyncClient, his: AsyncClient$given
) -> None:
    path = f"{$MANY}/{(await create(hers, $body()))['id']}"
    await hers.get(path)
    await ids(hers)

    assert (await his.get(path)).status_code == 404
    assert await ids(his) == []
"""


def text(resource: Resource) -> str:
    """The module."""
    own = OWN if resource.owned else ""
    return filled(TEXT + own, resource.traits, names(resource))
