"""`app worker`, and `app jobs` to look after what failed."""

import asyncio
import signal
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Annotated

import orjson
import typer

from app.core.database import Database
from app.jobs.repository import JobRepository

worker_command = typer.Typer()
commands = typer.Typer(
    name="jobs", help="Look after jobs.", no_args_is_help=True, add_completion=False
)


@worker_command.command()
def worker() -> None:
    """Work off jobs; SIGTERM lets those that run come to their end."""
    with suppress(asyncio.CancelledError):
        asyncio.run(_work())


async def _work() -> None:
    # Not at the top: the room's face holds this command, and all rooms would come with it.
    from app.jobs.tasks import contributed  # noqa: PLC0415
    from app.jobs.worker import work  # noqa: PLC0415
    from app.main import FEATURES, create_app  # noqa: PLC0415

    if task := asyncio.current_task():
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, task.cancel)
    app = create_app()
    async with app.router.lifespan_context(app):
        await work(contributed(FEATURES), app.state.database)


@commands.command("list")
def show(
    status: Annotated[
        str | None,
        typer.Option(help="todo, doing, failed, aborted or cancelled; any, if left out."),
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="So many of the newest.")] = 50,
) -> None:
    """List jobs, the newest first; what succeeded is no longer there."""
    for job in _asked(lambda jobs: jobs.list(status, limit)):
        due = f"{job['due']:%Y-%m-%dT%H:%M:%SZ}" if job["due"] else "-"
        arguments = orjson.dumps(job["arguments"]).decode()
        typer.echo(
            f"{job['id']}  {job['name']}  {job['status']}  {job['attempts']}  {due}  {arguments}"
        )


@commands.command()
def retry(
    ids: Annotated[list[int], typer.Argument(help="Of jobs that failed: see `app jobs list`.")],
) -> None:
    """Queue jobs again that failed; they begin with their first attempt."""
    queued = _asked(lambda jobs: jobs.retry(ids))
    typer.echo(f"queued again: {', '.join(map(str, queued)) or 'none'}")
    if others := sorted(set(ids) - set(queued)):
        raise typer.BadParameter(f"there is no failed job {', '.join(map(str, others))}")


def _asked[T](question: Callable[[JobRepository], Awaitable[T]]) -> T:
    from app.commands.target import database  # noqa: PLC0415 - see `_work`

    async def ask() -> T:
        async with Database.configured() as configured, configured.unit_of_work() as work:
            return await question(JobRepository(work.session))

    with database():
        return asyncio.run(ask())
