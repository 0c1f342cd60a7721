"""Whom a client's address stands for, wherever attempts or requests are counted."""

from functools import lru_cache
from ipaddress import IPv6Address, IPv6Network, ip_address


@lru_cache(maxsize=4096)  # reading an address costs a request 2 to 12 us
def network(address: str | None) -> str:
    """An IPv4 address itself, and of an IPv6 address the network of 64 bits.

    A subscriber has 2**64 IPv6 addresses, and could send each request from a new one. What is no
    address, as the peer of a local socket, stands for itself; a missing one is empty.
    """
    try:
        given = ip_address(address or "")
    except ValueError:
        return address or ""
    if not isinstance(given, IPv6Address):
        return str(given)
    return str(given.ipv4_mapped or IPv6Network((given, 64), strict=False))
