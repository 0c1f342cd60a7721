"""The pool of connections and the unit of work, the one place that commits."""

from collections.abc import AsyncIterator, Awaitable, Callable
from types import TracebackType
from typing import Annotated, Any, Self, cast

import structlog
from fastapi import Depends, Request
from sqlalchemy import event, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.engine.url import URL, make_url
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

from app.core import error_details
from app.core.errors import Unavailable
from app.core.settings import DatabaseSettings, read

log = structlog.get_logger()

# Together these keep a request within its deadline when PostgreSQL hangs, in seconds. The pool's
# is short because its waiters sit it out even when connecting fails at once.
POOL_TIMEOUT = 1
CONNECT_TIMEOUT = 2
COMMAND_TIMEOUT = 2

_OUTDATED = "outdated tags"


def url(address: str) -> URL:
    """The usual spellings of a PostgreSQL address, as SQLAlchemy and asyncpg understand them."""
    given = make_url(address).set(drivername="postgresql+asyncpg")
    if mode := given.query.get("sslmode"):  # libpq's name for what asyncpg calls ssl
        given = given.difference_update_query(["sslmode"]).update_query_dict({"ssl": mode})
    return given


async def _nobody(*_: str) -> None:
    """Without a cache nothing in it can be outdated."""


class Database:
    """One pool and the two ways to use it: `unit_of_work` to change, `reading` to look.

    `outdate` is told the tags of what committed work has changed, see `outdates`.
    """

    def __init__(
        self,
        address: str,
        pool_size: int = 10,
        outdate: Callable[..., Awaitable[None]] = _nobody,
    ) -> None:
        self.outdate = outdate
        self.engine = create_async_engine(
            url(address),
            pool_size=pool_size,
            max_overflow=0,
            hide_parameters=True,  # an error in a log shall show no hash and no address
            pool_timeout=POOL_TIMEOUT,
            connect_args={"timeout": CONNECT_TIMEOUT, "command_timeout": COMMAND_TIMEOUT},
        )
        event.listen(self.engine.sync_engine, "do_connect", _connect)
        event.listen(self.engine.sync_engine, "checkout", _refuse_closed)
        event.listen(self.engine.sync_engine, "handle_error", error_details.hide)
        # Nothing is read again after a commit: answers are made from what the work left behind.
        self._changing = async_sessionmaker(self.engine, expire_on_commit=False)
        # Statement by statement: a read that needs no transaction saves BEGIN and ROLLBACK.
        self._reading = async_sessionmaker(
            self.engine.execution_options(isolation_level="AUTOCOMMIT"), expire_on_commit=False
        )

    @classmethod
    def configured(cls) -> Self:
        """As the settings say. Raises UnsafeSettings."""
        settings = read(DatabaseSettings)
        return cls(settings.address, settings.database_pool_size)

    def unit_of_work(self) -> "UnitOfWork":
        """To be entered with `async with`; commits at its end."""
        return UnitOfWork(self._changing(), self.outdate)

    def reading(self) -> AsyncSession:
        """To be entered with `async with`; outside any transaction, never for protected rows."""
        return self._reading()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.engine.dispose()


class UnitOfWork:
    """One transaction: committed when the work succeeds, rolled back on any exception."""

    def __init__(
        self, session: AsyncSession, outdate: Callable[..., Awaitable[None]] = _nobody
    ) -> None:
        self.session = session
        self._outdate = outdate
        self._after: list[Callable[[], Awaitable[None]]] = []

    def after_commit(self, work: Callable[[], Awaitable[None]]) -> None:
        """Runs `work` once the commit stands; its failure is logged and changes no answer."""
        self._after.append(work)

    async def as_system(self) -> None:
        """Lets this transaction change what is otherwise only added to: purges, erasure."""
        await self.session.execute(text("SET LOCAL app.caller = 'system'"))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        keep = error is None or getattr(error, "keeps_writes", False)
        try:
            if keep:
                await self.session.commit()
            else:
                await self.session.rollback()
        finally:
            await self.session.close()
        if keep:
            await self._run_after()

    async def _run_after(self) -> None:
        if tags := self.session.info.get(_OUTDATED):
            await self._outdate(*tags)
        for work in self._after:
            try:
                await work()
            except Exception:
                log.exception("after_commit_failed")


def outdates(session: AsyncSession, *tags: str) -> None:
    """For the repository that changes rows: what the cache keeps under these tags goes stale.

    Once, right after the commit; a rolled-back change outdates nothing.
    """
    session.info.setdefault(_OUTDATED, set()).update(tags)


def _connect(dialect: Any, record: object, args: Any, kwargs: Any) -> DBAPIConnection:  # noqa: ANN401 - SQLAlchemy's hook
    """Connects; a server that cannot be reached is an outage and not a bug."""
    del record
    try:
        return cast(DBAPIConnection, dialect.connect(*args, **kwargs))
    except OSError as unreachable:
        raise Unavailable from unreachable


def _refuse_closed(connection: DBAPIConnection, *_: object) -> None:
    """Notices a connection that died in the pool without asking the server (no round trip)."""
    if cast(Any, connection).driver_connection.is_closed():  # asyncpg's connection, untyped here
        raise DisconnectionError


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
