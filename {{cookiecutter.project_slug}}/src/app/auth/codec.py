"""Signed claims by PyJWT: only with our keys, each by its own algorithm, and of our type alone."""

from collections.abc import Mapping
from typing import Any

import jwt

from app.auth.errors import InvalidToken
from app.auth.keys import Key

TYPE = "at+jwt"  # RFC 9068, 2.1
# The library knows one leeway for all times and takes "60" for one: `tokens` is stricter.
_OPTIONS: jwt.types.Options = {"verify_exp": False, "verify_iat": False, "verify_nbf": False}


def encode(claims: Mapping[str, object], key: Key) -> str:
    """The claims, signed; `key` must be one that can sign."""
    return jwt.encode(dict(claims), key.signing, key.alg, {"typ": TYPE, "kid": key.kid})  # type: ignore[arg-type] # None is PyJWT's to refuse


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
        return jwt.decode(
            token, key.verifying, [key.alg], _OPTIONS, issuer=issuer, audience=audience
        )
    except (jwt.PyJWTError, KeyError, TypeError, ValueError, OverflowError, RecursionError):
        raise InvalidToken from None
