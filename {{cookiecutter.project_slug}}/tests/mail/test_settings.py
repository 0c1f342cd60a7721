"""What the mail settings accept, and what keeps production from starting."""

import pytest

from app.core.settings import UnsafeSettings, faults, read
from app.mail.settings import MailSettings


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SMTP_URL", "mail.example.com"),
        ("SMTP_URL", "http://mail.example.com"),
        ("SMTP_URL", "smtp://"),
        ("MAIL_FROM", "nobody"),
        ("MAIL_FROM", "a@example.com\nBcc: b@example.com"),
        ("PUBLIC_URL", "example.com"),
        ("PUBLIC_URL", "javascript://example.com"),
        ("PUBLIC_URL", "https://example.com#there"),
    ],
)
def test_what_cannot_work_is_refused_by_name(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    read.cache_clear()
    try:
        with pytest.raises(UnsafeSettings, match=f"{name}: must be"):
            read(MailSettings)
    finally:
        read.cache_clear()


@pytest.mark.parametrize(
    ("address", "safe"),
    [
        ("", True),
        ("smtp://localhost:25", True),
        ("smtps://ada:hunter2@mail.example.com", True),
        ("smtp://ada:hunter2@mail.example.com:587?starttls", True),
        ("smtp://ada:hunter2@mail.example.com:587", False),
    ],
)
def test_a_password_in_the_clear_keeps_production_from_starting(
    address: str, *, safe: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SMTP_URL", address)
    read.cache_clear()
    try:
        found = faults([MailSettings])
    finally:
        read.cache_clear()

    assert (not found) is safe
    assert "hunter2" not in str(found)


def test_the_sender_may_have_a_name() -> None:
    assert MailSettings(mail_from="The Shop <shop@example.com>").domain == "example.com"
