"""Writes test_privacy.py: what people may demand."""

from scaffold.filling import filled
from scaffold.resource import Resource
from scaffold.tests_of.words import names

TEXT = '''\
"""$Many_words are among what people are given, and go when they are erased."""

from httpx2 import AsyncClient
from sqlalchemy import select

from app.core.database import Database
from app.$many.models import $One
from tests.people import Person, a_person
from tests.$many.factories import $an_one

ME = "/api/v1/users/me"


async def test_people_are_given_all_of_theirs_and_nobody_elses(
    hers: AsyncClient, ada: Person, database: Database
) -> None:
    await $an_one(database, (await a_person(database)).id)
    made = [await $an_one(database, ada.id) for _ in range(2)]

    export = await hers.get(f"{ME}/export")

    assert export.json()["$many"] == [each.model_dump(mode="json") for each in made[::-1]]


async def test_with_an_account_go_all_of_its_own_and_no_others(
    hers: AsyncClient, ada: Person, database: Database
) -> None:
    await $an_one(database, ada.id)
    other = await $an_one(database, (await a_person(database)).id)

    erased = await hers.post(f"{ME}/erase", json={"password": ada.password})

    assert erased.status_code == 204
    async with database.unit_of_work() as work:
        await work.as_system()
        assert list(await work.session.scalars(select($One.id))) == [other.id]
'''


def text(resource: Resource) -> str:
    """The module."""
    return filled(TEXT, resource.traits, names(resource))
