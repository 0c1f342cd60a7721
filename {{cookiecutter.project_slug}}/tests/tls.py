"""TLS in front of servers that have none: certificates for a day, and a proxy that speaks it."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass, field
from pathlib import Path

import trustme
from sqlalchemy.engine import URL

from app.core.database import url

HOST = "localhost"
SSL_REQUEST = (8).to_bytes(4) + (80877103).to_bytes(4)  # how a client of PostgreSQL asks for TLS


@dataclass
class Front:
    """Where it listens, and what came in: before TLS, and after it."""

    port: int = 0
    clear: bytearray = field(default_factory=bytearray)
    private: bytearray = field(default_factory=bytearray)


@dataclass(frozen=True)
class Authority:
    """One that clients may trust, by the file `ca`."""

    issuer: trustme.CA
    ca: Path

    @classmethod
    def made(cls, folder: Path) -> "Authority":
        """With its certificate in that folder."""
        issuer, ca = trustme.CA(), folder / "ca.pem"
        issuer.cert_pem.write_to_path(str(ca))
        return cls(issuer, ca)

    def vouches_for(self, name: str) -> ssl.SSLContext:
        """What a server of that name needs."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.issuer.issue_cert(name).configure_cert(context)
        return context


def through(front: Front, address: str, **query: str) -> str:
    """The address of the same database at the front."""
    there: URL = url(address).difference_update_query(["host", "port"])
    there = there.set(host=HOST, port=front.port).update_query_dict(query)
    return there.render_as_string(hide_password=False)


@asynccontextmanager
async def postgresql(address: str, context: ssl.SSLContext | None) -> AsyncIterator[Front]:
    """TLS as PostgreSQL does it, in a connection that began without; None: none, as it is."""
    front, given = Front(), url(address)
    host = str(given.host or given.query["host"])
    port = int(given.port or str(given.query.get("port", 5432)))

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen = front.clear
        with suppress(OSError), closing(writer):
            if context:
                seen += await reader.readexactly(len(SSL_REQUEST))
                writer.write(b"S")
                await writer.start_tls(context)
                seen = front.private
            if host.startswith("/"):
                server = await asyncio.open_unix_connection(f"{host}/.s.PGSQL.{port}")
            else:
                server = await asyncio.open_connection(host, port)
            await _between((reader, writer), server, seen)

    async with await asyncio.start_server(serve, HOST, 0) as listening:
        front.port = listening.sockets[0].getsockname()[1]
        yield front


@asynccontextmanager
async def redis(path: str, context: ssl.SSLContext | None) -> AsyncIterator[Front]:
    """TLS from the first byte, before the server at that socket; None: none."""
    front = Front()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError), closing(writer):
            server = await asyncio.open_unix_connection(path)
            await _between((reader, writer), server, front.private if context else front.clear)

    async with await asyncio.start_server(serve, HOST, 0, ssl=context) as listening:
        front.port = listening.sockets[0].getsockname()[1]
        yield front


type _Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def _between(client: _Streams, server: _Streams, seen: bytearray) -> None:
    with closing(server[1]):
        back = asyncio.create_task(_pass_on(server[0], client[1], bytearray()))
        await _pass_on(client[0], server[1], seen)
        back.cancel()


async def _pass_on(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, seen: bytearray
) -> None:
    with suppress(OSError):
        while some := await reader.read(65536):
            seen += some
            writer.write(some)
        writer.close()
