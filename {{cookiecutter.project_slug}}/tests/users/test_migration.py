"""The tables of identity can be taken back and made again, whatever stands in them."""

import asyncio

from alembic import command
from sqlalchemy import func, select

from app.audit.dependencies import audit_log
from app.audit.events import Event
from app.core.database import Database
from app.core.migrations import config, engine
from app.sessions.dependencies import session_service
from app.users.models import User
from tests import databases
from tests.people import a_person


async def fill(address: str) -> int:
    """How many accounts there are after one more with a session and an event."""
    async with Database(address) as database:
        person = await a_person(database)
        async with database.unit_of_work() as work:
            await session_service(work.session).start(person.id)
            await audit_log(work.session).record(Event.LOGIN_SUCCEEDED, actor=person.id)
        async with database.reading() as session:
            return await session.scalar(select(func.count()).select_from(User)) or 0


def test_up_down_and_up_again_with_rows_in_place(server: str, template: str) -> None:
    with databases.made(server, template) as address:
        assert asyncio.run(fill(address)) == 1

        command.downgrade(config(engine(address)), "0001_core")
        command.upgrade(config(engine(address)), "head")

        assert asyncio.run(fill(address)) == 1
