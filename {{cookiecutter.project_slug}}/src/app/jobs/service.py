"""Jobs for later: queued with the change that causes them, run once it is committed."""

from datetime import timedelta

import orjson
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from pydantic import BaseModel

from app.core import caller
from app.jobs.job import Job
from app.jobs.repository import JobRepository

_NOW = timedelta(0)


class Queue:
    """What is queued here is tried until it succeeds, or fails for the last time and is kept."""

    def __init__(self, jobs: JobRepository) -> None:
        self._jobs = jobs

    async def add[A: BaseModel](self, job: Job[A], arguments: A, after: timedelta = _NOW) -> None:
        """Adds the job to this transaction, with where it comes from; a rollback queues nothing."""
        args = {"arguments": arguments.model_dump(mode="json"), "origin": _origin()}
        await self._jobs.add(job.name, orjson.dumps(args).decode(), job.priority, after)


def _origin() -> dict[str, str]:
    """The request, and its trace where it leaves one."""
    origin: dict[str, str] = {}
    TraceContextTextMapPropagator().inject(origin)
    if request_id := caller.current().request_id:
        origin["request_id"] = request_id
    return origin
