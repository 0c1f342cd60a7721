"""What the service holds at one moment: memory, descriptors, connections to its servers."""

import resource
from dataclasses import dataclass
from pathlib import Path

from redis.asyncio import Redis
from sqlalchemy import text

from app.core.database import Database

_OURS = 1
_BACKENDS = text(
    "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'"
    " AND datname = current_database() AND pid <> pg_backend_pid()"
)


@dataclass(frozen=True)
class Gauges:
    """`memory` is what is resident, in bytes; the others are counts."""

    memory: int
    descriptors: int
    postgresql: int
    redis: int

    @property
    def others(self) -> int:
        """Descriptors that are no connection to a server of ours."""
        return self.descriptors - self.postgresql - self.redis

    def __str__(self) -> str:
        return (
            f"{self.memory / 2**20:.1f} MB, {self.descriptors} descriptors,"
            f" {self.postgresql} + {self.redis} connections to PostgreSQL + Redis"
        )


async def gauges(pid: int, database: Database, redis: Redis) -> Gauges:
    """Of that process, by Linux's /proc, and of both servers but for who asks here."""
    process = Path("/proc", str(pid))
    pages = int((process / "statm").read_text().split()[1])
    async with database.reading() as session:
        backends = await session.scalar(_BACKENDS)
    clients = await redis.info("clients")
    return Gauges(
        pages * resource.getpagesize(),
        len(list((process / "fd").iterdir())),
        backends or 0,
        clients["connected_clients"] - _OURS,
    )
