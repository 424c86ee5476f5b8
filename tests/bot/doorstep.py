"""What the tests of the front door send: signed requests, straight to the application, without a server between."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlencode

from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.types import Message

from bot import signature
from bot.door import door
from bot.reception import Answer, Reception

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
NOW = 1_760_000_000.0
FORM = "application/x-www-form-urlencoded"
JSON = "application/json"

EVENT = {
    "token": "verification",
    "type": "event_callback",
    "team_id": "T1",
    "event_id": "Ev1",
    "event_time": 1_760_000_000,
    "authorizations": [{"enterprise_id": None, "team_id": "T1", "user_id": "U9", "is_enterprise_install": False}],
    "event": {
        "type": "reaction_added",
        "user": "U1",
        "reaction": "bulb",
        "item": {"type": "message", "channel": "C1", "ts": "1.1"},
        "event_ts": "1.2",
    },
}
COMMAND = {
    "command": "/share",
    "text": "we learned something",
    "team_id": "T1",
    "user_id": "U1",
    "channel_id": "C1",
    "trigger_id": "1.2.3",
    "is_enterprise_install": "false",
}
PRESS = {
    "type": "block_actions",
    "team": {"id": "T1", "domain": "acme"},
    "user": {"id": "U1", "team_id": "T1"},
    "channel": {"id": "C1", "name": "general"},
    "enterprise": None,
    "actions": [{"type": "button", "action_id": "undo", "block_id": "b"}],
}
FORM_SENT = {
    "type": "view_submission",
    "team": None,
    "user": {"id": "U1", "team_id": "T1"},
    "view": {
        "id": "V1",
        "type": "modal",
        "blocks": [],
        "callback_id": "share",
        "team_id": "T1",
        "state": {"values": {}},
    },
}
SUGGESTION = {
    "type": "block_suggestion",
    "user": {"id": "U1"},
    "action_id": "topics",
    "value": "py",
    "team": {"id": "T1"},
}
SHORTCUT = {"type": "shortcut", "user": {"id": "U1"}, "callback_id": "share", "team": {"id": "T1"}}
MESSAGE_SHORTCUT = SHORTCUT | {"type": "message_action", "message": {"ts": "1.1"}, "channel": {"id": "C1"}}

GENUINE: list[dict[str, Any]] = [EVENT, COMMAND, PRESS, FORM_SENT, SUGGESTION, SHORTCUT, MESSAGE_SHORTCUT]


@dataclass
class Reply:
    """What the application answered."""

    status: int
    headers: Headers
    body: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()


@dataclass
class Spoken:
    """An answer of the house behind the door."""

    status: int = 200
    body: str = ""
    headers: Mapping[str, Sequence[str]] = field(default_factory=dict)
    outcome: str = ""


@dataclass
class House:
    """The door, and what came through it."""

    answer: Answer = field(default_factory=Spoken)
    error: Exception | None = None
    reasons: list[str] = field(default_factory=list)
    readiness_error: Exception | None = None
    patience: float = 60.0
    taken: list[tuple[dict[str, Any], Mapping[str, Sequence[str]]]] = field(default_factory=list)
    limits: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.application = door(
            Reception(self._dispatch, self._limited),
            signing_secret=SECRET,
            ready=self._ready,
            lifespan=self._lifespan,
            now=lambda: NOW,
            patience=self.patience,
        )

    async def _dispatch(self, payload: dict[str, Any], headers: Mapping[str, Sequence[str]]) -> Answer:
        if self.error:
            raise self.error
        self.taken.append((payload, headers))
        return self.answer

    async def _limited(self, payload: dict[str, Any]) -> None:
        self.limits.append(payload)

    async def _ready(self) -> list[str]:
        if self.readiness_error:
            raise self.readiness_error
        return self.reasons

    @asynccontextmanager
    async def _lifespan(self, _application: Starlette) -> AsyncIterator[None]:
        yield

    async def ask(self, path: str, method: str = "GET") -> Reply:
        """Any request without a body."""
        return await call(self.application, [], [b""], path=path, method=method)

    async def send(self, raw: bytes, kind: str = JSON, **changed: str | None) -> Reply:
        """A body as Slack sends it, signed. `changed` are headers with `_` for `-`; None takes one away."""
        timestamp = changed.get("x_slack_request_timestamp") or str(int(NOW))
        headers: dict[str, str | None] = {
            "content-type": kind,
            "content-length": str(len(raw)),
            "x-slack-request-timestamp": timestamp,
            "x-slack-signature": signature.sign(raw, timestamp=timestamp, secret=SECRET),
        }
        headers |= {name.replace("_", "-"): value for name, value in changed.items()}
        return await call(self.application, [(n, v) for n, v in headers.items() if v is not None], [raw])


def form(payload: Mapping[str, Any]) -> bytes:
    """A command's fields, or an interaction in the field `payload`."""
    return urlencode(payload if "command" in payload else {"payload": json.dumps(payload)}).encode()


def written(payload: Mapping[str, Any]) -> tuple[bytes, str]:
    """The payload as Slack writes it, and its content type: events in JSON, all else in a form."""
    if payload.get("type") == "event_callback":
        return json.dumps(payload).encode(), JSON
    return form(payload), FORM


async def call(
    application: Starlette,
    headers: Sequence[tuple[str, str]],
    chunks: list[bytes],
    *,
    path: str = "/slack/events",
    method: str = "POST",
    end: Literal["whole", "cut", "never"] = "whole",
) -> Reply:
    """One request by ASGI. The body comes in `chunks`, each of which is gone when read.

    Then that was the whole of it, or the connection is cut, or nothing comes any more.
    """
    sent: list[Message] = []

    async def receive() -> Message:
        if chunks:
            return {"type": "http.request", "body": chunks.pop(0), "more_body": True}
        if end == "never":
            await asyncio.Event().wait()
        return (
            {"type": "http.disconnect"} if end == "cut" else {"type": "http.request", "body": b"", "more_body": False}
        )

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "query_string": b"",
        "headers": [(name.encode(), value.encode("latin-1")) for name, value in headers],
    }
    await application(scope, receive, send)
    start, *rest = sent
    return Reply(start["status"], Headers(raw=start["headers"]), b"".join(message.get("body", b"") for message in rest))
