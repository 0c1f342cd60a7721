"""The rules of accounts: what their owners and what admins may change."""

from uuid import UUID

from app.audit.events import Event
from app.audit.service import AuditLog
from app.core.pagination import Page
from app.sessions.service import SessionService
from app.users.errors import LastAdmin, UserNotFound
from app.users.models import Role
from app.users.repository import UserRepository
from app.users.schemas import ProfileUpdate, UserQuery, UserRead, UserUpdate


class UserService:
    """Reads and changes accounts that are there; others join and leave them."""

    def __init__(self, users: UserRepository, sessions: SessionService, audit: AuditLog) -> None:
        self._users = users
        self._sessions = sessions
        self._audit = audit

    async def page(self, query: UserQuery) -> Page[UserRead]:
        """One page of the accounts that match."""
        return Page[UserRead].of(await self._users.page(query), query)

    async def get(self, user_id: UUID) -> UserRead:
        """Raises UserNotFound."""
        return _found(await self._users.get(user_id))

    async def update_profile(self, user_id: UUID, change: ProfileUpdate) -> UserRead:
        """What people say of themselves. Raises UserNotFound."""
        user = _found(await self._users.lock(user_id))
        values = change.model_dump()
        return await self._users.update(user_id, values) if values else user

    async def update(self, user_id: UUID, change: UserUpdate) -> UserRead:
        """Takes effect on the user's next request. Raises UserNotFound, LastAdmin."""
        if change.role == Role.USER or change.is_active is False:
            await keep_an_admin_besides(user_id, self._users)
        before = _found(await self._users.lock(user_id))
        values = change.model_dump()
        if values.items() <= before.model_dump().items():
            return before
        after = await self._users.update(user_id, values)
        await self._record(before, after)
        return after

    async def _record(self, before: UserRead, after: UserRead) -> None:
        who = str(after.id)
        if after.role != before.role:
            await self._audit.record(Event.USER_ROLE_CHANGED, user_id=who, role=after.role)
        if before.is_active and not after.is_active:
            await self._audit.record(Event.USER_DEACTIVATED, user_id=who)
            await self._sessions.end_all(after.id)  # OWASP ASVS 5.0, 7.4.2
        if after.is_active and not before.is_active:
            await self._audit.record(Event.USER_ACTIVATED, user_id=who)


async def keep_an_admin_besides(user_id: UUID, users: UserRepository) -> None:
    """Raises LastAdmin; of two admins who leave at once, one waits here and then has to stay."""
    if await users.lock_admins() == {user_id}:
        raise LastAdmin


def _found(user: UserRead | None) -> UserRead:
    if user is None:
        raise UserNotFound
    return user
