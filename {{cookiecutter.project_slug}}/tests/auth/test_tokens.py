"""An access token is believed for its time, if it says everything and each thing rightly."""

import json
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from time import time
from typing import Any
from uuid import uuid4

import pytest

from app.auth import codec, tokens
from app.auth.errors import InvalidToken
from app.auth.keys import Algorithm, Key, KeyEntry, generate
from app.core.settings import read
from tests.auth.forging import claims, header, token

OLD, NEW = ({**generate(Algorithm.HS256), "kid": kid} for kid in ("old", "new"))
type Configure = Callable[[Sequence[dict[str, str]]], None]


@pytest.fixture
def configure(monkeypatch: pytest.MonkeyPatch) -> Iterator[Configure]:
    """Gives this process a ring of keys, as a restart with other settings would."""
    monkeypatch.setenv("JWT_ISSUER", "issuer")
    monkeypatch.setenv("JWT_AUDIENCE", "audience")

    def restart(ring: Sequence[dict[str, str]]) -> None:
        monkeypatch.setenv("JWT_KEYS", json.dumps(list(ring)))
        read.cache_clear()

    yield restart
    read.cache_clear()


@pytest.fixture
def ours(configure: Configure) -> Key:
    configure([OLD])
    return KeyEntry.model_validate(OLD).key


def signed(ours: Key, body: object) -> str:
    assert ours.signing
    return token(header(ours), body, ours.signing)


def assert_refused(text: str) -> None:
    with pytest.raises(InvalidToken):
        tokens.read(text)


def test_an_issued_token_says_whose_session_it_is_and_for_how_long(ours: Key) -> None:
    user, session = uuid4(), uuid4()

    text, expires_in = tokens.issue(user, session)

    found = tokens.read(text)
    assert (found.sub, found.sid, found.iss, found.aud) == (user, session, "issuer", "audience")
    assert expires_in == found.exp - found.iat == 900
    assert found.nbf == found.iat == pytest.approx(time(), abs=2)


def test_no_two_tokens_are_the_same(ours: Key) -> None:
    user, session = uuid4(), uuid4()

    assert tokens.issue(user, session) != tokens.issue(user, session)


@pytest.mark.parametrize("name", ["iss", "aud", "sub", "sid", "jti", "iat", "nbf", "exp"])
@pytest.mark.parametrize("wrong", [None, "", True, [], {}, 1.5, -(2**70), float("inf")])
def test_a_claim_that_is_no_such_thing_is_refused(ours: Key, name: str, wrong: Any) -> None:
    assert_refused(signed(ours, claims(**{name: wrong})))


@pytest.mark.parametrize("name", ["iss", "aud", "sub", "sid", "jti", "iat", "nbf", "exp"])
def test_a_claim_that_is_missing_is_missed(ours: Key, name: str) -> None:
    less = {kept: value for kept, value in claims().items() if kept != name}

    assert_refused(signed(ours, less))


@pytest.mark.parametrize("name", ["iat", "nbf", "exp"])
def test_a_time_is_a_number_and_not_text(ours: Key, name: str) -> None:
    assert_refused(signed(ours, claims(**{name: str(claims()[name])})))


def test_the_audience_is_one_and_not_a_list(ours: Key) -> None:
    assert_refused(signed(ours, claims(aud=["audience"])))


@pytest.mark.parametrize("ago", [0, 1, 29, 3600])
def test_the_end_is_the_end_without_any_grace(ours: Key, ago: int) -> None:
    assert_refused(signed(ours, claims(exp=int(time()) - ago)))


@pytest.mark.parametrize("name", ["iat", "nbf"])
def test_a_clock_that_is_a_little_ahead_is_forgiven_and_no_more(ours: Key, name: str) -> None:
    now = int(time())

    tokens.read(signed(ours, claims(**{name: now + 28})))
    assert_refused(signed(ours, claims(**{name: now + 32})))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "a.b",
        "a.b.c.d",
        "a..c",
        "é.é.é",
        "a.b.c\n",
        " a.b.c",
        "a.b.c=",
        "٣.٣.٣",
        "\x00.a.b",
    ],
)
def test_what_has_not_the_form_of_a_token_is_refused(ours: Key, text: str) -> None:
    assert_refused(text)


def test_a_good_token_with_something_around_it_is_refused(ours: Key) -> None:
    good, _ = tokens.issue(uuid4(), uuid4())

    for spoilt in (f"{good}\n", f" {good}", f"{good}=", f"{good}.", f"{good}é"):
        assert_refused(spoilt)


def test_an_oversized_token_is_refused_unread(ours: Key) -> None:
    tokens.read(signed(ours, claims(jti="x" * 1000)))
    assert_refused(signed(ours, claims(jti="x" * 4000)))


def test_a_key_is_replaced_without_a_moment_at_which_a_token_is_refused(
    configure: Configure,
) -> None:
    """Two processes that restart one after the other through each step of a rotation."""
    steps = [[OLD], [OLD, NEW], [NEW, OLD]]
    for before, after in pairwise(steps):
        for issuer, verifier in ((before, after), (after, before)):
            configure(issuer)
            text, _ = tokens.issue(uuid4(), uuid4())
            configure(verifier)
            assert tokens.read(text).iss == "issuer"


def test_a_token_of_a_key_that_was_removed_is_refused(configure: Configure) -> None:
    configure([OLD])
    text, _ = tokens.issue(uuid4(), uuid4())
    tokens.read(text)  # known to be verified, and that by a key which is no longer ours

    configure([NEW])

    assert_refused(text)


def test_a_token_that_was_good_is_refused_after_its_end(
    ours: Key, monkeypatch: pytest.MonkeyPatch
) -> None:
    text, expires_in = tokens.issue(uuid4(), uuid4())
    tokens.read(text)

    monkeypatch.setattr(tokens, "time", lambda: time() + expires_in)

    assert_refused(text)


def test_a_token_is_verified_once(ours: Key, monkeypatch: pytest.MonkeyPatch) -> None:
    text, _ = tokens.issue(uuid4(), uuid4())
    first = tokens.read(text)

    monkeypatch.setattr(codec, "decode", None)

    assert tokens.read(text) == first


def test_of_more_tokens_than_are_kept_the_oldest_is_verified_again(
    ours: Key, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tokens, "_KNOWN", 2)
    monkeypatch.setattr(tokens, "_known", {})
    issued = [tokens.issue(uuid4(), uuid4())[0] for _ in range(3)]

    for text in issued:
        tokens.read(text)

    assert len(tokens._known) == 2  # noqa: SLF001 - memory is what this is about
    tokens.read(issued[0])
