"""The interactive pages: everything that they load comes from this service."""

from fastapi import FastAPI

from app.core.settings import CoreSettings, read
from app.docs.pages import page_routes


def setup(app: FastAPI) -> None:
    """Adds them where the OpenAPI document is shown."""
    if read(CoreSettings).shows_docs:
        for path, answer in page_routes():
            app.add_route(path, answer)
