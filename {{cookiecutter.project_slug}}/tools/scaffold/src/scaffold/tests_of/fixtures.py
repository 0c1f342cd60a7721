"""Writes conftest.py: who asks."""

from scaffold.filling import filled
from scaffold.resource import Resource
from scaffold.tests_of.words import names

TEXT = '''\
"""Two people, each with $many_words of their own."""  #? owned
"""Somebody who may change $many_words, and somebody who may only read them."""  #? !owned

from collections.abc import AsyncIterator
from functools import partial

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient

from app.core.database import Database
from app.users.models import Role
from tests.people import Person, a_person, signed_in
from tests.$many.factories import Body, $one, references  #? refers


@pytest.fixture  #? owned
async def ada(database: Database) -> Person:  #? owned
    return await a_person(database)  #? owned


@pytest.fixture  #? owned
async def hers(application: FastAPI, ada: Person) -> AsyncIterator[AsyncClient]:  #? owned
    async with signed_in(application, ada) as client:  #? owned
        yield client  #? owned


@pytest.fixture  #? owned
async def his(application: FastAPI, database: Database) -> AsyncIterator[AsyncClient]:  #? owned
    async with signed_in(application, await a_person(database)) as client:  #? owned
        yield client  #? owned
@pytest.fixture  #? !owned
async def admin(application: FastAPI, database: Database) -> AsyncIterator[AsyncClient]:  #? !owned
    async with signed_in(application, await a_person(database, role=Role.ADMIN)) as client:  #? !owned
        yield client  #? !owned


@pytest.fixture  #? !owned
async def reader(application: FastAPI, database: Database) -> AsyncIterator[AsyncClient]:  #? !owned
    async with signed_in(application, await a_person(database)) as client:  #? !owned
        yield client  #? !owned


@pytest.fixture  #? refers
async def body(database: Database, ada: Person) -> Body:  #? refers owned
async def body(database: Database) -> Body:  #? refers !owned
    """Of a request which refers to what is there."""  #? refers
    return partial($one, **await references(database, ada.id))  #? refers owned
    return partial($one, **await references(database))  #? refers !owned
'''


def text(resource: Resource) -> str:
    """The module."""
    return filled(TEXT, resource.traits, names(resource))
