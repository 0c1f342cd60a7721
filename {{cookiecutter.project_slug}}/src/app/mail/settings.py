"""How mail leaves the service, and what its links lead to."""

from collections.abc import Iterator
from email.utils import parseaddr
from urllib.parse import parse_qs, urlsplit

from pydantic import SecretStr, field_validator
from pydantic_core import PydanticCustomError

from app.core.settings import Settings


class MailSettings(Settings):
    """`smtp://`, `smtp://...?starttls` or `smtps://[user:password@]host[:port]`; empty: no mail."""

    smtp_url: SecretStr = SecretStr("")
    mail_from: str = "no-reply@localhost"
    public_url: str = "http://localhost:8000"

    @field_validator("smtp_url")
    @classmethod
    def _readable(cls, address: SecretStr) -> SecretStr:
        given = urlsplit(address.get_secret_value())
        if given.geturl() and not (given.scheme in {"smtp", "smtps"} and given.hostname):
            raise PydanticCustomError("address", "must be smtp://host:port or smtps://host:port")
        return address

    @field_validator("mail_from")
    @classmethod
    def _an_address(cls, sender: str) -> str:
        if "@" not in parseaddr(sender)[1] or not sender.isprintable():
            raise PydanticCustomError("address", "must be name@host or Name <name@host>")
        return sender

    @field_validator("public_url")
    @classmethod
    def _absolute(cls, address: str) -> str:
        given = urlsplit(address)
        if given.scheme not in {"http", "https"} or not given.hostname or given.fragment:
            raise PydanticCustomError("address", "must be https://host")
        return address

    @property
    def domain(self) -> str:
        """Of the sender's address."""
        return parseaddr(self.mail_from)[1].rpartition("@")[2]

    def refusals(self) -> Iterator[str]:
        """A password that goes over the network in the clear is nobody's secret."""
        given = urlsplit(self.smtp_url.get_secret_value())
        encrypted = given.scheme == "smtps" or "starttls" in options(given.query)
        if given.password and not encrypted:
            yield "SMTP_URL: sends its password in the clear; use smtps:// or add ?starttls"

    def advice(self) -> Iterator[str]:
        """The service does the rest of its work; messages are kept and wait."""
        if not self.smtp_url.get_secret_value():
            yield "SMTP_URL: is not set, so nobody gets mail, not even a password reset"


def options(query: str) -> set[str]:
    """The names in a query, with a value or without."""
    return set(parse_qs(query, keep_blank_values=True))
