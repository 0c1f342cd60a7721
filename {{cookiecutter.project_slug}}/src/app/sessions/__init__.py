"""Sign-ins and their rotating refresh tokens."""

from fastapi import FastAPI

from app.core.feature import Purge, register
from app.sessions import models as models
from app.sessions import purges
from app.sessions.settings import SessionSettings

SETTINGS = [SessionSettings]
# The tokens first, in bounded batches: a session takes its own along, and may have thousands.
PURGES = [Purge("refresh_tokens", purges.tokens), Purge("sessions", purges.sessions)]


def setup(app: FastAPI) -> None:
    """Adds the routes of a user's own sessions."""
    from app.sessions.router import router  # noqa: PLC0415 - its routes need `auth`, which needs us

    register(app, router)
