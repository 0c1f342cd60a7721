"""What crosses the boundary of the room: sessions as their owners and other rooms see them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from app.users.models import Role


class SessionRead(BaseModel):
    """A sign-in as its owner sees it; `ip` and `user_agent` are those of the sign-in."""

    model_config = ConfigDict(from_attributes=True, frozen=True)

    id: UUID
    created_at: datetime
    last_used_at: datetime
    expires_at: datetime
    user_agent: str
    ip: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class Started:
    """A new session and its first refresh token."""

    session_id: UUID
    refresh_token: str


@dataclass(frozen=True, slots=True)
class Refreshed:
    """A session that goes on, and the token that takes the used one's place."""

    user_id: UUID
    session_id: UUID
    refresh_token: str


@dataclass(frozen=True, slots=True)
class Owned:
    """A session and whose it is."""

    session_id: UUID
    user_id: UUID


@dataclass(frozen=True, slots=True)
class Spent:
    """A used token of a live session; `excused` is the last used one within the leeway."""

    session_id: UUID
    user_id: UUID
    excused: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """What the owner of a session is, right now, and until when it lives if nobody uses it."""

    user_id: UUID
    role: Role
    is_active: bool
    expires_at: datetime
