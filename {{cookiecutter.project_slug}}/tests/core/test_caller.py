"""Who asks is known inside a request and forgotten after it."""

from contextvars import Context
from uuid import uuid4

from app.core import caller


def test_nobody_in_particular_asks_outside_a_request() -> None:
    assert Context().run(caller.current) is caller.ANONYMOUS


def test_a_caller_is_seen_by_the_request_that_was_identified_and_no_other() -> None:
    ada = caller.Caller(id=uuid4(), role="admin")
    request, other = Context(), Context()

    request.run(caller.identify, ada)

    assert request.run(caller.current) == ada
    assert other.run(caller.current) is caller.ANONYMOUS
