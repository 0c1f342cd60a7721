"""What mail adds to the whole: purges, a check, a sender that lives as long as the process."""

from datetime import timedelta

import pytest
from pydantic import SecretStr
from sqlalchemy import func, insert, select, update

from app.core.database import Database
from app.core.settings import read
from app.mail import purges
from app.mail.models import OneTimeToken, OutgoingMessage
from app.mail.sender import sending
from app.mail.settings import MailSettings
from tests.mail.conftest import Queue, Rows
from tests.mail.servers import Mailbox, listening
from tests.mail.test_sender import until_sent
from tests.people import a_person


async def test_messages_are_purged_a_week_after_they_were_done_with(
    database: Database, queue: Queue, rows: Rows
) -> None:
    await queue(5)
    pending, sent, failed, old_sent, old_failed = [row.id for row in await rows()]
    week, now = func.now() - timedelta(days=7, seconds=1), func.now()
    async with database.unit_of_work() as work:
        for row, sent_at, failed_at, updated_at in (
            (pending, None, None, week),
            (sent, now, None, now),
            (failed, None, now, now),
            (old_sent, week, None, week),
            (old_failed, None, week, week),
        ):
            change = update(OutgoingMessage).where(OutgoingMessage.id == row)
            await work.session.execute(
                change.values(sent_at=sent_at, failed_at=failed_at, updated_at=updated_at)
            )

    assert [await purges.messages(database, 1) for _ in range(3)] == [1, 1, 0]

    assert {row.id for row in await rows()} == {pending, sent, failed}


async def test_tokens_are_purged_when_their_time_is_over(database: Database) -> None:
    ada = (await a_person(database)).id
    async with database.unit_of_work() as work:
        for number, minutes in enumerate((1, -1, -1)):
            token = insert(OneTimeToken).values(
                hash=bytes([number]) * 32,
                user_id=ada,
                purpose="reset",
                expires_at=func.now() + timedelta(minutes=minutes),
            )
            await work.session.execute(token)

    assert [await purges.tokens(database, 1) for _ in range(3)] == [1, 1, 0]

    async with database.reading() as session:
        assert await session.scalar(select(func.count()).select_from(OneTimeToken)) == 1


def test_a_service_without_a_way_for_mail_is_told_so_and_starts() -> None:
    silent = MailSettings(smtp_url=SecretStr(""))

    assert list(silent.refusals()) == []
    assert list(silent.advice()) == [
        "SMTP_URL: is not set, so nobody gets mail, not even a password reset"
    ]
    assert list(MailSettings(smtp_url=SecretStr("smtps://mail")).advice()) == []


async def test_a_process_sends_while_it_lives(
    database: Database, queue: Queue, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    await queue(1)
    mailbox = Mailbox()
    async with listening(mailbox) as port:
        monkeypatch.setenv("SMTP_URL", f"smtp://localhost:{port}")
        read.cache_clear()
        async with sending(database):
            await until_sent(rows)
    read.cache_clear()

    assert len(mailbox.received) == 1


async def test_without_a_way_messages_wait(database: Database, queue: Queue, rows: Rows) -> None:
    await queue(1)
    async with sending(database):
        pass

    (row,) = await rows()
    assert (row.attempts, row.sent_at, row.failed_at) == (0, None, None)
