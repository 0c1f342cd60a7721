"""Writes test_router.py: the routes, over HTTP."""

from collections.abc import Iterator, Sequence

from scaffold.filling import filled
from scaffold.resource import Field, Resource
from scaffold.tests_of.words import names

HEAD = '''\
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

TAKEN = """\
async def test_two_cannot_share_a_$field($writer: AsyncClient$given) -> None:
    first, second = await create($writer, $body()), await create($writer, $body())
    same = {"$field": first["$field"]}

    again = await $writer.post($MANY, json=$body(**same))
    changed = await $writer.patch(f"{$MANY}/{second['id']}", json=same)

    assert (again.status_code, again.json()["code"]) == (409, "${field}_taken")
    assert (changed.status_code, changed.json()["code"]) == (409, "${field}_taken")
    await $writer.delete(f"{$MANY}/{first['id']}")
    await create($writer, $body(**same))


"""

UNKNOWN = """\
async def test_a_${field}_that_is_not_there_is_refused($writer: AsyncClient$given) -> None:
    made, nowhere = await create($writer, $body()), {"$name": str(uuid4())}

    answers = [
        await $writer.post($MANY, json=$body(**nowhere)),
        await $writer.patch(f"{$MANY}/{made['id']}", json=nowhere),
    ]

    for answer in answers:
        assert (answer.status_code, answer.json()["code"]) == (422, "unknown_$field")
        assert [error["loc"] for error in answer.json()["errors"]] == [["body", "$name"]]
    assert await ids($writer) == [made["id"]]


"""

FOREIGN = """\
async def test_a_${field}_of_somebody_else_is_refused(
    $writer: AsyncClient, database: Database$given
) -> None:
    foreign = await $make(database, (await a_person(database)).id)

    answer = await $writer.post($MANY, json=$body($name=str(foreign.id)))

    assert (answer.status_code, answer.json()["code"]) == (422, "unknown_$field")


"""

DELETED = """\
async def test_a_${field}_that_was_deleted_is_refused(
    $writer: AsyncClient, database: Database$given
) -> None:
    sent = $body()
    async with database.unit_of_work() as work:
        await work.as_system()
        await work.session.execute(update($Target).values(deleted_at=$Target.updated_at))

    answer = await $writer.post($MANY, json=sent)

    assert (answer.status_code, answer.json()["code"]) == (422, "unknown_$field")


"""

EMPTIED = """\
async def test_what_is_optional_can_be_left_out_and_emptied($writer: AsyncClient$given) -> None:
    nothing: dict[str, Any] = dict.fromkeys([$optional])
    full = await create($writer, $body())
    bare = {name: value for name, value in $body().items() if name not in nothing}

    left_out = await create($writer, bare)
    emptied = await $writer.patch(f"{$MANY}/{full['id']}", json=nothing)

    assert left_out == left_out | nothing
    assert emptied.json() == full | emptied.json() | nothing


"""

PAGES = """\
async def test_a_page_says_where_it_stands_and_the_newest_come_first(
    $writer: AsyncClient$given
) -> None:
    made = [(await create($writer, $body()))["id"] for _ in range(5)]

    answer = await $writer.get($MANY, params={"page": 2, "limit": 2})

    assert [each["id"] for each in answer.json()["data"]] == [made[2], made[1]]
    assert answer.json()["meta"] == {"page": 2, "limit": 2, "total": 5, "total_capped": False}
    assert answer.headers["Cache-Control"] == "no-store"
    assert await ids($writer, page=100, limit=100) == []


"""

CURSOR = """\
async def test_a_list_is_walked_by_its_cursors_newest_first($writer: AsyncClient$given) -> None:
    made = [(await create($writer, $body()))["id"] for _ in range(5)]
    walked, query = [], {"limit": "2"}
    while True:
        answer = await $writer.get($MANY, params=query)
        walked.append([each["id"] for each in answer.json()["data"]])
        assert answer.headers["Cache-Control"] == "no-store"
        if answer.json()["meta"]["next_cursor"] is None:
            break
        query["cursor"] = answer.json()["meta"]["next_cursor"]

    assert walked == [[made[4], made[3]], [made[2], made[1]], [made[0]]]


"""

FOUND = """\
@pytest.mark.parametrize(("name", "other"), [$found])
async def test_a_list_can_be_asked_for_the_rows_with_one_value(
    $writer: AsyncClient$given, name: str, other: Any
) -> None:
    made = await create($writer, $body())

    assert await ids($writer, **{name: made[name]}) == [made["id"]]
    assert await ids($writer, **{name: other}) == []


"""


def text(resource: Resource) -> str:
    """The module."""
    words = names(resource)
    optional = [field for field in resource.fields if field.optional]
    found = [field for field in resource.fields if field.found]
    listing = filled(PAGES if resource.pages else CURSOR, (), words)
    if found:
        asked = ", ".join(f'("{field.name}", {field.kind.other})' for field in found)
        listing += filled(FOUND, (), words | {"found": asked})
    emptied = {"optional": ", ".join(f'"{field.name}"' for field in optional)}
    more = {
        "targets": "\n".join(sorted(set(_imports(resource)))),
        "refusals": "".join(_refusals(resource, words)),
        "emptied": filled(EMPTIED, (), words | emptied) if optional else "",
        "listing": listing,
        "queries": '"page=0", "page=501&limit=20", '
        if resource.pages
        else '"cursor=x", "page=2", ',
        "edges": ", ".join(_each(field, field.kind.edges) for field in resource.own),
        "wrong": "\n".join(f"        {_each(field, _wrong(field))}," for field in resource.fields),
    }
    return filled(HEAD, resource.traits, words | more)


def _refusals(resource: Resource, words: dict[str, str]) -> Iterator[str]:
    for field in resource.uniques:
        yield filled(TAKEN, (), words | {"field": field.name})
    for field in resource.references:
        yield filled(UNKNOWN, (), words | {"field": field.subject, "name": field.name})
        if field.target and field.target.owned:
            make = (field.target.factory or "").rpartition(".")[2]
            yield filled(
                FOREIGN, (), words | {"field": field.subject, "name": field.name, "make": make}
            )
        if field.target and field.target.soft_delete:
            target = {"field": field.subject, "Target": field.target.model}
            yield filled(DELETED, (), words | target)


def _imports(resource: Resource) -> Iterator[str]:
    for field in resource.references:
        if field.target and field.target.soft_delete:
            yield f"from {field.target.module} import {field.target.model}"
        if field.target and field.target.owned:
            module, _, function = (field.target.factory or "").rpartition(".")
            yield f"from {module} import {function}"


def _each(field: Field, values: Sequence[str]) -> str:
    return ", ".join(_json(field.name, value) for value in values)


def _json(name: str, value: str) -> str:
    return "{" + f'"{name}": {value}' + "}"


def _wrong(field: Field) -> list[str]:
    return [*field.kind.wrong, *([] if field.optional else ["None"])]
