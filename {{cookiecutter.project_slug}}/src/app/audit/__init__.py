"""The log of security events."""

from fastapi import FastAPI

from app.audit import models as models
from app.audit import purges
from app.audit.settings import AuditSettings
from app.core.feature import Purge, register

SETTINGS = [AuditSettings]
PURGES = [Purge("audit_whereabouts", purges.whereabouts)]


def setup(app: FastAPI) -> None:
    """Adds the log's route."""
    # Not at the top: the route is guarded by `auth`, which writes into this log.
    from app.audit.router import router  # noqa: PLC0415

    register(app, router)
