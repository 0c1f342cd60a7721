"""What the service writes to people: each message as plain text and as HTML."""

from dataclasses import dataclass
from datetime import timedelta
from html import escape

from app.core.settings import read
from app.mail.settings import MailSettings

_SERVICE = "{{ cookiecutter.project_name }}"


@dataclass(frozen=True, slots=True)
class Message:
    """A subject of at most 200 characters, and one content in two forms."""

    subject: str
    text: str
    html: str


def password_reset(token: str, lifetime: timedelta) -> Message:
    """For the owner of an account who forgot the password."""
    return written(
        f"Choose a new password for {_SERVICE}",
        f"Somebody, probably you, asked for a new password. Within {_spoken(lifetime)} choose it"
        " here:",
        _link("reset-password", token),
        "If it was not you, do nothing: your password stays as it is.",
    )


def email_verification(token: str, lifetime: timedelta) -> Message:
    """For whoever registered with the address, to prove that it is theirs."""
    return written(
        f"Confirm your e-mail address for {_SERVICE}",
        f"Within {_spoken(lifetime)} confirm here that this address is yours:",
        _link("verify-email", token),
        "If you did not register, do nothing.",
    )


def password_changed() -> Message:
    """For the owner, in case it was somebody else (ASVS 5.0, 6.3)."""
    return written(
        f"Your password for {_SERVICE} was changed",
        "The password of your account was changed, and every other sign-in was ended.",
        "If it was not you, ask for a new password at once: whoever did it can sign in.",
    )


def written(subject: str, *paragraphs: str) -> Message:
    """Plain paragraphs in both forms; one that begins with http is a link."""
    html = "\n".join(f"<p>{_html(paragraph)}</p>" for paragraph in paragraphs)
    return Message(
        subject,
        "\n\n".join(paragraphs) + "\n",
        f'<!doctype html>\n<html lang="en"><body>\n{html}\n</body></html>\n',
    )


def _link(page: str, token: str) -> str:
    """The token stands in the fragment: browsers send that to no server and in no Referer."""
    return f"{read(MailSettings).public_url.rstrip('/')}/{page}#token={token}"


def _spoken(lifetime: timedelta) -> str:
    """In the largest unit that divides it."""
    seconds = int(lifetime.total_seconds())
    for name, size in (("hour", 3600), ("minute", 60)):
        if seconds % size == 0:
            return f"{seconds // size} {name}{'' if seconds == size else 's'}"
    return f"{seconds} seconds"


def _html(paragraph: str) -> str:
    safe = escape(paragraph)
    return f'<a href="{safe}">{safe}</a>' if paragraph.startswith("http") else safe
