"""Events are only added; what is personal in them goes when its time has come."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Delete, Update, delete, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from app import audit
from app.audit.dependencies import audit_log
from app.audit.events import Event
from app.audit.models import AuditEvent
from app.audit.repository import AuditRepository
from app.audit.schemas import EventQuery
from app.core.database import Database
from tests.queries import plan, statements

ADA, BOB = uuid4(), uuid4()
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


async def add(
    database: Database,
    actor: UUID | None = ADA,
    kind: Event = Event.LOGIN_SUCCEEDED,
    at: datetime | None = None,
) -> None:
    values = {"type": kind, "actor_id": actor, "ip": "192.0.2.7", "user_agent": "browser"}
    new = insert(AuditEvent).values(values)
    async with database.unit_of_work() as work:
        await work.session.execute(new.values(created_at=at) if at else new)


async def whereabouts(database: Database) -> list[tuple[str | None, str | None]]:
    """Address and user agent of every event, oldest first."""
    async with database.reading() as session:
        rows = await session.execute(
            select(AuditEvent.ip, AuditEvent.user_agent).order_by(AuditEvent.created_at)
        )
        return [(row.ip, row.user_agent) for row in rows]


@pytest.mark.parametrize(
    "statement", [update(AuditEvent).values(type="nothing"), delete(AuditEvent)], ids=str
)
async def test_the_database_itself_refuses_to_change_or_delete_an_event(
    database: Database, statement: Update | Delete
) -> None:
    await add(database)

    with pytest.raises(DBAPIError, match="only added"):
        async with database.unit_of_work() as work:
            await work.session.execute(statement)

    assert await whereabouts(database) == [("192.0.2.7", "browser")]


async def test_what_the_system_may_do_ends_with_its_transaction(database: Database) -> None:
    await add(database)
    async with database.unit_of_work() as work:
        await work.as_system()
        await work.session.execute(text("SELECT 1"))

    with pytest.raises(DBAPIError, match="only added"):
        async with database.unit_of_work() as work:
            await AuditRepository(work.session).forget(ADA)


async def test_erasure_empties_where_one_person_was_seen_and_keeps_the_events(
    database: Database,
) -> None:
    await add(database, ADA)
    await add(database, BOB)
    async with database.unit_of_work() as work:
        await work.as_system()
        await audit_log(work.session).erase(ADA)

    assert await whereabouts(database) == [(None, None), ("192.0.2.7", "browser")]


async def test_the_purge_empties_what_is_older_than_ninety_days_in_batches(
    database: Database,
) -> None:
    for days in (120, 100, 91, 89, 0):
        await add(database, at=datetime.now(UTC) - timedelta(days=days))

    (purge,) = audit.PURGES
    assert [await purge.batch(database, 2) for _ in range(3)] == [2, 1, 0]

    seen = ("192.0.2.7", "browser")
    assert await whereabouts(database) == [(None, None)] * 3 + [seen] * 2


async def test_an_export_holds_ones_own_events_oldest_first(database: Database) -> None:
    await add(database, ADA, Event.USER_REGISTERED)
    await add(database, BOB)
    await add(database, ADA, Event.LOGIN_FAILED)
    async with database.reading() as session:
        found = await audit_log(session).export(ADA)

    assert [event.type for event in found] == ["user.registered", "login.failed"]


async def test_pages_follow_each_other_without_a_gap_even_within_a_moment(
    database: Database,
) -> None:
    for _ in range(7):
        await add(database, at=NOW)
    async with database.reading() as session:
        log, query = audit_log(session), EventQuery(limit=3)
        pages = [await log.page(query)]
        while cursor := pages[-1].meta.next_cursor:
            await add(database, at=NOW + timedelta(seconds=1))  # newer ones shift no page
            pages.append(await log.page(EventQuery(limit=3, cursor=cursor)))

    ids = [event.id for page in pages for event in page.data]
    assert [len(page.data) for page in pages] == [3, 3, 1]
    assert ids == sorted(set(ids), reverse=True)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (EventQuery(), [3, 2, 1, 0]),
        (EventQuery(actor_id=ADA), [2, 0]),
        (EventQuery(type=Event.LOGIN_FAILED), [3, 2]),
        (EventQuery(since=NOW + timedelta(hours=1)), [3, 2, 1]),
        (EventQuery(until=NOW + timedelta(hours=1)), [0]),
        (EventQuery(actor_id=BOB, type=Event.LOGIN_FAILED, since=NOW, until=NOW), []),
    ],
)
async def test_the_log_is_filtered_as_asked(
    database: Database, query: EventQuery, expected: list[int]
) -> None:
    for hour in range(4):
        kind = Event.LOGIN_FAILED if hour > 1 else Event.LOGIN_SUCCEEDED
        await add(database, (ADA, BOB)[hour % 2], kind, NOW + timedelta(hours=hour))
    async with database.reading() as session:
        found = await AuditRepository(session).page(query)

    assert [(event.created_at - NOW) // timedelta(hours=1) for event in found] == expected


@pytest.mark.parametrize(
    ("filters", "index"),
    [
        ({}, "ix_audit_events_created_at"),
        ({"actor_id": ADA}, "ix_audit_events_actor_id"),
        ({"type": Event.LOGIN_LOCKED}, "ix_audit_events_type"),
    ],
)
async def test_every_page_is_read_from_an_index_in_order(
    database: Database, filters: dict[str, object], index: str
) -> None:
    many = text(
        "INSERT INTO audit_events (id, type, actor_id, created_at)"
        " SELECT gen_random_uuid(), CASE WHEN rare THEN 'login.locked' ELSE 'login.failed' END,"
        " CASE WHEN rare THEN CAST(:ada AS uuid) END, now() - n * interval '1 minute'"
        " FROM generate_series(1, 2000) AS n, LATERAL (SELECT n % 100 = 0 AS rare) AS each"
    )
    async with database.unit_of_work() as work:
        await work.session.execute(many, {"ada": ADA})
    async with database.reading() as session:
        events = AuditRepository(session)
        query = EventQuery.model_validate(filters | {"limit": 1})
        cursor = query.cursor_after((await events.page(query))[0])
        with statements(database) as seen:
            await events.page(query.model_copy(update={"cursor": cursor}))

        found = await plan(session, *seen[0])

    assert f"{index} " in found
    assert "Sort" not in found
