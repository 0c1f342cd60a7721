"""What every request passes on its way in and every answer on its way out."""

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware

from app.core import error_handlers
from app.core.settings import CoreSettings, read
from app.http.body_limit import BodyLimit
from app.http.concurrency_limit import ConcurrencyLimit
from app.http.deadline import Deadline
from app.http.edge import Edge
from app.http.field_limit import FieldLimit
from app.http.settings import HttpSettings
from app.http.trusted_hosts import TrustedHosts
from app.http.unexpected import Unexpected

SETTINGS = [HttpSettings]


def setup(app: FastAPI) -> None:
    """Wraps the application, from the inside out: what is added last sees a request first."""
    limits, environment = read(HttpSettings), read(CoreSettings).environment
    app.state.trusted_proxies = limits.trusted_proxies
    error_handlers.install(app)
    app.add_middleware(Deadline, seconds=limits.request_timeout_seconds)
    app.add_middleware(FieldLimit, limit=limits.max_body_fields)
    app.add_middleware(BodyLimit, limit=limits.max_body_bytes)
    app.add_middleware(Unexpected)
    app.add_middleware(ConcurrencyLimit, limit=limits.max_concurrent_requests)
    if limits.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=limits.cors_origins,
            allow_credentials=True,  # for the refresh cookie; to named origins only
            allow_methods=["GET", "POST", "PATCH", "DELETE"],
            allow_headers=[
                "Authorization",
                "Content-Type",
                "Idempotency-Key",
                "If-Match",
                "If-None-Match",
                "X-API-Key",
            ],
            expose_headers=[
                "ETag",
                "Idempotency-Replayed",
                "Location",
                "RateLimit",
                "RateLimit-Policy",
                "Retry-After",
                "X-Request-ID",
            ],
        )
    if "*" not in limits.allowed_hosts:
        app.add_middleware(TrustedHosts, hosts=limits.allowed_hosts)
    app.add_middleware(Edge, environment=environment, proxies=limits.trusted_proxies)
