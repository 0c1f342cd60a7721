"""What people read: the same in both forms, with a link that tells its secret to no server."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from app.core.settings import read
from app.mail import messages
from app.mail.messages import Message

HOUR = timedelta(hours=1)
ALL = [
    messages.password_reset("t0ken", HOUR),
    messages.email_verification("t0ken", HOUR),
    messages.password_changed(),
]


@pytest.mark.parametrize("message", ALL, ids=lambda message: message.subject)
def test_both_forms_say_the_same(message: Message) -> None:
    said = re.sub(r"<[^>]+>", "", message.html).replace("&#x27;", "'").split()

    assert said == message.text.split()
    assert len(message.subject) <= 200


@pytest.mark.parametrize("message", ALL[:2], ids=lambda message: message.subject)
def test_a_link_keeps_its_token_in_the_fragment_and_works_in_both_forms(message: Message) -> None:
    (link,) = re.findall(r"^http.*$", message.text, re.MULTILINE)

    assert urlsplit(link).fragment == "token=t0ken"
    assert urlsplit(link).query == ""
    assert f'<a href="{link}">' in message.html


def test_links_lead_where_the_service_is_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUBLIC_URL", 'https://shop.example.com/"app"/')
    read.cache_clear()
    try:
        message = messages.password_reset("t0ken", HOUR)
    finally:
        read.cache_clear()

    assert 'https://shop.example.com/"app"/reset-password#token=t0ken\n' in message.text
    assert '"https://shop.example.com/&quot;app&quot;/reset-password#token=t0ken"' in message.html


@pytest.mark.parametrize(
    ("lifetime", "spoken"),
    [
        (timedelta(minutes=30), "30 minutes"),
        (timedelta(hours=24), "24 hours"),
        (timedelta(hours=1), "1 hour "),
        (timedelta(minutes=90), "90 minutes"),
        (timedelta(minutes=1), "1 minute "),
        (timedelta(seconds=20), "20 seconds"),
    ],
)
def test_a_lifetime_is_told_as_people_say_it(lifetime: timedelta, spoken: str) -> None:
    assert f"Within {spoken}" in messages.password_reset("t0ken", lifetime).text
