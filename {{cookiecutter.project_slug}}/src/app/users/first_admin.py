"""How a service gets its first admin: on the command line, never by a request."""

from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError

from app.audit.dependencies import audit_log
from app.audit.events import Event
from app.core.database import Database
from app.core.outages import sqlstate
from app.passwords.errors import TooCommon
from app.passwords.hashing import hash_password
from app.passwords.policy import refuse_own_address
from app.users.errors import EmailTaken
from app.users.models import Role
from app.users.repository import UserRepository
from app.users.schemas import Registration

_NO_TABLE_OR_ROLE = ("42P01", "22023")
_TAKEN = (
    "EMAIL: has an account already; choose another address, or let an admin change its role"
    " by PATCH /api/v1/users/<id>"
)


class AdminRefused(Exception):
    """Names every fault, a sentence each."""


def checked(email: str, password: str) -> Registration:
    """By the same rules as everybody's. Raises AdminRefused."""
    try:
        new = Registration(email=email, password=password)
        refuse_own_address(new.password, new.email, "password")
    except ValidationError as error:
        faults = [f"{str(each['loc'][0]).upper()}: {each['msg']}" for each in error.errors()]
        raise AdminRefused("; ".join(faults)) from None
    except TooCommon:
        raise AdminRefused(f"PASSWORD: {TooCommon.advice}") from None
    return new


async def add_admin(database: Database, new: Registration) -> None:
    """The address counts as verified: whoever runs the service vouches. Raises AdminRefused."""
    hashed = await hash_password(new.password)
    try:
        async with database.unit_of_work() as work:
            users, audit = UserRepository(work.session), audit_log(work.session)
            user = await users.add(new.email, hashed, Role.ADMIN, verified=True)
            await audit.record(Event.USER_REGISTERED, actor=user.id, role=Role.ADMIN)
    except EmailTaken:
        raise AdminRefused(_TAKEN) from None
    except DBAPIError as error:
        if sqlstate(error) not in _NO_TABLE_OR_ROLE:
            raise
        raise AdminRefused("The database has no tables yet; run: app migrate") from None
