"""A guard for protected tables: outside a transaction nobody has said who is asking."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, event

from app.core.models import Model


class ReadUnprotected(AssertionError):
    """A statement on a protected table that row-level security did not see."""


def tables() -> set[str]:
    """The protected ones, as their models say."""
    return {name for name, table in Model.metadata.tables.items() if table.info.get("protected")}


@contextmanager
def guarded() -> Iterator[None]:
    """Fails whatever reads or writes protected rows in autocommit, on any engine."""
    event.listen(Engine, "before_cursor_execute", _refuse)
    try:
        yield
    finally:
        event.remove(Engine, "before_cursor_execute", _refuse)


def _refuse(connection: Connection, _: object, sql: str, *__: object) -> None:
    if connection.get_execution_options().get("isolation_level") != "AUTOCOMMIT":
        return
    if read := tables() & set(re.findall(r"\w+", sql)):
        raise ReadUnprotected(f"{', '.join(read)}: use a unit of work, which says who is asking")
