"""Signed claims by python-jose: only with our keys, each by its own algorithm, and of our type."""

from collections.abc import Mapping
from typing import Any

from jose import jwk, jwt
from jose.backends.base import Key as JoseKey
from jose.exceptions import JOSEError

from app.auth.errors import InvalidToken
from app.auth.keys import Key

TYPE = "at+jwt"  # RFC 9068, 2.1
# The library knows one leeway for all times and takes "60" for one: `tokens` is stricter. Without
# "require" it takes a token that is from or for nobody.
_OPTIONS = {
    **dict.fromkeys(["require_iss", "require_aud"], True),
    **dict.fromkeys(["verify_exp", "verify_iat", "verify_nbf", "verify_at_hash"], False),
}


def encode(claims: Mapping[str, object], key: Key) -> str:
    """The claims, signed; `key` must be one that can sign."""
    headers = {"typ": TYPE, "kid": key.kid}
    return jwt.encode(dict(claims), _known(key.signing, key.alg), key.alg, headers)


def decode(token: str, keys: Mapping[str, Key], issuer: str, audience: str) -> dict[str, Any]:
    """JSON that one of `keys` signed and that is meant for us; its times are not looked at.

    The header must be ours to the letter: no other type, no `crit`, no key or address of one
    (RFC 8725, 3.1, 3.10 and 3.11). Raises InvalidToken, whatever is wrong.
    """
    try:
        header = jwt.get_unverified_header(token)
        key = keys[header["kid"]]
        if header != {"typ": TYPE, "kid": key.kid, "alg": key.alg}:
            raise InvalidToken
        verifying = _known(key.verifying, key.alg)
        return jwt.decode(token, verifying, [key.alg], _OPTIONS, audience, issuer)
    except (JOSEError, KeyError, TypeError, ValueError, OverflowError, RecursionError):
        raise InvalidToken from None


def _known(key: object, alg: str) -> JoseKey:
    """Of bare bytes the library would guess what kind of key they are."""
    return jwk.construct(key, alg)  # type: ignore[arg-type] # the stubs know no parsed keys
