"""The catalogue: a shared resource, the one to copy for the next."""

from fastapi import FastAPI

from app.core.feature import Seed, Warmup, register
from app.products.router import router
from app.products.seeds import plant
from app.products.warmup import warm

SEEDS = [Seed("products", plant)]
WARMUPS = [Warmup("products", warm)]


def setup(app: FastAPI) -> None:
    """Adds the catalogue's routes."""
    register(app, router)
