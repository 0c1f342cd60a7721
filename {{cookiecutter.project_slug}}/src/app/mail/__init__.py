"""Messages, written in the transaction that causes them and sent after it."""

from fastapi import FastAPI

from app.core.feature import Lifespan, Purge
from app.mail import models as models
from app.mail import purges
from app.mail.sender import sending
from app.mail.settings import MailSettings

SETTINGS = [MailSettings]
LIFESPANS = [Lifespan("mail", sending)]
PURGES = [Purge("outgoing_messages", purges.messages), Purge("one_time_tokens", purges.tokens)]


def setup(app: FastAPI) -> None:
    """Mail has no routes: other rooms queue it."""
