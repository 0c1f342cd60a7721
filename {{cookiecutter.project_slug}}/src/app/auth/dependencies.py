"""How a route says who may call it: `SignedIn` for people, `requires(...)` for permissions."""

from typing import Annotated, Any, NoReturn, cast
from uuid import UUID

import structlog
from fastapi import Depends, Request, Security
from fastapi.security import APIKeyHeader, OAuth2PasswordBearer, SecurityScopes

from app.audit.dependencies import audit_log
from app.audit.events import Event
from app.auth import identity, permissions
from app.auth.credentials import shown
from app.auth.errors import Forbidden, InvalidToken
from app.core import caller
from app.core.caller import Caller
from app.core.database import database
from app.core.errors import AppError
from app.core.feature import API

log = structlog.get_logger()

# These describe the credentials in the OpenAPI document; `_identified` reads them.
_BEARER = OAuth2PasswordBearer(
    f"{API}/auth/token",
    scheme_name="bearer",
    scopes={name: f"for {' and '.join(sorted(of))}" for name, of in permissions.HOLDERS.items()},
    auto_error=False,
)
_API_KEY = APIKeyHeader(name="X-API-Key", scheme_name="api_key", auto_error=False)


async def _identified(request: Request) -> Caller:
    """The caller, once the only credential was verified; from here on `caller.current()`."""
    known = getattr(request.state, "identity", None) or await _asked(request)
    if isinstance(known, AppError):
        raise known
    return known


async def _asked(request: Request) -> Caller | AppError:
    """For a route without the gate, which would have asked already."""
    credentials = shown(request.scope)
    known = None
    if claims := credentials.claims:
        known = identity.owner(claims, await identity.standing(database(request), claims.sid))
    elif credentials.api_key:
        known = await identity.holder(database(request), credentials.api_key)
    if known is None:
        return credentials.fault or InvalidToken()
    caller.identify(known)
    return known


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
