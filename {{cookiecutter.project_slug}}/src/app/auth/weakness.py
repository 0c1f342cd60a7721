"""Which keys are too weak for production: short, known to everybody, or easily guessed."""

import zlib
from itertools import pairwise

from cryptography.hazmat.primitives.asymmetric import rsa

from app.auth.keys import Key

_SECRET_BYTES = 32  # RFC 7518, 3.2
_RSA_BITS = 2048  # RFC 7518, 3.3
# Parts of the keys in tutorials and `.env.example` files; no random key has six letters in common
# with them in a million years. The last is from FastAPI's own documentation.
_KNOWN = ("secret", "change", "passw", "example", "default", "insecure", "09d25e094faa6ca2")
# A random secret cannot be squeezed; 32 random bytes as text leave 38 or more.
_LEAST_LEFT = 33


def weakness(key: Key) -> str | None:
    """What is wrong with a key, as the end of a sentence; of the key itself nothing is told."""
    if isinstance(key.verifying, rsa.RSAPublicKey) and key.verifying.key_size < _RSA_BITS:
        return f"is shorter than {_RSA_BITS} bits"
    return _secret_weakness(key.verifying) if isinstance(key.verifying, bytes) else None


def _secret_weakness(secret: bytes) -> str | None:
    if len(secret) < _SECRET_BYTES:
        return f"is shorter than {_SECRET_BYTES} bytes"
    if any(known in secret.decode().lower() for known in _KNOWN):
        return "is one that everybody knows, or made from one"
    if len(zlib.compress(_steps(secret), 9)) < _LEAST_LEFT:
        return "is not random enough"
    return None


def _steps(data: bytes) -> bytes:
    """From each byte to the next: what repeats goes on repeating, and abc or 123 are all ones."""
    return bytes((after - before) % 256 for before, after in pairwise(data))
