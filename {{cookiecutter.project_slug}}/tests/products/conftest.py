"""Somebody who may change the catalogue."""

from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient

from app.core.database import Database
from app.users.models import Role
from tests.people import a_person, signed_in


@pytest.fixture
async def admin(application: FastAPI, database: Database) -> AsyncIterator[AsyncClient]:
    async with signed_in(application, await a_person(database, role=Role.ADMIN)) as client:
        yield client
