"""The composition root: which features the service has, and how they become an application."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial

from fastapi import FastAPI

from app import (
    api_keys,
    audit,
    auth,
    http,
    mail,
    observability,
    passwords,
    products,  # feature: example
    sessions,
    users,
)
from app.core import openapi
from app.core.database import Database
from app.core.feature import Check, Feature, Lifespan, contributions
from app.core.settings import (
    CoreSettings,
    DatabaseSettings,
    Settings,
    read,
    refuse_unreadable,
    refuse_unsafe,
)

FEATURES: list[Feature] = [
    http,
    observability,
    mail,
    audit,
    users,
    passwords,
    sessions,
    auth,
    api_keys,
    products,  # feature: example
]
SETTINGS: list[type[Settings]] = [
    CoreSettings,
    DatabaseSettings,
    *contributions(FEATURES, "SETTINGS", type),
]


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Refuses settings that production cannot live with, then opens what the service lives on."""
    refuse_unsafe(SETTINGS)
    async with Database.configured() as app.state.database, AsyncExitStack() as running:
        for each in contributions(FEATURES, "LIFESPANS", Lifespan):
            await running.enter_async_context(each.run(app.state.database))
        yield


def create_app() -> FastAPI:
    """Composes the features, in their order; connects to nothing before it is started."""
    refuse_unreadable(SETTINGS)
    docs = read(CoreSettings).shows_docs
    app = FastAPI(
        title="{{ cookiecutter.project_name }}",
        version="1",
        lifespan=lifespan,
        redirect_slashes=False,
        docs_url="/docs" if docs else None,
        redoc_url="/redoc" if docs else None,
        openapi_url="/openapi.json" if docs else None,
    )
    app.openapi = partial(openapi.describe, app)  # type: ignore[method-assign] # FastAPI's documented way
    app.state.checks = contributions(FEATURES, "CHECKS", Check)
    for feature in FEATURES:
        feature.setup(app)
    return app


app = create_app()
