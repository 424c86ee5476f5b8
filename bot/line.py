"""One Socket Mode connection: greeted by Slack, heard until it ends, and acknowledged on."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any, Self

import aiohttp
import structlog
from aiohttp import ClientWebSocketResponse, ClientWSTimeout, WSMsgType

from . import payloads
from .payloads import JSON, LARGEST
from .rejections import Rejection, TooLarge

log = structlog.get_logger(__name__)

HEARTBEAT = 10.0
"""Seconds of silence after which Slack is pinged. Where half as many later nothing came, the connection is taken for broken."""

SILENT_AT_MOST = 2 * HEARTBEAT
"""Seconds for which a connection that broke may have brought nothing, unnoticed: the ping and its answer, and as much as a busy
machine may be late with them."""

GREETED_WITHIN = 10.0
"""Seconds from the call to Slack's `hello`."""

LEFT_WITHIN = 30.0
"""Seconds that a connection whose end Slack has announced is heard, at most: Slack ends it after about ten."""

CLOSED_WITHIN = 1.0
"""Seconds that Slack has to agree to a close."""

LARGEST_FRAME = 2 * LARGEST
"""Bytes: more breaks the connection. What is larger than `LARGEST` and not than this is turned away by itself."""


class NotGreeted(Exception):
    """The connection stood, and was not greeted as Slack greets: by the type of what came instead, or by nothing."""


class Line:
    """Heard by `hear`, which gets each envelope. `over` is set when its end is announced, or has come."""

    def __init__(self, socket: ClientWebSocketResponse) -> None:
        self.over = asyncio.Event()
        self.was_announced = False
        """Whether Slack said that it would end."""
        self._socket = socket
        self._heard_at = asyncio.get_running_loop().time()

    @property
    def silent_for(self) -> float:
        """Seconds since something came over it, as far as that is known: answers to pings are not seen here."""
        return min(asyncio.get_running_loop().time() - self._heard_at, SILENT_AT_MOST)

    @classmethod
    async def open(cls, session: aiohttp.ClientSession, url: str, *, proxy: str | None) -> Self:
        """Connect, and wait for the greeting. Raises `NotGreeted`, and what aiohttp raises."""
        socket = await session.ws_connect(
            url,
            heartbeat=HEARTBEAT,
            max_msg_size=LARGEST_FRAME,
            timeout=ClientWSTimeout(ws_close=CLOSED_WITHIN),
            proxy=proxy,
        )
        try:
            # not wait_for: until Python 3.12 it forgets that it was cancelled where the greeting comes at that very moment
            async with asyncio.timeout(GREETED_WITHIN):
                await _greeted(socket)
        except BaseException:
            await socket.close()
            raise
        return cls(socket)

    async def listen(self, hear: Callable[[Line, dict[str, Any]], None]) -> None:
        """Give each envelope to `hear` until the connection ends."""
        leaving = None
        try:
            async for message in self._socket:
                said = {}
                if message.type is WSMsgType.TEXT:  # and no error, as which aiohttp tells of a ping that nobody answers
                    self._heard_at, said = asyncio.get_running_loop().time(), _read(message.data)
                if said.get("type") == "disconnect":
                    log.info("Slack ends a connection", reason=str(said.get("reason")))
                    leaving = leaving or asyncio.get_running_loop().call_later(LEFT_WITHIN, self._leave)
                    self.was_announced = True
                    self.over.set()
                elif isinstance(said.get("envelope_id"), str):
                    hear(self, said)
        finally:
            self.over.set()
            if leaving:
                leaving.cancel()
            await self._socket.close()

    async def acknowledge(self, envelope: str, content: dict[str, Any] | None) -> bool:
        """Say that the envelope was taken in, with what there is to say. Returns whether the connection stood for it."""
        answer = {"envelope_id": envelope} | ({} if content is None else {"payload": content})
        try:
            await self._socket.send_str(json.dumps(answer))
        except ConnectionError:
            return False
        return True

    async def close(self) -> None:
        """End it."""
        await self._socket.close()

    def _leave(self) -> None:
        self._closing = asyncio.create_task(self._socket.close())


async def _greeted(socket: ClientWebSocketResponse) -> None:
    first = await socket.receive()
    said = _read(first.data) if first.type is WSMsgType.TEXT else {}
    if said.get("type") != "hello":
        raise NotGreeted(str(said.get("reason", first.type.name)))


def _read(text: str) -> dict[str, Any]:
    """What a message says; nothing where it is none of Slack's."""
    raw = text.encode()
    try:
        if len(raw) > LARGEST:
            raise TooLarge
        return payloads.parse(raw, JSON)
    except Rejection as rejection:
        log.warning("a message over a connection was not understood", reason=str(rejection))
        return {}
