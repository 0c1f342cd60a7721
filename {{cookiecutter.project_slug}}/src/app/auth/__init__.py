"""Who is asking, and what they may do."""

from fastapi import FastAPI

from app.auth import jwks, purges
from app.auth import models as models
from app.auth.commands import commands
from app.auth.lockout_settings import LockoutSettings
from app.auth.settings import JwtSettings
from app.core.feature import Purge, register

SETTINGS = [JwtSettings, LockoutSettings]
COMMANDS = [commands]
PURGES = [Purge("login_failures", purges.failures)]


def setup(app: FastAPI) -> None:
    """Adds the ways to sign in and out, and the public keys."""
    from app.auth import refreshing, router  # noqa: PLC0415 - they need rooms that need our errors

    register(app, router.router)
    register(app, refreshing.configured())
    register(app, jwks.router)
