"""The table of accounts; an erased one keeps its row and nothing that says whose it was."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, DateTime, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.models import Model, Resource


class Role(StrEnum):
    """What an account is for; `auth.permissions` says what each may do."""

    USER = "user"
    ADMIN = "admin"


class User(Resource, Model):
    """An address is kept in the one spelling that `users.schemas.Email` gives it."""

    __tablename__ = "users"
    __table_args__ = (
        CheckConstraint("role IN ('user', 'admin')", name="role_known"),
        CheckConstraint("email = lower(email)", name="email_lower"),
        Index("uq_users_email", "email", unique=True),
        Index("ix_users_email_prefix", "email", postgresql_ops={"email": "text_pattern_ops"}),
        Index("ix_users_created_at", "created_at", "id"),
        Index("ix_users_role", "role", "created_at", "id"),
        Index("ix_users_inactive", "created_at", "id", postgresql_where=text("NOT is_active")),
    )

    email: Mapped[str] = mapped_column(String(254))
    password_hash: Mapped[str | None] = mapped_column(String(255))
    display_name: Mapped[str] = mapped_column(String(100), server_default="")
    role: Mapped[str] = mapped_column(String(16), server_default=Role.USER)
    is_active: Mapped[bool] = mapped_column(server_default=text("true"))
    email_verified_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    erased_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
