"""A PostgreSQL of one's own, to be killed, paused and started again where it was."""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from app.embedded import postgres
from app.embedded.postgres_wheel import as_server_user, binary
from app.embedded.sockets import private_folder
from tests.system.processes import within


class Server:
    """On a folder that was served before, with its socket where it stays."""

    def __init__(self, folder: Path, sockets: Path) -> None:
        self.folder, self.sockets = folder, sockets
        self.start()

    @property
    def address(self) -> str:
        """Of its own database; the same after every start."""
        address = postgres.address(self.folder)
        assert address is not None
        return address

    def start(self) -> None:
        """Returns once it lets somebody in."""
        options = [*postgres.PRIVATE, *postgres.NOT_DURABLE, "-cmax_connections=100"]
        command = [*as_server_user(binary("postgres")), "-D", self.folder / "data"]
        with self.folder.joinpath(postgres.LOG).open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603 - the command is our own
                [*command, "-k", self.sockets, *options], stdout=log, stderr=log
            )
        assert within(lambda: postgres.address(self.folder) is not None)

    def kill(self) -> None:
        """All its processes, as a machine that loses its power."""
        self._signal(signal.SIGSTOP)  # or the first to die would have the others say goodbye
        self._signal(signal.SIGKILL)
        self.process.wait()
        (self.folder / "data" / "postmaster.pid").unlink()

    def pause(self) -> None:
        """As a machine or a disk that hangs: connections stay, nobody answers."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        """After a pause."""
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        for pid in [self.process.pid, *self._children()]:
            with suppress(ProcessLookupError):  # a backend may end meanwhile
                os.kill(pid, number)

    def _children(self) -> list[int]:
        listed = subprocess.run(
            ["ps", "-A", "-o", "ppid=,pid="],  # noqa: S607 - wherever the system has it
            check=True,
            capture_output=True,
            text=True,
        )
        pairs = (map(int, line.split()) for line in listed.stdout.splitlines())
        return [pid for parent, pid in pairs if parent == self.process.pid]


@contextmanager
def serving(folder: Path) -> Iterator[Server]:
    """Gone after the block, paused or not."""
    with postgres.serve(folder, durable=False):
        pass  # there is a cluster in the folder now
    with private_folder("pg-") as sockets:
        server = Server(folder, sockets)
        try:
            yield server
        finally:
            server.kill()
