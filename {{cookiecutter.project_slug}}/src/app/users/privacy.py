"""What people may demand of their data: to be given all of it, and to have it erased."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from app.api_keys.service import ApiKeyService
from app.audit.events import Event
from app.audit.service import AuditLog
from app.mail.service import Outbox
from app.passwords.confirmation import PasswordConfirmation
from app.sessions.service import SessionService
from app.users.errors import UserNotFound
from app.users.export import Export
from app.users.repository import UserRepository
from app.users.service import keep_an_admin_besides
from app.users.traces import OtherData, TraceRepository


class ExportService:
    """For the owner of an account alone."""

    def __init__(
        self,
        users: UserRepository,
        traces: TraceRepository,
        keys: ApiKeyService,
        audit: AuditLog,
        others: OtherData,
    ) -> None:
        self._users = users
        self._traces = traces
        self._keys = keys
        self._audit = audit
        self._others = others

    async def export(self, user_id: UUID) -> Export:
        """Everything stored about the user, their own events included. Raises UserNotFound."""
        user = await self._users.get(user_id)
        if user is None:
            raise UserNotFound
        return Export(
            user=user,
            sessions=await self._traces.sessions(user_id),
            api_keys=await self._keys.export(user_id),
            messages=await self._traces.messages(user.email),
            events=await self._audit.export(user_id),
            **await self._others.export(user_id),
        )


class ErasureService:
    """For whoever knows the password, which a session alone does not prove."""

    def __init__(  # noqa: PLR0913 - a person leaves traces in many rooms
        self,
        *,
        confirmation: PasswordConfirmation,
        users: UserRepository,
        traces: TraceRepository,
        sessions: SessionService,
        keys: ApiKeyService,
        outbox: Outbox,
        audit: AuditLog,
        others: OtherData,
        as_system: Callable[[], Awaitable[None]],
    ) -> None:
        self._confirmation = confirmation
        self._users = users
        self._traces = traces
        self._sessions = sessions
        self._keys = keys
        self._outbox = outbox
        self._audit = audit
        self._others = others
        self._as_system = as_system

    async def erase(self, user_id: UUID, password: str) -> None:
        """Empties whatever tells who it was, here and elsewhere; rows others refer to stay.

        Raises WrongPassword, TooManyAttempts, LastAdmin.
        """
        account = await self._confirmation.require(user_id, password)
        await keep_an_admin_besides(user_id, self._users)
        await self._confirmation.hold(account)
        await self._audit.record(Event.USER_ERASED)
        await self._users.erase(user_id)
        await self._sessions.end_all(user_id)  # OWASP ASVS 5.0, 7.4.2
        await self._keys.erase(user_id)
        await self._traces.erase(user_id)
        await self._outbox.erase(account.email)
        await self._as_system()
        await self._audit.erase(user_id)
        await self._others.erase(user_id)
