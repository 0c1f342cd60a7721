"""Whose address a request comes from, when it may have passed proxies of ours."""

from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address

from starlette.datastructures import Headers
from starlette.types import Scope

type Networks = Sequence[IPv4Network | IPv6Network]


def client_address(scope: Scope, proxies: Networks) -> str | None:
    """The peer; for a trusted proxy, the last address in X-Forwarded-For that is none itself.

    Everything before that address was written by the client, and may be anybody's.
    """
    peer = scope["client"][0] if scope.get("client") else None
    if not proxies:
        return peer
    forwarded = ",".join(Headers(scope=scope).getlist("x-forwarded-for")).split(",")
    hops = [hop.strip() for hop in forwarded if hop.strip()]
    while peer and hops and _trusted(peer, proxies) and _is_address(hops[-1]):
        peer = hops.pop()
    return peer


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _trusted(address: str, proxies: Networks) -> bool:
    return _is_address(address) and any(ip_address(address) in network for network in proxies)
