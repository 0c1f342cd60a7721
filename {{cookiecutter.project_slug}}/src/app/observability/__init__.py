"""What the service tells about itself: logs, measurements, traces and health."""

from fastapi import FastAPI

from app.core.feature import register
from app.core.settings import CoreSettings, read
from app.observability import draining, health, logging, scraping, tracing
from app.observability.requests import RequestMetrics
from app.observability.settings import DrainSettings, LogSettings, MetricsSettings

SETTINGS = [LogSettings, DrainSettings, MetricsSettings]
CHECKS = [health.POSTGRESQL, health.REDIS]
LIFESPANS = [scraping.PUBLISHED, tracing.SENT, draining.DELAYED]


def setup(app: FastAPI) -> None:
    """Configures the process's logging, observes requests and adds the operational routes."""
    logging.configure(read(LogSettings), read(CoreSettings).environment)
    app.add_middleware(RequestMetrics)
    register(app, health.router)
    if read(MetricsSettings).metrics_port is None:
        register(app, scraping.router)
