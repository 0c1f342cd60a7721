"""What the service tells about itself: logs and health."""

from fastapi import FastAPI

from app.core.feature import register
from app.core.settings import CoreSettings, read
from app.observability import health, logging
from app.observability.settings import LogSettings

SETTINGS = [LogSettings]
CHECKS = [health.POSTGRESQL, health.REDIS]


def setup(app: FastAPI) -> None:
    """Configures the process's logging and adds the operational routes."""
    logging.configure(read(LogSettings), read(CoreSettings).environment)
    register(app, health.router)
