"""A client cannot choose its address; a proxy of ours may tell it."""

from ipaddress import ip_network

import pytest

from app.http.client_address import client_address

PROXIES = [ip_network("10.0.0.0/8"), ip_network("fd00::/8")]


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("203.0.113.7", [], "203.0.113.7"),
        ("203.0.113.7", ["198.51.100.1"], "203.0.113.7"),
        ("10.0.0.1", ["198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", ["1.1.1.1, 198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", ["1.1.1.1", "198.51.100.1, 10.0.0.2"], "198.51.100.1"),
        ("fd00::1", ["2001:db8::5"], "2001:db8::5"),
        ("10.0.0.1", ["10.0.0.2"], "10.0.0.2"),
        ("10.0.0.1", ["198.51.100.1, nonsense"], "10.0.0.1"),
        ("10.0.0.1", ["", " , "], "10.0.0.1"),
        ("10.0.0.1", [], "10.0.0.1"),
        ("testclient", ["198.51.100.1"], "testclient"),
    ],
)
def test_only_what_trusted_proxies_wrote_is_believed(
    peer: str, forwarded: list[str], address: str
) -> None:
    headers = [(b"x-forwarded-for", each.encode()) for each in forwarded]

    assert client_address({"client": (peer, 1), "headers": headers}, PROXIES) == address


def test_without_proxies_the_header_means_nothing() -> None:
    headers = [(b"x-forwarded-for", b"198.51.100.1")]

    assert client_address({"client": ("127.0.0.1", 1), "headers": headers}, []) == "127.0.0.1"


def test_a_socket_without_addresses_has_none() -> None:
    assert client_address({"client": None, "headers": []}, PROXIES) is None
