"""The composition root: which features the service has, and how they become an application."""

import gc
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial

from fastapi import FastAPI

from app import (
    api_keys,
    audit,
    auth,
    docs,
    http,
    jobs,  # feature: background_jobs
    mail,
    observability,
    orders,  # feature: example
    passwords,
    products,  # feature: example
    sessions,
    throttling,
    users,
)
from app.core import idempotency, openapi
from app.core.cache import Cache
from app.core.cache_entries import CacheSettings
from app.core.database import Database
from app.core.feature import Check, Feature, Lifespan, PersonalData, contributions
from app.core.redis import Redis, RedisSettings
from app.core.settings import (
    CoreSettings,
    DatabaseSettings,
    Settings,
    read,
    refuse_unreadable,
    refuse_unsafe,
)
from app.gate.gate import Gate
from app.observability import tracing
from app.throttling.limiter import Limiter

FEATURES: list[Feature] = [
    http,
    docs,
    observability,
    throttling,
    idempotency,
    mail,
    audit,
    passwords,
    sessions,
    auth,
    api_keys,
    users,
    products,  # feature: example
    orders,  # feature: example
    jobs,  # feature: background_jobs
    # Yours follow here.
]
SETTINGS: list[type[Settings]] = [
    CoreSettings,
    DatabaseSettings,
    RedisSettings,
    CacheSettings,
    *contributions(FEATURES, "SETTINGS", type),
]


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Refuses settings that production cannot live with, then opens what the service lives on."""
    refuse_unsafe(SETTINGS)
    async with (
        Database.configured() as database,
        Redis.configured() as redis,
        Cache(redis) as cache,
        AsyncExitStack() as running,
    ):
        database.outdate = cache.outdate
        app.state.database, app.state.redis, app.state.cache = database, redis, cache
        app.state.gate = Gate(database, redis, cache, Limiter(redis))
        for each in contributions(FEATURES, "LIFESPANS", Lifespan):
            await running.enter_async_context(each.run(database))
        yield


def create_app() -> FastAPI:
    """Composes the features, in their order; connects to nothing before it is started."""
    refuse_unreadable(SETTINGS)
    app = FastAPI(
        title="{{ cookiecutter.project_name }}",
        version="1",
        lifespan=lifespan,
        redirect_slashes=False,
        docs_url=None,  # `docs` serves pages that need no other server
        redoc_url=None,
        openapi_url="/openapi.json" if read(CoreSettings).shows_docs else None,
        telemetry=tracing.telemetry(),
    )
    app.openapi = partial(openapi.describe, app)  # type: ignore[method-assign] # FastAPI's documented way
    app.state.checks = contributions(FEATURES, "CHECKS", Check)
    app.state.personal_data = contributions(FEATURES, "PERSONAL_DATA", PersonalData)
    for feature in FEATURES:
        feature.setup(app)
    return app


app = create_app()
# What is there by now stays, so the collector need not go over it again, and has little else to do.
# A cached answer costs up to a quarter less CPU time.
gc.freeze()
gc.set_threshold(10_000, 5, 10)
