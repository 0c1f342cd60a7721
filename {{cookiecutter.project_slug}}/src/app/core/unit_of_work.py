"""The unit of work, the one place that commits."""

from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Protocol, Self

import structlog
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.outages import leaves_in_doubt
from app.core.roles import SYSTEM

log = structlog.get_logger()

_AS_SYSTEM = select(
    func.set_config("role", SYSTEM, True),  # noqa: FBT003 - PostgreSQL's own `is_local`
    func.set_config("app.caller", "system", True),  # noqa: FBT003
)

_OUTDATED = "outdated tags"

type AfterWork = Callable[[], Awaitable[None]]


class Outdate(Protocol):
    """Ends what a cache keeps under these tags; `doubtful` after a commit that was given up."""

    async def __call__(self, *tags: str, doubtful: bool = False) -> None:
        """Never raises: the commit stands, or may still come to stand."""


async def nobody(*tags: str, doubtful: bool = False) -> None:
    """Where there is no cache."""


class UnitOfWork:
    """One transaction: committed when the work succeeds, rolled back on any exception."""

    def __init__(self, session: AsyncSession, outdate: Outdate = nobody) -> None:
        self.session = session
        self._outdate = outdate
        self._after: list[AfterWork] = []

    def after_commit(self, work: AfterWork) -> None:
        """Runs `work` once the commit stands; its failure is logged and changes no answer."""
        self._after.append(work)

    async def as_system(self) -> None:
        """From here on the transaction sees and changes every row: purges, exports, erasure.

        Costs nothing before the first statement, and a round trip after it.
        """
        if self.session.in_transaction():
            await self.session.execute(_AS_SYSTEM)
        else:
            self.session.info["system"] = True

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
            await self._end(keep=keep)
        except BaseException as failed:
            if keep and leaves_in_doubt(failed):
                await self._outdated(doubtful=True)
            raise
        if keep:
            await self._outdated(doubtful=False)
            await self._run_after()

    async def _end(self, *, keep: bool) -> None:
        try:
            await (self.session.commit() if keep else self.session.rollback())
        finally:
            await self.session.close()

    async def _outdated(self, *, doubtful: bool) -> None:
        if tags := self.session.info.get(_OUTDATED):
            await self._outdate(*tags, doubtful=doubtful)

    async def _run_after(self) -> None:
        for work in self._after:
            try:
                await work()
            except Exception:
                log.exception("after_commit_failed")


def outdates(session: AsyncSession, *tags: str) -> None:
    """For the repository that changes rows: what the cache keeps under these tags is over.

    Told once, right after the commit, or when it was given up and nobody knows; a rolled-back
    change outdates nothing.
    """
    session.info.setdefault(_OUTDATED, set()).update(tags)
