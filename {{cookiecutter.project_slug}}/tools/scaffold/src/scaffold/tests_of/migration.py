"""Writes test_migration.py: the revision, up and down."""

from scaffold.filling import filled
from scaffold.resource import Resource
from scaffold.surroundings import Surroundings
from scaffold.tests_of.words import names

TEXT = '''\
"""The table comes with its revision and goes with it."""

import asyncio

from alembic import command
from sqlalchemy import text

from app.core.database import Database
from app.core.migrations import config, engine
from tests import databases


async def is_there(address: str) -> bool:
    async with Database(address) as database, database.reading() as session:
        found = text("SELECT to_regclass(:name) IS NOT NULL")
        return bool(await session.scalar(found, {"name": "$many"}))


def test_the_way_back_and_up_again(template: str, server: str) -> None:
    with databases.made(server, template) as address:
        seen = [asyncio.run(is_there(address))]
        command.downgrade(config(engine(address)), "$head")
        seen.append(asyncio.run(is_there(address)))
        command.upgrade(config(engine(address)), "head")
        seen.append(asyncio.run(is_there(address)))

    assert seen == [True, False, True]
'''


def text(resource: Resource, surroundings: Surroundings) -> str:
    """The module."""
    return filled(TEXT, resource.traits, names(resource) | {"head": surroundings.head})
