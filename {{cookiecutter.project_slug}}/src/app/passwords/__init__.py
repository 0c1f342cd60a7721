"""Passwords: what is accepted, how it is kept, how it is changed."""

from fastapi import FastAPI

from app.core.feature import register
from app.passwords.settings import PasswordSettings

SETTINGS = [PasswordSettings]


def setup(app: FastAPI) -> None:
    """Adds the ways to a new password."""
    # Not at the top: rooms use each other's services, and each would wait for the other's routes.
    from app.passwords.router import router  # noqa: PLC0415

    register(app, router)
