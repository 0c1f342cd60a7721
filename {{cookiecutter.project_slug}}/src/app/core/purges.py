"""How expired rows are deleted: a bounded batch at a time, past whatever others hold."""

from typing import Any
from uuid import UUID

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import InstrumentedAttribute

from app.core.database import Database


async def delete_batch[Key: (UUID, bytes)](
    database: Database, key: InstrumentedAttribute[Key], ripe: Select[Key], size: int
) -> int:
    """Deletes at most `size` of the rows whose `key` is in `ripe`; gives how many.

    A CTE is read once; a plain subquery may be read again, and finds other rows after each lock.
    """
    table: Any = key.class_  # a mapped class, which SQLAlchemy does not type
    batch = ripe.limit(size).with_for_update(of=table, skip_locked=True).cte("batch")
    async with database.unit_of_work() as work:
        gone = await work.session.execute(
            delete(table)
            .where(key.in_(select(batch.c[key.key])))
            .returning(key)
            .execution_options(synchronize_session=False)
        )
        return len(gone.all())
