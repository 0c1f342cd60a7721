"""How the statements of hot routes run: made once, and straight on the connection."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import CursorResult, Executable
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

type Values = Mapping[str, Any]
"""By the names of the statement's `bindparam`s, or of the columns that it writes."""


async def run(
    session: AsyncSession, statement: Executable, values: Values | Sequence[Values]
) -> CursorResult[*tuple[Any, ...]]:
    """In the transaction of `session`, but past its search for entities to keep in step.

    Of an UPDATE with RETURNING 90 us remain of 450, of a SELECT 85 of 170: two thirds of that are
    won by making the statement once, at a module's level, with `bindparam` where values go.
    """
    return await session.run_sync(_executed, statement, values)


def _executed(
    session: Session, statement: Executable, values: Values | Sequence[Values]
) -> CursorResult[*tuple[Any, ...]]:
    return session.connection().execute(statement, values)
