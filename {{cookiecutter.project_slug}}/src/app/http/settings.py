"""The limits of a single request and the origins whose scripts may make one."""

import re
from collections.abc import Iterator
from ipaddress import IPv4Network, IPv6Network
from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from app.core.settings import Settings

_HOST = re.compile(r"\*|(\*\.)?[a-z0-9_-]+(\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\]")


def _host(text: str) -> str:
    name = text.lower()
    if not _HOST.fullmatch(name):
        raise PydanticCustomError(
            "host", "must be names without scheme, port or path: api.example.com, *.example.com"
        )
    return name


def _some(hosts: tuple[str, ...]) -> tuple[str, ...]:
    """As a length, pydantic would count what is left of a list without its faulty names."""
    if not hosts:
        raise PydanticCustomError("hosts", "names no host, so nobody would be answered")
    return hosts


Host = Annotated[str, AfterValidator(_host)]
Hosts = Annotated[tuple[Host, ...], AfterValidator(_some)]


class HttpSettings(Settings):
    """Sizes in bytes, times in seconds, origins as `https://host`, proxies as networks.

    Hosts are names; `*.example.com` is everything below one, `*` any.
    """

    max_body_bytes: int = Field(default=262_144, gt=0)
    max_body_fields: int = Field(default=1000, gt=0)
    max_concurrent_requests: int = Field(default=1000, gt=0)
    request_timeout_seconds: float = Field(default=5, gt=0)
    allowed_hosts: Hosts = ("*",)
    cors_origins: tuple[str, ...] = ()
    trusted_proxies: tuple[IPv4Network | IPv6Network, ...] = ()

    def refusals(self) -> Iterator[str]:
        """A wildcard would let any website read answers in its visitors' names."""
        if "*" in self.cors_origins:
            yield "CORS_ORIGINS: names no origin with `*`; list each one"
