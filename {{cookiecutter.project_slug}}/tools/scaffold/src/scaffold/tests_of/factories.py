"""Writes factories.py: valid requests, and rows that are there."""

from scaffold.filling import filled
from scaffold.resource import Field, Resource
from scaffold.tests_of.words import fields, names

TEXT = '''\
"""$Many_words for tests: what is asked for, and what is there."""

from collections.abc import Callable
from datetime import date
from itertools import count
from typing import Any
from uuid import UUID

from httpx2 import AsyncClient

from app.core.database import Database
from app.$many.repository import ${One}Repository
from app.$many.schemas import ${One}Create, ${One}Read
from tests.callers import asking
$factories

$MANY = "/api/v1/$path"
type Body = Callable[..., dict[str, Any]]  #? refers
_numbers = count(1)  #? unique


def $one(**fields: Any) -> dict[str, Any]:  # JSON of any shape, also a wrong one
    """The body of `POST /$path`$fresh."""
    number = next(_numbers)  #? unique
    return {$fields} | fields


async def create(client: AsyncClient, body: dict[str, Any]) -> dict[str, Any]:
    """The $one_words as it was answered."""
    answer = await client.post($MANY, json=body)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def $an_one(database: Database, owner: UUID, **fields: Any) -> ${One}Read:  #? owned
    """Adds one past the routes, in a transaction of its owner."""  #? owned
async def $an_one(database: Database, **fields: Any) -> ${One}Read:  #? !owned
    """Adds one past the routes."""  #? !owned
    fields = await references($whose) | fields  #? refers
    new = ${One}Create.model_validate($one(**fields))
    with asking(owner):  #? owned
        async with database.unit_of_work() as work:  #? owned
            made = await ${One}Repository(work.session, owner).add(new)  #? owned
    return made  #? owned
    async with database.unit_of_work() as work:  #? !owned
        return await ${One}Repository(work.session).add(new)  #? !owned


async def references(database: Database, owner: UUID) -> dict[str, str]:  #? refers owned
async def references(database: Database) -> dict[str, str]:  #? refers !owned
    """What a body refers to, all of it there."""  #? refers
    return {$references}  #? refers
'''


def text(resource: Resource) -> str:
    """The module."""
    imports = {_import(field) for field in resource.references}
    name, *others = [field.name for field in resource.uniques] or [""]
    fresh = "; what is unique in it is always new" if others else f"; its {name} is always new"
    more = {
        "factories": "\n".join(sorted(imports)),
        "fresh": fresh if name else "",
        "fields": fields(resource),
        "whose": "database, owner" if resource.owned else "database",
        "references": ", ".join(
            f'"{field.name}": str((await {_call(field)}).id)' for field in resource.references
        ),
    }
    return filled(TEXT, resource.traits, names(resource) | more)


def _import(field: Field) -> str:
    module, _, function = _factory(field).rpartition(".")
    return f"from {module} import {function}"


def _call(field: Field) -> str:
    owner = ", owner" if field.target and field.target.owned else ""
    return f"{_factory(field).rpartition('.')[2]}(database{owner})"


def _factory(field: Field) -> str:
    return (field.target and field.target.factory) or ""
