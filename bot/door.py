"""The front door: what Slack sends over HTTP comes in here, checked, and goes on as a payload.

It verifies and parses by itself. Bolt would log the whole body where a signature is bad, answer 500 to a timestamp
that is no number, and lose commands whose words contain "payload" (see `bot.payloads`). No body and no signature is
ever logged.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any, Protocol

import structlog
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from . import envelope, payloads, signature
from .rejections import Malformed, Rejection, Stopping, TooLarge, TooSlow

LARGEST = 512 * 1024
"""Bytes that a body may have. Slack's largest, a form full of words in blocks full of options, stays well under it."""

PATIENCE = 3.0
"""Seconds that a body may take to arrive: after 3 Slack has stopped waiting for the answer."""

log = structlog.get_logger(__name__)


class Answer(Protocol):
    """What comes back to Slack. Bolt's `BoltResponse` is one."""

    @property
    def status(self) -> int:
        """The HTTP status."""

    @property
    def body(self) -> str:
        """The text, maybe empty."""

    @property
    def headers(self) -> Mapping[str, Sequence[str]]:
        """Names and the values of each."""


Dispatch = Callable[[dict[str, Any], Mapping[str, Sequence[str]], bytes], Awaitable[Answer]]
"""Takes the payload, the headers (lower case) that a handler may need, and the body as it came."""

Ready = Callable[[], Awaitable[list[str]]]
"""Why Outloud can't work just now, a sentence each; nothing if it can."""

Lifespan = Callable[[Starlette], AbstractAsyncContextManager[None]]


def door(
    dispatch: Dispatch,
    *,
    signing_secret: str,
    ready: Ready,
    lifespan: Lifespan,
    now: Callable[[], float] = time.time,
    patience: float = PATIENCE,
) -> Starlette:
    """The application: `POST /slack/events`, `GET /healthz` and `GET /readyz`.

    `lifespan` opens and closes what `dispatch` needs. `now` gives seconds since 1970, for the age of a signature.
    """
    entrance = _Entrance(dispatch, signing_secret, ready, now, patience)

    @asynccontextmanager
    async def opened(application: Starlette) -> AsyncIterator[None]:
        async with lifespan(application):
            try:
                yield
            finally:
                entrance.stopping = True

    routes = [
        Route("/slack/events", entrance.receive, methods=["POST"]),
        Route("/healthz", _live, methods=["GET"]),
        Route("/readyz", entrance.tell_readiness, methods=["GET"]),
    ]
    return Starlette(routes=routes, lifespan=opened)


async def _live(_request: Request) -> Response:
    return PlainTextResponse("ok")


@dataclass(slots=True)
class _Entrance:
    dispatch: Dispatch
    secret: str
    ready: Ready
    now: Callable[[], float]
    patience: float
    stopping: bool = False

    async def tell_readiness(self, _request: Request) -> Response:
        if self.stopping:
            reasons = [str(Stopping())]
        else:
            try:
                reasons = await self.ready()
            except Exception:  # whatever it is, the answer to "are you ready?" is no
                log.exception("readiness is unknown")
                reasons = ["Outloud could not find out whether it is ready. Its log says why."]
        return JSONResponse({"ready": not reasons, "reasons": reasons}, 503 if reasons else 200)

    async def receive(self, request: Request) -> Response:
        began = time.perf_counter()
        facts = {"path": request.url.path}
        try:
            response = await self._answer(request, facts)
        except Rejection as rejection:
            facts["reason"] = str(rejection)
            response = PlainTextResponse(str(rejection), rejection.status)
            if rejection.closes:
                response.headers["connection"] = "close"
        except Exception:  # nobody else sees it; Slack delivers an event again after a 500
            log.exception("request failed", **facts)
            response = PlainTextResponse("Outloud could not take this in. Its log says why.", 500)
        log.info("request", **facts, status=response.status_code, ms=round((time.perf_counter() - began) * 1000, 1))
        return response

    async def _answer(self, request: Request, facts: dict[str, str]) -> Response:
        if self.stopping:
            raise Stopping
        kind = payloads.content_type(request.headers.getlist("content-type"))
        raw = await _read(request, self.patience)
        if payloads.is_ssl_check(raw, kind):
            facts["what"] = "ssl_check"
            return Response()
        self._verify(request, raw)
        payload = payloads.parse(raw, kind)
        facts["what"] = envelope.check(payload)
        if facts["what"] == "url_verification":
            return JSONResponse({"challenge": payload["challenge"]})
        if facts["what"] == "app_rate_limited":
            log.warning("Slack is holding events back: more than 30,000 an hour in one workspace")
            return Response()
        return _response(await self.dispatch(payload, _passed_on(request), raw))

    def _verify(self, request: Request, raw: bytes) -> None:
        signature.verify(
            raw,
            timestamps=request.headers.getlist("x-slack-request-timestamp"),
            signatures=request.headers.getlist("x-slack-signature"),
            secret=self.secret,
            now=self.now(),
        )


async def _read(request: Request, patience: float) -> bytes:
    """The body, of which never more than one chunk beyond `LARGEST` is read."""
    lengths = request.headers.getlist("content-length")
    if len(lengths) > 1 or not all(length.isascii() and length.isdigit() for length in lengths):
        raise Malformed("The Content-Length is not a number.")
    if any(len(length.lstrip("0")) > len(str(LARGEST)) or int(length) > LARGEST for length in lengths):
        raise TooLarge
    body = bytearray()
    try:
        async with asyncio.timeout(patience):
            async for chunk in request.stream():
                body += chunk
                if len(body) > LARGEST:
                    raise TooLarge
    except TimeoutError:
        raise TooSlow from None
    except ClientDisconnect:
        raise Malformed("The connection ended before the body did.") from None
    return bytes(body)


def _passed_on(request: Request) -> dict[str, list[str]]:
    """Slack's own headers. Not the signature; and not those by which Bolt would let a request choose its listener."""
    return {
        name: request.headers.getlist(name)
        for name in request.headers
        if name == "content-type" or (name.startswith("x-slack-retry-"))
    }


def _response(answer: Answer) -> Response:
    response = Response(answer.body, answer.status)
    for name, values in answer.headers.items():
        if name.lower() != "content-length":
            for value in values:
                response.headers.append(name, value)
    return response
