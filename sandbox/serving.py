"""uvicorn inside a running event loop, as Slack, its tests and their apps are served."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator

import uvicorn
from starlette.types import ASGIApp

HOST = "127.0.0.1"
LET_FINISH = 3.0
"""Seconds that a stop waits for what is being answered."""
LOOK_EVERY = 0.002
TURNS = 4
"""Turns of the loop after which whoever was accepted just before the end is known, and closed like the others."""


class Server(uvicorn.Server):
    """It leaves signals to whoever runs the loop, and begins and ends when told to, not at a tick of a tenth of a second.

    `port` 0 takes any free one; one that is taken raises `OSError`. `lifespan` says whether the application has a start
    and an end of its own.
    """

    def __init__(self, app: ASGIApp, *, port: int = 0, lifespan: bool = False) -> None:
        listening = socket.create_server((HOST, port))
        # asyncio does so by itself only for sockets that it opened: else each second answer of a connection waits 40 ms
        # for the acknowledgement of its headers. What is accepted inherits it.
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._listening, self.port = listening, int(listening.getsockname()[1])
        super().__init__(
            uvicorn.Config(app, lifespan="on" if lifespan else "off", ws="none", log_config=None, access_log=False)
        )
        self._stands, self._told_to_stop = asyncio.Event(), asyncio.Event()
        self._serving: asyncio.Task[None] | None = None

    @property
    def address(self) -> str:
        """Where it listens, without a path."""
        return f"http://{HOST}:{self.port}"

    async def start(self) -> None:
        """Serve from now on. What the application raises at its start is raised."""
        self._serving = asyncio.create_task(self.serve(sockets=[self._listening]))
        standing = asyncio.create_task(self._stands.wait())
        await asyncio.wait((self._serving, standing), return_when=asyncio.FIRST_COMPLETED)
        standing.cancel()
        if self._serving.done():
            await self._serving

    async def stop(self) -> None:
        """Answer what is being answered, and end; nothing, where it is not serving."""
        self._told_to_stop.set()
        if self._serving:
            await self._serving

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """None: they are the business of whoever runs the loop."""
        yield

    async def main_loop(self) -> None:
        """Until it is told to stop."""
        await self.on_tick(0)
        self._stands.set()
        await self._told_to_stop.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """As uvicorn's own, which waits for connections and tasks by sleeping a tenth of a second at a time."""
        for server in self.servers:
            server.close()
        for listening in sockets or []:
            listening.close()
        for _ in range(TURNS):
            await asyncio.sleep(0)
        for connection in list(self.server_state.connections):
            connection.shutdown()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LET_FINISH):
                while self.server_state.connections or self.server_state.tasks:  # noqa: ASYNC110 -- nobody tells
                    await asyncio.sleep(LOOK_EVERY)
        for task in self.server_state.tasks:
            task.cancel(msg="the server stops")
        for connection in list(self.server_state.connections):
            connection.transport.abort()  # or its socket would be left to the garbage collector
        await self.lifespan.shutdown()


@contextlib.asynccontextmanager
async def serving(app: ASGIApp, *, lifespan: bool = False) -> AsyncIterator[str]:
    """Serve an application for as long as the context lasts: its address."""
    server = Server(app, lifespan=lifespan)
    await server.start()
    try:
        yield server.address
    finally:
        await server.stop()
