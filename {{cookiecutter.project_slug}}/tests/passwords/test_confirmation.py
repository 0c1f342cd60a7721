"""Saying the password again: every wrong answer counts, and the right one is held."""

from collections.abc import Sequence
from typing import cast
from uuid import UUID, uuid4

import pytest

from app.audit.service import AuditLog
from app.auth.lockout import Lockout
from app.auth.login_errors import TooManyAttempts
from app.auth.repository import LoginRepository
from app.passwords.confirmation import PasswordConfirmation
from app.passwords.errors import WrongPassword
from app.passwords.hashing import hash_password
from app.passwords.repository import AddressRepository
from app.users.models import Role
from app.users.repository import Credentials

PASSWORD = "correct horse battery staple"


class House:
    """The rooms around: an account, its lockout and what was recorded."""

    def __init__(
        self, account: Credentials | None, *, wait: float = 0, locks: bool = False
    ) -> None:
        self.account = account
        self.wait = wait
        self.locks = locks
        self.replaced = False
        self.done: list[str] = []

    async def email(self, user_id: UUID) -> str | None:
        return self.account.email if self.account else None

    async def look(self, email: str, keys: Sequence[bytes]) -> tuple[Credentials | None, float]:
        return self.account, self.wait

    async def confirm(self, user_id: UUID, password_hash: str | None) -> bool:
        return not self.replaced

    async def failed(self, account: str) -> bool:
        self.done.append(f"failed {account}")
        return self.locks

    async def passed(self, account: str) -> None:
        self.done.append(f"passed {account}")

    async def record(self, event: str, **details: object) -> None:
        self.done.append(event)


def confirmation(house: House) -> PasswordConfirmation:
    return PasswordConfirmation(
        cast(AddressRepository, house),
        cast(LoginRepository, house),
        cast(Lockout, house),
        cast(AuditLog, house),
    )


@pytest.fixture
async def ada() -> Credentials:
    hashed = await hash_password(PASSWORD)
    return Credentials(uuid4(), "ada@example.com", hashed, Role.USER, is_active=True)


async def test_the_right_password_gives_the_account_and_writes_nothing(ada: Credentials) -> None:
    house = House(ada)

    assert await confirmation(house).require(ada.id, PASSWORD) is ada
    assert house.done == []


async def test_a_wrong_password_counts_and_is_kept_though_the_request_fails(
    ada: Credentials,
) -> None:
    house = House(ada)

    with pytest.raises(WrongPassword) as refused:
        await confirmation(house).require(ada.id, "other")

    assert refused.value.keeps_writes
    assert house.done == ["login.failed", "failed ada@example.com"]


async def test_the_failure_that_locks_is_recorded_as_such(ada: Credentials) -> None:
    house = House(ada, locks=True)

    with pytest.raises(WrongPassword):
        await confirmation(house).require(ada.id, "other")

    assert house.done[-1] == "login.locked"


async def test_a_locked_account_is_not_even_compared(ada: Credentials) -> None:
    house = House(ada, wait=12.5)

    with pytest.raises(TooManyAttempts) as refused:
        await confirmation(house).require(ada.id, PASSWORD)

    assert refused.value.headers == {"Retry-After": "13"}
    assert house.done == []


async def test_an_account_that_was_just_erased_has_no_right_password() -> None:
    with pytest.raises(WrongPassword):
        await confirmation(House(None)).require(uuid4(), PASSWORD)


async def test_a_password_that_was_replaced_meanwhile_is_the_wrong_one(ada: Credentials) -> None:
    house = House(ada)
    house.replaced = True

    with pytest.raises(WrongPassword):
        await confirmation(house).hold(ada)

    assert house.done == []


async def test_a_held_password_forgives_the_failures_before_it(ada: Credentials) -> None:
    house = House(ada)

    await confirmation(house).hold(ada)

    assert house.done == ["passed ada@example.com"]
