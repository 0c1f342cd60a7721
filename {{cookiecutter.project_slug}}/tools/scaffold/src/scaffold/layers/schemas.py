"""Writes schemas.py: what crosses the boundary."""

from collections.abc import Iterator

from scaffold.filling import filled
from scaffold.resource import Field, Resource
from scaffold.spelling import camel

TEXT = '''\
"""What crosses the boundary: $many_words as clients write, ask for and read them."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import MISSING, BaseModel, ConfigDict, Field, StrictBool

from app.core.json_object import JsonObject
from app.core.moments import Day, Moment
from app.core.pagination import CursorQuery, Dated, PageQuery
from app.core.text import WHOLE, Amount, Input, Money, Text
$enumerations

$types


class ${One}Create(Input):
    """What $a_one needs to exist; whose it is, the credential says."""  #? owned
    """What $a_one needs to exist."""  #? !owned

$create


class ${One}Update(Input):
    """The fields to change; those left out stay as they are$emptied."""

$update


class ${One}Read(BaseModel):  #? pages
class ${One}Read(Dated):  #? !pages
    """$A_one as its owner sees it."""  #? owned
    """$A_one as everybody sees it."""  #? !owned

    model_config = ConfigDict(from_attributes=True, frozen=True)  #? pages
    #? pages
    id: UUID  #? pages
$read
    version: int
    created_at: datetime  #? pages
    updated_at: datetime


class ${One}Query(PageQuery):  #? pages
class ${One}Query(CursorQuery):  #? !pages
    """Newest first."""  #? !found
    """Newest first; each field that is named must be equal."""  #? found

$query
'''
# What the module imports, and a type of the same name would hide.
HIDDEN = frozenset(
    {
        *("Amount", "Annotated", "BaseModel", "ConfigDict", "CursorQuery", "Dated", "Day", "Field"),
        *("Input", "JsonObject", "Moment", "Money", "PageQuery", "StrictBool", "Text"),
    }
)


def text(resource: Resource) -> str:
    """The module."""
    owners = [field.kind.body for field in resource.fields if field.choices]
    types = {type_name(each, resource): each.kind.body for each in resource.own if _named(each)}
    optional = any(field.optional for field in resource.fields)
    names = {
        "enumerations": f"from app.{resource.many}.models import {', '.join(owners)}"
        * bool(owners),
        "types": "\n".join(f"{name} = {body}" for name, body in types.items()),
        "emptied": "" if optional else ", and none can be emptied by null",
        "create": _lines(_created(field, resource) for field in resource.fields),
        "update": _lines(_updated(field, resource) for field in resource.fields),
        "read": _lines(_declared(field, field.kind.read) for field in resource.fields),
        "query": _lines(_asked(field, resource) for field in resource.fields if field.found),
    }
    return filled(TEXT, resource.traits, resource.names | names)


def classes(resource: Resource) -> Iterator[str]:
    """The names that the module gives, or takes from the model."""
    for schema in ("Create", "Update", "Read", "Query"):
        yield f"{camel(resource.one)}{schema}"
    for field in resource.own:
        if field.choices or _named(field):
            yield type_name(field, resource)


def type_name(field: Field, resource: Resource) -> str:
    """What bodies call its type."""
    if not _named(field):
        return field.kind.body
    name = camel(field.name)
    return f"{camel(resource.one)}{name}" if name in HIDDEN else name


def _named(field: Field) -> bool:
    """Long ones are written once."""
    return field.kind.body.startswith("Annotated")


def _lines(declarations: Iterator[str]) -> str:
    return "\n".join(f"    {each}" for each in declarations)


def _declared(field: Field, kind: str) -> str:
    return f"{field.name}: {kind} | None" if field.optional else f"{field.name}: {kind}"


def _created(field: Field, resource: Resource) -> str:
    declared = _declared(field, type_name(field, resource))
    return f"{declared} = None" if field.optional else declared


def _updated(field: Field, resource: Resource) -> str:
    nothing = " | None" if field.optional else ""
    return f"{field.name}: {type_name(field, resource)} | MISSING{nothing} = MISSING"


def _asked(field: Field, resource: Resource) -> str:
    same = field.kind.query == field.kind.body
    kind = type_name(field, resource) if same else field.kind.query
    return f"{field.name}: {kind} | None = None"
