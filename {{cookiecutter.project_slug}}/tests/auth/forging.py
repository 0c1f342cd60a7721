"""Makes tokens by hand, right ones and wrong ones, so that no library's scruples stand between."""

import hmac
import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from functools import cache
from time import time
from typing import Any
from uuid import uuid4

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from app.auth.keys import Algorithm, Key, KeyEntry, PrivateKey, generate


@cache
def key(alg: Algorithm = Algorithm.HS256, number: int = 0) -> Key:
    """A key for tests; another number gives another key."""
    return KeyEntry.model_validate({**generate(alg), "kid": f"{alg}-{number}"}).key


def claims(**changed: Any) -> dict[str, Any]:  # JSON of any shape, also a wrong one
    """Those of a good token."""
    now = int(time())
    good = {
        "iss": "issuer",
        "aud": "audience",
        "sub": str(uuid4()),
        "sid": str(uuid4()),
        "jti": "1",
        "iat": now,
        "nbf": now,
        "exp": now + 60,
    }
    return good | changed


def header(key: Key, **changed: Any) -> dict[str, Any]:  # the same
    """That of a good token."""
    return {"typ": "at+jwt", "alg": key.alg.value, "kid": key.kid} | changed


def token(header: Mapping[str, Any] | bytes, claims: Any, signing: bytes | PrivateKey) -> str:
    """Signed whatever it says; bytes are taken for the header or the claims as they are."""
    head, body = (part if isinstance(part, bytes) else dumped(part) for part in (header, claims))
    return f"{encoded(head)}.{encoded(body)}.{signature(head, body, signing)}"


def signature(head: bytes, body: bytes, signing: bytes | PrivateKey) -> str:
    """By HMAC with SHA-256 for bytes, else as ES256 and RS256 have it."""
    message = f"{encoded(head)}.{encoded(body)}".encode()
    if isinstance(signing, bytes):
        return encoded(hmac.digest(signing, message, "sha256"))
    if isinstance(signing, rsa.RSAPrivateKey):
        return encoded(signing.sign(message, padding.PKCS1v15(), hashes.SHA256()))
    numbers = decode_dss_signature(signing.sign(message, ec.ECDSA(hashes.SHA256())))
    return encoded(b"".join(number.to_bytes(32) for number in numbers))


def dumped(part: Any) -> bytes:  # the same
    return json.dumps(part).encode()


def encoded(octets: bytes) -> str:
    return urlsafe_b64encode(octets).rstrip(b"=").decode()
