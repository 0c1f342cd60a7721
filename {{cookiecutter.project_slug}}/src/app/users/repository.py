"""The queries of accounts; an erased one is in none of their answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Insert, Update, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import caller
from app.core.outages import constraint
from app.core.pagination import REACH, Slice
from app.core.unit_of_work import outdates
from app.users.errors import EmailTaken
from app.users.models import Role, User
from app.users.schemas import UserQuery, UserRead
from app.users.search import filters, order

_COLUMNS = (
    User.id,
    User.email,
    User.display_name,
    User.role,
    User.is_active,
    User.email_verified_at.is_not(None).label("email_verified"),
    User.created_at,
    User.updated_at,
)
_PRESENT = User.erased_at.is_(None)
_NOBODY = "@erased.invalid"


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a login compares with; `password_hash` is None when no password ever fits."""

    id: UUID
    email: str
    password_hash: str | None
    role: Role
    is_active: bool


class UserRepository:
    """Accounts in PostgreSQL, read as UserRead."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def by_email(self, email: str) -> Credentials | None:
        """The address in the spelling of `schemas.Email`."""
        rows = await self._session.execute(
            select(User.id, User.email, User.password_hash, User.role, User.is_active).where(
                User.email == email, _PRESENT
            )
        )
        row = rows.one_or_none()
        if row is None:
            return None
        return Credentials(row.id, row.email, row.password_hash, Role(row.role), row.is_active)

    async def get(self, user_id: UUID) -> UserRead | None:
        """One account."""
        rows = await self._session.execute(select(*_COLUMNS).where(User.id == user_id, _PRESENT))
        row = rows.one_or_none()
        return UserRead.model_validate(row) if row else None

    async def lock(self, user_id: UUID) -> UserRead | None:
        """Like `get`; whoever else wants to change it waits for the end of this transaction."""
        rows = await self._session.execute(
            select(*_COLUMNS).where(User.id == user_id, _PRESENT).with_for_update()
        )
        row = rows.one_or_none()
        return UserRead.model_validate(row) if row else None

    async def lock_admins(self) -> set[UUID]:
        """Who is an active admin; none of them ceases to be one before this transaction ends."""
        rows = await self._session.scalars(
            select(User.id)
            .where(User.role == Role.ADMIN, User.is_active, _PRESENT)
            .order_by(User.id)
            .with_for_update()
        )
        return set(rows)

    async def page(self, query: UserQuery) -> Slice[UserRead]:
        """Two statements, however many rows match: counting stops beyond REACH."""
        matching = [_PRESENT, *filters(query)]
        counted = select(User.id).where(*matching).limit(REACH + 1).subquery()
        total = await self._session.scalar(select(func.count()).select_from(counted))
        rows = await self._session.execute(
            select(*_COLUMNS)
            .where(*matching)
            .order_by(*order(query.sort))
            .limit(query.limit)
            .offset(query.offset)
        )
        return Slice([UserRead.model_validate(row) for row in rows], total or 0)

    async def add(
        self, email: str, password_hash: str, role: Role = Role.USER, *, verified: bool = False
    ) -> UserRead:
        """Raises EmailTaken."""
        return await self._written(
            insert(User).values(
                email=email,
                password_hash=password_hash,
                role=role,
                email_verified_at=func.now() if verified else None,
            )
        )

    async def update(self, user_id: UUID, values: Mapping[str, Any]) -> UserRead:
        """Sets columns of an account that is there."""
        return await self._written(self._changed(user_id).values(values))

    async def set_password(self, user_id: UUID, password_hash: str) -> None:
        """Replaces the hash, whatever it was."""
        await self._session.execute(self._changed(user_id).values(password_hash=password_hash))

    async def verify_email(self, user_id: UUID) -> None:
        """Keeps the time of the first verification."""
        verified = func.coalesce(User.email_verified_at, func.now())
        await self._session.execute(self._changed(user_id).values(email_verified_at=verified))

    async def erase(self, user_id: UUID) -> None:
        """Empties whatever says whose account it was; the row stays for what refers to it."""
        await self._session.execute(
            self._changed(user_id).values(
                email=f"{user_id}{_NOBODY}",  # unique, and nobody's (RFC 2606, 2)
                password_hash=None,
                display_name="",
                role=Role.USER,
                is_active=False,
                email_verified_at=None,
                erased_at=func.now(),
            )
        )

    async def _written(self, statement: Insert | Update) -> UserRead:
        try:
            rows = await self._session.execute(statement.returning(*_COLUMNS))
        except IntegrityError as error:
            if constraint(error) == "uq_users_email":
                raise EmailTaken from error
            raise
        return UserRead.model_validate(rows.one())

    def _changed(self, user_id: UUID) -> Update:
        """To be given values; what the cache says of the account does not hold afterwards."""
        outdates(self._session, caller.tag(user_id))
        return update(User).where(User.id == user_id, _PRESENT).values(updated_at=func.now())
