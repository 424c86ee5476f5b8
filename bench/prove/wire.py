"""Bytes to a port, and the status that comes back: no HTTP client of good manners sends what is sent here."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from types import TracebackType
from typing import Self

PATIENCE = 20.0
"""Seconds for an answer; the door itself waits 3 for a body."""

SAID_NOTHING = 0
"""Instead of a status: the connection ended without an answer."""


class Wire:
    """One connection, opened anew when the other side has closed it."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self.said = b""
        """What the last answer said, as bytes; empty where it did not say how long that is."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Hang up."""
        if self._streams:
            writer = self._streams[1]
            self._streams = None
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    async def ask(self, raw: bytes, *, last: bool = False) -> int:
        """Send the bytes; the answer's status, or `SAID_NOTHING`. `last`: nothing may follow on this connection.

        Raises `TimeoutError` where neither an answer nor an end comes in time.
        """
        self.said = b""
        async with asyncio.timeout(PATIENCE):
            try:
                status, stays_open = await self._exchange(raw, half_closes=last)
            except (OSError, EOFError, ValueError):
                status, stays_open = SAID_NOTHING, False
        if last or not stays_open:
            await self.close()
        return status

    async def _exchange(self, raw: bytes, *, half_closes: bool) -> tuple[int, bool]:
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._streams
        writer.write(raw)
        with suppress(OSError):  # it may hang up before it has heard all, and have answered
            await writer.drain()
        if half_closes and writer.can_write_eof():
            writer.write_eof()
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        status = int(head.split(" ", 2)[1])
        headers = dict(line.split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line)
        if "content-length" not in headers:
            return status, False
        self.said = await reader.readexactly(int(headers["content-length"]))
        return status, headers.get("connection") != "close"
