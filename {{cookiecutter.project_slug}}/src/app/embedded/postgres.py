"""A private PostgreSQL for development and tests from a wheel: no Docker, no root, no TCP port."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, NamedTuple
from urllib.parse import quote

from app.embedded.lifeline import FolderInUse, claimed, ending, kept
from app.embedded.postgres_wheel import (
    INSTEAD,
    EmbeddedPostgresUnavailable,
    as_server_user,
    binary,
)
from app.embedded.sockets import answers, private_folder

__all__ = ["EmbeddedPostgresUnavailable", "address", "binary", "serve"]

LOG = "postgres.log"
START_SECONDS = 60
LOCALE = ["--encoding=UTF8", "--no-locale", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
INITDB = ["--username=postgres", "--auth=trust", *LOCALE, "--no-sync", "--no-instructions"]
PRIVATE = ["-clisten_addresses=", "-cport=5432"]
NOT_DURABLE = ["-cfsync=off", "-csynchronous_commit=off", "-cfull_page_writes=off"]


class _State(NamedTuple):
    sockets: Path
    ready: bool


@contextmanager
def serve(folder: Path, *, durable: bool = True) -> Iterator[str]:
    """Runs a PostgreSQL on `folder`, made on first use; gives its address for SQLAlchemy.

    It ends with this block and, however that ends, with this process. `durable=False` is for tests:
    a crash of the machine may cost every row. Raises EmbeddedPostgresUnavailable.
    """
    postgres = as_server_user(binary("postgres"))
    data, log = folder.absolute() / "data", folder.absolute() / LOG
    with ExitStack() as stack:
        try:
            output = stack.enter_context(claimed(folder, log=log))
        except (FolderInUse, OSError) as error:
            raise EmbeddedPostgresUnavailable(f"{error}, or {INSTEAD}.") from error
        _prepare(data, output)
        sockets = stack.enter_context(private_folder("pg-"))
        options = PRIVATE if durable else PRIVATE + NOT_DURABLE
        command = [*postgres, "-D", data, "-k", sockets, *options]
        server = kept(command, output=output, stop=signal.SIGINT, remove=[sockets])
        keeper = stack.enter_context(server)
        _wait_until_ready(data, sockets, keeper, log)
        yield _address(sockets)


def address(folder: Path) -> str | None:
    """The address of the server that runs on `folder`, None if none does."""
    state = _state(folder / "data")
    if state is None or not state.ready:
        return None
    return _address(state.sockets) if answers(state.sockets / ".s.PGSQL.5432") else None


def _prepare(data: Path, output: IO[bytes]) -> None:
    if data.exists():
        if address(data.parent) is None:
            # The folder is ours and nobody answers: after a crash, the number in this file may
            # by now be that of another program, and PostgreSQL would refuse to start.
            (data / "postmaster.pid").unlink(missing_ok=True)
        return
    draft = data.with_name("data.new")  # gets its name last, so it is there whole or not at all
    shutil.rmtree(draft, ignore_errors=True)
    command = [*as_server_user(binary("initdb")), "-D", draft, *INITDB]
    environment = os.environ | {"TZ": "UTC"}
    made = subprocess.run(  # noqa: S603 - the command is our own
        command, env=environment, stdout=output, stderr=output, check=False
    )
    if made.returncode:
        raise _failure(data.with_name(LOG))
    draft.rename(data)


def _wait_until_ready(
    data: Path, sockets: Path, keeper: subprocess.Popen[bytes], log: Path
) -> None:
    deadline = time.monotonic() + START_SECONDS
    while _state(data) != _State(sockets, ready=True):
        if keeper.poll() is not None or time.monotonic() > deadline:
            raise _failure(log)
        time.sleep(0.01)


def _failure(log: Path) -> EmbeddedPostgresUnavailable:
    return EmbeddedPostgresUnavailable(f"The embedded PostgreSQL did not start. {ending(log)}")


def _state(data: Path) -> _State | None:
    """What the server says of itself, None if it does not say all of it (yet)."""
    try:
        _, _, _, _, sockets, _, _, status, *_ = (data / "postmaster.pid").read_text().splitlines()
    except (OSError, ValueError):
        return None
    return _State(Path(sockets), ready=status.strip() == "ready")


def _address(sockets: Path) -> str:
    # The port stands there because clients would otherwise ask the variable PGPORT.
    return f"postgresql+asyncpg://postgres@/postgres?host={quote(str(sockets))}&port=5432"
