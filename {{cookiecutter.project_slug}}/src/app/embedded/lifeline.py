"""What every embedded server lives by: one starter per folder, and an end together with it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

KEEPER = Path(__file__).with_name("keeper.py")


class FolderInUse(Exception):
    """Somebody else has the folder; the message names both and the way out, to be continued."""


@contextmanager
def claimed(folder: Path, *, log: Path, patience: float = 15) -> Iterator[IO[bytes]]:
    """Makes this process the only starter on `folder`; gives the server's `log`, empty and locked.

    Every process of the server inherits the log and the lock on it, so that is free only when the
    last of them has ended, whoever was killed before. Raises FolderInUse: at once if the other
    starter lives, after `patience` seconds if only its server still does.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / "starter.pid").open("a+") as starter, log.open("ab") as output:
        if not _lock(starter):
            starter.seek(0)
            raise FolderInUse(
                f"{folder} is already in use by process {starter.read().strip() or 'unknown'}:"
                " stop it, use another folder"
            )
        starter.truncate(0)
        print(os.getpid(), file=starter, flush=True)
        _wait_for_the_last_server(output, folder, patience)
        output.truncate(0)
        yield output


def _wait_for_the_last_server(output: IO[bytes], folder: Path, patience: float) -> None:
    deadline = time.monotonic() + patience
    while not _lock(output):
        if time.monotonic() > deadline:
            raise FolderInUse(
                f"{folder} is still in use by a server whose starter is gone: stop the process"
                f" that {output.name} begins with, use another folder"
            )
        time.sleep(0.02)


def _lock(file: IO[str] | IO[bytes]) -> bool:
    import fcntl  # noqa: PLC0415 - Windows has none, and must get far enough to be told so

    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def kept(
    command: Sequence[str | Path],
    *,
    output: IO[bytes],
    stop: signal.Signals,
    patience: float = 10,
    remove: Sequence[Path] = (),
) -> Iterator[subprocess.Popen[bytes]]:
    """Runs a server that ends with this block and with this process; gives its keeper.

    `stop` is the gentle signal; harder ones follow every `patience` seconds. The folders of
    `remove` go once the server has ended. The keeper ends when the server does.
    """
    keeper = subprocess.Popen(  # noqa: S603 - the command is our own
        [sys.executable, "-I", "-S", KEEPER, stop.name, str(patience), *remove, "--", *command],
        stdin=subprocess.PIPE,
        stdout=output,
        stderr=output,
        start_new_session=True,  # Ctrl-C in a terminal is for the starter, not for its servers
    )
    try:
        yield keeper
    finally:
        # The end of the pipe would do, were there never a forked child with a copy of it.
        keeper.communicate(b".")


def ending(log: Path) -> str:
    """The last lines of a server that did not start, and where to find the rest."""
    lines = "\n".join(log.read_text(errors="replace").splitlines()[-10:])
    return f"The end of its log, {log}:\n{lines}"
