"""What an event tells of its caller, and when it stands."""

from uuid import uuid4

import pytest
from sqlalchemy import select

from app.audit.dependencies import audit_log
from app.audit.events import Event
from app.audit.models import AuditEvent
from app.core import caller
from app.core.caller import Caller
from app.core.database import Database
from app.core.errors import Conflict

ADA = Caller(id=uuid4(), address="192.0.2.7", user_agent="browser", request_id="r-1")


async def recorded(database: Database) -> list[AuditEvent]:
    async with database.reading() as session:
        return list(await session.scalars(select(AuditEvent).order_by(AuditEvent.created_at)))


async def test_an_event_says_who_did_what_and_from_where(database: Database) -> None:
    caller.identify(ADA)
    async with database.unit_of_work() as work:
        await audit_log(work.session).record(Event.LOGIN_SUCCEEDED, session_id="s", again=True)

    (event,) = await recorded(database)
    assert (event.type, event.actor_id) == ("login.succeeded", ADA.id)
    assert (event.ip, event.user_agent, event.request_id) == ("192.0.2.7", "browser", "r-1")
    assert event.details == {"session_id": "s", "again": True}


async def test_somebody_else_than_the_caller_may_be_the_actor(database: Database) -> None:
    caller.identify(ADA)
    bob = uuid4()
    async with database.unit_of_work() as work:
        await audit_log(work.session).record(Event.LOGIN_FAILED, actor=bob)

    assert [event.actor_id for event in await recorded(database)] == [bob]


async def test_outside_a_request_nobody_was_anywhere(database: Database) -> None:
    caller.identify(caller.ANONYMOUS)
    async with database.unit_of_work() as work:
        await audit_log(work.session).record(Event.USER_REGISTERED)

    (event,) = await recorded(database)
    assert (event.actor_id, event.ip, event.user_agent, event.request_id) == (None,) * 4


async def test_an_address_longer_than_any_is_cut_and_costs_no_event(database: Database) -> None:
    caller.identify(Caller(address="fe80::1%" + "x" * 100))
    async with database.unit_of_work() as work:
        await audit_log(work.session).record(Event.LOGIN_FAILED)

    assert [len(event.ip or "") for event in await recorded(database)] == [45]


async def test_an_event_falls_with_its_cause_unless_it_is_the_answer(database: Database) -> None:
    class Kept(Conflict):
        keeps_writes = True

    for error, expected in ((Conflict, 0), (Kept, 1)):
        with pytest.raises(error):
            async with database.unit_of_work() as work:
                await audit_log(work.session).record(Event.SESSION_REUSE_DETECTED)
                raise error
        assert len(await recorded(database)) == expected
