"""Where Prometheus reads: `/metrics`, or a port that serves nothing else."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from ipaddress import IPv6Address, ip_address

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, start_http_server

from app.core.database import Database
from app.core.errors import NotFound
from app.core.feature import Lifespan
from app.core.settings import CoreSettings, Environment, UnsafeSettings, read
from app.observability import metrics, queries
from app.observability.settings import MetricsSettings

router = APIRouter(tags=["operations"])


@router.get("/metrics", include_in_schema=False)
def show(request: Request) -> Response:
    """In a worker thread: a scrape is work, for which no other request should wait."""
    if read(CoreSettings).environment is Environment.PRODUCTION and not _is_near(request):
        raise NotFound
    return Response(metrics.text(), media_type=CONTENT_TYPE_LATEST)


def _is_near(request: Request) -> bool:
    """From this machine or a trusted proxy's network; what was forwarded comes from elsewhere."""
    if request.client is None or {"x-forwarded-for", "forwarded"} & set(request.headers):
        return False
    try:
        peer = ip_address(request.client.host)
    except ValueError:
        return False
    if isinstance(peer, IPv6Address) and peer.ipv4_mapped:
        peer = peer.ipv4_mapped
    return peer.is_loopback or any(peer in each for each in request.app.state.trusted_proxies)


@asynccontextmanager
async def _published(database: Database) -> AsyncIterator[None]:
    metrics.publish()
    queries.watch(database)
    metrics.OPEN.add(database)
    try:
        async with _port(read(MetricsSettings).metrics_port):
            yield
    finally:
        metrics.OPEN.discard(database)


@asynccontextmanager
async def _port(number: int | None) -> AsyncIterator[None]:
    if number is None:
        yield
        return
    try:
        server, thread = start_http_server(number, registry=metrics.REGISTRY)
    except OSError as error:
        fault = f"METRICS_PORT: {number} cannot be opened ({error.strerror}); processes share none"
        raise UnsafeSettings([fault]) from error
    try:
        yield
    finally:
        await asyncio.to_thread(server.shutdown)
        server.server_close()
        thread.join()


PUBLISHED = Lifespan("metrics", _published)
