"""A real mail server in this process: what it takes, what it refuses, how long it thinks."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, cast

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

TAKEN = "250 taken"


class Mailbox:
    """Keeps what arrives; `answers` are given first, one for each message, then TAKEN."""

    def __init__(self, *answers: str, refuses: str | None = None) -> None:
        self.received: list[EmailMessage] = []
        self.senders: list[str] = []
        self.arriving = asyncio.Event()
        self.patience = asyncio.Event()
        self.patience.set()
        self._answers = list(answers)
        self._refuses = refuses

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's own name
        self, _s: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self._refuses:
            return self._refuses
        envelope.rcpt_tos.append(address)
        return TAKEN

    async def handle_DATA(  # noqa: N802 - aiosmtpd's own name
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        self.arriving.set()
        await self.patience.wait()
        answer = self._answers.pop(0) if self._answers else TAKEN
        if answer == TAKEN:
            message = message_from_bytes(cast(bytes, envelope.content), policy=policy.default)
            self.received.append(message)
            self.senders.append(str(envelope.mail_from))
        return answer


@asynccontextmanager
async def listening(
    mailbox: Mailbox,
    *,
    implicit: ssl.SSLContext | None = None,
    starttls: ssl.SSLContext | None = None,
    login: tuple[bytes, bytes] | None = None,
) -> AsyncIterator[int]:
    """Gives its port; `login` is the only user with the only password, asked for after STARTTLS."""

    def allowed(_s: SMTP, _session: Session, _e: Envelope, _m: str, given: object) -> AuthResult:
        known = isinstance(given, LoginPassword) and (given.login, given.password) == login
        return AuthResult(success=known, handled=False)

    options: dict[str, Any] = {
        "hostname": "localhost",
        "tls_context": starttls,
        "require_starttls": starttls is not None,
        "auth_required": login is not None,
        "authenticator": allowed if login else None,
    }
    factory: Callable[[], SMTP] = lambda: SMTP(mailbox, **options)  # noqa: E731 - a type is wanted
    loop = asyncio.get_running_loop()
    server = await loop.create_server(factory, "localhost", 0, ssl=implicit)
    try:
        yield int(server.sockets[0].getsockname()[1])
    finally:
        server.close()
        await server.wait_closed()
