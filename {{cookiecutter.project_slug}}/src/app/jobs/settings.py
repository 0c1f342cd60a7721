"""How much a worker does at once."""

from collections.abc import Iterator
from contextlib import suppress

from pydantic import Field

from app.core.settings import DatabaseSettings, Settings, UnsafeSettings, read


class JobSettings(Settings):
    """Jobs of one process at once."""

    job_concurrency: int = Field(default=5, gt=0)

    def refusals(self) -> Iterator[str]:
        """A job has a connection for as long as it runs."""
        with suppress(UnsafeSettings):  # told elsewhere
            if self.job_concurrency > (pool := read(DatabaseSettings).database_pool_size):
                yield f"JOB_CONCURRENCY: is more than DATABASE_POOL_SIZE, which is {pool}"
