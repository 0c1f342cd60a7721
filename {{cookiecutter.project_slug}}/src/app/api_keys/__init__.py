"""Keys for programs, with no more rights than their owner's."""

from fastapi import FastAPI

from app.api_keys import models as models
from app.api_keys import purges
from app.core.feature import Purge, register

PURGES = [Purge("api_keys", purges.keys)]


def setup(app: FastAPI) -> None:
    """Adds the routes of one's own keys."""
    # Not at the top: the routes are guarded by `auth`, which asks this room about keys.
    from app.api_keys.router import router  # noqa: PLC0415

    register(app, router)
