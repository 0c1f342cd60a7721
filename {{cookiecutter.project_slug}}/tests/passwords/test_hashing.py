"""Passwords are kept as argon2id, older hashes still open, and hashing never holds the loop."""

import asyncio
from collections.abc import Iterator
from statistics import median
from time import perf_counter, process_time

import bcrypt
import pytest

from app.passwords.hashing import LONGEST_SPELLING, Verdict, hash_password, verify
from tests import prices

PASSWORD = "correct horse battery staple"


@pytest.fixture(autouse=True)
def as_in_production() -> Iterator[None]:
    with prices.paid(prices.IN_PRODUCTION):
        yield


def outdated(password: str) -> str:
    return bcrypt.hashpw(password.encode(), bcrypt.gensalt(4)).decode()


async def test_a_password_opens_what_it_closed_and_no_other_does() -> None:
    hashed = await hash_password(PASSWORD)

    assert hashed.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert await verify(PASSWORD, hashed) == Verdict(ok=True)
    assert await verify(PASSWORD.upper(), hashed) == Verdict(ok=False)
    assert await verify(f"{PASSWORD} ", hashed) == Verdict(ok=False)


async def test_two_hashes_of_one_password_differ() -> None:
    assert await hash_password(PASSWORD) != await hash_password(PASSWORD)


async def test_what_looks_the_same_is_the_same() -> None:
    composed, decomposed = "caf\u00e9 noisette", "cafe\u0301 noisette"

    assert (await verify(decomposed, await hash_password(composed))).ok
    assert (await verify(composed, await hash_password(decomposed))).ok


async def test_no_character_of_a_long_password_is_ignored() -> None:
    hashed = await hash_password("é" * 127 + "a")

    assert (await verify("é" * 127 + "a", hashed)).ok
    assert not (await verify("é" * 127 + "b", hashed)).ok


async def test_an_outdated_hash_opens_and_is_replaced() -> None:
    verdict = await verify(PASSWORD, outdated(PASSWORD))

    assert verdict.ok
    assert verdict.rehashed is not None
    assert await verify(PASSWORD, verdict.rehashed) == Verdict(ok=True)
    assert await verify("wrong password", outdated(PASSWORD)) == Verdict(ok=False)


@pytest.mark.parametrize("password", ["a" * 73, "é" * 40, "nul\x00inside", "\ud800"])
async def test_what_bcrypt_cannot_take_is_a_wrong_password_and_no_error(password: str) -> None:
    assert await verify(password, outdated("a" * 72)) == Verdict(ok=False)


@pytest.mark.parametrize(
    "hashed",
    ["", "garbage", PASSWORD, "$2b$04$short", "$argon2id$v=19$m=1,t", "$argon2id$v=19$", "\x00"],
)
async def test_what_is_no_hash_fits_no_password(hashed: str) -> None:
    assert await verify(PASSWORD, hashed) == Verdict(ok=False)


async def test_a_password_made_to_be_slow_is_wrong_at_once() -> None:
    marks = "a" + "\u0323\u0307" * 60_000  # NFC of this takes ten seconds
    assert len(marks) > LONGEST_SPELLING

    started = process_time()
    assert not (await verify(marks, await hash_password(PASSWORD))).ok
    assert process_time() - started < 2


@pytest.mark.system
@pytest.mark.measured
async def test_an_unknown_account_costs_what_a_known_one_does() -> None:
    hashed = await hash_password(PASSWORD)
    await verify("wrong password", None)
    times: dict[str | None, list[float]] = {hashed: [], None: []}

    for _ in range(15):
        for each, spent in times.items():
            started = perf_counter()
            await verify("wrong password", each)
            spent.append(perf_counter() - started)

    known, unknown = (median(spent) for spent in times.values())
    assert 0.7 < known / unknown < 1.4


async def test_hashing_leaves_the_event_loop_to_others() -> None:
    longest, begun = 0.0, perf_counter()
    hashing = asyncio.gather(*(hash_password(PASSWORD) for _ in range(8)))

    while not hashing.done():
        started = perf_counter()
        await asyncio.sleep(0)
        longest = max(longest, perf_counter() - started)

    assert len(set(hashing.result())) == 8
    assert longest < (perf_counter() - begun) / 2, "on the loop it would all be one step"
