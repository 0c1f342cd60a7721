"""What crosses the boundary: credentials on their way in, tokens on their way out."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from app.core.text import Input, Text
from app.passwords.hashing import LONGEST_SPELLING
from app.users.schemas import Email

# No policy here: a password that was good enough once must open its account for ever.
Password = Annotated[Text, Field(min_length=1, max_length=LONGEST_SPELLING, repr=False)]
Token = Annotated[Text, Field(max_length=512, repr=False)]


class Login(Input):
    """An account and its password."""

    email: Email
    password: Password


class TokenForm(Input):
    """The same as OAuth 2.0 spells it (RFC 6749, 4.3.2); no scope or client is ever looked at."""

    grant_type: Literal["password"] = "password"
    username: Email
    password: Password
    scope: Text = ""
    client_id: Text | None = None
    client_secret: Annotated[Text | None, Field(repr=False)] = None


class RefreshToken(Input):
    """The token to trade, or the session to end."""

    refresh_token: Token


class TokenPair(BaseModel):
    """`expires_in` is the access token's, in seconds; a refresh token in a cookie is not shown."""

    access_token: str = Field(repr=False)
    refresh_token: str | None = Field(default=None, repr=False)
    token_type: Literal["bearer"] = "bearer"  # noqa: S105 - a kind of token
    expires_in: int
