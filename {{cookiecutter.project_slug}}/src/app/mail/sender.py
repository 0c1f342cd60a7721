"""The loop in every process that sends what is due."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from email.message import EmailMessage
from email.utils import formatdate

import structlog

from app.core.database import Database
from app.core.settings import read
from app.mail import transports
from app.mail.repository import Claimed, MailRepository
from app.mail.settings import MailSettings
from app.mail.transports import Transport, Undeliverable

log = structlog.get_logger()

# Longer than a delivery may take: a message is nobody else's before its sender has given up.
FIRST_DELAY = timedelta(minutes=1)
LONGEST_DELAY = timedelta(hours=1)
ATTEMPTS = 12  # six hours and a half
POLL_SECONDS = 1.0
GRACE_SECONDS = 5.0


class Sender:
    """Sends message after message, and looks for new ones every `poll` seconds.

    Any number may run at once. A message is sent at least once: who is killed between the mail
    server's yes and our note of it leaves it to be sent again.
    """

    def __init__(
        self,
        database: Database,
        transport: Transport,
        first_delay: timedelta = FIRST_DELAY,
        poll: float = POLL_SECONDS,
    ) -> None:
        self._database = database
        self._transport = transport
        self._first_delay = first_delay
        self._poll = poll
        self._stopping = asyncio.Event()

    @asynccontextmanager
    async def running(self, grace: float = GRACE_SECONDS) -> AsyncIterator[None]:
        """Sends beside the block; afterwards the message under way has `grace` seconds left."""
        loop = asyncio.create_task(self._run())
        try:
            yield
        finally:
            self._stopping.set()
            _, unfinished = await asyncio.wait([loop], timeout=grace)
            for task in unfinished:
                task.cancel()
                await asyncio.wait([task])

    async def send_due(self) -> bool:
        """Tries the message that has been due longest; False when there is none."""
        async with self._database.unit_of_work() as work:
            claimed = await MailRepository(work.session).claim(self._first_delay, LONGEST_DELAY)
        if claimed is None:
            return False
        try:
            await self._transport.deliver(composed(claimed))
        except Exception as error:  # noqa: BLE001 - whatever it is, there is a next attempt
            await self._not_sent(claimed, error)
        else:
            async with self._database.unit_of_work() as work:
                await MailRepository(work.session).mark_sent(claimed.id)
        return True

    async def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                found = await self.send_due()
            except Exception:
                # The database is away: that is told elsewhere, and over some day.
                log.warning("mail_waits", exc_info=True)
                found = False
            if not found:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._stopping.wait(), self._poll)

    async def _not_sent(self, claimed: Claimed, error: Exception) -> None:
        """Neither the address nor the server's words are logged: both may tell who it is."""
        give_up = isinstance(error, Undeliverable) or claimed.attempts >= ATTEMPTS
        log.warning(
            "mail_given_up" if give_up else "mail_not_sent",
            message_id=str(claimed.id),
            attempts=claimed.attempts,
            error=type(error.__cause__ or error).__name__,
        )
        if give_up:
            async with self._database.unit_of_work() as work:
                await MailRepository(work.session).mark_failed(claimed.id)


def composed(claimed: Claimed) -> EmailMessage:
    """As it goes over the wire; every attempt bears the same id, so that mailboxes can tell."""
    settings = read(MailSettings)
    mail = EmailMessage()
    mail["From"] = settings.mail_from
    mail["To"] = claimed.recipient
    mail["Subject"] = claimed.message.subject
    mail["Date"] = formatdate()
    mail["Message-ID"] = f"<{claimed.id}@{settings.domain}>"
    mail["Auto-Submitted"] = "auto-generated"  # no answer from a robot, please (RFC 3834, 5)
    mail.set_content(claimed.message.text)
    mail.add_alternative(claimed.message.html, subtype="html")
    return mail


@asynccontextmanager
async def sending(database: Database) -> AsyncIterator[None]:
    """Sends as long as the process lives, if there is a way to."""
    transport = transports.configured()
    if transport is None:
        yield
        return
    async with Sender(database, transport).running():
        yield
