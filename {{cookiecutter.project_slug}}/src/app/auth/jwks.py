"""The public halves of the keys, for services that verify our tokens themselves (RFC 7517)."""

from base64 import urlsafe_b64encode
from collections.abc import Iterable

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from fastapi import APIRouter, Response

from app.auth.keys import Key
from app.auth.settings import JwtSettings
from app.core.settings import read

router = APIRouter(tags=["auth"])

_P256_BYTES = 32


@router.get("/.well-known/jwks.json")
async def public_keys(response: Response) -> dict[str, list[dict[str, str]]]:
    """The keys that verify access tokens; none while the service signs with a shared secret."""
    response.headers["Cache-Control"] = "public, max-age=300"
    return {"keys": list(_published(read(JwtSettings).keys.values()))}


def _published(keys: Iterable[Key]) -> Iterable[dict[str, str]]:
    for key in keys:
        named = {"kid": key.kid, "alg": key.alg.value, "use": "sig"}
        match key.verifying:
            case ec.EllipticCurvePublicKey() as point:
                at = point.public_numbers()
                x, y = (_encoded(number, _P256_BYTES) for number in (at.x, at.y))
                yield {**named, "kty": "EC", "crv": "P-256", "x": x, "y": y}
            case rsa.RSAPublicKey() as public:
                n, e = public.public_numbers().n, public.public_numbers().e
                yield {**named, "kty": "RSA", "n": _encoded(n), "e": _encoded(e)}


def _encoded(number: int, length: int | None = None) -> str:
    """Big-endian, base64url without padding; `length` bytes long, or as short as it goes."""
    octets = number.to_bytes(length or (number.bit_length() + 7) // 8)
    return urlsafe_b64encode(octets).rstrip(b"=").decode()
