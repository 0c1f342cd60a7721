"""Who stands behind credentials: asked of the cache where the gate does, else of PostgreSQL."""

from dataclasses import replace
from uuid import UUID

from pydantic import TypeAdapter

from app.api_keys.dependencies import api_key_service
from app.auth import permissions
from app.auth.tokens import AccessClaims
from app.core import caller
from app.core.cache import Kind, Look
from app.core.caller import Caller
from app.core.database import Database
from app.sessions.dependencies import session_service
from app.sessions.schemas import Standing

# Half a minute is what a session may outlive its end by, and only if Redis failed at that moment.
STANDING = Kind[Standing | None]("caller", TypeAdapter(Standing | None), ttl=30, negative_ttl=30)


def look(claims: AccessClaims) -> Look[Standing | None]:
    """Where the cache keeps what the owner of the token's session is."""
    return Look(STANDING, str(claims.sid), (caller.tag(claims.sub),))


async def standing(database: Database, session_id: UUID) -> Standing | None:
    """The same from its source."""
    # A connection for this look-up alone: one kept for the whole request could starve the pool.
    async with database.reading() as session:
        return await session_service(session).standing(session_id)


def owner(claims: AccessClaims, found: Standing | None) -> Caller | None:
    """The caller, unless the session is over or the account shut."""
    if found is None or not found.is_active or found.user_id != claims.sub:
        return None
    return replace(
        caller.current(),
        id=found.user_id,
        role=found.role,
        scopes=permissions.of(found.role),
        session=claims.sid,
    )


async def holder(database: Database, api_key: str) -> Caller | None:
    """Whom the key speaks for, as far as its owner may go today."""
    async with database.unit_of_work() as work:
        found = await api_key_service(work.session).find(api_key)
    if found is None or not found.is_active:
        return None
    scopes = found.scopes & permissions.of(found.role)
    return replace(caller.current(), id=found.user_id, role=found.role, scopes=scopes)
