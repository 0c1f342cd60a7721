"""Access tokens: what they claim, and for how long they are believed."""

import re
from hashlib import sha256
from time import time
from typing import Annotated
from uuid import UUID, uuid4

from pydantic import BaseModel, ConfigDict, Field, StrictInt, StrictStr, ValidationError

from app.auth import codec
from app.auth.errors import InvalidToken
from app.auth.settings import JwtSettings
from app.core import settings

_FORM = re.compile(r"[\w-]+\.[\w-]+\.[\w-]+", re.ASCII)
_LONGEST = 4096  # characters; ours have some 500, with RS256 some 1 000
_SKEW = 30  # seconds by which another server's clock may be ahead
# How many verified tokens a process knows: what a thousand users show in a quarter of an hour.
_KNOWN = 4096
_Moment = Annotated[StrictInt, Field(ge=0)]


class AccessClaims(BaseModel):
    """The claims of a token, every one required; times in seconds since 1970."""

    model_config = ConfigDict(frozen=True)

    iss: StrictStr
    aud: StrictStr
    sub: UUID
    sid: UUID
    jti: StrictStr = Field(min_length=1)
    iat: _Moment
    nbf: _Moment
    exp: _Moment


def issue(user_id: UUID, session_id: UUID) -> tuple[str, int]:
    """A token for the user's session, and for how many seconds it holds."""
    jwt = settings.read(JwtSettings)
    now = int(time())
    claims = {
        "iss": jwt.jwt_issuer,
        "aud": jwt.jwt_audience,
        "sub": str(user_id),
        "sid": str(session_id),
        "jti": str(uuid4()),
        "iat": now,
        "nbf": now,
        "exp": now + jwt.access_token_ttl_seconds,
    }
    return codec.encode(claims, jwt.signing_key), jwt.access_token_ttl_seconds


def read(token: str) -> AccessClaims:
    """What a token claims, if it is one of ours and its time is now. Raises InvalidToken."""
    if len(token) > _LONGEST:
        raise InvalidToken
    claims = _verified(token, settings.read(JwtSettings))
    # ASVS 5.0, 9.2.1: within its time; the skew is for other clocks and prolongs nothing.
    if not max(claims.iat, claims.nbf) - _SKEW <= time() < claims.exp:
        raise InvalidToken
    return claims


_known: dict[bytes, tuple[JwtSettings, AccessClaims]] = {}


def _verified(token: str, jwt: JwtSettings) -> AccessClaims:
    """Verifying the same signature again would cost each request 80 us.

    Kept is what a token's digest stands for, under the settings that it was verified by: no token
    lies in memory, and none survives its key.
    """
    digest = sha256(token.encode()).digest()
    by, claims = _known.get(digest, (None, None))
    if claims is None or by is not jwt:
        claims = _decoded(token, jwt)
        if len(_known) >= _KNOWN:
            del _known[next(iter(_known))]  # the oldest
        _known[digest] = jwt, claims
    return claims


def _decoded(token: str, jwt: JwtSettings) -> AccessClaims:
    if not _FORM.fullmatch(token):
        raise InvalidToken
    try:
        return AccessClaims.model_validate(
            codec.decode(token, jwt.keys, jwt.jwt_issuer, jwt.jwt_audience)
        )
    except ValidationError:
        raise InvalidToken from None
