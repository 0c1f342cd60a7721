"""Mail leaves once, in its time, whatever happens to those who send it."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import timedelta
from email.message import EmailMessage

import pytest
from sqlalchemy import func, select, update
from structlog.testing import capture_logs

from app.core.database import Database
from app.core.unit_of_work import UnitOfWork
from app.mail.models import OutgoingMessage
from app.mail.sender import ATTEMPTS, Sender
from app.mail.transports import Smtp, Undeliverable
from tests.mail.conftest import Queue, Rows
from tests.mail.servers import Mailbox, listening

pytestmark = pytest.mark.system

SOON = timedelta(milliseconds=50)
A_MINUTE = timedelta(minutes=1)
PATIENCE = 10


class Broken:
    """Takes nothing."""

    def __init__(self, error: Exception | None = None) -> None:
        self._error = error or ConnectionError("secret@example.com is not known here")

    async def deliver(self, _message: EmailMessage) -> None:
        raise self._error


class Slow:
    """Takes a message when it may."""

    def __init__(self) -> None:
        self.busy, self.may = asyncio.Event(), asyncio.Event()
        self.taken = 0

    async def deliver(self, _message: EmailMessage) -> None:
        self.busy.set()
        await self.may.wait()
        self.taken += 1


@pytest.fixture
async def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
async def smtp(mailbox: Mailbox) -> AsyncIterator[Smtp]:
    async with listening(mailbox) as port:
        yield Smtp(f"smtp://localhost:{port}")


async def until_sent(rows: Rows) -> list[OutgoingMessage]:
    """All messages, once each is sent."""
    async with asyncio.timeout(PATIENCE):
        while any(row.sent_at is None for row in await rows()):  # noqa: ASYNC110 - a table calls nobody
            await asyncio.sleep(0.01)
    return await rows()


async def make_due(database: Database) -> None:
    async with database.unit_of_work() as work:
        await work.session.execute(update(OutgoingMessage).values(next_attempt_at=func.now()))


async def delay(database: Database) -> float:
    """Seconds from the last attempt, now, to the next one."""
    async with database.reading() as session:
        wait = func.extract("epoch", OutgoingMessage.next_attempt_at - func.now())
        return float((await session.scalars(select(wait))).one())


async def test_a_message_arrives_as_plain_text_and_as_html(
    database: Database, queue: Queue, smtp: Smtp, mailbox: Mailbox
) -> None:
    await queue(1)

    assert await Sender(database, smtp).send_due()

    (message,) = mailbox.received
    plain, rich = message.iter_parts()
    assert isinstance(plain, EmailMessage)
    assert isinstance(rich, EmailMessage)
    assert plain.get_content_type() == "text/plain"
    assert plain.get_content().splitlines() == ["Plain and öpen"]
    assert rich.get_content_type() == "text/html"
    assert rich.get_content().splitlines() == ["<p>Rich</p>"]
    assert (message["To"], message["Subject"]) == ("person0@example.com", "Hello")
    assert (message["From"], message["Auto-Submitted"]) == ("no-reply@localhost", "auto-generated")
    assert mailbox.senders == ["no-reply@localhost"]


async def test_what_was_sent_is_not_sent_again_and_its_content_is_gone(
    database: Database, queue: Queue, rows: Rows, smtp: Smtp, mailbox: Mailbox
) -> None:
    await queue(1)
    sender = Sender(database, smtp)
    await sender.send_due()
    await make_due(database)

    assert not await sender.send_due()

    (row,) = await rows()
    assert (len(mailbox.received), row.text, row.html) == (1, "", "")
    assert row.sent_at is not None


@pytest.mark.system
async def test_several_senders_at_once_send_each_message_once(
    address: str, queue: Queue, rows: Rows, smtp: Smtp, mailbox: Mailbox
) -> None:
    await queue(60)
    async with AsyncExitStack() as senders:
        for _ in range(4):
            database = await senders.enter_async_context(Database(address, pool_size=1))
            sender = Sender(database, smtp, poll=0.01)
            await senders.enter_async_context(sender.running())
        await until_sent(rows)

    arrived = Counter(message["To"] for message in mailbox.received)
    assert arrived == {f"person{each}@example.com": 1 for each in range(60)}


async def test_the_message_that_has_been_due_longest_goes_first(
    database: Database, queue: Queue, smtp: Smtp, mailbox: Mailbox
) -> None:
    await queue(4)
    async with database.unit_of_work() as work:
        for person, seconds in enumerate((20, 40, 10, 30)):
            row = OutgoingMessage.recipient == f"person{person}@example.com"
            since = func.now() - timedelta(seconds=seconds)
            await work.session.execute(
                update(OutgoingMessage).where(row).values(next_attempt_at=since)
            )

    while await Sender(database, smtp).send_due():
        pass

    assert [message["To"][6] for message in mailbox.received] == ["1", "3", "0", "2"]


async def test_two_never_claim_the_same_message(address: str, queue: Queue) -> None:
    await queue(1)
    slow, unlucky = Slow(), Broken()
    async with Database(address, pool_size=1) as one, Database(address, pool_size=1) as other:
        first = asyncio.create_task(Sender(one, slow).send_due())
        await slow.busy.wait()

        assert not await Sender(other, unlucky).send_due()

        slow.may.set()
        assert await first


async def test_a_message_that_was_refused_for_now_is_tried_again(
    database: Database, queue: Queue, rows: Rows
) -> None:
    await queue(1)
    mailbox = Mailbox("451 come again", "421 not now")
    async with listening(mailbox) as port:
        sender = Sender(database, Smtp(f"smtp://localhost:{port}"), SOON, poll=0.01)
        async with sender.running():
            (row,) = await until_sent(rows)

    assert (row.attempts, len(mailbox.received)) == (3, 1)


async def test_every_attempt_bears_the_same_id(database: Database, queue: Queue) -> None:
    seen: list[str] = []

    class Forgetful(Broken):
        async def deliver(self, message: EmailMessage) -> None:
            seen.append(message["Message-ID"])
            await super().deliver(message)

    await queue(1)
    for _ in range(2):
        await Sender(database, Forgetful()).send_due()
        await make_due(database)

    assert len(seen) == 2
    assert len(set(seen)) == 1


async def test_the_wait_doubles_with_every_attempt_up_to_an_hour(
    database: Database, queue: Queue
) -> None:
    await queue(1)
    waits = []
    for _ in range(8):
        await make_due(database)
        await Sender(database, Broken(), A_MINUTE).send_due()
        waits.append(await delay(database))

    expected = [60, 120, 240, 480, 960, 1920, 3600, 3600]
    assert waits == pytest.approx(expected, abs=2)


async def test_a_refusal_for_good_ends_the_attempts_at_once(
    database: Database, queue: Queue, rows: Rows
) -> None:
    await queue(1)
    mailbox = Mailbox(refuses="550 nobody of that name")
    async with listening(mailbox) as port:
        await Sender(database, Smtp(f"smtp://localhost:{port}")).send_due()

    (row,) = await rows()
    assert row.failed_at is not None
    assert (row.sent_at, row.attempts, row.text, row.html) == (None, 1, "", "")


async def test_a_recipient_refused_for_now_is_not_given_up(
    database: Database, queue: Queue, rows: Rows
) -> None:
    await queue(1)
    async with listening(Mailbox(refuses="450 mailbox busy")) as port:
        await Sender(database, Smtp(f"smtp://localhost:{port}")).send_due()

    (row,) = await rows()
    assert (row.failed_at, row.sent_at, row.text) == (None, None, "Plain and öpen\n")


async def test_a_message_that_never_gets_through_is_given_up_and_said_so(
    database: Database, queue: Queue, rows: Rows
) -> None:
    await queue(1)
    sender = Sender(database, Broken())
    with capture_logs() as logs:
        for _ in range(ATTEMPTS):
            await make_due(database)
            assert await sender.send_due()
        await make_due(database)
        assert not await sender.send_due()

    assert [line["event"] for line in logs] == ["mail_not_sent"] * 11 + ["mail_given_up"]
    assert "example.com" not in str(logs)
    (row,) = await rows()
    assert row.failed_at is not None


async def test_one_message_that_cannot_be_sent_holds_up_no_other(
    database: Database, queue: Queue, rows: Rows
) -> None:
    class Picky:
        async def deliver(self, message: EmailMessage) -> None:
            if message["To"].startswith("person0"):
                raise Undeliverable

    await queue(3)
    sender = Sender(database, Picky())
    while await sender.send_due():
        pass

    assert [row.sent_at is not None for row in await rows()] == [False, True, True]


async def test_a_sender_that_dies_leaves_its_message_to_the_others(
    database: Database, queue: Queue, rows: Rows, smtp: Smtp
) -> None:
    await queue(1)
    slow = Slow()
    dying = asyncio.create_task(Sender(database, slow, SOON).send_due())
    await slow.busy.wait()
    dying.cancel()
    await asyncio.wait([dying])

    async with Sender(database, smtp, SOON, poll=0.01).running():
        (row,) = await until_sent(rows)

    assert row.attempts == 2


async def test_at_the_end_the_message_under_way_is_finished_and_no_other_begun(
    database: Database, queue: Queue, rows: Rows
) -> None:
    await queue(2)
    slow = Slow()
    async with Sender(database, slow).running():
        await slow.busy.wait()
        asyncio.get_running_loop().call_later(0.05, slow.may.set)

    assert slow.taken == 1
    assert [row.attempts for row in await rows()] == [1, 0]
    assert (await rows())[0].sent_at is not None


async def test_an_end_that_cannot_wait_loses_no_message(
    database: Database, queue: Queue, rows: Rows
) -> None:
    await queue(1)
    slow = Slow()
    async with asyncio.timeout(PATIENCE), Sender(database, slow).running(grace=0.05):
        await slow.busy.wait()

    (row,) = await rows()
    assert (row.sent_at, row.failed_at, row.text) == (None, None, "Plain and öpen\n")


async def test_a_sender_outlives_an_outage_of_the_database(
    address: str, queue: Queue, rows: Rows, smtp: Smtp
) -> None:
    class Flaky(Database):
        failures = 2

        def unit_of_work(self) -> UnitOfWork:
            if self.failures:
                self.failures -= 1
                raise ConnectionRefusedError
            return super().unit_of_work()

    await queue(1)
    async with Flaky(address, pool_size=1) as database:
        sender = Sender(database, smtp, poll=0.01)
        with capture_logs() as logs:
            async with sender.running():
                await until_sent(rows)

    assert [line["event"] for line in logs] == ["mail_waits"] * 2
