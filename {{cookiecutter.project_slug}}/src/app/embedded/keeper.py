"""Runs one server and stops it once its starter is gone; a script of its own.

    python -I -S keeper.py STOP_SIGNAL PATIENCE_SECONDS [FOLDER_TO_REMOVE ...] -- COMMAND ...

Its standard input is a pipe whose other end only the starter holds. A byte from there, or the end
of it, which comes however the starter dies, means: stop the server.
"""

import os
import signal
import subprocess
import sys
from shutil import rmtree
from threading import Thread


def main(arguments: list[str]) -> None:
    """Keeps the server until it has ended, for whatever reason, and leaves nothing of it behind."""
    cut = arguments.index("--")
    stop, patience, *folders = arguments[:cut]
    gentle = signal.Signals[stop]
    server = subprocess.Popen(  # noqa: S603 - the command is our own
        arguments[cut + 1 :], stdin=subprocess.DEVNULL
    )
    # A machine that shuts down tells every process at once.
    signal.signal(signal.SIGTERM, lambda *_: server.send_signal(gentle))
    Thread(target=stop_with_starter, args=(server, gentle, float(patience)), daemon=True).start()
    server.wait()
    for folder in folders:
        rmtree(folder, ignore_errors=True)


def stop_with_starter(
    server: subprocess.Popen[bytes], gentle: signal.Signals, patience: float
) -> None:
    """Waits for the starter's end, then stops the server, less gently every `patience` seconds."""
    os.read(sys.stdin.fileno(), 1)
    for order in (gentle, signal.SIGQUIT, signal.SIGKILL):
        server.send_signal(order)
        try:
            server.wait(patience)
        except subprocess.TimeoutExpired:
            continue
        return


if __name__ == "__main__":
    main(sys.argv[1:])
