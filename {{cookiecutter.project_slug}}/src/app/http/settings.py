"""The limits of a single request and the origins whose scripts may make one."""

from collections.abc import Iterator
from ipaddress import IPv4Network, IPv6Network

from pydantic import Field

from app.core.settings import Settings


class HttpSettings(Settings):
    """Sizes in bytes, times in seconds, origins as `https://host`, proxies as networks."""

    max_body_bytes: int = Field(default=262_144, gt=0)
    request_timeout_seconds: float = Field(default=5, gt=0)
    cors_origins: tuple[str, ...] = ()
    trusted_proxies: tuple[IPv4Network | IPv6Network, ...] = ()

    def refusals(self) -> Iterator[str]:
        """A wildcard would let any website read answers in its visitors' names."""
        if "*" in self.cors_origins:
            yield "CORS_ORIGINS: names no origin with `*`; list each one"
