"""Kept answers end: past their time for everybody, and before it with their owner."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy import func, insert, select

from app.core.database import Database
from app.core.idempotency import upkeep
from app.core.idempotency.models import IdempotencyKey
from tests.callers import asking

DAY = timedelta(days=1)


async def keep(database: Database, owner: UUID, *keys: str, age: timedelta = timedelta()) -> None:
    async with database.unit_of_work() as work:
        await work.as_system()
        for key in keys:
            await work.session.execute(
                insert(IdempotencyKey).values(
                    user_id=owner,
                    route="POST /things",
                    key=key,
                    body_hash=b"",
                    status=201,
                    headers={"location": "/things/1"},
                    body='{"words": "a lämp"}'.encode(),
                    created_at=func.now() - age,
                )
            )


async def kept(database: Database) -> Sequence[str]:
    async with database.unit_of_work() as work:
        await work.as_system()
        return (await work.session.scalars(select(IdempotencyKey.key).order_by("key"))).all()


async def test_answers_past_their_time_are_purged_in_batches_whoever_asks(
    database: Database,
) -> None:
    await keep(database, uuid4(), "a", "b", "c", age=DAY + timedelta(seconds=1))
    await keep(database, uuid4(), "d", age=DAY - timedelta(minutes=1))

    with asking(uuid4()):
        assert [await upkeep.purge(database, 2) for _ in range(2)] == [2, 1]
    assert await kept(database) == ["d"]


async def test_an_export_gives_their_owner_what_was_answered(database: Database) -> None:
    me = uuid4()
    await keep(database, me, "a")
    await keep(database, uuid4(), "b")

    async with database.unit_of_work() as work:
        await work.as_system()
        (answer,) = await upkeep.export(work.session, me)

    assert answer.model_dump(exclude={"created_at"}) == {
        "route": "POST /things",
        "key": "a",
        "status": 201,
        "body": '{"words": "a lämp"}',
    }


async def test_erasure_takes_the_owners_alone(database: Database) -> None:
    me = uuid4()
    await keep(database, me, "a", "b")
    await keep(database, uuid4(), "c")

    async with database.unit_of_work() as work:
        await work.as_system()
        await upkeep.erase(work.session, me)

    assert await kept(database) == ["c"]
