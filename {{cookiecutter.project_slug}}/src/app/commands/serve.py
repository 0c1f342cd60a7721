"""`app serve`: the service as in production."""

import signal
import sys
from typing import Annotated

import typer
import uvicorn

from app.core.settings import UnsafeSettings, read, refuse_unsafe
from app.main import SETTINGS
from app.observability.settings import MetricsSettings

GRACE_SECONDS = 8
"""Orchestrators kill after ten: what is left by then is cut off cleanly before."""
_ONE_PROCESS = (
    "METRICS_PORT: processes cannot share it; start one for each port, or use --workers 1"
)


def serve(
    host: Annotated[str, typer.Option(help="0.0.0.0 in a container.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8000,
    workers: Annotated[int, typer.Option(min=1, help="Processes; one for each core.")] = 1,
) -> None:
    """Run the service without reload; refuses to start on unsafe settings."""
    refuse_unsafe(SETTINGS)
    if workers > 1 and read(MetricsSettings).metrics_port:
        raise UnsafeSettings([_ONE_PROCESS])
    # uvicorn, done, hands SIGTERM on: to stop as one was told is a success.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    uvicorn.run(
        "app.main:app",
        host=host,
        port=port,
        workers=workers,
        log_config=None,
        access_log=False,
        server_header=False,
        # Its default believes X-Forwarded-For from 127.0.0.1, where every local proxy sits.
        proxy_headers=False,
        # Balancers keep an idle connection for a minute, and would send into one that was closed.
        timeout_keep_alive=75,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
