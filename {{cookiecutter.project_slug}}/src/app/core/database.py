"""The pool of connections, and how a request gets one: to change rows, or to look."""

from collections.abc import AsyncIterator
from typing import Annotated, Any, Self, cast

import structlog
from fastapi import Depends, Request
from sqlalchemy import event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.engine.url import URL, make_url
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

from app.core import error_details, opening, tls
from app.core.errors import Unavailable
from app.core.opening import CallerConnection, OpenedSession
from app.core.pool import FairPool
from app.core.settings import DatabaseSettings, read
from app.core.unit_of_work import Outdate, UnitOfWork, nobody

log = structlog.get_logger()

# Together these keep a request within its deadline when PostgreSQL hangs, in seconds. The pool's
# is short because its waiters sit it out even when connecting fails at once.
POOL_TIMEOUT = 1
CONNECT_TIMEOUT = 2
COMMAND_TIMEOUT = 2

# SQLSTATE of a database that was closed with ALLOW_CONNECTIONS; of a statement it means a bug.
NOT_ACCEPTING = "55000"


def url(address: str) -> URL:
    """The usual spellings of a PostgreSQL address, as SQLAlchemy and asyncpg understand them."""
    return tls.handed_on(make_url(address).set(drivername="postgresql+asyncpg"))


class Database:
    """One pool and the two ways to use it: `unit_of_work` to change, `reading` to look.

    `outdate` is told what committed work has changed, see `unit_of_work.outdates`.
    """

    def __init__(self, address: str, pool_size: int = 10, outdate: Outdate = nobody) -> None:
        self.outdate = outdate
        self.engine = create_async_engine(
            url(address),
            poolclass=FairPool,
            pool_size=pool_size,
            max_overflow=0,
            hide_parameters=True,  # an error in a log shall show no hash and no address
            pool_timeout=POOL_TIMEOUT,
            connect_args={
                "connection_class": CallerConnection,
                "timeout": CONNECT_TIMEOUT,
                "command_timeout": COMMAND_TIMEOUT,
            },
        )
        event.listen(self.engine.sync_engine, "do_connect", _connect)
        event.listen(self.engine.sync_engine, "checkout", _check_out)
        event.listen(self.engine.sync_engine, "handle_error", error_details.hide)
        # Nothing is read again after a commit: answers are made from what the work left behind.
        self._changing = async_sessionmaker(
            self.engine, expire_on_commit=False, sync_session_class=OpenedSession
        )
        # Statement by statement: a read that needs no transaction saves BEGIN and ROLLBACK.
        self._reading = async_sessionmaker(
            self.engine.execution_options(isolation_level="AUTOCOMMIT"), expire_on_commit=False
        )

    @classmethod
    def configured(cls) -> Self:
        """As the settings say. Raises UnsafeSettings."""
        settings = read(DatabaseSettings)
        return cls(settings.address, settings.database_pool_size)

    def unit_of_work(self) -> UnitOfWork:
        """To be entered with `async with`; commits at its end. Sees the caller's rows."""
        return UnitOfWork(self._changing(), self.outdate)

    def reading(self) -> AsyncSession:
        """To be entered with `async with`; outside any transaction, never for protected rows."""
        return self._reading()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.engine.dispose()


def _connect(dialect: Any, record: object, args: Any, kwargs: Any) -> DBAPIConnection:  # noqa: ANN401 - SQLAlchemy's hook
    """Connects; a server that cannot be reached, or lets nobody in, is an outage and not a bug."""
    del record
    try:
        return cast(DBAPIConnection, dialect.connect(*args, **kwargs))
    except (OSError, dialect.loaded_dbapi.Error) as failed:
        if isinstance(failed, OSError) or failed.sqlstate == NOT_ACCEPTING:
            log.warning("database_unavailable", error=type(failed).__name__)
            raise Unavailable from failed
        raise


def _check_out(connection: DBAPIConnection, *_: object) -> None:
    """Notices a connection that died in the pool without asking the server (no round trip)."""
    driver = cast(CallerConnection, cast(Any, connection).driver_connection)
    if driver.is_closed():
        raise DisconnectionError
    opening.forget(driver)


def database(request: Request) -> Database:
    """The application's own; set when it starts."""
    return cast(Database, request.app.state.database)


async def _unit_of_work(request: Request) -> AsyncIterator[UnitOfWork]:
    async with database(request).unit_of_work() as work:
        yield work


async def _reading(request: Request) -> AsyncIterator[AsyncSession]:
    async with database(request).reading() as session:
        yield session


# scope="function" commits before the answer is sent: in request scope a client would be told of
# a success that may still fail.
Work = Annotated[UnitOfWork, Depends(_unit_of_work, scope="function")]
Reading = Annotated[AsyncSession, Depends(_reading, scope="function")]
