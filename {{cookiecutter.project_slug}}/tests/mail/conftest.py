"""Messages in the database, and what became of them."""

from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import insert, select

from app.core.database import Database
from app.mail.models import OutgoingMessage

Queue = Callable[[int], Awaitable[None]]
Rows = Callable[[], Awaitable[list[OutgoingMessage]]]


@pytest.fixture
def queue(database: Database) -> Queue:
    """Adds so many messages: to person0@example.com, person1@example.com and so on."""

    async def add(number: int) -> None:
        rows = [
            {
                "recipient": f"person{each}@example.com",
                "subject": "Hello",
                "text": "Plain and öpen\n",
                "html": "<p>Rich</p>\n",
            }
            for each in range(number)
        ]
        async with database.unit_of_work() as work:
            await work.session.execute(insert(OutgoingMessage), rows)

    return add


@pytest.fixture
def rows(database: Database) -> Rows:
    """Every message, as it stands in the table."""

    async def read() -> list[OutgoingMessage]:
        async with database.reading() as session:
            return list(await session.scalars(select(OutgoingMessage).order_by("id")))

    return read
