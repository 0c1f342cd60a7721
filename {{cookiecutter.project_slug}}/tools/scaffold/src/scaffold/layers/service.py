"""Writes service.py: the rules."""

from scaffold.filling import filled
from scaffold.layers.docstrings import raising
from scaffold.layers.errors import taken, unknown
from scaffold.resource import Resource

TEXT = '''\
"""The rules of $many_words."""

from functools import partial
from uuid import UUID

from app.core.concurrency import Tags
from app.core.pagination import CursorPage, Page
from app.core.sights import Cached
from app.$many import cached
from app.$many.errors import ${One}NotFound
from app.$many.repository import ${One}Repository
from app.$many.schemas import ${One}Create, ${One}Query, ${One}Read, ${One}Update


class ${One}ReadService:  #? cached
    """What somebody may see of their own $many_words, from the cache wherever it holds."""  #? cached owned
    """What may be seen of $many_words, from the cache wherever it holds."""  #? cached !owned
  #? cached
    def __init__(self, $many: ${One}Repository, cache: Cached, owner: UUID) -> None:  #? cached owned
    def __init__(self, $many: ${One}Repository, cache: Cached) -> None:  #? cached !owned
        self._$many = $many  #? cached
        self._cache = cache  #? cached
        self._owner = owner  #? cached owned
$cached_reads


class ${One}Service:
    """Everything that somebody can do with their own $many_words."""  #? owned !cached
    """Everything that can be done with $many_words, by those who may."""  #? !owned !cached
    """What somebody can change of their own $many_words."""  #? owned cached
    """What may be done with $many_words, by those who may."""  #? !owned cached

    def __init__(self, $many: ${One}Repository) -> None:
        self._$many = $many
$reads

    async def create(self, new: ${One}Create) -> ${One}Read:
$creating
        return await self._$many.add(new)

    async def update(self, ${one}_id: UUID, change: ${One}Update, known: Tags) -> ${One}Read:
$updating
        $one = await self._locked(${one}_id, known)
        values = change.model_dump()
        if not values:
            return $one
        return await self._$many.update(${one}_id, values)

    async def delete(self, ${one}_id: UUID, known: Tags) -> None:
        """Takes it out of every read. Raises ${One}NotFound, VersionConflict."""  #? soft
        """Raises ${One}NotFound, VersionConflict, ${One}InUse."""  #? !soft
        await self._locked(${one}_id, known)
        await self._$many.delete(${one}_id)

    async def _locked(self, ${one}_id: UUID, known: Tags) -> ${One}Read:
        """Nobody else changes it between the comparison of versions and our change."""
        $one = await self._$many.lock(${one}_id)
        if $one is None:
            raise ${One}NotFound
        known.require($one.version)
        return $one
'''

READS = '''\

    async def page(self, query: ${One}Query) -> $Page[${One}Read]:
        """One page of the $many_words that match, newest first."""
        return $Page[${One}Read].of(await self._$many.page(query), query)

    async def get(self, ${one}_id: UUID) -> ${One}Read:
        """Raises ${One}NotFound."""
        $one = await self._$many.get(${one}_id)
        if $one is None:
            raise ${One}NotFound
        return $one
'''

CACHED_READS = '''\

    async def page(self, query: ${One}Query) -> $Page[${One}Read]:
        """One page of the $many_words that match, newest first."""

        async def load() -> $Page[${One}Read]:
            return $Page[${One}Read].of(await self._$many.page(query), query)

        return await self._cache.get(cached.page(self._owner, query), load)  #? owned
        return await self._cache.get(cached.page(query), load)  #? !owned

    async def get(self, ${one}_id: UUID) -> ${One}Read:
        """Raises ${One}NotFound."""
        load = partial(self._$many.get, ${one}_id)
        $one = await self._cache.get(cached.one(self._owner, ${one}_id), load)  #? owned
        $one = await self._cache.get(cached.one(${one}_id), load)  #? !owned
        if $one is None:
            raise ${One}NotFound
        return $one
'''


def text(resource: Resource) -> str:
    """The module."""
    kinds = [*map(taken, resource.uniques), *map(unknown, resource.references)]
    reads = filled(CACHED_READS if resource.cached else READS, resource.traits, resource.names)
    names = {
        "cached_reads": reads.rstrip("\n") if resource.cached else "",
        "reads": "" if resource.cached else reads.rstrip("\n"),
        "creating": raising(
            kinds, f"The {resource.names['one_words']} as it was stored.", brief=True
        ),
        "updating": raising(
            [f"{resource.names['One']}NotFound", "VersionConflict", *kinds],
            "Changes what `change` names.",
        ),
    }
    return filled(TEXT, resource.traits, resource.names | names)
