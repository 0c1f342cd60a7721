"""API keys over HTTP; no key can make, see or revoke another one."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response, status

from app.api_keys.dependencies import ChangesKeys, ReadsKeys
from app.api_keys.schemas import ApiKeyCreate, ApiKeyCreated, ApiKeyQuery, ApiKeyRead
from app.auth.dependencies import SignedIn, UserId
from app.core.feature import API
from app.core.pagination import CursorPage
from app.core.problems import documented
from app.gate.route import GatedRoute

PATH = f"{API}/auth/api-keys"
router = APIRouter(prefix=PATH, tags=["api keys"], route_class=GatedRoute)
_PRIVATE = {"Cache-Control": "no-store"}


@router.get("")
async def list_api_keys(
    query: Annotated[ApiKeyQuery, Query()], owner: UserId, keys: ReadsKeys, response: Response
) -> CursorPage[ApiKeyRead]:
    """One's own keys, newest first."""
    response.headers.update(_PRIVATE)
    return await keys.page(owner, query)


@router.post("", status_code=status.HTTP_201_CREATED)
async def create_api_key(
    new: ApiKeyCreate, owner: UserId, known: SignedIn, keys: ChangesKeys, response: Response
) -> ApiKeyCreated:
    """Makes a key and shows it, once."""
    made = await keys.create(owner, known.scopes, new)
    response.headers.update(_PRIVATE)
    return made


@router.delete("/{key_id}", status_code=status.HTTP_204_NO_CONTENT, responses=documented(404))
async def revoke_api_key(key_id: UUID, owner: UserId, keys: ChangesKeys) -> None:
    """The key opens nothing any more."""
    await keys.revoke(owner, key_id)
