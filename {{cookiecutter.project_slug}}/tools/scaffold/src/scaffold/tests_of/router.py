"""Writes test_router.py: the routes, over HTTP."""

from collections.abc import Sequence

from scaffold.filling import filled
from scaffold.resource import Field, Resource
from scaffold.tests_of.lists import lists, queries
from scaffold.tests_of.refusals import imports, refusals
from scaffold.tests_of.words import names

TEXT = '''\
"""$Many_words over HTTP, against the real database."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from httpx2 import AsyncClient
from sqlalchemy import update

from app.core.database import Database
from tests.people import a_person
from tests.$many.factories import $MANY, create
from tests.$many.factories import Body  #? refers
from tests.$many.factories import $one  #? !refers
$targets


async def ids(client: AsyncClient, **query: Any) -> list[str]:
    answer = await client.get($MANY, params=query)
    assert answer.status_code == 200, answer.text
    return [each["id"] for each in answer.json()["data"]]


async def test_what_is_created_is_answered_whole_and_found_where_it_says(
    $writer: AsyncClient$given
) -> None:
    sent = $body()

    answer = await $writer.post($MANY, json=sent)

    made = answer.json()
    assert answer.status_code == 201, answer.text
    assert UUID(made["id"]).version == 7
    assert made == made | sent | {"version": 1}
    assert made.keys() - sent.keys() == {"id", "version", "created_at", "updated_at"}
    found = await $writer.get(answer.headers["Location"])
    assert found.json() == made
    assert found.headers["ETag"] == answer.headers["ETag"] == '"1"'
    assert found.headers["Cache-Control"] == answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("method", ["POST", "PATCH", "DELETE"])  #? !owned
async def test_who_may_only_read_changes_nothing(  #? !owned
    admin: AsyncClient, reader: AsyncClient$given, method: str  #? !owned
) -> None:  #? !owned
    made = await create(admin, $body())  #? !owned
    path = $MANY if method == "POST" else f"{$MANY}/{made['id']}"  #? !owned

    answer = await reader.request(method, path, json=$body())  #? !owned

    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")  #? !owned
    assert await ids(reader) == [made["id"]]  #? !owned
    assert (await reader.get(f"{$MANY}/{made['id']}")).json() == made  #? !owned


async def test_a_program_does_what_its_key_is_for(
    $writer: AsyncClient, client: AsyncClient$given
) -> None:
    statuses = {}
    for scope in ("$many:read", "$many:write"):
        asked = {"name": "import", "scopes": [scope]}
        key = {"X-API-Key": (await $writer.post("/api/v1/auth/api-keys", json=asked)).json()["key"]}
        read = await client.get($MANY, headers=key)
        written = await client.post($MANY, json=$body(), headers=key)
        statuses[scope] = (read.status_code, written.status_code)

    assert statuses == {"$many:read": (200, 403), "$many:write": (403, 201)}


$refusals
async def test_what_is_deleted_is_gone_from_every_read($writer: AsyncClient$given) -> None:
    path = f"{$MANY}/{(await create($writer, $body()))['id']}"

    assert (await $writer.delete(path)).status_code == 204

    assert (await $writer.get(path)).status_code == 404
    assert (await $writer.patch(path, json={})).status_code == 404
    assert (await $writer.delete(path)).status_code == 404
    assert await ids($writer) == []


async def test_a_patch_changes_what_it_names_and_counts_the_version_up(
    $writer: AsyncClient$given
) -> None:
    before = await create($writer, $body())

    answer = await $writer.patch(f"{$MANY}/{before['id']}", json={"$changed": $value})

    after = answer.json()
    assert (answer.status_code, answer.headers["ETag"]) == (200, '"2"')
    assert after == before | {
        "$changed": $value, "version": 2, "updated_at": after["updated_at"]
    }
    assert after["updated_at"] > before["updated_at"]


async def test_an_empty_patch_changes_nothing($writer: AsyncClient$given) -> None:
    before = await create($writer, $body())

    answer = await $writer.patch(f"{$MANY}/{before['id']}", json={})

    assert (answer.status_code, answer.json()) == (200, before)


$emptied
@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
@pytest.mark.parametrize(
    ("if_match", "status"), [('"1"', None), ("*", None), ('"2"', 412), ("1", 400)]
)
async def test_a_change_can_be_bound_to_the_version_that_was_read(
    $writer: AsyncClient$given, method: str, if_match: str, status: int | None
) -> None:
    made = await create($writer, $body())

    answer = await $writer.request(
        method,
        f"{$MANY}/{made['id']}",
        json={"$changed": $value} if method == "PATCH" else None,
        headers={"If-Match": if_match},
    )

    assert answer.status_code == (status or (200 if method == "PATCH" else 204))
    assert (await ids($writer) == []) is (answer.status_code == 204)


async def test_a_client_that_knows_the_version_gets_no_body($writer: AsyncClient$given) -> None:
    made = await create($writer, $body())
    path = f"{$MANY}/{made['id']}"

    same = await $writer.get(path, headers={"If-None-Match": '"1"'})
    other = await $writer.get(path, headers={"If-None-Match": '"9"'})

    assert (same.status_code, same.content, same.headers["ETag"]) == (304, b"", '"1"')
    assert (other.status_code, other.json()) == (200, made)


$listing
@pytest.mark.parametrize(
    "query", ["limit=0", "limit=101", $queries"colour=blue", "user_id=1"]
)
async def test_a_query_that_asks_for_something_else_is_refused(
    $reader: AsyncClient, query: str
) -> None:
    answer = await $reader.get(f"{$MANY}?{query}")

    assert (answer.status_code, answer.json()["code"]) == (422, "validation_failed")


@pytest.mark.parametrize("fields", [$edges])
async def test_the_last_values_that_are_right_are_taken(
    $writer: AsyncClient$given, fields: dict[str, Any]
) -> None:
    made = await create($writer, $body(**fields))

    assert made == made | fields


@pytest.mark.parametrize(
    "fields",
    [
$wrong
        {"id": str(uuid4())},
        {"user_id": str(uuid4())},
        {"version": 7},
        {"created_at": "2020-01-01T00:00:00Z"},
    ],
)
@pytest.mark.parametrize("method", ["POST", "PATCH"])
async def test_a_body_with_anything_wrong_in_it_is_refused(
    $writer: AsyncClient$given, method: str, fields: dict[str, Any]
) -> None:
    made = await create($writer, $body())
    path = $MANY if method == "POST" else f"{$MANY}/{made['id']}"

    answer = await $writer.request(method, path, json=$body(**fields))

    assert answer.status_code == 422, answer.text
    assert {tuple(error["loc"][:2]) for error in answer.json()["errors"]} == {("body", *fields)}


@pytest.mark.parametrize("identifier", ["1", "not-a-uuid", "%00"])
async def test_an_identifier_that_is_none_is_refused($reader: AsyncClient, identifier: str) -> None:
    answer = await $reader.get(f"{$MANY}/{identifier}")

    assert answer.status_code == 422
    assert [error["loc"] for error in answer.json()["errors"]] == [["path", "${one}_id"]]
'''

EMPTIED = """\
async def test_what_is_optional_can_be_left_out_and_emptied($writer: AsyncClient$given) -> None:
    nothing: dict[str, Any] = dict.fromkeys([$optional])
    full = await create($writer, $body())
    bare = {name: value for name, value in $body().items() if name not in nothing}

    left_out = await create($writer, bare)
    emptied = await $writer.patch(f"{$MANY}/{full['id']}", json=nothing)

    assert left_out == left_out | nothing
    assert emptied.json() == full | nothing | {
        "version": 2, "updated_at": emptied.json()["updated_at"]
    }


"""


def text(resource: Resource) -> str:
    """The module."""
    words = names(resource)
    optional = ", ".join(f'"{field.name}"' for field in resource.fields if field.optional)
    more = {
        "targets": imports(resource),
        "refusals": refusals(resource),
        "emptied": filled(EMPTIED, (), words | {"optional": optional}) if optional else "",
        "listing": lists(resource),
        "queries": queries(resource),
        "edges": ", ".join(_each(field, field.kind.edges) for field in resource.own),
        "wrong": "\n".join(f"        {_each(field, _wrong(field))}," for field in resource.fields),
    }
    return filled(TEXT, resource.traits, words | more)


def _each(field: Field, values: Sequence[str]) -> str:
    return ", ".join("{" + f'"{field.name}": {value}' + "}" for value in values)


def _wrong(field: Field) -> list[str]:
    return [*field.kind.wrong, *([] if field.optional else ["None"])]
