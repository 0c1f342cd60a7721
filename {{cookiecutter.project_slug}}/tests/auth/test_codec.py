"""What is not signed by us, with our keys and for us, is refused, whichever library looks at it."""

import json
from base64 import urlsafe_b64decode
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

import app.auth
from app.auth.errors import InvalidToken
from app.auth.keys import Algorithm, Key
from tests.auth.forging import claims, dumped, encoded, header, key, token

CODECS = sorted(path.stem for path in Path(app.auth.__path__[0]).glob("codec*.py"))
OURS = {each.kid: each for each in map(key, Algorithm)}
PUBLIC = [each for each in OURS.values() if not isinstance(each.verifying, bytes)]


@pytest.fixture(params=CODECS)
def codec(request: pytest.FixtureRequest) -> ModuleType:
    return import_module(f"app.auth.{request.param}")


@pytest.fixture(params=list(OURS.values()), ids=list(OURS))
def ours(request: pytest.FixtureRequest) -> Key:
    found: Key = request.param
    return found


def decoded(codec: ModuleType, text: str) -> Any:
    return codec.decode(text, OURS, "issuer", "audience")


def assert_refused(codec: ModuleType, text: str) -> None:
    with pytest.raises(InvalidToken):
        decoded(codec, text)


def signed(ours: Key, claims: object, **changed: Any) -> str:
    """By the right key, with a header that may be changed."""
    assert ours.signing
    return token(header(ours, **changed), claims, ours.signing)


def test_what_was_encoded_is_decoded(codec: ModuleType, ours: Key) -> None:
    good = claims()

    assert decoded(codec, codec.encode(good, ours)) == good


def test_a_token_made_by_hand_is_as_good(codec: ModuleType, ours: Key) -> None:
    good = claims()

    assert decoded(codec, signed(ours, good)) == good


def test_a_token_says_its_type_its_key_and_no_more(codec: ModuleType, ours: Key) -> None:
    head = codec.encode(claims(), ours).partition(".")[0]

    assert json.loads(urlsafe_b64decode(head + "==")) == header(ours)


def test_a_key_that_only_verifies_verifies(codec: ModuleType) -> None:
    for whole in PUBLIC:
        half = {whole.kid: Key(whole.kid, whole.alg, whole.verifying)}

        assert codec.decode(signed(whole, claims()), half, "issuer", "audience")


def test_a_changed_claim_breaks_the_signature(codec: ModuleType, ours: Key) -> None:
    good = claims()
    head, _, signature = signed(ours, good).split(".")

    assert_refused(codec, f"{head}.{encoded(dumped(good | {'jti': '2'}))}.{signature}")


def test_somebody_elses_key_signs_nothing_of_ours(codec: ModuleType, ours: Key) -> None:
    stranger = key(ours.alg, 1)
    assert stranger.signing

    assert_refused(codec, token(header(ours), claims(), stranger.signing))
    assert_refused(codec, signed(stranger, claims()))


@pytest.mark.parametrize("text", ['{"keys": []}', '["a", "b"]', "1"])
def test_a_secret_is_taken_as_it_is_whatever_it_looks_like(codec: ModuleType, text: str) -> None:
    secret = text.ljust(40).encode()
    ring = {"odd": Key("odd", Algorithm.HS256, secret, secret)}
    good = claims()

    assert codec.decode(signed(ring["odd"], good), ring, "issuer", "audience") == good


@pytest.mark.parametrize("alg", ["none", "None", "NONE", "", None])
def test_unsigned_is_not_signed(codec: ModuleType, ours: Key, alg: str | None) -> None:
    head, body = encoded(dumped(header(ours, alg=alg))), encoded(dumped(claims()))

    assert_refused(codec, f"{head}.{body}.")
    assert_refused(codec, signed(ours, claims(), alg=alg))


@pytest.mark.parametrize("public", PUBLIC, ids=lambda key: key.alg)
@pytest.mark.parametrize(
    ("encoding", "form"),
    [
        (Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
        (Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
        (Encoding.OpenSSH, PublicFormat.OpenSSH),
    ],
)
def test_a_public_key_is_no_secret(
    codec: ModuleType, public: Key, encoding: Encoding, form: PublicFormat
) -> None:
    assert not isinstance(public.verifying, bytes)
    known = public.verifying.public_bytes(encoding, form)

    assert_refused(codec, token(header(public, alg="HS256"), claims(), known))
    assert_refused(codec, token(header(public), claims(), known))


@pytest.mark.parametrize("alg", ["HS384", "HS512", "ES256", "RS256", "PS256", "hs256", 256, ["a"]])
def test_the_token_does_not_choose_the_algorithm(codec: ModuleType, alg: object) -> None:
    assert_refused(codec, signed(OURS["HS256-0"], claims(), alg=alg))


@pytest.mark.parametrize(
    "kid", ["", "HS256-1", "../../dev/null", "' OR 1=1 --", "RS256-0", None, 0, ["HS256-0"], {}]
)
def test_a_key_is_one_of_ours(codec: ModuleType, kid: object) -> None:
    assert_refused(codec, signed(OURS["HS256-0"], claims(), kid=kid))


@pytest.mark.parametrize("typ", ["JWT", "jwt", "at+JWT", "application/at+jwt", "", None, 1])
def test_a_token_of_another_type_opens_nothing_whatever_it_claims(
    codec: ModuleType, ours: Key, typ: object
) -> None:
    assert_refused(codec, signed(ours, claims(), typ=typ))


@pytest.mark.parametrize(
    "more",
    [
        {"jku": "https://evil.example/keys"},
        {"jwk": {"kty": "oct", "k": "AAAA"}},
        {"x5u": "https://evil.example/cert"},
        {"x5c": ["AAAA"]},
        {"crit": ["exp"]},
        {"crit": ["b64"], "b64": False},
        {"b64": False},
        {"cty": "JWT"},
        {"zip": "DEF"},
    ],
    ids=str,
)
def test_a_header_that_says_more_than_ours_is_refused(
    codec: ModuleType, ours: Key, more: dict[str, Any]
) -> None:
    assert_refused(codec, signed(ours, claims(), **more))


@pytest.mark.parametrize("missing", ["typ", "alg", "kid"])
def test_a_header_that_says_less_is_refused(codec: ModuleType, ours: Key, missing: str) -> None:
    assert ours.signing
    less = {name: value for name, value in header(ours).items() if name != missing}

    assert_refused(codec, token(less, claims(), ours.signing))


@pytest.mark.parametrize("missing", ["iss", "aud"])
def test_a_token_says_from_and_for_whom_it_is(codec: ModuleType, ours: Key, missing: str) -> None:
    less = {name: value for name, value in claims().items() if name != missing}

    assert_refused(codec, signed(ours, less))


@pytest.mark.parametrize("name", ["iss", "aud"])
@pytest.mark.parametrize("other", ["", "other", "ISSUER", "audience ", None, 1, ["other"], {}])
def test_a_token_from_or_for_somebody_else_is_refused(
    codec: ModuleType, ours: Key, name: str, other: object
) -> None:
    assert_refused(codec, signed(ours, claims(**{name: other})))


@pytest.mark.parametrize("name", ["iat", "nbf", "exp"])
@pytest.mark.parametrize("moment", [0, 2**40])
def test_times_are_left_to_whoever_reads_the_claims(
    codec: ModuleType, ours: Key, name: str, moment: int
) -> None:
    assert decoded(codec, signed(ours, claims(**{name: moment})))[name] == moment


@pytest.mark.parametrize(
    "body",
    [b"", b"{}", b"[]", b"null", b"1", b'"text"', b"{", b"\xff", b"[" * 100_000, b"1" * 4301],
    ids=lambda body: repr(body[:8]),
)
def test_claims_that_are_none_are_refused(codec: ModuleType, ours: Key, body: bytes) -> None:
    assert_refused(codec, signed(ours, body))


@pytest.mark.parametrize(
    "head",
    [b"", b"{}", b"[]", b"null", b"1", b'"kid"', b"{", b"\xff", b"[" * 100_000, b"1" * 4301],
    ids=lambda head: repr(head[:8]),
)
def test_a_header_that_is_none_is_refused(codec: ModuleType, head: bytes) -> None:
    assert_refused(codec, token(head, claims(), b"secret"))


@pytest.mark.parametrize("text", ["", ".", "..", "...", "a", "a.b", "a.b.c", "a.b.c.d", "é.é.é"])
def test_what_is_no_token_is_refused(codec: ModuleType, text: str) -> None:
    assert_refused(codec, text)
