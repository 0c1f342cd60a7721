"""Gives each request an id that its log lines, its errors and its answer share."""

import re
from uuid import uuid4

# What a client sends goes into logs: nothing that could forge a line or fill a disk.
_ACCEPTED = re.compile(rb"[A-Za-z0-9._-]{1,128}")


def request_id(sent: bytes) -> str:
    """What came as `X-Request-ID` if it is readable, else a new one."""
    return sent.decode() if _ACCEPTED.fullmatch(sent) else uuid4().hex
