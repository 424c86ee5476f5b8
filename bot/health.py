"""Whether Outloud is well: `GET /healthz` and `GET /readyz`, beside whatever else an application serves."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import structlog
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from .reception import Reception
from .rejections import Stopping

log = structlog.get_logger(__name__)

Ready = Callable[[], Awaitable[list[str]]]
"""Why Outloud can't work just now, a sentence each; nothing if it can."""

Lifespan = Callable[[Starlette], AbstractAsyncContextManager[None]]


def application(
    reception: Reception, *, ready: Ready, lifespan: Lifespan, routes: Sequence[BaseRoute] = ()
) -> Starlette:
    """Serves these routes, and how Outloud is. `lifespan` opens and closes what `reception` needs, which is told before."""

    async def tell_readiness(_request: Request) -> Response:
        reasons = [str(Stopping())] if reception.stopping else await _reasons(ready)
        return JSONResponse({"ready": not reasons, "reasons": reasons}, 503 if reasons else 200)

    @asynccontextmanager
    async def opened(served: Starlette) -> AsyncIterator[None]:
        async with lifespan(served):
            try:
                yield
            finally:
                reception.stopping = True

    own = [Route("/healthz", _live, methods=["GET"]), Route("/readyz", tell_readiness, methods=["GET"])]
    return Starlette(routes=[*routes, *own], lifespan=opened)


async def _live(_request: Request) -> Response:
    return PlainTextResponse("ok")


async def _reasons(ready: Ready) -> list[str]:
    try:
        return await ready()
    except Exception:  # whatever it is, the answer to "are you ready?" is no
        log.exception("readiness is unknown")
        return ["Outloud could not find out whether it is ready. Its log says why."]
