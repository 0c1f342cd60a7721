"""Two people, each with orders of their own."""

from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient

from app.core.database import Database
from tests.people import Person, a_person, signed_in


@pytest.fixture
async def ada(database: Database) -> Person:
    return await a_person(database)


@pytest.fixture
async def hers(application: FastAPI, ada: Person) -> AsyncIterator[AsyncClient]:
    async with signed_in(application, ada) as client:
        yield client


@pytest.fixture
async def his(application: FastAPI, database: Database) -> AsyncIterator[AsyncClient]:
    async with signed_in(application, await a_person(database)) as client:
        yield client
