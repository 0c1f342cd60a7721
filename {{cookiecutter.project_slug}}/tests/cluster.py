"""A cluster of three real Valkeys on loopback: only tests want one, so it lives beside them."""

import signal
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from redis import Redis
from redis.exceptions import ConnectionError as NotListening

from app.embedded.lifeline import claimed, ending, kept
from app.embedded.valkey import NOTHING_KEPT, binary
from tests.system.processes import within

HOST = "127.0.0.1"
NODES = 3
SLOTS = 16384


@contextmanager
def serve(folder: Path) -> Iterator[str]:
    """Runs it until the block or this process ends; gives the address of its first node."""
    ports = _free_ports(2 * NODES)
    listening, gossiping = ports[:NODES], ports[NODES:]
    with ExitStack() as stack:
        for port, bus in zip(listening, gossiping, strict=True):
            stack.enter_context(_node(folder / str(port), port, bus))
        nodes = [stack.enter_context(Redis(HOST, port)) for port in listening]
        _join(nodes, dict(zip(listening, gossiping, strict=True)))
        yield f"redis://{HOST}:{listening[0]}"


@contextmanager
def _node(folder: Path, port: int, bus: int) -> Iterator[None]:
    log = folder / "valkey.log"
    command: list[str | Path] = [binary(), "--bind", HOST, "--port", str(port), "--dir", folder]
    clustered = ["--cluster-enabled", "yes", "--cluster-port", str(bus)]
    with claimed(folder, log=log) as output, Redis(HOST, port) as node:
        started = kept([*command, *clustered, *NOTHING_KEPT], output=output, stop=signal.SIGTERM)
        with started:
            assert within(lambda: _answers(node)), ending(log)
            yield


def _join(nodes: list[Redis], buses: dict[int, int]) -> None:
    """Gives each its part of the slots and makes them known to each other."""
    bounds = [SLOTS * part // NODES for part in range(NODES + 1)]
    for number, node in enumerate(nodes):
        asked(node, "SET-CONFIG-EPOCH", number + 1)
        asked(node, "ADDSLOTSRANGE", bounds[number], bounds[number + 1] - 1)
    for port, bus in buses.items():
        asked(nodes[0], "MEET", HOST, port, bus)
    assert within(lambda: all(map(_knows_all, nodes))), "the nodes did not find each other"


def asked(node: Redis, order: str, *words: str | int) -> Any:
    """What the node says to CLUSTER and this order."""
    return node.execute_command(f"CLUSTER {order}", *words)  # type: ignore[no-untyped-call] # redis-py's own gap


def _knows_all(node: Redis) -> bool:
    told = asked(node, "INFO")
    return (told["cluster_state"], told["cluster_known_nodes"]) == ("ok", str(NODES))


def _answers(node: Redis) -> bool:
    try:
        return bool(node.ping())
    except NotListening:
        return False


def _free_ports(count: int) -> list[int]:
    with ExitStack() as held:
        sockets = [held.enter_context(socket.create_server((HOST, 0))) for _ in range(count)]
        return [int(each.getsockname()[1]) for each in sockets]
