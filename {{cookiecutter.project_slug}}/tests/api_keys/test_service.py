"""The rules of API keys, without a database."""

from collections.abc import Mapping
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from app.api_keys.errors import ApiKeyNotFound, ScopeNotHeld
from app.api_keys.repository import ApiKeyRepository
from app.api_keys.schemas import ApiKeyCreate, ApiKeyRead, KeyHolder
from app.api_keys.service import ApiKeyService
from app.audit.events import Event
from app.audit.repository import AuditRepository
from app.audit.service import AuditLog
from app.core.caller import Caller

ADA = uuid4()
NEW = ApiKeyCreate(name="import", scopes=("users:read",))


class Keys(ApiKeyRepository):
    """Remembers one key and how often its use was noted."""

    def __init__(self, *, is_stale: bool = True) -> None:
        self.hashed = b""
        self.key_id = uuid4()
        self.is_stale = is_stale
        self.touched = 0

    async def add(self, _user: UUID, new: ApiKeyCreate, prefix: str, hashed: bytes) -> ApiKeyRead:
        self.hashed = hashed
        return ApiKeyRead(
            id=self.key_id,
            created_at=datetime.now(UTC),
            name=new.name,
            prefix=prefix,
            scopes=list(new.scopes),
            expires_at=new.expires_at,
            last_used_at=None,
        )

    async def holder(self, hashed: bytes) -> KeyHolder | None:
        if hashed != self.hashed:
            return None
        return KeyHolder(self.key_id, ADA, "user", True, frozenset(NEW.scopes), self.is_stale)  # noqa: FBT003

    async def touch(self, key_id: UUID) -> None:
        assert key_id == self.key_id
        self.touched += 1

    async def revoke(self, user_id: UUID, key_id: UUID) -> bool:
        return (user_id, key_id) == (ADA, self.key_id)


class Events(AuditRepository):
    """Remembers what was recorded."""

    def __init__(self) -> None:
        self.recorded: list[tuple[Event, Mapping[str, str | int | bool | None]]] = []

    async def add(
        self,
        event: Event,
        _actor: UUID | None,
        _caller: Caller,
        details: Mapping[str, str | int | bool | None],
    ) -> None:
        self.recorded.append((event, details))


@pytest.fixture
def events() -> Events:
    return Events()


def service(keys: Keys, events: Events) -> ApiKeyService:
    return ApiKeyService(keys, AuditLog(events))


async def test_a_key_is_shown_once_and_kept_as_a_hash(events: Events) -> None:
    keys = Keys()
    made = await service(keys, events).create(ADA, frozenset({"users:read", "audit:read"}), NEW)

    assert made.key.startswith(made.prefix)
    assert len(made.key) == len("ak_") + 43  # 256 bits
    assert len(made.prefix) == len("ak_") + 8
    assert made.key.encode() not in keys.hashed
    assert events.recorded == [
        (Event.API_KEY_CREATED, {"api_key_id": str(keys.key_id), "scopes": "users:read"})
    ]
    assert made.key not in str(events.recorded)


@pytest.mark.parametrize("held", [frozenset[str](), frozenset({"audit:read"})])
async def test_nobody_gives_a_key_more_than_they_have(held: frozenset[str], events: Events) -> None:
    keys = Keys()
    with pytest.raises(ScopeNotHeld):
        await service(keys, events).create(ADA, held, NEW)

    assert (keys.hashed, events.recorded) == (b"", [])


@pytest.mark.parametrize(("is_stale", "touched"), [(True, 1), (False, 0)])
async def test_a_use_is_noted_when_the_last_one_was_long_ago(
    touched: int, *, is_stale: bool, events: Events
) -> None:
    keys = Keys(is_stale=is_stale)
    made = await service(keys, events).create(ADA, frozenset(NEW.scopes), NEW)

    holder = await service(keys, events).find(made.key)

    assert holder is not None
    assert (holder.user_id, holder.scopes) == (ADA, frozenset({"users:read"}))
    assert keys.touched == touched


@pytest.mark.parametrize("key", ["", "ak_", "ak_" + "A" * 43, "ö", "\udcff", "x" * 100_000])
async def test_a_key_that_nobody_made_is_nobodys(key: str, events: Events) -> None:
    keys = Keys()

    assert await service(keys, events).find(key) is None
    assert keys.touched == 0


async def test_only_the_owner_revokes_a_key_and_that_is_remembered(events: Events) -> None:
    keys = Keys()
    for owner, key in ((uuid4(), keys.key_id), (ADA, uuid4())):
        with pytest.raises(ApiKeyNotFound):
            await service(keys, events).revoke(owner, key)
    assert events.recorded == []

    await service(keys, events).revoke(ADA, keys.key_id)

    assert events.recorded == [(Event.API_KEY_REVOKED, {"api_key_id": str(keys.key_id)})]
