"""The rules of signing in, without a database."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from app.audit.events import Event
from app.auth.lockout import Lockout
from app.auth.lockout_settings import LockoutSettings
from app.auth.login_errors import InvalidCredentials, TooManyAttempts
from app.auth.repository import LoginRepository
from app.auth.service import AuthService
from app.core.settings import read
from app.passwords.hashing import hash_password
from app.sessions.errors import InvalidRefreshToken
from app.sessions.service import SessionService
from app.sessions.settings import SessionSettings
from app.users.models import Role
from app.users.repository import Credentials, UserRepository
from tests.auth.failures import FailuresInMemory
from tests.conftest import JWT_KEY
from tests.people import PASSWORD
from tests.sessions.fakes import AuditInMemory, SessionsInMemory

ADA, NOBODY = "ada@example.com", "nobody@example.com"
WRONG = PASSWORD.swapcase()


class LoginsInMemory(LoginRepository):
    """One account; `meanwhile` replaces it between two looks, as another request would."""

    def __init__(self, account: Credentials, failures: FailuresInMemory) -> None:
        self.account = account
        self.failures = failures
        self.meanwhile: Credentials | None = None

    async def look(self, email: str, keys: Sequence[bytes]) -> tuple[Credentials | None, float]:
        known = self.account if email == self.account.email else None
        return known, await self.failures.wait(keys)

    async def confirm(self, user_id: UUID, password_hash: str | None) -> bool:
        assert user_id == self.account.id
        if self.meanwhile:
            self.account, self.meanwhile = self.meanwhile, None
        return self.account.is_active and self.account.password_hash == password_hash


class UsersInMemory(UserRepository):
    """Remembers which hash replaced another."""

    def __init__(self) -> None:
        self.rehashed: dict[UUID, str] = {}

    async def set_password(self, user_id: UUID, password_hash: str) -> None:
        self.rehashed[user_id] = password_hash


class Desk:
    """The service with everything that it stands on."""

    def __init__(self, account: Credentials) -> None:
        self.failures = FailuresInMemory()
        self.logins = LoginsInMemory(account, self.failures)
        self.users = UsersInMemory()
        self.sessions = SessionsInMemory()
        self.audit = AuditInMemory()
        self.service = AuthService(
            self.logins,
            self.users,
            Lockout(self.failures, LockoutSettings(lockout_failures=3, _env_file=None)),
            SessionService(self.sessions, self.audit, SessionSettings(_env_file=None)),
            self.audit,
        )

    @property
    def events(self) -> list[Event]:
        return [event for event, _ in self.audit.events]


@pytest.fixture(autouse=True)
def signing_key(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("JWT_KEYS", json.dumps([JWT_KEY]))
    read.cache_clear()
    yield
    read.cache_clear()


@pytest.fixture
async def account() -> Credentials:
    hashed = await hash_password(PASSWORD)
    return Credentials(uuid4(), ADA, hashed, Role.USER, is_active=True)


@pytest.fixture
def desk(account: Credentials) -> Desk:
    return Desk(account)


async def refused(desk: Desk, email: str = ADA, password: str = WRONG) -> None:
    with pytest.raises(InvalidCredentials) as error:
        await desk.service.login(email, password)
    assert error.value.keeps_writes
    assert desk.sessions.rows == {}


async def test_the_right_password_starts_a_session(desk: Desk, account: Credentials) -> None:
    pair = await desk.service.login(ADA, PASSWORD)

    (session,) = desk.sessions.rows.values()
    assert session.user_id == account.id
    assert (pair.token_type, pair.expires_in) == ("bearer", 900)
    assert desk.audit.events == [(Event.LOGIN_SUCCEEDED, account.id)]
    assert desk.users.rehashed == {}


async def test_wrong_unknown_and_inactive_are_refused_alike_and_counted(
    desk: Desk, account: Credentials
) -> None:
    await refused(desk)
    await refused(desk, NOBODY, PASSWORD)
    desk.logins.account = replace(account, is_active=False)
    await refused(desk, ADA, PASSWORD)
    desk.logins.account = replace(account, password_hash=None)
    await refused(desk, ADA, PASSWORD)

    assert sorted(desk.failures.counts.values()) == [1, 1, 3, 3]
    assert set(desk.events) == {Event.LOGIN_FAILED, Event.LOGIN_LOCKED}


@pytest.mark.parametrize("email", [ADA, NOBODY])
async def test_a_lock_refuses_the_right_password_too_and_counts_nothing(
    desk: Desk, email: str
) -> None:
    for _ in range(3):
        await refused(desk, email)
    assert desk.events == [Event.LOGIN_FAILED] * 3 + [Event.LOGIN_LOCKED]

    with pytest.raises(TooManyAttempts):
        await desk.service.login(email, PASSWORD)

    assert desk.sessions.rows == {}
    assert set(desk.failures.counts.values()) == {3}
    assert len(desk.events) == 4


async def test_a_guess_that_fits_after_parallel_ones_locked_is_refused(desk: Desk) -> None:
    for _ in range(3):
        await refused(desk)
    looked = desk.logins.look

    async def before_the_lock(
        email: str, keys: Sequence[bytes]
    ) -> tuple[Credentials | None, float]:
        return (await looked(email, keys))[0], 0

    desk.logins.look = before_the_lock  # type: ignore[method-assign] # the look of a moment ago

    with pytest.raises(TooManyAttempts):
        await desk.service.login(ADA, PASSWORD)
    assert desk.sessions.rows == {}


async def test_a_login_forgets_failures(desk: Desk) -> None:
    await refused(desk)
    await refused(desk)
    await desk.service.login(ADA, PASSWORD)

    with pytest.raises(InvalidCredentials):
        await desk.service.login(ADA, WRONG)
    assert Event.LOGIN_LOCKED not in desk.events


async def test_a_password_changed_while_it_was_compared_opens_nothing(
    desk: Desk, account: Credentials
) -> None:
    desk.logins.meanwhile = replace(account, password_hash=await hash_password("another one"))

    await refused(desk, ADA, PASSWORD)


async def test_a_hash_renewed_while_it_was_compared_is_compared_again(
    desk: Desk, account: Credentials
) -> None:
    desk.logins.meanwhile = replace(account, password_hash=await hash_password(PASSWORD))

    await desk.service.login(ADA, PASSWORD)

    assert desk.events == [Event.LOGIN_SUCCEEDED]


async def test_a_refresh_continues_the_session_of_the_login(desk: Desk) -> None:
    first = await desk.service.login(ADA, PASSWORD)
    assert first.refresh_token

    second = await desk.service.refresh(first.refresh_token)

    assert second.access_token != first.access_token
    assert second.refresh_token not in {None, first.refresh_token}
    assert len(desk.sessions.rows) == 1


async def test_signing_out_ends_the_session_and_asks_nothing(desk: Desk) -> None:
    pair = await desk.service.login(ADA, PASSWORD)
    assert pair.refresh_token

    await desk.service.logout("nonsense")
    await desk.service.logout(pair.refresh_token)
    await desk.service.logout(pair.refresh_token)

    with pytest.raises(InvalidRefreshToken):
        await desk.service.refresh(pair.refresh_token)


async def test_signing_out_everywhere_ends_every_session(desk: Desk, account: Credentials) -> None:
    await desk.service.login(ADA, PASSWORD)
    await desk.service.login(ADA, PASSWORD)

    await desk.service.logout_all(account.id)

    assert all(session.ended for session in desk.sessions.rows.values())


async def test_a_pair_is_not_printed(desk: Desk) -> None:
    pair = await desk.service.login(ADA, PASSWORD)

    assert pair.access_token not in repr(pair)
    assert str(pair.refresh_token) not in repr(pair)
