"""How a route says who may call it: `SignedIn` for people, `requires(...)` for permissions."""

from dataclasses import replace
from typing import Annotated, Any, NoReturn, cast
from uuid import UUID

import structlog
from fastapi import Depends, Request, Security
from fastapi.security import APIKeyHeader, OAuth2PasswordBearer, SecurityScopes
from fastapi.security.utils import get_authorization_scheme_param

from app.api_keys.repository import ApiKeyRepository
from app.api_keys.service import ApiKeyService
from app.audit.dependencies import audit_log
from app.audit.events import Event
from app.auth import permissions, tokens
from app.auth.errors import AmbiguousCredentials, Forbidden, InvalidToken, Unauthorized
from app.core import caller
from app.core.caller import Caller
from app.core.database import database
from app.core.feature import API
from app.sessions.repository import SessionRepository
from app.sessions.service import SessionService

log = structlog.get_logger()

# These describe the credentials in the OpenAPI document; `_identified` reads them.
_BEARER = OAuth2PasswordBearer(
    f"{API}/auth/token",
    scheme_name="bearer",
    scopes={name: f"for {' and '.join(of)}" for name, of in permissions.HOLDERS.items()},
    auto_error=False,
)
_API_KEY = APIKeyHeader(name="X-API-Key", scheme_name="api_key", auto_error=False)


async def _identified(request: Request) -> Caller:
    """The caller, once the only credential was verified; from here on `caller.current()`."""
    bearer, key = request.headers.getlist("Authorization"), request.headers.getlist("X-API-Key")
    if len(bearer) + len(key) > 1:
        raise AmbiguousCredentials
    if bearer:
        known = await _bearer(request, bearer[0])
    elif key:
        known = await _holder(request, key[0])
    else:
        raise Unauthorized
    caller.identify(known)
    return known


async def _bearer(request: Request, authorization: str) -> Caller:
    """What ended the session, or changed the role, holds on this very request."""
    scheme, token = get_authorization_scheme_param(authorization)
    if scheme.lower() != "bearer":
        raise Unauthorized
    claims = tokens.read(token)
    # A connection for this look-up alone: one kept for the whole request could starve the pool.
    async with database(request).reading() as session:
        sessions = SessionService(SessionRepository(session), audit_log(session))
        standing = await sessions.standing(claims.sid)
    if standing is None or not standing.is_active or standing.user_id != claims.sub:
        raise InvalidToken
    return replace(
        caller.current(),
        id=standing.user_id,
        role=standing.role,
        scopes=permissions.of(standing.role),
        session=claims.sid,
    )


async def _holder(request: Request, key: str) -> Caller:
    """A key opens what it was made for, as far as its owner may go there today."""
    async with database(request).unit_of_work() as work:
        keys = ApiKeyService(ApiKeyRepository(work.session), audit_log(work.session))
        holder = await keys.find(key)
    if holder is None or not holder.is_active:
        raise InvalidToken
    scopes = holder.scopes & permissions.of(holder.role)
    return replace(caller.current(), id=holder.user_id, role=holder.role, scopes=scopes)


Identified = Annotated[Caller, Depends(_identified)]


async def _signed_in(
    request: Request, known: Identified, _: Annotated[str | None, Depends(_BEARER)]
) -> Caller:
    if known.session is None:
        await _deny(request, "an API key cannot come here")
    return known


async def _permitted(
    request: Request,
    needed: SecurityScopes,
    known: Identified,
    _: Annotated[str | None, Depends(_BEARER)],
    __: Annotated[str | None, Depends(_API_KEY)],
) -> None:
    if missing := set(needed.scopes) - known.scopes:
        await _deny(request, f"lacks {', '.join(sorted(missing))}")


async def _deny(request: Request, why: str) -> NoReturn:
    """Raises Forbidden; the event is committed before, as nothing else stands or falls with it."""
    route = f"{request.method} {request.scope['route'].path}"
    log.warning("access_denied", route=route, why=why)
    async with database(request).unit_of_work() as work:
        await audit_log(work.session).record(Event.ACCESS_DENIED, route=route, why=why)
    raise Forbidden


SignedIn = Annotated[Caller, Depends(_signed_in)]
"""A person with a session; API keys are refused."""


async def _user_id(known: SignedIn) -> UUID:
    return cast(UUID, known.id)  # whoever is signed in has one


UserId = Annotated[UUID, Depends(_user_id)]
"""Of the same person, for routes that need no more."""


def requires(*needed: str) -> Any:  # noqa: ANN401 - FastAPI's own type of a dependency
    """For a route's `dependencies`: whoever has these permissions, by a session or an API key.

    Raises KeyError for a permission that `permissions` does not know.
    """
    for name in needed:
        permissions.HOLDERS[name]
    return Security(_permitted, scopes=list(needed))
