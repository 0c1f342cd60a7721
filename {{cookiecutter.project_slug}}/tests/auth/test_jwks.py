"""Services that verify our tokens find the public keys there, and never anything else."""

import json
from base64 import urlsafe_b64decode
from collections.abc import Iterator

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from httpx2 import AsyncClient

from app.auth.keys import Algorithm, KeyEntry, generate
from app.core.settings import read

KEYS = "/.well-known/jwks.json"


def beginning_with_zero() -> dict[str, str]:
    """One of 256 keys for ES256 is at a point whose x would fit into fewer bytes."""
    while True:
        made = generate(Algorithm.ES256)
        public = KeyEntry.model_validate(made).key.verifying
        if isinstance(public, ec.EllipticCurvePublicKey) and public.public_numbers().x < 2**248:
            return made


RING = [
    {**generate(Algorithm.HS256), "kid": "secret"},
    {**beginning_with_zero(), "kid": "curve"},
    {**generate(Algorithm.RS256), "kid": "rsa"},
]
PUBLIC = {each["kid"]: KeyEntry.model_validate(each).key.verifying for each in RING}


@pytest.fixture
def asymmetric(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("JWT_KEYS", json.dumps(RING))
    read.cache_clear()
    yield
    read.cache_clear()


def number(member: str) -> int:
    return int.from_bytes(urlsafe_b64decode(member + "=="))


async def test_a_shared_secret_is_not_published(client: AsyncClient) -> None:
    answer = await client.get(KEYS)

    assert (answer.status_code, answer.json()) == (200, {"keys": []})
    assert answer.headers["Cache-Control"] == "public, max-age=300"


async def test_the_public_halves_are_published_and_verify(
    client: AsyncClient, asymmetric: None
) -> None:
    found = {each["kid"]: each for each in (await client.get(KEYS)).json()["keys"]}

    assert found.keys() == {"curve", "rsa"}
    for kid, each in found.items():
        public = PUBLIC[kid]
        if isinstance(public, rsa.RSAPublicKey):
            made = rsa.RSAPublicNumbers(number(each["e"]), number(each["n"])).public_key()
            assert each.keys() == {"kid", "alg", "use", "kty", "n", "e"}
            assert made == public
        else:
            point = ec.EllipticCurvePublicNumbers(
                number(each["x"]), number(each["y"]), ec.SECP256R1()
            )
            assert each.keys() == {"kid", "alg", "use", "kty", "crv", "x", "y"}
            assert {len(each["x"]), len(each["y"])} == {43}  # 32 bytes, whatever they begin with
            assert point.public_key() == public
