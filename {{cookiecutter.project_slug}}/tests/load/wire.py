"""One connection that stays open, by a client that costs less than what it measures."""

import asyncio
import json
from typing import Any, NamedTuple


class Answer(NamedTuple):
    """A status, and the body as it came."""

    status: int
    body: bytes

    def json(self) -> Any:
        """What the body says."""
        return json.loads(self.body)


class Connection:
    """To one port of this machine; opened when it is needed, and anew when it was closed."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def send(
        self, method: str, path: str, headers: dict[str, str], body: object = None
    ) -> Answer:
        """The answer, whose length must be told. Raises OSError and EOFError when there is none."""
        content = b"" if body is None else json.dumps(body).encode()
        typed = {} if body is None else {"Content-Type": "application/json"}
        fields = {"Host": "localhost", "Content-Length": str(len(content))} | typed | headers
        head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        reader, writer = await self._opened()
        try:
            writer.write(f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + content)
            told = (await reader.readuntil(b"\r\n\r\n")).lower()
            length = told.partition(b"\r\ncontent-length:")[2].split(maxsplit=1) or [b"0"]
            return Answer(int(told.split()[1]), await reader.readexactly(int(length[0])))
        except BaseException:
            self.close()  # an answer that nobody waited for must not become the next one's
            raise

    def close(self) -> None:
        """Ends it; the next request opens another."""
        if self._streams:
            self._streams[1].close()
        self._streams = None

    async def _opened(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._streams and self._streams[0].at_eof():  # left idle for too long
            self.close()
        self._streams = self._streams or await asyncio.open_connection("127.0.0.1", self._port)
        return self._streams
