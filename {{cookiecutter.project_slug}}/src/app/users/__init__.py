"""Accounts: how they come into being, who may see and change them, how they are erased."""

from fastapi import FastAPI

from app.core.feature import register
from app.users import models as models
from app.users.commands import commands
from app.users.settings import UserSettings

SETTINGS = [UserSettings]
COMMANDS = [commands]


def setup(app: FastAPI) -> None:
    """Adds the ways in, and the routes to accounts that are there."""
    # Not at the top: rooms use each other's services, and each would wait for the other's routes.
    from app.users import registration_router, router  # noqa: PLC0415

    register(app, registration_router.router)
    register(app, router.router)
