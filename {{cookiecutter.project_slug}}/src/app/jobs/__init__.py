"""Work for later: asked for in the transaction that needs it, done by `app worker`."""

from fastapi import FastAPI

from app.core.feature import Lifespan, Purge
from app.jobs import commands, metrics, purges
from app.jobs.settings import JobSettings

SETTINGS = [JobSettings]
COMMANDS = [commands.worker_command, commands.commands]
LIFESPANS = [Lifespan("job_queue", metrics.published)]
PURGES = [Purge("failed_jobs", purges.failed)]


def setup(app: FastAPI) -> None:
    """Jobs have no routes: other rooms queue them, and commands look after them."""
