"""Access tokens: what they claim, and for how long they are believed."""

import re
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
    jwt = settings.read(JwtSettings)
    if len(token) > _LONGEST or not _FORM.fullmatch(token):
        raise InvalidToken
    found = codec.decode(token, jwt.keys, jwt.jwt_issuer, jwt.jwt_audience)
    try:
        claims = AccessClaims.model_validate(found)
    except ValidationError:
        raise InvalidToken from None
    # ASVS 5.0, 9.2.1: within its time; the skew is for other clocks and prolongs nothing.
    if not max(claims.iat, claims.nbf) - _SKEW <= time() < claims.exp:
        raise InvalidToken
    return claims
