"""Writes models.py: the table."""

from collections.abc import Iterator

from scaffold.filling import filled
from scaffold.layers.tables import checks, indexes
from scaffold.resource import Field, Resource
from scaffold.spelling import camel

TEXT = '''\
"""The table of $many_words$aside."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, Numeric, String, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.models import Model, Resource
from app.core.roles import PROTECTED

_ALIVE = text("deleted_at IS NULL")  #? soft

$enumerations
class $One(Resource, Model):
    """`version` counts the changes, for clients that must not overwrite each other's."""

    __tablename__ = "$many"
    __table_args__ = (
$constraints
        PROTECTED,  #? owned
    )

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))  #? owned
$columns
    version: Mapped[int] = mapped_column(server_default="1")
    deleted_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))  #? soft
'''


def text(resource: Resource) -> str:
    """The module."""
    alive = ", postgresql_where=_ALIVE" if resource.soft_delete else ""
    constraints = [
        *(f'CheckConstraint("{check.rule}", name="{check.name}")' for check in checks(resource)),
        *(
            f'Index("{index.name}", {index.members}{index.unique}{alive})'
            for index in indexes(resource)
        ),
    ]
    names = {
        "aside": _aside(resource),
        "enumerations": "\n\n".join(_enumerations(resource)),
        "constraints": "\n".join(f"        {each}," for each in constraints),
        "columns": "\n".join(f"    {_column(field)}" for field in resource.fields),
    }
    return filled(TEXT, resource.traits, resource.names | names)


def _aside(resource: Resource) -> str:
    alone = "each for its owner alone" if resource.owned else ""
    kept = "a deleted one keeps its row" if resource.soft_delete else ""
    return "".join(f"; {each}" for each in (alone, kept) if each)


def _enumerations(resource: Resource) -> Iterator[str]:
    for field in resource.fields:
        if field.choices:
            members = "".join(f'    {value.upper()} = "{value}"\n' for value in field.choices)
            name = f"{camel(resource.one)}{camel(field.name)}"
            yield f'class {name}(StrEnum):\n    """What `{field.name}` may be."""\n\n{members}'


def _column(field: Field) -> str:
    annotation = f"{field.kind.annotation} | None" if field.optional else field.kind.annotation
    column = f'ForeignKey("{field.target.table}.id")' if field.target else field.kind.column
    if column == "JSONB" and field.optional:
        column = "JSONB(none_as_null=True)"
    value = f" = mapped_column({column})" if column else ""
    return f"{field.name}: Mapped[{annotation}]{value}"
