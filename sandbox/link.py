"""One Socket Mode connection, as Slack has it: what is sent over it, which acknowledgements came, and how it ends."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from aiohttp import WSMsgType, web

from .parcels import DEADLINE

if TYPE_CHECKING:
    from .records import Json

PING_EVERY = 5.0
"""Real seconds between two pings. Whoever has not answered one by the next is taken for gone."""


class Link:
    """Talks over `socket`. `is_silent`: it takes whatever comes and answers nothing any more, not even a ping."""

    def __init__(self, socket: web.WebSocketResponse, transport: asyncio.Transport | None) -> None:
        self.is_silent = False
        self.is_leaving = False
        """Nothing is sent over it any more."""
        self._socket, self._transport = socket, transport
        self._asked: dict[str, tuple[asyncio.Future[Any], str]] = {}
        """What waits for its acknowledgement, by its envelope's id, with the fault that strikes it."""
        self._is_heard = True
        self._leaving: asyncio.Task[None] | None = None

    async def talk(self, hello: Json) -> None:
        """Greet, and take acknowledgements until the connection ends."""
        pinging = asyncio.create_task(self._ping())
        try:
            with suppress(ConnectionError):
                await self._say(hello)
                while await self._hear():
                    pass
        finally:
            pinging.cancel()
            if self._leaving:
                self._leaving.cancel()
            for answer, _ in self._asked.values():
                if not answer.done():
                    answer.set_exception(ConnectionResetError("the connection ended"))
            self.abort()

    async def ask(self, envelope: Json, fault: str = "") -> Json | None:
        """Send an envelope; its acknowledgement's payload, if it has one. Raises `ConnectionError` where it ends before.

        With the fault `closed before ack` it ends when the acknowledgement comes, with `closed after ack` behind that.
        """
        id = envelope["envelope_id"]
        answer: asyncio.Future[Json | None] = asyncio.get_running_loop().create_future()
        self._asked[id] = answer, fault
        try:
            await self._say(envelope)
            return await answer
        finally:
            del self._asked[id]

    def refresh_in(self, seconds: float) -> None:
        """Warn that the connection will be refreshed, and do it after so many real seconds."""
        self._leaving = self._leaving or asyncio.create_task(self._refresh(seconds))

    async def dismiss(self, reason: str) -> None:
        """Say why, and close: once what was sent is acknowledged, or too late for it."""
        self.is_leaving = True
        if self._asked:
            await asyncio.wait([answer for answer, _ in self._asked.values()], timeout=DEADLINE)
        with suppress(ConnectionError):
            await self._say({"type": "disconnect", "reason": reason, "debug_info": {"host": "sandbox"}})
            await self._socket.close()

    def abort(self) -> None:
        """Break the connection without a word."""
        if self._transport:
            self._transport.abort()

    async def _refresh(self, seconds: float) -> None:
        with suppress(ConnectionError):
            await self._say({"type": "disconnect", "reason": "warning", "debug_info": {"host": "sandbox"}})
        await asyncio.sleep(seconds)
        await self.dismiss("refresh_requested")

    async def _say(self, message: Json) -> None:
        if self._transport is None or self._transport.is_closing():
            raise ConnectionResetError("the connection ended")
        if not self.is_silent:
            await self._socket.send_json(message)

    async def _hear(self) -> bool:
        """Take one message. Returns whether there may be more."""
        message = await self._socket.receive()
        if message.type in (WSMsgType.CLOSE, WSMsgType.CLOSED, WSMsgType.CLOSING, WSMsgType.ERROR):
            if not self.is_silent:
                await self._socket.close()
            return False
        if self.is_silent:
            return True
        if message.type is WSMsgType.PING:
            await self._socket.pong(message.data)
        elif message.type is WSMsgType.PONG:
            self._is_heard = True
        elif message.type is WSMsgType.TEXT:
            self._take(message.data)
        return True

    def _take(self, text: str) -> None:
        """An acknowledgement; whatever is none that is waited for has no effect."""
        try:
            said = json.loads(text)
        except ValueError:
            return
        asked = self._asked.get(str(said.get("envelope_id"))) if isinstance(said, dict) else None
        if asked is None or asked[0].done():
            return
        answer, fault = asked
        if fault != "closed before ack":
            answer.set_result(said.get("payload"))
        if fault in ("closed before ack", "closed after ack"):
            self.abort()

    async def _ping(self) -> None:
        while self._is_heard or self.is_silent:
            await asyncio.sleep(PING_EVERY)
            if not self.is_silent:
                self._is_heard = False
                with suppress(ConnectionError):
                    await self._socket.ping()
                await asyncio.sleep(PING_EVERY)
        self.abort()
