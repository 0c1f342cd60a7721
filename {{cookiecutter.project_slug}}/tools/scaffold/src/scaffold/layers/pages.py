"""The part of repository.py that lists rows."""

from scaffold.filling import filled
from scaffold.layers.scope import conditions
from scaffold.resource import Resource

PAGES = '''\
    async def page(self, query: ${One}Query) -> Slice[${One}Read]:
        """Two statements, however many rows match: counting stops beyond REACH."""
        matching = $matching  #? found
        counted = select($One.id)$where.limit(REACH + 1).subquery()
        total = await self._session.scalar(select(func.count()).select_from(counted))
        rows = await self._session.execute(
            select(*_COLUMNS)$where.order_by($One.created_at.desc(), $One.id.desc())
            .limit(query.limit).offset(query.offset)
        )
        return Slice([${One}Read.model_validate(row) for row in rows], total or 0)
'''

CURSOR = '''\
    async def page(self, query: ${One}Query) -> Sequence[${One}Read]:
        """One $one_words more than the limit, if there is one."""
        found = select(*_COLUMNS)$listed
        page = newest_first(found, ($One.created_at, $One.id), further=query.further)
        rows = await self._session.execute(page, query.place)
        return [${One}Read.model_validate(row) for row in rows]
'''

FILTER = """\
    if query.$field is not None:
        conditions.append($One.$field == query.$field)
"""


def page(resource: Resource) -> str:
    """The method."""
    text = filled(PAGES if resource.pages else CURSOR, resource.traits, _names(resource))
    return text.rstrip("\n")


def filters(resource: Resource) -> str:
    """A condition for each field that a list can be asked for."""
    found = (field.name for field in resource.fields if field.found)
    texts = (filled(FILTER, (), resource.names | {"field": name}) for name in found)
    return "".join(texts).rstrip("\n")


def _names(resource: Resource) -> dict[str, str]:
    scoped = conditions(resource)
    asked = ["*_filters(query)"] if "found" in resource.traits else []
    return resource.names | {
        "matching": f"[{', '.join([*scoped, *asked])}]" if scoped else "_filters(query)",
        "where": ".where(*matching)" if asked else _where(scoped),
        "listed": _where([*scoped, *asked]),
    }


def _where(conditions: list[str]) -> str:
    return f".where({', '.join(conditions)})" if conditions else ""
