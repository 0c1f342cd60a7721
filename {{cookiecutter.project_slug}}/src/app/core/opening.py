"""How a transaction opens: as which role and for whom, in one message together with BEGIN."""

from typing import Any, cast
from uuid import UUID

import asyncpg
from sqlalchemy import Connection, event
from sqlalchemy.orm import Session, SessionTransaction

from app.core import caller
from app.core.roles import CALLER, SYSTEM

# In milliseconds. Less than the driver's patience, so that a wait for a lock ends on the server.
LOCK_TIMEOUT = 1500


class CallerConnection(asyncpg.Connection):  # type: ignore[misc] # asyncpg ships no types
    """A driver's connection that says who is working along with BEGIN, at no round trip.

    Everything is LOCAL, so it ends with the transaction: what else is set outlives it in the pool.
    """

    opening = ""

    async def execute(self, query: str, *args: Any, **options: Any) -> Any:  # noqa: ANN401 - asyncpg's
        """As asyncpg's, which sends BEGIN through here too."""
        if not query.startswith("BEGIN"):
            return await super().execute(query, *args, **options)
        try:
            return await super().execute(query + self.opening, **options)
        except BaseException:
            self.terminate()  # BEGIN itself may have passed, and nobody would end what it began
            raise


class OpenedSession(Session):
    """Its transactions open as the caller, or as the system where `info` says so."""


@event.listens_for(OpenedSession, "after_begin")
def _prepare(session: Session, _: SessionTransaction, connection: Connection) -> None:
    """BEGIN itself is sent by the first statement, which comes next."""
    driver = cast(Any, connection.connection.driver_connection)  # asyncpg's, untyped
    driver.opening = _message(caller.current().id, system=session.info.get("system", False))


def forget(driver: CallerConnection) -> None:
    """To be called at checkout: a transaction that is no unit of work opens as the login."""
    driver.opening = ""


def _message(user: UUID | None, *, system: bool) -> str:
    """Only a UUID and our own constants stand in it: a SET takes no parameters."""
    settings = {
        "ROLE": f'"{SYSTEM if system else CALLER}"',
        "app.user_id =": f"'{user or ''}'",
        "app.caller =": f"'{'system' if system else ''}'",
        "lock_timeout =": str(LOCK_TIMEOUT),
    }
    return "".join(f" SET LOCAL {name} {value};" for name, value in settings.items())
