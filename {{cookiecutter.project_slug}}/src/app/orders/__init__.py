"""Orders: private to whoever placed them, all or nothing, safe to repeat."""

from fastapi import FastAPI

from app.core.feature import PersonalData, Purge, register
from app.orders import (
    confirmation,  # feature: background_jobs
    export,
    purges,
)
from app.orders.router import router
from app.orders.settings import OrderSettings

SETTINGS = [OrderSettings]
PURGES = [Purge("orders", purges.orders), Purge("products", purges.products)]
JOBS = [confirmation.CONFIRMATION]  # feature: background_jobs
PERSONAL_DATA = [PersonalData("orders", export.orders)]


def setup(app: FastAPI) -> None:
    """Adds the routes of one's own orders."""
    register(app, router)
