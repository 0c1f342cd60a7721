"""Keys are read as they are written down, or refused with what is wrong with them."""

import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from pydantic import ValidationError

from app.auth.keys import Algorithm, KeyEntry, development_keys, generate

type AnyPrivate = ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey
P256 = ec.generate_private_key(ec.SECP256R1())
P384 = ec.generate_private_key(ec.SECP384R1())
ED25519 = ed25519.Ed25519PrivateKey.generate()
RSA = rsa.generate_private_key(65537, 2048)


def private(key: AnyPrivate, password: bytes | None = None) -> str:
    encryption = BestAvailableEncryption(password) if password else NoEncryption()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption).decode()


def public(key: AnyPrivate) -> str:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def entry(**fields: Any) -> KeyEntry:
    return KeyEntry.model_validate({"kid": "one", **fields})


@pytest.mark.parametrize("alg", Algorithm)
def test_a_generated_key_signs_and_verifies(alg: Algorithm) -> None:
    key = KeyEntry.model_validate(generate(alg)).key

    assert key.alg is alg
    assert key.signing
    assert key.verifying


@pytest.mark.parametrize("alg", Algorithm)
def test_no_key_is_generated_twice(alg: Algorithm) -> None:
    one, two = generate(alg), generate(alg)

    assert one.keys() == two.keys()
    assert {name for name in one if one[name] == two[name]} == {"alg"}


def test_a_secret_is_its_utf8_bytes() -> None:
    key = entry(alg="HS256", secret="clé").key

    assert key.signing == key.verifying == "clé".encode()


@pytest.mark.parametrize(("alg", "pair"), [("ES256", P256), ("RS256", RSA)])
def test_a_public_key_verifies_and_signs_nothing(
    alg: str, pair: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
) -> None:
    key = entry(alg=alg, public_key=public(pair)).key

    assert key.signing is None
    assert key.verifying == pair.public_key()


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"alg": "HS256"}, "HS256 takes a secret"),
        ({"alg": "ES256"}, "ES256 and RS256 a private_key or a public_key"),
        ({"alg": "HS256", "private_key": private(RSA)}, "HS256 takes a secret"),
        ({"alg": "RS256", "secret": "s"}, "HS256 takes a secret"),
        ({"alg": "ES256", "private_key": private(P256), "secret": "s"}, "HS256 takes a secret"),
        ({"alg": "RS256", "private_key": private(RSA), "public_key": public(RSA)}, "or a public"),
        ({"alg": "ES256", "private_key": private(RSA)}, "private_key must be one for ES256"),
        ({"alg": "RS256", "private_key": private(P256)}, "private_key must be one for RS256"),
        ({"alg": "ES256", "private_key": private(P384)}, "private_key must be one for ES256"),
        ({"alg": "ES256", "private_key": private(ED25519)}, "private_key must be one for ES256"),
        ({"alg": "ES256", "private_key": private(P256, b"pw")}, "without a password"),
        ({"alg": "ES256", "private_key": public(P256)}, "private_key must be one for ES256"),
        ({"alg": "ES256", "private_key": "garbage"}, "private_key must be one for ES256"),
        ({"alg": "ES256", "public_key": public(P384)}, "public_key must be one for ES256"),
        ({"alg": "RS256", "public_key": public(ED25519)}, "public_key must be one for RS256"),
        ({"alg": "RS256", "public_key": private(RSA)}, "public_key must be one for RS256"),
        ({"alg": "none"}, "HS256"),
        ({"alg": "HS512", "secret": "s"}, "HS256"),
        ({"alg": "HS256", "secret": "s", "kid": ""}, "pattern"),
        ({"alg": "HS256", "secret": "s", "kid": "a b"}, "pattern"),
        ({"alg": "HS256", "secret": "s", "use": "sig"}, "Extra inputs"),
    ],
    ids=lambda value: value[:20] if isinstance(value, str) else None,
)
def test_an_entry_that_makes_no_key_says_why_and_nothing_of_the_key(
    fields: dict[str, Any], told: str
) -> None:
    with pytest.raises(ValidationError, match=told) as refused:
        entry(**fields)

    assert "BEGIN" not in str(refused.value)
    assert "garbage" not in str(refused.value)


def test_a_key_is_not_shown_where_its_name_is() -> None:
    secret, pair = (
        entry(alg="HS256", secret="hidden"),
        entry(alg="ES256", private_key=private(P256)),
    )

    shown = repr([secret, secret.key, pair, pair.key])

    assert "hidden" not in shown
    assert "BEGIN" not in shown


def test_keys_for_development_are_made_once_and_for_their_owner_alone(tmp_path: Path) -> None:
    first = development_keys(tmp_path / "data")

    assert development_keys(tmp_path / "data") == first
    assert [KeyEntry.model_validate(each).alg for each in json.loads(first)] == ["HS256"]
    (kept,) = (tmp_path / "data").iterdir()
    assert kept.stat().st_mode & 0o077 == 0


def test_keys_for_development_differ_from_folder_to_folder(tmp_path: Path) -> None:
    assert development_keys(tmp_path / "one") != development_keys(tmp_path / "two")
