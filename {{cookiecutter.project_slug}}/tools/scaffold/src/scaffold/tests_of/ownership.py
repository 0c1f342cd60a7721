"""Writes test_ownership.py: what belongs to somebody else is not there."""

from scaffold.filling import filled
from scaffold.resource import Resource
from scaffold.tests_of.words import names

TEXT = '''\
"""Somebody else's $one_words is not there: by the queries, and by the database alone."""

from uuid import UUID, uuid4

import pytest
from httpx2 import AsyncClient, Response
from sqlalchemy import insert, true
from sqlalchemy.exc import DBAPIError, NoResultFound
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.database import Database
from app.$many import dependencies
from app.$many.models import $One
from app.$many.repository import ${One}Repository
from app.$many.schemas import ${One}Create, ${One}Query
from tests.callers import asking
from tests.people import Person, a_person
from tests.$many.factories import $MANY, $an_one, $one, create
from tests.$many.factories import Body, references  #? refers
from tests.$many.test_router import ids


class Unscoped(${One}Repository):
    """Forgot whose $many_words it is about: only row-level security still knows."""

    def __init__(self, session: AsyncSession, owner: UUID) -> None:
        super().__init__(session, owner)
        self._own = true()


@pytest.fixture(params=[${One}Repository, Unscoped], ids=["scoped", "unscoped"])
def _repository(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dependencies, "${One}Repository", request.param)


def told(answer: Response, identifier: str) -> tuple[int, str]:
    """What the answer says, but for the ids of the request and of what was asked for."""
    own = answer.headers["X-Request-ID"]
    return answer.status_code, answer.text.replace(own, "").replace(identifier, "")


@pytest.mark.usefixtures("_repository")
@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
@pytest.mark.parametrize("condition", [{}, {"If-Match": '"1"'}, {"If-None-Match": '"1"'}])
async def test_somebody_elses_answers_like_one_that_never_was(
    hers: AsyncClient, his: AsyncClient$given, method: str, condition: dict[str, str]
) -> None:
    made, never = await create(hers, $body()), str(uuid4())
    change = {"$changed": $value} if method == "PATCH" else None

    foreign, missing = [
        told(await his.request(method, f"{$MANY}/{each}", json=change, headers=condition), each)
        for each in (made["id"], never)
    ]

    assert foreign == missing
    assert foreign[0] == 404
    assert (await hers.get(f"{$MANY}/{made['id']}")).json() == made


@pytest.mark.usefixtures("_repository")
async def test_nobody_finds_somebody_elses_in_a_list(
    hers: AsyncClient, his: AsyncClient$given
) -> None:
    made = [(await create(hers, $body()))["id"] for _ in range(2)]
    first = await hers.get($MANY, params={"limit": 1})  #? !pages
    cursor = first.json()["meta"]["next_cursor"]  #? !pages

    assert await ids(his) == []
    assert await ids(his, cursor=cursor) == []  #? !pages
    assert await ids(hers) == made[::-1]


async def test_the_queries_alone_keep_to_their_owner_too(
    database: Database, ada: Person
) -> None:
    made = await $an_one(database, ada.id)
    bob = await a_person(database)

    async with database.unit_of_work() as work:
        await work.as_system()  # whom row-level security shows every row
        his = ${One}Repository(work.session, bob.id)
        assert await his.get(made.id) is None
        assert await his.lock(made.id) is None
        assert await his.all() == []
        found = await his.page(${One}Query())
        assert (found.rows, found.matching) == ([], 0)  #? pages
        assert found == []  #? !pages
        with pytest.raises(NoResultFound):
            await his.update(made.id, {"version": 9})
        await his.delete(made.id)
        await his.forget()
        hers = ${One}Repository(work.session, ada.id)
        assert await hers.all() == [made]


async def test_nobody_adds_in_somebody_elses_name(database: Database, ada: Person) -> None:
    new = ${One}Create.model_validate($one($of_ada))
    bob = await a_person(database)

    with pytest.raises(DBAPIError, match="row-level security"), asking(bob.id):
        async with database.unit_of_work() as work:
            foreign = insert($One).values(user_id=ada.id, **new.model_dump())
            await work.session.execute(foreign)
'''


def text(resource: Resource) -> str:
    """The module."""
    of_ada = "**await references(database, ada.id)" if resource.references else ""
    return filled(TEXT, resource.traits, names(resource) | {"of_ada": of_ada})
