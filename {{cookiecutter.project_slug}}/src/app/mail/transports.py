"""The ways that a message leaves: by SMTP, or to the screen in development."""

from email.message import EmailMessage
from typing import Protocol
from urllib.parse import unquote, urlsplit

import aiosmtplib
import structlog

from app.core.settings import CoreSettings, Environment, read
from app.mail.settings import MailSettings, options

log = structlog.get_logger()

_SECONDS = 30
_PERMANENT = 500


class Undeliverable(Exception):
    """The recipient is refused for good: trying again would change nothing."""


class Transport(Protocol):
    """Hands a message on."""

    async def deliver(self, message: EmailMessage, /) -> None:
        """Returns once the other side has taken it over. Raises Undeliverable, or anything."""


class Smtp:
    """A mail server; `address` as MailSettings describes it."""

    def __init__(self, address: str, seconds: float = _SECONDS) -> None:
        given = urlsplit(address)
        self._host = given.hostname
        self._port = given.port
        self._user = unquote(given.username) if given.username else None
        self._password = unquote(given.password) if given.password else None
        self._tls = given.scheme == "smtps"
        self._starttls = "starttls" in options(given.query)
        self._seconds = seconds

    async def deliver(self, message: EmailMessage) -> None:
        """One connection for one message. Raises Undeliverable and what aiosmtplib raises."""
        try:
            await aiosmtplib.send(
                message,
                hostname=self._host,
                port=self._port,
                username=self._user,
                password=self._password,
                use_tls=self._tls,
                start_tls=self._starttls,
                timeout=self._seconds,
            )
        except aiosmtplib.SMTPRecipientsRefused as refused:
            if all(each.code >= _PERMANENT for each in refused.recipients):
                raise Undeliverable from refused
            raise


class Console:
    """Shows a message in the log of a developer, who has no mailbox to look into."""

    async def deliver(self, message: EmailMessage) -> None:
        """Plain text only."""
        plain = message.get_body(("plain",))
        content = plain.get_content() if plain else ""
        log.info("mail", to=message["To"], subject=message["Subject"], text=content)


def configured() -> Transport | None:
    """As the settings say; None when there is no way, and messages wait for one."""
    if address := read(MailSettings).smtp_url.get_secret_value():
        return Smtp(address)
    if read(CoreSettings).environment is Environment.DEVELOPMENT:
        return Console()
    return None
