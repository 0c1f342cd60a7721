"""What somebody is given who asks for everything that is stored about them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, SerializeAsAny

from app.api_keys.schemas import ApiKeyRead
from app.audit.schemas import EventRead
from app.users.schemas import UserRead


class _Row(BaseModel):
    model_config = ConfigDict(from_attributes=True, frozen=True)


class ExportedSession(_Row):
    """A sign-in, also one that is over; `ip` and `user_agent` are those of its beginning."""

    id: UUID
    created_at: datetime
    last_used_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    user_agent: str
    ip: str


class ExportedMessage(_Row):
    """A mail to the account's address; the text of an unsent one may hold a token, so not that."""

    id: UUID
    subject: str
    created_at: datetime
    sent_at: datetime | None


class Export(BaseModel):
    """The body of `GET /users/me/export`: no hash, token or other secret.

    Besides the fields below it holds a list for each `PersonalData`, under its name.
    """

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Sequence[SerializeAsAny[BaseModel]]]

    user: UserRead
    sessions: Sequence[ExportedSession]
    api_keys: Sequence[ApiKeyRead]
    messages: Sequence[ExportedMessage]
    events: Sequence[EventRead]
