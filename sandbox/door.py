"""The way to the app: signed HTTP requests, within Slack's deadline.

Sources: https://docs.slack.dev/authentication/verifying-requests-from-slack and https://docs.slack.dev/apis/events-api
"""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import aiohttp
from slack_sdk.signature import SignatureVerifier

from .alarms import Alarms

if TYPE_CHECKING:
    from .clock import Clock
    from .records import Json

DEADLINE = 3.0
"""Seconds (`Clock.lived`) that an app has to answer: https://docs.slack.dev/interactivity/handling-user-interaction"""

KEPT_ALIVE = 2.0
"""Real seconds an idle connection is used again: shorter than servers keep them, so that none is found closed."""

SUCCESS = range(200, 300)

JSON_TYPE = "application/json"
FORM_TYPE = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Parcel:
    """A request's body and its type."""

    body: str
    content_type: str

    @classmethod
    def of_event(cls, payload: Json) -> Parcel:
        """An event: JSON."""
        return cls(json.dumps(payload), JSON_TYPE)

    @classmethod
    def of_command(cls, fields: dict[str, str]) -> Parcel:
        """A slash command: a form."""
        return cls(urlencode(fields), FORM_TYPE)

    @classmethod
    def of_interaction(cls, payload: Json) -> Parcel:
        """An action, form, shortcut or suggestion: a form with one field, `payload`, that holds JSON."""
        return cls(urlencode({"payload": json.dumps(payload)}), FORM_TYPE)


@dataclass(frozen=True, slots=True)
class Reply:
    """What the app answered; or, with a status of 0, why it did not, by Slack's names for it (`reason`)."""

    status: int = 0
    reason: str = ""
    body: str = ""
    content_type: str = ""
    wants_retry: bool = True

    @property
    def is_ack(self) -> bool:
        """Whether Slack takes this for an acknowledgement: any 2xx in time."""
        return self.status in SUCCESS

    @property
    def is_json(self) -> bool:
        """Whether the app calls the body JSON."""
        return self.content_type == JSON_TYPE

    def json(self) -> Json | None:
        """The body as a JSON object, or None if it is none, or not sent as JSON."""
        if not self.is_json:
            return None
        try:
            content = json.loads(self.body)
        except ValueError:
            return None
        return content if isinstance(content, dict) else None


class Door:
    """Posts to the app, each request signed with the wall's time: apps refuse one that is five minutes off."""

    def __init__(self, clock: Clock, signing_secret: str) -> None:
        self._clock = clock
        self._signer = SignatureVerifier(signing_secret)
        self._deadlines = Alarms(clock.lived)
        self._session: aiohttp.ClientSession | None = None

    async def start(self) -> None:
        """Be ready to post."""
        connector = aiohttp.TCPConnector(keepalive_timeout=KEPT_ALIVE)
        self._session = aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(total=None))

    async def stop(self) -> None:
        """Close all connections."""
        await self._deadlines.stop()
        if self._session:
            await self._session.close()

    async def post(self, url: str, parcel: Parcel, *, retry: int = 0, retry_reason: str = "") -> Reply:
        """Post, and wait for the answer until the deadline; a redirect is an answer, and not followed."""
        headers = self._headers(parcel)
        if retry:
            headers |= {"X-Slack-Retry-Num": str(retry), "X-Slack-Retry-Reason": retry_reason}
        asking = asyncio.create_task(self._ask(url, parcel, headers))
        deadline = self._deadlines.at(self._clock.lived() + DEADLINE)
        try:
            both: set[asyncio.Future[Any]] = {asking, deadline}
            await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
            return asking.result() if asking.done() else Reply(reason="http_timeout")
        finally:
            deadline.cancel()
            asking.cancel()
            await asyncio.gather(asking, return_exceptions=True)

    def _headers(self, parcel: Parcel) -> dict[str, str]:
        timestamp = str(int(time.time()))
        signature = self._signer.generate_signature(timestamp=timestamp, body=parcel.body)
        return {
            "Content-Type": parcel.content_type,
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": signature or "",
        }

    async def _ask(self, url: str, parcel: Parcel, headers: dict[str, str]) -> Reply:
        if self._session is None:
            raise RuntimeError("The door is not open: start() it first.")
        try:
            request = self._session.post(url, data=parcel.body.encode(), headers=headers, allow_redirects=False)
            async with request as response:
                body = await response.text(errors="replace")
        except aiohttp.ClientSSLError:
            return Reply(reason="ssl_error")
        except (aiohttp.ClientError, OSError):
            return Reply(reason="connection_failed")
        return Reply(
            status=response.status,
            reason="" if response.status in SUCCESS else "http_error",
            body=body,
            content_type=response.content_type,
            wants_retry=response.headers.get("X-Slack-No-Retry") != "1",
        )
