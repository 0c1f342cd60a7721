"""What a request shows for itself, as far as that can be judged without asking anybody."""

from dataclasses import dataclass

from fastapi.security.utils import get_authorization_scheme_param
from starlette.types import Scope

from app.auth import tokens
from app.auth.errors import AmbiguousCredentials, InvalidToken, Unauthorized
from app.auth.tokens import AccessClaims
from app.core.errors import AppError


@dataclass(frozen=True, slots=True)
class Credentials:
    """At most one of these is there; `fault` says what is wrong with what was shown, or missing."""

    claims: AccessClaims | None = None
    api_key: str | None = None
    fault: AppError | None = None


def shown(scope: Scope) -> Credentials:
    """The only credential of a request; a token's signature and times are verified."""
    bearers = [value for name, value in scope["headers"] if name == b"authorization"]
    keys = [value for name, value in scope["headers"] if name == b"x-api-key"]
    if len(bearers) + len(keys) > 1:
        return Credentials(fault=AmbiguousCredentials())
    if bearers:
        return _bearer(bearers[0].decode("latin-1"))
    if keys:
        return Credentials(api_key=keys[0].decode("latin-1"))
    return Credentials(fault=Unauthorized())


def _bearer(authorization: str) -> Credentials:
    scheme, token = get_authorization_scheme_param(authorization)
    if scheme.lower() != "bearer":
        return Credentials(fault=Unauthorized())
    try:
        return Credentials(claims=tokens.read(token))
    except InvalidToken as invalid:
        return Credentials(fault=invalid)
