"""Writes router.py: the routes."""

from scaffold.filling import filled
from scaffold.layers.dependencies import aliases
from scaffold.resource import Resource

TEXT = '''\
"""$Many_words over HTTP: everybody's own, by a session or by an API key of theirs."""  #? owned
"""$Many_words over HTTP: who may read them, and who may change them, the permissions say."""  #? !owned

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response, status

from app.auth.dependencies import requires
from app.core.concurrency import IfMatch, IfNoneMatch, etag
from app.core.feature import API
from app.core.idempotency import Idempotent
from app.core.pagination import CursorPage, Page
from app.core.problems import documented
from app.gate.route import GatedRoute
from app.$many.dependencies import $imported
from app.$many.schemas import ${One}Create, ${One}Query, ${One}Read, ${One}Update

PATH = f"{API}/$path"
router = APIRouter(prefix=PATH, tags=["$many_words"], route_class=GatedRoute)

_READS = [requires("$many:read")]
_WRITES = [requires("$many:write")]
_PRIVATE = {"Cache-Control": "no-store", "Vary": "Authorization, X-API-Key"}


@router.get("", dependencies=_READS)
async def list_$many(
    query: Annotated[${One}Query, Query()], $many: $Reads, response: Response
) -> $Page[${One}Read]:
    """One's own $many_words, newest first."""  #? owned
    """One page of $many_words, newest first."""  #? !owned
    response.headers.update(_PRIVATE)
    return await $many.page(query)


@router.get(
    "/{${one}_id}",
    response_model=${One}Read,
    dependencies=_READS,
    responses={304: {"description": "Not Modified"}, **documented(404)},
)
async def get_$one(
    ${one}_id: UUID, $many: $Reads, known: IfNoneMatch, response: Response
) -> ${One}Read | Response:
    """One $one_words; a client that knows this version gets 304 and no body."""
    $one = await $many.get(${one}_id)
    headers = {**_PRIVATE, "ETag": etag($one.version)}
    if known.include($one.version):
        return Response(status_code=status.HTTP_304_NOT_MODIFIED, headers=headers)
    response.headers.update(headers)
    return $one


@router.post(
    "", status_code=status.HTTP_201_CREATED, dependencies=_WRITES$add_conflict
)
async def create_$one(
    new: ${One}Create, $many: $Changes, ${attempt}response: Response
) -> ${One}Read:
    """Adds $a_one; with an Idempotency-Key it is safe to repeat."""  #? idempotent
    """Adds $a_one."""  #? !idempotent
    await attempt.claim(new)  #? idempotent
    $one = await $many.create(new)
    response.headers.update(_PRIVATE)
    response.headers["Location"] = f"{PATH}/{$one.id}"
    response.headers["ETag"] = etag($one.version)
    return $one


@router.patch("/{${one}_id}", dependencies=_WRITES, responses=documented(404, ${set_conflict}412))
async def update_$one(
    ${one}_id: UUID, change: ${One}Update, $many: $Changes, known: IfMatch, response: Response
) -> ${One}Read:
    """Changes the fields that are given; with If-Match only the version that the client saw."""
    $one = await $many.update(${one}_id, change, known)
    response.headers.update(_PRIVATE)
    response.headers["ETag"] = etag($one.version)
    return $one


@router.delete(
    "/{${one}_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    dependencies=_WRITES,
    responses=documented(404, ${delete_conflict}412),
)
async def delete_$one(${one}_id: UUID, $many: $Changes, known: IfMatch) -> None:
    """Deletes $a_one; with If-Match only the version that the client saw."""
    await $many.delete(${one}_id, known)
'''


def text(resource: Resource) -> str:
    """The module."""
    reads, changes = aliases(resource)
    adds_once = resource.idempotent or resource.uniques
    names = {
        "Reads": reads,
        "Changes": changes,
        "imported": ", ".join(sorted({reads, changes})),
        "attempt": "attempt: Idempotent, " if resource.idempotent else "",
        "add_conflict": ", responses=documented(409)" if adds_once else "",
        "set_conflict": "409, " if resource.uniques else "",
        "delete_conflict": "" if resource.soft_delete else "409, ",
    }
    return filled(TEXT, resource.traits, resource.names | names)
