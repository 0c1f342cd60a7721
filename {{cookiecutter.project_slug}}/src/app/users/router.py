"""Accounts over HTTP: one's own, and everybody's for admins."""

from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response, status

from app.auth.dependencies import UserId, requires
from app.core.feature import API
from app.core.pagination import Page
from app.core.problems import documented
from app.core.sights import CachedReads
from app.gate.answers import answered_from_cache, by_user
from app.gate.route import GatedRoute
from app.users import cached
from app.users.dependencies import ChangesUsers, Erases, Exports, ReadsUsers
from app.users.export import Export
from app.users.schemas import Erasure, ProfileUpdate, UserQuery, UserRead, UserUpdate

router = APIRouter(prefix=f"{API}/users", tags=["users"], route_class=GatedRoute)

_PRIVATE = {"Cache-Control": "no-store"}


@router.get("/me", dependencies=[answered_from_cache(by_user(cached.own), _PRIVATE)])
async def get_me(me: UserId, users: ReadsUsers, cache: CachedReads, response: Response) -> UserRead:
    """One's own account."""
    response.headers.update(_PRIVATE)
    return await cache.get(cached.own(me), partial(users.get, me))


@router.patch("/me")
async def update_me(
    me: UserId, change: ProfileUpdate, users: ChangesUsers, response: Response
) -> UserRead:
    """Changes what one says of oneself."""
    response.headers.update(_PRIVATE)
    return await users.update_profile(me, change)


@router.post("/me/erase", status_code=status.HTTP_204_NO_CONTENT, responses=documented(409))
async def erase_me(me: UserId, erasure: Erasure, accounts: Erases) -> None:
    """Erases one's personal data and ends every session; nothing brings the account back."""
    await accounts.erase(me, erasure.password)


@router.get("/me/export")
async def export_me(me: UserId, accounts: Exports, response: Response) -> Export:
    """Everything that is stored about oneself."""
    response.headers.update(_PRIVATE)
    return await accounts.export(me)


@router.get("", dependencies=[requires("users:read")])
async def list_users(
    query: Annotated[UserQuery, Query()], users: ReadsUsers, response: Response
) -> Page[UserRead]:
    """One page of the accounts, filtered and sorted."""
    response.headers.update(_PRIVATE)
    return await users.page(query)


@router.get("/{user_id}", dependencies=[requires("users:read")], responses=documented(404))
async def get_user(user_id: UUID, users: ReadsUsers, response: Response) -> UserRead:
    """Anybody's account."""
    response.headers.update(_PRIVATE)
    return await users.get(user_id)


@router.patch("/{user_id}", dependencies=[requires("users:write")], responses=documented(404, 409))
async def update_user(
    user_id: UUID, change: UserUpdate, users: ChangesUsers, response: Response
) -> UserRead:
    """Changes a role, or whether somebody may sign in; holds on their next request."""
    response.headers.update(_PRIVATE)
    return await users.update(user_id, change)
