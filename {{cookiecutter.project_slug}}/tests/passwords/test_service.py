"""In which order passwords are replaced, without a database."""

from datetime import UTC, datetime, timedelta
from typing import Literal, cast
from uuid import UUID, uuid4

import pytest

from app.audit.service import AuditLog
from app.auth.lockout import Lockout
from app.mail.messages import Message
from app.mail.one_time import OneTimeTokens
from app.mail.service import Outbox
from app.passwords.confirmation import PasswordConfirmation
from app.passwords.errors import InvalidOneTimeToken, TooCommon, WrongPassword
from app.passwords.repository import DecoyRepository
from app.passwords.schemas import PasswordChange, PasswordReset
from app.passwords.service import PasswordService
from app.sessions.service import SessionService
from app.users.models import Role
from app.users.repository import Credentials, UserRepository
from app.users.schemas import UserRead

ADA = Credentials(uuid4(), "ada@example.com", "hash", Role.USER, is_active=True)
SESSION = uuid4()
NEW = "purple monkey dishwasher"


class House:
    """Every room at once: writes down what the service asks of it, in order."""

    def __init__(self, account: Credentials | None = ADA) -> None:
        self.account = account
        self.done: list[str] = []

    async def by_email(self, email: str) -> Credentials | None:
        return self.account

    async def get(self, user_id: UUID) -> UserRead | None:
        if self.account is None:
            return None
        return UserRead(
            id=user_id,
            email=ADA.email,
            display_name="",
            role=ADA.role,
            is_active=True,
            email_verified=False,
            created_at=datetime.now(UTC),
            updated_at=datetime.now(UTC),
        )

    async def require(self, user_id: UUID, password: str) -> Credentials:
        if password != "current":
            raise WrongPassword
        return ADA

    async def hold(self, account: Credentials) -> None:
        self.done.append("hold")

    async def set_password(self, user_id: UUID, hashed: str) -> None:
        assert hashed.startswith("$argon2id$")
        self.done.append("set")

    async def end_all(self, user_id: UUID, but: UUID | None = None) -> None:
        self.done.append("end others" if but == SESSION else "end all")

    async def lift(self, account: str) -> None:
        self.done.append(f"lift {account}")

    async def record(self, event: str, **_: object) -> None:
        self.done.append(event)

    async def queue(self, recipient: str, message: Message) -> None:
        self.done.append(f"mail {recipient}")

    async def issue(self, user_id: UUID, purpose: Literal["reset"], lifetime: timedelta) -> str:
        self.done.append(f"issue {purpose} for {lifetime}")
        return "token"

    async def redeem(self, token: str, purpose: Literal["reset"]) -> UUID | None:
        self.done.append(f"redeem {purpose}")
        return ADA.id if token == "token" else None

    async def pretend(self, message: Message) -> None:
        self.done.append("pretend")


def service(house: House) -> PasswordService:
    return PasswordService(
        users=cast(UserRepository, house),
        decoys=cast(DecoyRepository, house),
        confirmation=cast(PasswordConfirmation, house),
        lockout=cast(Lockout, house),
        tokens=cast(OneTimeTokens, house),
        outbox=cast(Outbox, house),
        sessions=cast(SessionService, house),
        audit=cast(AuditLog, house),
    )


async def test_sessions_end_after_the_password_that_opened_them_is_gone() -> None:
    house = House()

    change = PasswordChange(current_password="current", new_password=NEW)
    await service(house).change(ADA.id, SESSION, change)

    assert house.done == [
        "hold",
        "set",
        "end others",
        "password.changed",
        "mail ada@example.com",
    ]


async def test_nothing_is_written_for_a_wrong_or_a_guessable_password() -> None:
    house = House()

    with pytest.raises(WrongPassword):
        wrong = PasswordChange(current_password="other", new_password=NEW)
        await service(house).change(ADA.id, SESSION, wrong)
    with pytest.raises(TooCommon):
        guessable = PasswordChange(current_password="current", new_password=ADA.email)
        await service(house).change(ADA.id, SESSION, guessable)

    assert house.done == []


async def test_a_reset_ends_every_session_and_lifts_the_lockout() -> None:
    house = House()

    await service(house).reset(PasswordReset(token="token", new_password=NEW))

    assert house.done == [
        "redeem reset",
        "set",
        "end all",
        "lift ada@example.com",
        "password.reset",
        "mail ada@example.com",
    ]


@pytest.mark.parametrize(("token", "account"), [("other", ADA), ("token", None)])
async def test_a_token_without_an_account_resets_nothing(
    token: str, account: Credentials | None
) -> None:
    house = House(account)

    with pytest.raises(InvalidOneTimeToken):
        await service(house).reset(PasswordReset(token=token, new_password=NEW))

    assert house.done == ["redeem reset"]


async def test_only_active_accounts_are_sent_a_link_and_for_others_the_same_is_done() -> None:
    known, unknown = House(), House(None)
    retired = House(Credentials(ADA.id, ADA.email, "hash", Role.USER, is_active=False))

    for house in (known, unknown, retired):
        await service(house).forgot(ADA.email)

    assert known.done == ["issue reset for 0:30:00", "mail ada@example.com"]
    assert unknown.done == retired.done == ["pretend"]
