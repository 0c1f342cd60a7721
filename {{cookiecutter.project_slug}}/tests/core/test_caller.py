"""Who asks is known inside a request and forgotten after it."""

from asyncio import create_task
from uuid import uuid4

from app.core import caller


async def test_nobody_in_particular_asks_outside_a_request() -> None:
    assert caller.current() is caller.ANONYMOUS


async def test_a_caller_is_seen_by_the_request_that_was_identified_and_no_other() -> None:
    ada = caller.Caller(id=uuid4(), role="admin")

    async def request(who: caller.Caller | None) -> caller.Caller:
        if who:
            caller.identify(who)
        return caller.current()

    assert await create_task(request(ada)) == ada
    assert await create_task(request(None)) is caller.ANONYMOUS
