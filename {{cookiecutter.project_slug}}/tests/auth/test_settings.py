"""Which keys a service starts with, and which it refuses in production."""

import json
from collections.abc import Iterator

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from app.auth.keys import Algorithm, generate
from app.auth.settings import JwtSettings
from app.core.settings import UnsafeSettings, faults, read


def entry(kid: str, alg: Algorithm = Algorithm.HS256) -> dict[str, str]:
    return {**generate(alg), "kid": kid}


@pytest.fixture(autouse=True)
def unset(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.delenv("JWT_KEYS", raising=False)
    read.cache_clear()
    yield
    read.cache_clear()


def configured(monkeypatch: pytest.MonkeyPatch, *entries: dict[str, str]) -> JwtSettings:
    monkeypatch.setenv("JWT_KEYS", json.dumps(entries))
    read.cache_clear()
    settings: JwtSettings = read(JwtSettings)
    return settings


def test_the_first_key_signs_and_all_verify(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = configured(monkeypatch, entry("two"), entry("one", Algorithm.ES256))

    assert settings.signing_key.kid == "two"
    assert list(settings.keys) == ["two", "one"]


def test_issuer_and_audience_are_the_services_own_name() -> None:
    settings = read(JwtSettings)

    assert settings.jwt_issuer == settings.jwt_audience != ""


def test_without_a_key_production_does_not_start_and_nothing_is_signed() -> None:
    (fault,) = faults([JwtSettings])

    assert fault.startswith("JWT_KEYS: is not set")
    with pytest.raises(UnsafeSettings, match="app generate-key"):
        _ = read(JwtSettings).signing_key


def test_every_weak_key_is_named_by_its_place_and_none_is_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    weak = {"kid": "b", "alg": "HS256", "secret": "tooshort"}
    known = {"kid": "c", "alg": "HS256", "secret": "change-me-" * 4}
    configured(monkeypatch, entry("a"), weak, known)

    found = faults([JwtSettings])

    assert [fault.partition(":")[0] for fault in found] == ["JWT_KEYS.1", "JWT_KEYS.2"]
    assert "tooshort" not in str(found)
    assert "change-me" not in str(found)


def test_generated_keys_are_good_enough_for_production(monkeypatch: pytest.MonkeyPatch) -> None:
    configured(monkeypatch, *(entry(alg, alg) for alg in Algorithm))

    assert faults([JwtSettings]) == []


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("secret", "JWT_KEYS: must be JSON"),
        ('{"kid": "a"}', "JWT_KEYS: "),
        ('[{"kid": "a", "alg": "HS256"}]', "JWT_KEYS.0: HS256 takes a secret"),
        (json.dumps([entry("a"), entry("a")]), "JWT_KEYS: each key needs a kid of its own"),
    ],
)
def test_keys_that_cannot_be_read_are_refused_everywhere(
    monkeypatch: pytest.MonkeyPatch, value: str, told: str
) -> None:
    monkeypatch.setenv("JWT_KEYS", value)

    with pytest.raises(UnsafeSettings) as refused:
        read(JwtSettings)

    assert refused.value.faults[0].startswith(told)


def test_the_first_key_must_be_able_to_sign(monkeypatch: pytest.MonkeyPatch) -> None:
    verifying = generate_private_key(SECP256R1()).public_key()
    pem = verifying.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    verifies = {"kid": "a", "alg": "ES256", "public_key": pem}

    with pytest.raises(UnsafeSettings, match="the first key must be able to sign"):
        configured(monkeypatch, verifies, entry("b"))
