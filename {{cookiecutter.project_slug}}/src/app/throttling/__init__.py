"""How many requests a subject may make: several limits at once, held by all processes together."""

from fastapi import FastAPI

from app.throttling.settings import ThrottleSettings

SETTINGS = [ThrottleSettings]


def setup(app: FastAPI) -> None:
    """Nothing stands in every request's way: the gate asks the limiter along with the rest."""
