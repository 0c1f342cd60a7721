"""The rules of the lockout, without a database."""

from collections.abc import AsyncIterator

import pytest

from app.auth.lockout import Lockout, keys
from app.auth.lockout_settings import LockoutSettings
from app.auth.login_errors import TooManyAttempts
from app.core import caller
from app.core.caller import Caller
from tests.auth.failures import FailuresInMemory

ADA = "ada@example.com"


@pytest.fixture
def failures() -> FailuresInMemory:
    return FailuresInMemory()


@pytest.fixture
async def lockout(failures: FailuresInMemory) -> AsyncIterator[Lockout]:
    """Async, as only so it speaks for the same context as the tests."""
    before = caller.current()
    come_from("203.0.113.7")
    yield Lockout(
        failures,
        LockoutSettings(lockout_failures=3, lockout_account_failures=7, _env_file=None),
    )
    caller.identify(before)


def come_from(address: str | None) -> None:
    caller.identify(Caller(address=address))


async def fail(lockout: Lockout, times: int, account: str = ADA) -> list[bool]:
    return [await lockout.failed(account) for _ in range(times)]


async def test_an_account_locks_for_an_address_after_so_many_failures(
    lockout: Lockout, failures: FailuresInMemory
) -> None:
    assert await fail(lockout, 3) == [False, False, True]

    with pytest.raises(TooManyAttempts) as refused:
        await lockout.check(ADA)
    assert refused.value.headers == {"Retry-After": "30"}  # never before the lock is over
    assert failures.delays == {(30, 900)}


async def test_it_locks_no_other_account_and_no_other_address(lockout: Lockout) -> None:
    await fail(lockout, 3)

    await lockout.check("eve@example.com")
    come_from("203.0.113.8")
    await lockout.check(ADA)


async def test_failures_from_everywhere_lock_the_account_everywhere(lockout: Lockout) -> None:
    for number in range(7):
        await lockout.check(ADA)
        come_from(f"203.0.113.{number}")
        await fail(lockout, 1)

    come_from("198.51.100.1")
    with pytest.raises(TooManyAttempts):
        await lockout.check(ADA)


async def test_a_fitting_password_does_not_pass_a_lock(lockout: Lockout) -> None:
    await fail(lockout, 3)

    with pytest.raises(TooManyAttempts):
        await lockout.passed(ADA)


async def test_a_login_forgets_the_failures_from_its_own_address_only(lockout: Lockout) -> None:
    await fail(lockout, 2)
    come_from("203.0.113.8")
    await fail(lockout, 2)

    await lockout.passed(ADA)

    assert await fail(lockout, 2) == [False, False]
    come_from("203.0.113.7")
    assert await fail(lockout, 1) == [True]


async def test_a_login_does_not_renew_the_budget_of_guessers_elsewhere(lockout: Lockout) -> None:
    for number in range(6):
        come_from(f"203.0.113.{number}")
        await fail(lockout, 1)
    come_from("198.51.100.1")
    await lockout.passed(ADA)

    assert await fail(lockout, 1) == [True]


async def test_a_proof_by_mail_lifts_both_locks(lockout: Lockout) -> None:
    await fail(lockout, 7)

    await lockout.lift(ADA)

    await lockout.check(ADA)
    assert await fail(lockout, 2) == [False, False]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8::1", "2001:db8::ffff:1", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("203.0.113.7", "203.0.113.8", False),
        (None, None, True),
    ],
)
async def test_an_ipv6_network_counts_as_one_address(
    lockout: Lockout, one: str | None, other: str | None, *, same: bool
) -> None:
    come_from(one)
    here = keys(ADA)
    come_from(other)

    assert (keys(ADA) == here) is same
    assert keys(ADA)[1] == here[1]


async def test_counters_name_nobody(lockout: Lockout) -> None:
    here, anywhere = keys(ADA)

    assert here != anywhere
    assert {len(here), len(anywhere)} == {32}
