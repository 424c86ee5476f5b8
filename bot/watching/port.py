"""The port on which Prometheus reads the figures: of its own, so that the front door's can be public."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from .figures import CONTENT_TYPE, Figures


class _Server(uvicorn.Server):
    """uvicorn beside the front door's, which alone hears signals."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def application(figures: Figures) -> Starlette:
    """Serves `GET /metrics`."""

    async def tell(_request: Request) -> Response:
        return Response(await figures.page(), headers={"content-type": CONTENT_TYPE})

    return Starlette(routes=[Route("/metrics", tell, methods=["GET"])])


@asynccontextmanager
async def serving(figures: Figures, listening: socket.socket) -> AsyncIterator[None]:
    """Serve it meanwhile."""
    server = _Server(
        uvicorn.Config(
            application(figures), lifespan="off", log_config=None, access_log=False, timeout_graceful_shutdown=1
        )
    )
    task = asyncio.create_task(server.serve(sockets=[listening]), name="metrics")
    try:
        yield
    finally:
        server.should_exit = True
        await task
