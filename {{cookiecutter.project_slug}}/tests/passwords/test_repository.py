"""A request for an unknown account costs what one for a known account does, and sends nothing."""

from statistics import median
from time import perf_counter

import pytest
from httpx2 import AsyncClient
from sqlalchemy import event, text

from app.core.database import Database
from tests.people import a_person

FORGOT = "/api/v1/auth/password/forgot"


async def test_known_or_not_the_database_is_asked_as_often_for_as_much(
    client: AsyncClient, database: Database
) -> None:
    person = await a_person(database)
    verbs: dict[str, list[str]] = {person.email: [], "nobody@example.com": []}

    for email, seen in verbs.items():

        def note(_c: object, _u: object, sql: str, *_: object, seen: list[str] = seen) -> None:
            seen.append(sql.split(maxsplit=1)[0])

        event.listen(database.engine.sync_engine, "before_cursor_execute", note)
        await client.post(FORGOT, json={"email": email})
        event.remove(database.engine.sync_engine, "before_cursor_execute", note)

    known, unknown = verbs.values()
    assert known == unknown == ["SELECT", "UPDATE", "INSERT", "INSERT"]


@pytest.mark.system
@pytest.mark.measured
async def test_known_or_not_the_answer_takes_as_long(
    client: AsyncClient, database: Database
) -> None:
    person = await a_person(database)
    times: dict[str, list[float]] = {person.email: [], "nobody@example.com": []}

    for _ in range(40):
        for email, spent in times.items():
            started = perf_counter()
            await client.post(FORGOT, json={"email": email})
            spent.append(perf_counter() - started)

    known, unknown = (median(spent[5:]) for spent in times.values())
    assert 0.7 < known / unknown < 1.4


async def test_what_is_written_for_an_unknown_account_is_never_sent(
    client: AsyncClient, database: Database
) -> None:
    await client.post(FORGOT, json={"email": "nobody@example.com"})

    async with database.reading() as session:
        rows = await session.execute(
            text("SELECT recipient, failed_at IS NULL FROM outgoing_messages")
        )
        assert {tuple(row) for row in rows} == {("", False)}
        assert await session.scalar(text("SELECT count(*) FROM one_time_tokens")) == 0
