"""Mail of several processes: each message once, none lost to a kill, none cut off by a stop."""

import asyncio
import json
import signal
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from secrets import token_urlsafe

import pytest

from app.core.database import Database
from app.core.migrations import ROOT
from tests.mail.conftest import Queue, Rows, queue, rows
from tests.mail.servers import Mailbox, listening
from tests.mail.test_sender import make_due, until_sent
from tests.system.processes import APP, PATIENCE, Process, free_port, ready, running

__all__ = ["queue", "rows"]  # fixtures

pytestmark = pytest.mark.system

KEYS = json.dumps([{"kid": "test", "alg": "HS256", "secret": token_urlsafe(48)}])


class Service:
    """Starts processes that serve, and that send to one mail server."""

    def __init__(
        self, processes: ExitStack, servers: dict[str, str], smtp_port: int, log: Path
    ) -> None:
        self._processes = processes
        self._settings = {
            **servers,
            "SMTP_URL": f"smtp://localhost:{smtp_port}",
            "JWT_KEYS": KEYS,
        }
        self._log = log

    async def start(self) -> Process:
        port = free_port()
        command = [*APP, "serve", "--port", str(port)]
        process = self._processes.enter_context(running(command, ROOT, self._log, **self._settings))
        await asyncio.to_thread(ready, process, port)
        return process


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


async def test_several_processes_send_each_message_once(
    servers: dict[str, str], queue: Queue, rows: Rows, mailbox: Mailbox, tmp_path: Path
) -> None:
    with ExitStack() as processes:
        async with listening(mailbox) as port:
            service = Service(processes, servers, port, tmp_path / "log")
            for _ in range(3):
                await service.start()
            await queue(60)
            await until_sent(rows)

    arrived = Counter(message["To"] for message in mailbox.received)
    assert arrived == {f"person{each}@example.com": 1 for each in range(60)}


async def test_a_process_killed_while_sending_loses_no_message(  # noqa: PLR0913, PLR0917
    servers: dict[str, str],
    database: Database,
    queue: Queue,
    rows: Rows,
    mailbox: Mailbox,
    tmp_path: Path,
) -> None:
    mailbox.patience.clear()
    with ExitStack() as processes:
        async with listening(mailbox) as port:
            service = Service(processes, servers, port, tmp_path / "log")
            victim = await service.start()
            await queue(1)
            await asyncio.wait_for(mailbox.arriving.wait(), PATIENCE)

            victim.kill()
            await asyncio.to_thread(victim.ended)

            (row,) = await rows()
            assert (row.sent_at, row.failed_at, row.attempts) == (None, None, 1)
            mailbox.patience.set()
            await make_due(database)
            await service.start()
            (row,) = await until_sent(rows)

    assert row.attempts == 2


async def test_a_process_told_to_stop_finishes_the_message_under_way(
    servers: dict[str, str], queue: Queue, rows: Rows, mailbox: Mailbox, tmp_path: Path
) -> None:
    mailbox.patience.clear()
    with ExitStack() as processes:
        async with listening(mailbox) as port:
            process = await Service(processes, servers, port, tmp_path / "log").start()
            await queue(2)
            await asyncio.wait_for(mailbox.arriving.wait(), PATIENCE)

            process.send_signal(signal.SIGTERM)
            ended = asyncio.create_task(asyncio.to_thread(process.ended))
            assert not (await asyncio.wait([ended], timeout=0.5))[0], "it did not wait"
            mailbox.patience.set()

            assert await ended == 0, process.said()

    assert [row.sent_at is not None for row in await rows()] == [True, False]
