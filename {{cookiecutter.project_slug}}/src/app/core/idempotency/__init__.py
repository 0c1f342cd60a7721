"""Requests that are safe to repeat: the answer is kept by the transaction that does the work."""

from fastapi import FastAPI

from app.core.feature import PersonalData, Purge
from app.core.idempotency import models as models
from app.core.idempotency import upkeep
from app.core.idempotency.attempt import Idempotent as Idempotent
from app.core.idempotency.attempt import KeepsAnswers as KeepsAnswers
from app.core.idempotency.settings import IdempotencySettings

SETTINGS = [IdempotencySettings]
PURGES = [Purge("idempotency_keys", upkeep.purge)]
PERSONAL_DATA = [PersonalData("idempotency_keys", upkeep.export, upkeep.erase)]


def setup(app: FastAPI) -> None:
    """Has no routes: other rooms' take its dependency."""
