"""The catalogue: a shared resource, the one to copy for the next."""

from fastapi import FastAPI

from app.core.feature import Seed, register
from app.products.router import router
from app.products.seeds import plant

SEEDS = [Seed("products", plant)]


def setup(app: FastAPI) -> None:
    """Adds the catalogue's routes."""
    register(app, router)
