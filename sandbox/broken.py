"""Calls that are struck by a fault: what the caller sees instead of an answer, if anything."""

from __future__ import annotations

import math
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, cast

from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response

from .api.table import call
from .faults import CALL_KINDS
from .records import Call

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from .faults import Fault
    from .records import Json
    from .world import World

ERRORS = ("internal_error", "fatal_error")
"""Slack's own: https://docs.slack.dev/reference/methods/chat.postMessage#errors. Both say that a part of what was asked
may have been done."""

TEXT = "upstream connect error or disconnect/reset before headers"
HTML = "<html><head><title>{0}</title></head><body><h1>{0}</h1></body></html>"

OUTERMOST = "sandbox.send"
"""Where in a request's scope the server's own `send` is kept."""


async def answer_call(world: World, name: str, args: Json, token: str) -> Response:
    """Answer a call, or do to it what the faults in force want."""
    fault = world.faults.strike(name, CALL_KINDS)
    if fault is None:
        return _answer(world, name, args, token)
    what, _, when = fault.kind.partition(" ")
    if what == "delayed":
        return await _answer_late(world, name, args, token, fault)
    if when == "after":
        _answer(world, name, args, token, fault)
        return _broken(world, name, fault)[0]
    response, error = _broken(world, name, fault)
    world.calls.append(Call(name, dict(args), error, world.clock.now(), fault.kind))
    return response


def _answer(world: World, name: str, args: Json, token: str, fault: Fault | None = None) -> Response:
    answer = call(world, name, args, token, fault=fault.kind if fault else None)
    return JSONResponse(answer.body, answer.status, answer.headers)


async def _answer_late(world: World, name: str, args: Json, token: str, fault: Fault) -> Response:
    if fault.kind == "delayed before":
        await world.faults.hold(fault.wait)
        return _answer(world, name, args, token, fault)
    response = _answer(world, name, args, token, fault)
    await world.faults.hold(fault.wait)
    return response


def _broken(world: World, name: str, fault: Fault) -> tuple[Response, str]:
    """What comes back, and what to call it where the call was not carried out."""
    if fault.kind == "429":
        seconds = max(1, math.ceil(fault.wait))
        body = {"ok": False, "error": "ratelimited"}
        return JSONResponse(body, 429, {"retry-after": str(seconds)}), "ratelimited"
    if fault.kind.startswith("dropped"):
        return Dropped(), fault.kind
    status = world.faults.choose(name, fault.statuses)
    if fault.kind.startswith("page"):
        html = HTML.format(HTTPStatus(status).phrase)
        page = world.faults.choose(name, (HTMLResponse(html, status), PlainTextResponse(TEXT, status)))
        return page, fault.kind
    code = world.faults.choose(name, ERRORS)
    return JSONResponse({"ok": False, "error": code}, status), code


class Dropped(Response):
    """No answer: the connection is closed. Only under uvicorn, and within `droppable`."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 -- nothing is sent
        """Close it, and wait until the server knows: it would answer 500 to a caller that it believes still there."""
        cycle = cast("Any", scope[OUTERMOST]).__self__
        cycle.transport.abort()
        while (await receive())["type"] != "http.disconnect":
            pass


def droppable(app: ASGIApp) -> ASGIApp:
    """An application whose answers may be `Dropped`: it keeps uvicorn's own `send`, which knows the connection."""

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        scope[OUTERMOST] = send
        await app(scope, receive, send)

    return serve
