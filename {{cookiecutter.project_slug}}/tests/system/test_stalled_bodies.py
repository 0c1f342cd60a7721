"""A client that stops in the middle holds neither a request nor a connection for long."""

import socket
from pathlib import Path
from time import monotonic

import pytest

from app.core.migrations import ROOT
from tests.system.processes import APP, KEYS, free_port, ready, running

pytestmark = pytest.mark.system

HEAD = b"POST /api/v1/auth/login HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\n"


@pytest.mark.parametrize(
    "rest",
    [
        b'Content-Length: 100\r\n\r\n{"email": ',
        b'Transfer-Encoding: chunked\r\n\r\na\r\n{"email": ',
    ],
    ids=["announced", "chunked"],
)
def test_half_a_body_is_answered_in_time_and_the_connection_closed(
    rest: bytes, servers: dict[str, str], tmp_path: Path
) -> None:
    port = free_port()
    settings = {**servers, "JWT_KEYS": KEYS, "REQUEST_TIMEOUT_SECONDS": "1"}
    with running([*APP, "serve", "--port", str(port)], ROOT, tmp_path / "log", **settings) as app:
        ready(app, port)
        began = monotonic()
        with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
            connection.sendall(HEAD + rest)
            answer = connection.makefile("rb").read()  # until the service closes
        took = monotonic() - began

    assert answer.startswith(b"HTTP/1.1 503 "), answer
    assert b"retry-after: 1" in answer.lower()
    assert took < 2
