"""Somebody asking, in a test that has no request."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from app.core import caller
from app.core.caller import Caller


@contextmanager
def asking(user_id: UUID | None) -> Iterator[None]:
    """Inside the block `caller.current()` is this user; tests share a context, so not after it."""
    before = caller.current()
    caller.identify(Caller(id=user_id))
    try:
        yield
    finally:
        caller.identify(before)
