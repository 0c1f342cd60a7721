"""The rules of accounts, without a database."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from app.audit.events import Event
from app.audit.service import AuditLog
from app.core.pagination import Slice
from app.sessions.service import SessionService
from app.users.errors import LastAdmin, UserNotFound
from app.users.models import Role
from app.users.repository import UserRepository
from app.users.schemas import ProfileUpdate, UserQuery, UserRead, UserUpdate
from app.users.service import UserService


class UsersInMemory(UserRepository):
    """Keeps accounts in a dict; remembers which were locked."""

    def __init__(self) -> None:
        self.rows: dict[UUID, UserRead] = {}
        self.locked: list[UUID | str] = []

    def put(self, role: Role = Role.USER, *, is_active: bool = True) -> UserRead:
        made = UserRead(
            id=uuid4(),
            email="ada@example.com",
            display_name="",
            role=role,
            is_active=is_active,
            email_verified=False,
            created_at=datetime.now(UTC),
            updated_at=datetime.now(UTC),
        )
        self.rows[made.id] = made
        return made

    async def page(self, query: UserQuery) -> Slice[UserRead]:
        return Slice(list(self.rows.values())[: query.limit], len(self.rows))

    async def get(self, user_id: UUID) -> UserRead | None:
        return self.rows.get(user_id)

    async def lock(self, user_id: UUID) -> UserRead | None:
        self.locked.append(user_id)
        return self.rows.get(user_id)

    async def lock_admins(self) -> set[UUID]:
        self.locked.append("admins")
        return {row.id for row in self.rows.values() if row.role == Role.ADMIN and row.is_active}

    async def update(self, user_id: UUID, values: Mapping[str, Any]) -> UserRead:
        self.rows[user_id] = self.rows[user_id].model_copy(update=dict(values))
        return self.rows[user_id]


class EndedSessions(SessionService):
    """Remembers whose sessions were ended."""

    def __init__(self) -> None:
        self.ended: list[UUID] = []

    async def end_all(self, user_id: UUID, but: UUID | None = None) -> None:
        self.ended.append(user_id)


class Notes(AuditLog):
    """Remembers what was recorded."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    async def record(
        self, event: Event, *, actor: UUID | None = None, **details: str | int | bool | None
    ) -> None:
        self.events.append(event)


@pytest.fixture
def users() -> UsersInMemory:
    return UsersInMemory()


@pytest.fixture
def sessions() -> EndedSessions:
    return EndedSessions()


@pytest.fixture
def notes() -> Notes:
    return Notes()


@pytest.fixture
def service(users: UsersInMemory, sessions: EndedSessions, notes: Notes) -> UserService:
    return UserService(users, sessions, notes)


async def test_an_account_that_is_not_there_is_not_found(service: UserService) -> None:
    with pytest.raises(UserNotFound):
        await service.get(uuid4())
    with pytest.raises(UserNotFound):
        await service.update_profile(uuid4(), ProfileUpdate())
    with pytest.raises(UserNotFound):
        await service.update(uuid4(), UserUpdate(role=Role.ADMIN))


async def test_a_page_tells_how_many_there_are(service: UserService, users: UsersInMemory) -> None:
    ada = users.put()

    page = await service.page(UserQuery(limit=5))

    assert list(page.data) == [ada]
    assert (page.meta.total, page.meta.limit) == (1, 5)


async def test_a_profile_is_changed_where_it_says(
    service: UserService, users: UsersInMemory
) -> None:
    ada = users.put()

    assert (await service.update_profile(ada.id, ProfileUpdate(display_name="Ada"))) == (
        ada.model_copy(update={"display_name": "Ada"})
    )


@pytest.mark.parametrize("change", [UserUpdate(role=Role.USER), UserUpdate(is_active=False)])
async def test_the_last_active_admin_stays(
    service: UserService, users: UsersInMemory, change: UserUpdate
) -> None:
    boss = users.put(Role.ADMIN)
    users.put(Role.ADMIN, is_active=False)

    with pytest.raises(LastAdmin):
        await service.update(boss.id, change)

    assert users.rows[boss.id] == boss


async def test_admins_are_counted_on_locked_rows_and_always_in_one_order(
    service: UserService, users: UsersInMemory
) -> None:
    boss, _ = users.put(Role.ADMIN), users.put(Role.ADMIN)

    await service.update(boss.id, UserUpdate(role=Role.USER))

    assert users.locked == ["admins", boss.id]


async def test_a_deactivation_ends_the_sessions_and_a_new_role_leaves_them(
    service: UserService, users: UsersInMemory, sessions: EndedSessions, notes: Notes
) -> None:
    ada = users.put()

    await service.update(ada.id, UserUpdate(role=Role.ADMIN))
    assert sessions.ended == []

    users.put(Role.ADMIN)
    await service.update(ada.id, UserUpdate(is_active=False))
    assert sessions.ended == [ada.id]
    assert notes.events == [Event.USER_ROLE_CHANGED, Event.USER_DEACTIVATED]


async def test_what_stays_the_same_is_neither_written_nor_recorded(
    service: UserService, users: UsersInMemory, sessions: EndedSessions, notes: Notes
) -> None:
    ada = users.put(is_active=False)

    assert await service.update(ada.id, UserUpdate(role=Role.USER, is_active=False)) is ada
    assert (sessions.ended, notes.events) == ([], [])
