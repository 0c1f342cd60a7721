"""What crosses the boundary: keys as their owners make and see them, and what one proves."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from app.auth.permissions import HOLDERS
from app.core.moments import Moment
from app.core.pagination import CursorQuery, Dated
from app.core.text import Input, Text


def _known(scope: str) -> str:
    if scope not in HOLDERS:
        raise PydanticCustomError("scope_unknown", "must be one of the scopes in the documentation")
    return scope


def _distinct(scopes: list[str]) -> list[str]:
    if len(set(scopes)) < len(scopes):
        raise PydanticCustomError("scope_repeated", "must name each scope once")
    return scopes


def _ahead(moment: datetime) -> datetime:
    if moment <= datetime.now(UTC):
        raise PydanticCustomError("expires_in_past", "must lie in the future")
    return moment


Scope = Annotated[
    Text, AfterValidator(_known), WithJsonSchema({"type": "string", "enum": list(HOLDERS)})
]


class ApiKeyCreate(Input):
    """What a key is for; without `expires_at` it lasts until it is revoked."""

    name: Annotated[Text, Field(min_length=1, max_length=100, examples=["nightly import"])]
    scopes: Annotated[list[Scope], Field(min_length=1), AfterValidator(_distinct)]
    expires_at: Annotated[Moment, AfterValidator(_ahead)] | None = None


class ApiKeyQuery(CursorQuery):
    """No filters: nobody has that many keys."""


class ApiKeyRead(Dated):
    """A key as its owner sees it; `prefix` are the characters that the key begins with."""

    name: str
    prefix: str
    scopes: list[str]
    expires_at: datetime | None
    last_used_at: datetime | None


class ApiKeyCreated(ApiKeyRead):
    """The only answer that ever holds the key."""

    key: str


@dataclass(frozen=True, slots=True)
class KeyHolder:
    """Whom a key speaks for, as of now; `scopes` are the key's, not yet cut to the owner's."""

    key_id: UUID
    user_id: UUID
    role: str
    is_active: bool
    scopes: frozenset[str]
    is_stale: bool
    """Whether the time of its last use should be written again."""
