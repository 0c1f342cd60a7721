"""A key that somebody could know or guess does not pass; a random one always does."""

from base64 import b64encode
from secrets import token_bytes, token_hex, token_urlsafe

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from app.auth.keys import Algorithm, Key
from app.auth.weakness import weakness


def secret(text: str) -> Key:
    return Key("one", Algorithm.HS256, text.encode(), text.encode())


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "is shorter than 32 bytes"),
        ("dGhpcnR5LW9uZSByYW5kb20gYnl0ZXM", "is shorter than 32 bytes"),
        ("your-256-bit-secret-your-256-bit-secret", "is one that everybody knows"),
        ("a-string-secret-at-least-256-bits-long", "is one that everybody knows"),
        ("CHANGE-ME-ab9f3c2e7d1f4a6b8c0d2e4f6a8b", "is one that everybody knows"),
        ("changethis-ab9f3c2e7d1f4a6b8c0d2e4f6a8b", "is one that everybody knows"),
        ("MyPassword123-for-the-production-service", "is one that everybody knows"),
        ("django-insecure-q8^x!k2m5v7z0c3n6b9d1f4h", "is one that everybody knows"),
        (
            "09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7",
            "is one that everybody knows",
        ),
        ("a" * 64, "is not random enough"),
        ("0123456789abcdef" * 4, "is not random enough"),
        ("12345678901234567890123456789012", "is not random enough"),
        ("abcdefghijklmnopqrstuvwxyz0123456789", "is not random enough"),
        ("qwertyuiop" * 4, "is not random enough"),
        ("00000000-0000-0000-0000-000000000001", "is not random enough"),
        ("correct-horse-" * 3, "is not random enough"),
    ],
)
def test_a_secret_that_can_be_known_or_guessed_is_weak(text: str, fault: str) -> None:
    found = weakness(secret(text))

    assert found is not None
    assert found.startswith(fault)


def test_a_random_secret_is_not_weak_however_it_is_written() -> None:
    for _ in range(500):
        for text in (
            token_urlsafe(32),
            token_hex(32),
            token_hex(16),
            b64encode(token_bytes(24)).decode(),
            token_bytes(32).hex("-", 2),
        ):
            assert weakness(secret(text)) is None, text


def test_a_short_rsa_key_is_weak() -> None:
    short = rsa.generate_private_key(65537, 1024).public_key()  # noqa: S505 - the point of it

    assert weakness(Key("one", Algorithm.RS256, short)) == "is shorter than 2048 bits"


def test_other_key_pairs_are_not_weak() -> None:
    long = rsa.generate_private_key(65537, 2048).public_key()
    curve = ec.generate_private_key(ec.SECP256R1()).public_key()

    assert weakness(Key("one", Algorithm.RS256, long)) is None
    assert weakness(Key("one", Algorithm.ES256, curve)) is None
