"""The Web API over HTTP: `/api/{method}`, `/response/{secret}` where interactions are answered, `/upload/{secret}` for files.

https://docs.slack.dev/apis/web-api
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from email import message_from_bytes
from typing import Any
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp

from .api.files import take_in
from .api.responses import respond
from .broken import answer_call, droppable
from .records import Json, SlackError
from .world import World

LARGEST_BODY = 1_000_000
"""Bytes. Slack documents no number; its own answers to larger requests are errors of the HTTP server."""

LARGEST_UPLOAD = 100_000_000
"""Bytes that the sandbox takes in as a file."""

FORM, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"


def web(world: World, *, extra_routes: Sequence[BaseRoute] = ()) -> ASGIApp:
    """The sandbox's HTTP application; `extra_routes` are served beside Slack's own, and struck by no fault."""

    async def api(request: Request) -> Response:
        try:
            args = await _arguments(request)
        except SlackError as error:
            return JSONResponse({"ok": False, "error": error.code}, status_code=error.more.get("status", 200))
        token = _token(request, args)
        return await answer_call(world, request.path_params["method"], args, token)

    async def response(request: Request) -> Response:
        try:
            body = _json(await _body(request))
            respond(world, request.path_params["secret"], body)
        except SlackError as error:
            status = error.more.pop("status", 400)
            return JSONResponse({"ok": False, "error": error.code} | error.more, status_code=status)
        return PlainTextResponse("ok")

    async def upload(request: Request) -> Response:
        try:
            content = await _body(request, largest=LARGEST_UPLOAD)
            take_in(world, request.path_params["secret"], content)
        except SlackError as error:
            return PlainTextResponse(error.code, error.more.get("status", 400))
        return PlainTextResponse(f"OK - {len(content)}")

    routes = [
        Route("/api/{method}", api, methods=["GET", "POST"]),
        Route("/response/{secret}", response, methods=["POST"]),
        Route("/upload/{secret}", upload, methods=["POST"]),
        *extra_routes,
    ]
    return droppable(Starlette(routes=routes))


async def _body(request: Request, *, largest: int = LARGEST_BODY) -> bytes:
    """The body, whole. Raises `request_too_large`."""
    body = bytearray()
    try:
        async for part in request.stream():
            body += part
            if len(body) > largest:
                raise SlackError("request_too_large", status=413)
    except ClientDisconnect:
        raise SlackError("request_timeout", status=408) from None
    return bytes(body)


async def _arguments(request: Request) -> dict[str, Any]:
    """The arguments of the query and of the body, which wins.

    Raises `invalid_json`, `json_not_object`, `invalid_post_type`, `missing_post_type`, `invalid_form_data`, `request_too_large`.
    """
    args: dict[str, Any] = dict(request.query_params)
    if request.method == "GET":
        return args
    body = await _body(request)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/json":
        return args | _json(body)
    if not body:
        return args
    if kind not in (FORM, MULTIPART):
        raise SlackError("invalid_post_type" if kind else "missing_post_type")
    return args | _form(kind, request.headers["content-type"], body)


def _form(kind: str, content_type: str, body: bytes) -> dict[str, Any]:
    try:
        if kind == FORM:
            return dict(parse_qsl(body.decode(), keep_blank_values=True, errors="strict"))
        return _multipart(content_type, body)
    except ValueError:
        raise SlackError("invalid_form_data") from None


def _multipart(content_type: str, body: bytes) -> dict[str, Any]:
    """The fields of a multipart form; files are none of the sandbox's business."""
    whole = message_from_bytes(b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + body)
    if not whole.is_multipart():
        raise ValueError(content_type)
    fields: dict[str, Any] = {}
    for part in whole.walk():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(content, bytes) and part.get_filename() is None:
            fields[name] = content.decode()
    return fields


def _json(body: bytes) -> Json:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        raise SlackError("invalid_json") from None
    if not isinstance(value, dict):
        raise SlackError("json_not_object")
    return value


def _token(request: Request, args: dict[str, Any]) -> str:
    given = args.pop("token", "")
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else str(given or "")
