"""Writes repository.py: the queries."""

from collections.abc import Iterator

from scaffold.filling import filled
from scaffold.layers.docstrings import raising
from scaffold.layers.errors import taken, unknown
from scaffold.layers.pages import filters, page
from scaffold.layers.referring import imports, looks, searches
from scaffold.layers.scope import also, tags
from scaffold.resource import Resource

TEXT = '''\
"""The queries of $many_words$aside."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Insert, Update, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.errors import AppError
from app.core.outages import constraint
from app.core.pagination import REACH, Slice, newest_first
from app.core.unit_of_work import outdates
from app.$many.cached import LISTS, tag  #? cached !owned
from app.$many.cached import tag  #? cached owned
from app.$many.errors import ${One}InUse$errors
from app.$many.models import $One
from app.$many.schemas import ${One}Create, ${One}Query, ${One}Read
$targets

_COLUMNS = (
$columns
)
_ALIVE = $One.deleted_at.is_(None)  #? soft
_REFUSALS: Mapping[str | None, type[AppError]] = {  #? refused
$refusals
}  #? refused


class ${One}Repository:
    """The $many_words of `owner` in PostgreSQL; there are no others."""  #? owned
    """$Many_words in PostgreSQL, read as ${One}Read."""  #? !owned

    def __init__(self, session: AsyncSession, owner: UUID) -> None:  #? owned
    def __init__(self, session: AsyncSession) -> None:  #? !owned
        self._session = session
        self._owner = owner  #? owned
        self._own = $One.user_id == owner  #? owned

$page

    async def get(self, ${one}_id: UUID) -> ${One}Read | None:
        """The $one_words, if it is the owner's."""  #? owned
        """The $one_words, if it is there."""  #? !owned
        rows = await self._session.execute(select(*_COLUMNS).where($One.id == ${one}_id$also))
        row = rows.one_or_none()
        return ${One}Read.model_validate(row) if row else None

    async def lock(self, ${one}_id: UUID) -> ${One}Read | None:
        """Like `get`; whoever else wants to change it waits for the end of this transaction."""
        rows = await self._session.execute(
            select(*_COLUMNS).where($One.id == ${one}_id$also).with_for_update()
        )
        row = rows.one_or_none()
        return ${One}Read.model_validate(row) if row else None

    async def all(self) -> Sequence[${One}Read]:  #? owned
        """Every $one_words of the owner, deleted ones too, newest first."""  #? owned soft
        """Every $one_words of the owner, newest first."""  #? owned !soft
        rows = await self._session.execute(  #? owned
            select(*_COLUMNS).where(self._own).order_by($One.created_at.desc(), $One.id.desc())  #? owned
        )  #? owned
        return [${One}Read.model_validate(row) for row in rows]  #? owned

    async def add(self, new: ${One}Create) -> ${One}Read:
$adding
        values = new.model_dump()  #? looks
$look
        made = await self._written(insert($One).values($values))  #? cached
        outdates(self._session, $made_tags)  #? cached
        return made  #? cached
        return await self._written(insert($One).values($values))  #? !cached

    async def update(self, ${one}_id: UUID, values: Mapping[str, Any]) -> ${One}Read:
$setting
$look
        return await self._written(self._changed(${one}_id).values(values))

    async def delete(self, ${one}_id: UUID) -> None:
        """Keeps the row of a locked $one_words, out of every read."""  #? soft
        """Deletes a locked $one_words. Raises ${One}InUse."""  #? !soft
        await self._session.execute(self._changed(${one}_id).values(deleted_at=func.now()))  #? soft
        outdates(self._session, $tags)  #? cached !soft
        try:  #? !soft
            await self._session.execute(delete($One).where($One.id == ${one}_id$also))  #? !soft
        except IntegrityError as error:  #? !soft
            raise ${One}InUse from error  #? !soft

    async def forget(self) -> None:  #? owned
        """Deletes all that the owner has."""  #? owned
        outdates(self._session, tag(self._owner))  #? owned cached
        await self._session.execute(delete($One).where(self._own))  #? owned

    async def _written(self, statement: Insert | Update) -> ${One}Read:
        try:  #? refused
            rows = await self._session.execute(statement.returning(*_COLUMNS))  #? refused
        except IntegrityError as error:  #? refused
            if refusal := _REFUSALS.get(constraint(error)):  #? refused
                raise refusal from error  #? refused
            raise  #? refused
        rows = await self._session.execute(statement.returning(*_COLUMNS))  #? !refused
        return ${One}Read.model_validate(rows.one())

    def _changed(self, ${one}_id: UUID) -> Update:
        outdates(self._session, $tags)  #? cached
        return (
            update($One)
            .where($One.id == ${one}_id$also)
            .values(version=$One.version + 1, updated_at=func.now())
        )
$searches


def _filters(query: ${One}Query) -> list[ColumnElement[bool]]:  #? found
    conditions: list[ColumnElement[bool]] = []  #? found
$filters
    return conditions  #? found
'''


def text(resource: Resource) -> str:
    """The module."""
    look = looks(resource)
    names = resource.names | _refusing(resource) | _selecting(resource) | {"look": look}
    return filled(TEXT, resource.traits | ({"looks"} if look else set()), names)


def _refusing(resource: Resource) -> dict[str, str]:
    kinds = [*map(taken, resource.uniques), *map(unknown, resource.references)]
    one = resource.names["one_words"]
    return {
        "errors": "".join(f", {kind}" for kind in kinds),
        "targets": imports(resource),
        "refusals": "\n".join(f'    "{name}": {kind},' for name, kind in _constraints(resource)),
        "adding": raising(kinds, f"The {one} as it was stored.", brief=True),
        "setting": raising(kinds, f"Sets columns of a locked {one}."),
        "searches": searches(resource),
    }


def _constraints(resource: Resource) -> Iterator[tuple[str, str]]:
    owner = "user_id_" if resource.owned else ""
    for field in resource.uniques:
        yield f"uq_{resource.many}_{owner}{field.name}", taken(field)
    for field in resource.references:
        if field.target:
            yield f"fk_{resource.many}_{field.name}_{field.target.table}", unknown(field)


def _selecting(resource: Resource) -> dict[str, str]:
    own = [field.name for field in resource.fields]
    columns = ["id", *own, "version", "created_at", "updated_at"]
    values = "values" if looks(resource) else "new.model_dump()"
    return {
        "aside": _aside(resource),
        "columns": "\n".join(f"    {resource.names['One']}.{name}," for name in columns),
        "page": page(resource),
        "also": also(resource),
        "values": f"user_id=self._owner, **{values}" if resource.owned else values,
        "tags": tags(resource, f"{resource.one}_id"),
        "made_tags": tags(resource, "made.id"),
        "filters": filters(resource),
    }


def _aside(resource: Resource) -> str:
    if resource.owned:
        return "; each is bound to one owner"
    return "; all but `add` see only those that are not deleted" if resource.soft_delete else ""
