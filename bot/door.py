"""The front door: what Slack sends over HTTP comes in here, verified and parsed, and goes on as a payload.

It does both by itself. Bolt would log the whole body where a signature is bad, answer 500 to a timestamp that is no
number, and lose commands whose words contain "payload" (see `bot.payloads`). No body and no signature is ever logged.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from . import health, payloads, signature
from .health import Lifespan, Ready
from .payloads import LARGEST
from .reception import Answer, Reception, Said
from .rejections import Malformed, TooLarge, TooSlow

PATIENCE = 3.0
"""Seconds that a body may take to arrive: after 3 Slack has stopped waiting for the answer."""


def door(
    reception: Reception,
    *,
    signing_secret: str,
    ready: Ready,
    lifespan: Lifespan,
    now: Callable[[], float] = time.time,
    patience: float = PATIENCE,
) -> Starlette:
    """The application: `POST /slack/events`, `GET /healthz` and `GET /readyz`.

    `lifespan` opens and closes what `reception` needs. `now` gives seconds since 1970, for the age of a signature.
    """
    entrance = _Entrance(reception, signing_secret, now, patience)
    routes = [Route("/slack/events", entrance.receive, methods=["POST"])]
    return health.application(reception, ready=ready, lifespan=lifespan, routes=routes)


@dataclass(slots=True)
class _Entrance:
    reception: Reception
    secret: str
    now: Callable[[], float]
    patience: float

    async def receive(self, request: Request) -> Response:
        made: Response | None = None

        async def answer(facts: dict[str, str]) -> Answer:
            nonlocal made
            found = await self._answer(request, facts)
            made = _response(found)  # here, where one that can't be made is told
            return found

        said = await self.reception.answer(request.url.path, answer)
        return made or _response(said)

    async def _answer(self, request: Request, facts: dict[str, str]) -> Answer:
        kind = payloads.content_type(request.headers.getlist("content-type"))
        raw = await _read(request, self.patience)
        if payloads.is_ssl_check(raw, kind):
            facts["what"] = "ssl_check"
            return Said()
        self._verify(request, raw)
        return await self.reception.take(payloads.parse(raw, kind), _passed_on(request), facts)

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
