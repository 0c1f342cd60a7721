"""Where embedded servers listen: on sockets in private folders, never on a port."""

import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LONGEST_TEMP_FOLDER = 70


@contextmanager
def private_folder(prefix: str) -> Iterator[Path]:
    """A folder with a short path, gone after the block: a socket's may have about 100 bytes."""
    usual = tempfile.gettempdir()
    short = usual if len(os.fsencode(usual)) < LONGEST_TEMP_FOLDER else "/tmp"  # noqa: S108 - a parent only
    path = Path(tempfile.mkdtemp(prefix=prefix, dir=short))
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def answers(path: Path) -> bool:
    """Whether somebody listens there."""
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(path))
        except OSError:
            return False
    return True
