"""The rules of API keys: shown once, kept as hashes, never more powerful than their owner."""

from collections.abc import Sequence
from hashlib import sha256
from secrets import token_urlsafe
from uuid import UUID

from app.api_keys.errors import ApiKeyNotFound, ScopeNotHeld
from app.api_keys.repository import ApiKeyRepository
from app.api_keys.schemas import (
    ApiKeyCreate,
    ApiKeyCreated,
    ApiKeyQuery,
    ApiKeyRead,
    KeyHolder,
)
from app.audit.events import Event
from app.audit.service import AuditLog
from app.core.pagination import CursorPage

_KIND = "ak_"  # lets scanners of repositories recognise a key that somebody committed
_BYTES = 32  # 256 bits: beyond guessing, so a fast hash is enough
_SHOWN = len(_KIND) + 8


class ApiKeyService:
    """Everything that can be done with keys."""

    def __init__(self, keys: ApiKeyRepository, audit: AuditLog) -> None:
        self._keys = keys
        self._audit = audit

    async def page(self, user_id: UUID, query: ApiKeyQuery) -> CursorPage[ApiKeyRead]:
        """The user's keys that were not revoked, newest first."""
        return CursorPage[ApiKeyRead].of(await self._keys.page(user_id, query), query)

    async def create(
        self, user_id: UUID, permissions: frozenset[str], new: ApiKeyCreate
    ) -> ApiKeyCreated:
        """Gives the key for the only time. Raises ScopeNotHeld."""
        if not permissions.issuperset(new.scopes):
            raise ScopeNotHeld
        key = _KIND + token_urlsafe(_BYTES)
        made = await self._keys.add(user_id, new, key[:_SHOWN], _hash(key))
        await self._audit.record(
            Event.API_KEY_CREATED, api_key_id=str(made.id), scopes=" ".join(new.scopes)
        )
        return ApiKeyCreated(**made.model_dump(), key=key)

    async def revoke(self, user_id: UUID, key_id: UUID) -> None:
        """Holds from the next request on. Raises ApiKeyNotFound."""
        if not await self._keys.revoke(user_id, key_id):
            raise ApiKeyNotFound
        await self._audit.record(Event.API_KEY_REVOKED, api_key_id=str(key_id))

    async def find(self, key: str) -> KeyHolder | None:
        """Whom the key speaks for; the time of its use is written at most once a minute."""
        holder = await self._keys.holder(_hash(key))
        if holder is not None and holder.is_stale:
            await self._keys.touch(holder.key_id)
        return holder

    async def export(self, user_id: UUID) -> Sequence[ApiKeyRead]:
        """All that is stored of the user's keys, but for the hashes."""
        return await self._keys.of_user(user_id)

    async def erase(self, user_id: UUID) -> None:
        """Deletes every key of the user."""
        await self._keys.delete_of(user_id)


def _hash(key: str) -> bytes:
    return sha256(key.encode(errors="surrogatepass")).digest()
