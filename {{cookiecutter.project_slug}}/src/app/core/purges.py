"""How expired rows are deleted: a bounded batch at a time, past whatever others hold."""

from typing import Any

from sqlalchemy import Select, delete, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from app.core.database import Database

type Key = InstrumentedAttribute[Any] | tuple[InstrumentedAttribute[Any], ...]


async def delete_batch(
    database: Database, key: Key, ripe: Select[*tuple[Any, ...]], size: int
) -> int:
    """Deletes, as the system, at most `size` of the rows whose `key` is in `ripe`; gives how many.

    A CTE is read once; a plain subquery may be read again, and finds other rows after each lock.
    """
    columns = key if isinstance(key, tuple) else (key,)
    table: Any = columns[0].class_  # a mapped class, which SQLAlchemy does not type
    batch = ripe.limit(size).with_for_update(of=table, skip_locked=True).cte("batch")
    async with database.unit_of_work() as work:
        await work.as_system()
        gone = await work.session.execute(
            delete(table)
            .where(tuple_(*columns).in_(select(batch)))
            .returning(*columns)
            .execution_options(synchronize_session=False)
        )
        return len(gone.all())
