"""A job happens once and whole, however often it is begun."""

import asyncio
import json
import logging
from time import time

import pytest
import structlog
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.trace import TraceFlags
from sqlalchemy import func, select

from app.core import caller
from app.core.caller import Caller
from app.core.database import Database
from app.core.unit_of_work import UnitOfWork
from app.jobs.job import Periodic
from app.jobs.metrics import ATTEMPTS
from app.jobs.performing import perform
from app.jobs.repository import JobRepository
from app.mail.models import OutgoingMessage
from tests.jobs.conftest import Clumsy, Note, Rows, Worked, add, at_once, execute, noting


async def mails(database: Database) -> int:
    async with database.reading() as session:
        return await session.scalar(select(func.count()).select_from(OutgoingMessage)) or 0


async def test_what_is_done_leaves_its_effect_and_no_job(
    jobs_database: Database, worked: Worked, rows: Rows
) -> None:
    job = noting(Clumsy())
    await add(jobs_database, job)

    await worked(job)

    assert (await mails(jobs_database), await rows()) == (1, [])


async def test_what_fails_leaves_no_effect_and_is_tried_again(
    jobs_database: Database, worked: Worked, rows: Rows
) -> None:
    job = noting(Clumsy(fails=1))
    await add(jobs_database, job)

    await worked(job)
    [row] = await rows()
    assert (row["status"], row["attempts"], await mails(jobs_database)) == ("todo", 1, 0)

    await at_once(jobs_database)
    await worked(job)
    assert (await mails(jobs_database), await rows()) == (1, [])


async def test_a_worker_that_dies_after_the_commit_leaves_nothing_to_do_twice(
    jobs_database: Database, worked: Worked, rows: Rows
) -> None:
    """Procrastinate notes the end in a transaction of its own: between the two, anything goes."""
    run = Clumsy()

    async def twice(work: UnitOfWork, note: Note) -> None:
        await run(work, note)
        work.after_commit(lose)

    async def lose() -> None:
        raise asyncio.CancelledError  # as a stop would, once the work is committed

    job = noting(twice)
    await add(jobs_database, job)

    await worked(job)

    assert (run.runs, await mails(jobs_database), await rows()) == (1, 1, [])


async def test_a_job_that_was_given_to_another_worker_meanwhile_is_done_once(
    jobs_database: Database, worked: Worked, rows: Rows
) -> None:
    """A worker may fall silent after it fetched a job, and go on when others believe it dead."""
    job = noting(run := Clumsy())
    await add(jobs_database, job)
    [row] = await rows()

    silent = perform(job, jobs_database, row["id"], 1, {"arguments": {}})
    await asyncio.create_task(silent)  # in a context of its own, as the worker's
    assert await mails(jobs_database) == 1
    await worked(job)

    assert (run.runs, await mails(jobs_database), await rows()) == (1, 1, [])


async def test_a_poison_job_fails_for_good_while_others_are_done(
    jobs_database: Database, worked: Worked, rows: Rows
) -> None:
    poison, other = Clumsy(fails=99), Clumsy()
    jobs = [noting(poison, name="test.poison", attempts=3), noting(other)]
    await add(jobs_database, *jobs)

    for _ in range(5):
        await worked(*jobs)
        await at_once(jobs_database)

    assert (poison.runs, other.runs) == (3, 1)
    [row] = await rows()
    assert (row["name"], row["status"], row["attempts"]) == ("test.poison", "failed", 3)


async def test_what_takes_too_long_is_ended_and_tried_again(
    jobs_database: Database, worked: Worked, rows: Rows
) -> None:
    async def sleep(_: UnitOfWork, __: Note) -> None:
        await asyncio.sleep(60)

    job = noting(sleep, seconds=0.05)
    await add(jobs_database, job)

    await worked(job)

    assert [(row["status"], row["attempts"]) for row in await rows()] == [("todo", 1)]


async def test_higher_priority_goes_first(jobs_database: Database, worked: Worked) -> None:
    order: list[str] = []

    async def note(_: UnitOfWork, note: Note) -> None:
        order.append(note.words)

    low, high = noting(note), noting(note, name="test.high", priority=1)
    await add(jobs_database, low, words="low")
    await add(jobs_database, high, words="high")

    await worked(low, high)

    assert order == ["high", "low"]


async def test_a_job_sees_rows_of_everybody(jobs_database: Database, worked: Worked) -> None:
    seen: list[str | None] = []

    async def look(work: UnitOfWork, _: Note) -> None:
        seen.append(await work.session.scalar(select(func.current_setting("app.caller"))))

    job = noting(look)
    await add(jobs_database, job)
    await worked(job)

    assert seen == ["system"]


SAMPLED = trace.SpanContext(7, 11, is_remote=False, trace_flags=TraceFlags(TraceFlags.SAMPLED))


async def test_lines_of_a_job_carry_the_request_and_its_trace(
    jobs_database: Database,
    worked: Worked,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    spans: list[int] = []

    async def look(_: UnitOfWork, __: Note) -> None:
        spans.append(trace.get_current_span().get_span_context().trace_id)
        structlog.get_logger().info("inside")

    monkeypatch.setattr("app.jobs.performing._tracer", TracerProvider().get_tracer("test"))
    caller.identify(Caller(request_id="seven"))
    job = noting(look)
    with trace.use_span(trace.NonRecordingSpan(SAMPLED)):
        await add(jobs_database, job, words="a secret of Ada's")
    with (
        structlog.testing.capture_logs([structlog.contextvars.merge_contextvars]) as lines,
        caplog.at_level(logging.INFO),
    ):
        caller.identify(caller.ANONYMOUS)
        await worked(job)

    inside, end = (line for line in lines if "job" in line)
    assert spans == [SAMPLED.trace_id]
    assert (inside["request_id"], end["request_id"]) == ("seven", "seven")
    assert (end["event"], end["job"], end["outcome"]) == ("job", "test.note", "done")
    assert "secret" not in json.dumps(lines, default=str) + caplog.text


async def test_a_failure_is_told_without_the_arguments(
    jobs_database: Database, worked: Worked, caplog: pytest.LogCaptureFixture
) -> None:
    async def fail(_: UnitOfWork, __: Note) -> None:
        raise LookupError

    job = noting(fail, attempts=1)
    await add(jobs_database, job, words="a secret of Ada's")
    with structlog.testing.capture_logs() as lines:
        await worked(job)

    assert [line["outcome"] for line in lines] == ["failed"]
    assert "secret" not in caplog.text


async def test_each_attempt_is_counted_by_how_it_ended(
    jobs_database: Database, worked: Worked
) -> None:
    job = noting(Clumsy(fails=2), name="test.counted", attempts=2)
    await add(jobs_database, job)
    for _ in range(2):
        await worked(job)
        await at_once(jobs_database)

    counted = {key[1]: n for key, n in ATTEMPTS.values().items() if key[0] == "test.counted"}
    assert counted == {"retried": 1, "failed": 1}


async def test_a_periodic_job_runs_when_it_is_due_and_once_at_a_time(
    jobs_database: Database, worked: Worked, rows: Rows
) -> None:
    runs: list[Database] = []

    async def run(database: Database) -> None:
        runs.append(database)

    job = Periodic(name="test.minutely", cron="* * * * *", run=run)
    began = minute()
    while not runs:
        await worked(job)
    for _ in range(2):
        await worked(job)

    assert 1 <= len(runs) <= 1 + minute() - began
    assert await rows() == []


def minute() -> int:
    return int(time() // 60)


async def test_a_periodic_job_that_fails_has_failed_and_is_due_again_at_its_next_time(
    jobs_database: Database, worked: Worked, rows: Rows
) -> None:
    """Tried again, it would stand in the way of the next one, which holds its lock by then."""

    async def fail(_: Database) -> None:
        raise LookupError

    job = Periodic(name="test.minutely", cron="* * * * *", run=fail)
    while not [row for row in await rows() if row["status"] == "failed"]:
        await worked(job)
    await execute(jobs_database, "DELETE FROM procrastinate_periodic_defers")  # its next time
    while len([row for row in await rows() if row["status"] == "failed"]) < 2:
        await worked(job)

    async with jobs_database.unit_of_work() as work:
        failed = [row["id"] for row in await rows()]
        assert sorted(await JobRepository(work.session).retry(failed)) == sorted(failed)
