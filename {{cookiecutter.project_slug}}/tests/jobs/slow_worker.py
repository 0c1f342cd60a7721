"""A worker whose one job takes its time between two halves of its effect."""

import asyncio

import structlog

from app.core.database import Database
from app.core.unit_of_work import UnitOfWork
from app.jobs import worker
from app.mail.dependencies import outbox
from app.mail.messages import Message
from tests.jobs.conftest import Note, noting


async def slow(work: UnitOfWork, note: Note) -> None:
    """Says when it begins; each word is a mail, half a second apart."""
    structlog.get_logger().info("begun")
    for words in note.words.split():
        await outbox(work.session).queue("nobody@example.com", Message(words, "", ""))
        await asyncio.sleep(0.5)


SLOW = noting(slow, name="test.slow")


async def main() -> None:
    async with Database.configured() as database:
        await worker.work([SLOW], database)


if __name__ == "__main__":
    asyncio.run(main())
