"""Queued with its cause, or not at all."""

import pytest

from app.core.database import Database
from app.mail.dependencies import outbox
from app.mail.messages import Message
from tests.mail.conftest import Queue, Rows

HELLO = Message("Hello", "Plain\n", "<p>Rich</p>\n")


async def test_a_message_is_queued_by_the_commit(database: Database, rows: Rows) -> None:
    async with database.unit_of_work() as work:
        await outbox(work.session).queue("ada@example.com", HELLO)
        assert await rows() == []

    (row,) = await rows()
    assert (row.recipient, row.subject, row.text, row.html) == (
        "ada@example.com",
        HELLO.subject,
        HELLO.text,
        HELLO.html,
    )


async def test_what_is_rolled_back_is_never_sent(database: Database, rows: Rows) -> None:
    with pytest.raises(ZeroDivisionError):
        async with database.unit_of_work() as work:
            await outbox(work.session).queue("ada@example.com", HELLO)
            _ = 1 / 0

    assert await rows() == []


async def test_whoever_is_erased_leaves_no_message(
    database: Database, queue: Queue, rows: Rows
) -> None:
    await queue(2)
    async with database.unit_of_work() as work:
        await outbox(work.session).erase("person0@example.com")

    assert [row.recipient for row in await rows()] == ["person1@example.com"]
