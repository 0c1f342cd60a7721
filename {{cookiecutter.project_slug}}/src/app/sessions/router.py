"""A user's own sessions over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response, status

from app.auth.dependencies import SignedIn, UserId
from app.core.feature import API
from app.core.pagination import Page, PageQuery
from app.core.problems import documented
from app.gate.route import GatedRoute
from app.sessions.dependencies import ChangesSessions, ReadsSessions
from app.sessions.schemas import SessionRead

router = APIRouter(prefix=f"{API}/auth/sessions", tags=["auth"], route_class=GatedRoute)


@router.get("")
async def list_sessions(
    query: Annotated[PageQuery, Query()],
    user_id: UserId,
    caller: SignedIn,
    sessions: ReadsSessions,
    response: Response,
) -> Page[SessionRead]:
    """Where the caller is signed in, the last used first."""
    response.headers["Cache-Control"] = "no-store"
    return await sessions.page(user_id, caller.session, query)


@router.delete("/{session_id}", status_code=status.HTTP_204_NO_CONTENT, responses=documented(404))
async def end_session(session_id: UUID, user_id: UserId, sessions: ChangesSessions) -> None:
    """Ends one of the caller's sessions, which may be the one that asks."""
    await sessions.end(session_id, user_id)
