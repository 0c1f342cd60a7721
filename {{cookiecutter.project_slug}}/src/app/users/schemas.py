"""What crosses the boundary: accounts as people make, ask for and read them."""

import re
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import (
    MISSING,
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from app.core.pagination import PageQuery
from app.core.text import Input, Text
from app.passwords.policy import NewPassword, Password
from app.users.models import Role

LONGEST_EMAIL = 254
_WORD = r"[A-Za-z0-9!$%&'*+/=?^_`|~-]+"
_LABEL = r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_TOP = r"[A-Za-z][A-Za-z0-9-]{0,61}[A-Za-z0-9]"
_ADDRESS = _WORD + r"(\." + _WORD + r")*@(" + _LABEL + r"\.)+" + _TOP


def _address(text: str) -> str:
    """One spelling for each mailbox, so that no two accounts can share it.

    ASCII only (an international domain in its `xn--` form): letters that merely look alike, or
    become alike in lower case, cannot pass for somebody else's address.
    """
    given = text.strip()
    if len(given) > LONGEST_EMAIL or not re.fullmatch(_ADDRESS, given):
        raise PydanticCustomError(
            "email_invalid", "Input should be an e-mail address such as ada@example.com"
        )
    return given.lower()


Email = Annotated[
    str,
    AfterValidator(_address),
    WithJsonSchema(
        {
            "type": "string",
            "maxLength": LONGEST_EMAIL,
            "pattern": f"^{_ADDRESS}$",
            "examples": ["ada@example.com"],
        }
    ),
]
OneTimeToken = Annotated[Text, Field(min_length=1, max_length=128, repr=False)]
DisplayName = Annotated[Text, Field(max_length=100, examples=["Ada"])]


class Registration(Input):
    """What an account needs to exist; it has no role to ask for."""

    email: Email
    password: NewPassword


class EmailVerification(Input):
    """The token out of the mail."""

    token: OneTimeToken


class Erasure(Input):
    """The password once more, as nothing brings the account back (OWASP ASVS 5.0, 7.5.1)."""

    password: Password


class UserRead(BaseModel):
    """An account as its owner and admins see it."""

    model_config = ConfigDict(from_attributes=True, frozen=True)

    id: UUID
    email: str
    display_name: str
    role: Role
    is_active: bool
    email_verified: bool
    created_at: datetime
    updated_at: datetime


class ProfileUpdate(Input):
    """What an owner may change; a role never comes from here (OWASP ASVS 5.0, 15.3.3)."""

    display_name: DisplayName | MISSING = MISSING


class UserUpdate(Input):
    """What an admin may change of anybody."""

    role: Role | MISSING = MISSING
    is_active: StrictBool | MISSING = MISSING


class UserQuery(PageQuery):
    """`email` is a prefix in any case."""

    role: Role | None = None
    is_active: bool | None = None
    email: Annotated[Text, Field(max_length=LONGEST_EMAIL)] | None = None
    sort: Literal["created_at", "-created_at", "email", "-email"] = "-created_at"
