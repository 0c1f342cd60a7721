"""One attempt at a job, with the id and in the trace of the request that asked for it."""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from time import perf_counter
from typing import Any

import structlog
from opentelemetry import trace
from opentelemetry.trace import SpanKind, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from structlog.contextvars import bind_contextvars

from app.core import caller
from app.core.database import Database
from app.jobs.job import Job, Periodic, Work
from app.jobs.metrics import ATTEMPTS
from app.jobs.repository import JobRepository

log = structlog.get_logger()
_tracer = trace.get_tracer("app")
type Arguments = Mapping[str, Any]


async def perform(
    work: Work, database: Database, job_id: int, attempt: int, args: Arguments
) -> None:
    """Raises whatever keeps the job from being done; `attempt` counts from 1."""
    origin = args.get("origin", {})
    caller.identify(caller.Caller(request_id=origin.get("request_id")))
    bind_contextvars(job=work.name, job_id=job_id, attempt=attempt, **_request(origin))
    with _spanned(work.name, origin), _told(work, attempt):
        async with asyncio.timeout(work.seconds):
            if isinstance(work, Periodic):
                await work.run(database)
            elif isinstance(work, Job):
                await _once(work, database, job_id, args["arguments"])


async def _once(job: Job[Any], database: Database, job_id: int, arguments: Arguments) -> None:
    """Does nothing where a transaction has done it: a worker may die after its commit."""
    async with database.unit_of_work() as work:
        await work.as_system()
        if await JobRepository(work.session).claim(job_id):
            await job.run(work, job.arguments.model_validate(arguments))
        else:
            log.info("job_was_done")


def _request(origin: Mapping[str, str]) -> dict[str, str]:
    return {key: value for key, value in origin.items() if key == "request_id"}


def _spanned(name: str, origin: Mapping[str, str]) -> AbstractContextManager[object]:
    """A job is traced when its request was."""
    if "traceparent" not in origin:
        return nullcontext()
    return _tracer.start_as_current_span(
        f"job {name}",
        TraceContextTextMapPropagator().extract(origin),
        SpanKind.CONSUMER,
        record_exception=False,  # a message may tell of people
        set_status_on_exception=False,
    )


@contextmanager
def _told(work: Work, attempt: int) -> Iterator[None]:
    """One line for each attempt."""
    outcome, began, error = "done", perf_counter(), None
    try:
        yield
    except BaseException as raised:
        cut_off = isinstance(work, Job) and isinstance(raised, asyncio.CancelledError)
        outcome = "retried" if cut_off or attempt < work.attempts else "failed"
        trace.get_current_span().set_status(StatusCode.ERROR, type(raised).__name__)
        error = raised
        raise
    finally:
        ATTEMPTS.add(work.name, outcome)
        level = {"retried": log.warning, "failed": log.error}.get(outcome, log.info)
        took = round((perf_counter() - began) * 1000, 2)
        level("job", outcome=outcome, duration_ms=took, exc_info=error)
