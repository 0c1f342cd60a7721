"""Writes dependencies.py: how a request gets its service."""

from scaffold.filling import filled
from scaffold.resource import Resource

SHARED = '''\
"""How a request gets its service: outside any transaction to read, in a unit of work to change."""  #? !cached
"""How a request gets its service: from the cache to read, in a unit of work to change."""  #? cached

from typing import Annotated

from fastapi import Depends

from app.core.database import Reading, Work
from app.core.sights import CachedReads
from app.$many.repository import ${One}Repository
from app.$many.service import ${One}ReadService  #? cached
from app.$many.service import ${One}Service


async def _reading(session: Reading, cache: CachedReads) -> ${One}ReadService:  #? cached
    return ${One}ReadService(${One}Repository(session), cache)  #? cached
async def _reading(session: Reading) -> ${One}Service:  #? !cached
    return ${One}Service(${One}Repository(session))  #? !cached


async def _changing(work: Work) -> ${One}Service:
    return ${One}Service(${One}Repository(work.session))


Reads$Many = Annotated[${One}ReadService, Depends(_reading)]  #? cached
Reads$Many = Annotated[${One}Service, Depends(_reading)]  #? !cached
Changes$Many = Annotated[${One}Service, Depends(_changing)]
'''

OWNED = '''\
"""How a request gets its service: in a unit of work also to read, as these rows are protected."""

from typing import Annotated, cast
from uuid import UUID

from fastapi import Depends

from app.auth.dependencies import Identified
from app.core.database import Work
from app.core.sights import CachedReads
from app.$many.repository import ${One}Repository
from app.$many.service import ${One}ReadService  #? cached
from app.$many.service import ${One}Service


async def _reading(known: Identified, work: Work, cache: CachedReads) -> ${One}ReadService:  #? cached
    owner = cast(UUID, known.id)  # whoever was identified has one  #? cached
    return ${One}ReadService(${One}Repository(work.session, owner), cache, owner)  #? cached


async def _changing(known: Identified, work: Work) -> ${One}Service:  #? cached
async def _$many(known: Identified, work: Work) -> ${One}Service:  #? !cached
    owner = cast(UUID, known.id)  # whoever was identified has one
    return ${One}Service(${One}Repository(work.session, owner))


ReadsOwn$Many = Annotated[${One}ReadService, Depends(_reading)]  #? cached
ChangesOwn$Many = Annotated[${One}Service, Depends(_changing)]  #? cached
Own$Many = Annotated[${One}Service, Depends(_$many)]  #? !cached
'''


def text(resource: Resource) -> str:
    """The module."""
    return filled(OWNED if resource.owned else SHARED, resource.traits, resource.names)


def aliases(resource: Resource) -> tuple[str, str]:
    """What routes take to read, and what they take to change."""
    many = resource.names["Many"]
    if resource.owned and not resource.cached:
        return f"Own{many}", f"Own{many}"
    own = "Own" if resource.owned else ""
    return f"Reads{own}{many}", f"Changes{own}{many}"
