"""Tells a database that is down, full or slow from one that was asked something wrong."""

from asyncio import CancelledError

from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout

# SQLSTATE classes: connection, transaction rollback (deadlock), resources, operator, system.
_CLASSES = ("08", "40", "53", "57", "58")
LOCK_NOT_AVAILABLE = "55P03"
_ROLLED_BACK = "40"


def is_outage(error: Exception) -> bool:
    """Whether trying again later can help, so that the answer is 503 and not 500."""
    if isinstance(error, TimeoutError | PoolTimeout):
        return True
    if not isinstance(error, DBAPIError):
        return False
    state = sqlstate(error) or ""
    return error.connection_invalidated or state.startswith(_CLASSES) or state == LOCK_NOT_AVAILABLE


def leaves_in_doubt(error: BaseException) -> bool:
    """Of a commit that failed: whether the server may have done it all the same."""
    if isinstance(error, DBAPIError) and (sqlstate(error) or "").startswith(_ROLLED_BACK):
        return False
    return isinstance(error, CancelledError) or (isinstance(error, Exception) and is_outage(error))


def sqlstate(error: DBAPIError) -> str | None:
    """PostgreSQL's five-character code; None when the connection itself was lost."""
    return getattr(error.orig, "sqlstate", None)


def constraint(error: IntegrityError) -> str | None:
    """The name of the violated constraint, by which a repository knows what to say."""
    cause = getattr(error.orig, "__cause__", None)
    return getattr(cause, "constraint_name", None)
