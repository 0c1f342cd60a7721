"""The queries of API keys; a revoked key is in none of their answers."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.api_keys.models import ApiKey
from app.api_keys.schemas import ApiKeyCreate, ApiKeyQuery, ApiKeyRead, KeyHolder
from app.core.pagination import newest_first
from app.users.models import User

_COLUMNS = (
    ApiKey.id,
    ApiKey.created_at,
    ApiKey.name,
    ApiKey.prefix,
    ApiKey.scopes,
    ApiKey.expires_at,
    ApiKey.last_used_at,
)
_NOT_REVOKED = ApiKey.revoked_at.is_(None)
_LAST_USE_KNOWN_TO = timedelta(minutes=1)
_STALE = or_(ApiKey.last_used_at.is_(None), ApiKey.last_used_at < func.now() - _LAST_USE_KNOWN_TO)


class ApiKeyRepository:
    """Keys in PostgreSQL, read as ApiKeyRead."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def page(self, user_id: UUID, query: ApiKeyQuery) -> Sequence[ApiKeyRead]:
        """One key more than the limit, if there is one."""
        owned = select(*_COLUMNS).where(ApiKey.user_id == user_id, _NOT_REVOKED)
        page = newest_first(owned, (ApiKey.created_at, ApiKey.id), further=query.further)
        rows = await self._session.execute(page, query.place)
        return [ApiKeyRead.model_validate(row) for row in rows]

    async def add(self, user_id: UUID, new: ApiKeyCreate, prefix: str, hashed: bytes) -> ApiKeyRead:
        """A key that counts at once."""
        rows = await self._session.execute(
            insert(ApiKey)
            .values(**new.model_dump(), user_id=user_id, prefix=prefix, hash=hashed)
            .returning(*_COLUMNS)
        )
        return ApiKeyRead.model_validate(rows.one())

    async def revoke(self, user_id: UUID, key_id: UUID) -> bool:
        """False when the user has no such key."""
        revoked = await self._session.scalar(
            update(ApiKey)
            .where(ApiKey.id == key_id, ApiKey.user_id == user_id, _NOT_REVOKED)
            .values(revoked_at=func.now())
            .returning(ApiKey.id)
        )
        return revoked is not None

    async def holder(self, hashed: bytes) -> KeyHolder | None:
        """Of a key that is neither revoked nor expired."""
        rows = await self._session.execute(
            select(
                ApiKey.id,
                ApiKey.user_id,
                User.role,
                User.is_active,
                ApiKey.scopes,
                _STALE.label("is_stale"),
            )
            .join(User, User.id == ApiKey.user_id)
            .where(
                ApiKey.hash == hashed,
                _NOT_REVOKED,
                or_(ApiKey.expires_at.is_(None), ApiKey.expires_at > func.now()),
            )
        )
        row = rows.one_or_none()
        if row is None:
            return None
        return KeyHolder(
            row.id, row.user_id, row.role, row.is_active, frozenset(row.scopes), row.is_stale
        )

    async def touch(self, key_id: UUID) -> None:
        """Notes a use, unless another request just did."""
        await self._session.execute(
            update(ApiKey)
            .where(ApiKey.id == key_id, _STALE)
            .values(last_used_at=func.now(), updated_at=ApiKey.updated_at)
        )

    async def of_user(self, user_id: UUID) -> Sequence[ApiKeyRead]:
        """Every key of the user, revoked ones too, oldest first."""
        rows = await self._session.execute(
            select(*_COLUMNS).where(ApiKey.user_id == user_id).order_by(ApiKey.created_at)
        )
        return [ApiKeyRead.model_validate(row) for row in rows]

    async def delete_of(self, user_id: UUID) -> None:
        """Every key of the user."""
        await self._session.execute(delete(ApiKey).where(ApiKey.user_id == user_id))

    async def delete_over(self, age: timedelta, limit: int) -> int:
        """Revoked or expired so long ago; how many, at most `limit`."""
        then = func.now() - age
        over = (
            select(ApiKey.id)
            .where(or_(ApiKey.revoked_at < then, ApiKey.expires_at < then))
            .limit(limit)
        )
        deleted = await self._session.scalars(
            delete(ApiKey).where(ApiKey.id.in_(over)).returning(ApiKey.id)
        )
        return len(deleted.all())
