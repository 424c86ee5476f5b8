"""The way to the app over HTTP: signed requests, within Slack's deadline.

Sources: https://docs.slack.dev/authentication/verifying-requests-from-slack and https://docs.slack.dev/apis/events-api
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import aiohttp
from slack_sdk.signature import SignatureVerifier

from .alarms import Alarms
from .parcels import SUCCESS, Parcel, Reply, in_time

if TYPE_CHECKING:
    from .clock import Clock

KEPT_ALIVE = 2.0
"""Real seconds an idle connection is used again: shorter than servers keep them, so that none is found closed."""


class HttpDoor:
    """Posts to the app, each request signed with the wall's time: apps refuse one that is five minutes off."""

    def __init__(self, clock: Clock, signing_secret: str) -> None:
        self.url = ""
        self._clock = clock
        self._signer = SignatureVerifier(signing_secret)
        self._deadlines = Alarms(clock.lived)
        self._session: aiohttp.ClientSession | None = None

    @property
    def leads_somewhere(self) -> bool:
        """Whether there is an address to post to."""
        return bool(self.url)

    async def start(self) -> None:
        """Be ready to post."""
        connector = aiohttp.TCPConnector(keepalive_timeout=KEPT_ALIVE)
        self._session = aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(total=None))

    async def stop(self) -> None:
        """Close all connections."""
        await self._deadlines.stop()
        if self._session:
            await self._session.close()

    async def bring(self, name: str, parcel: Parcel, *, retry: int = 0, retry_reason: str = "") -> Reply:  # noqa: ARG002
        """Post it; a redirect is an answer, and not followed."""
        body = parcel.body
        headers = self._headers(body, parcel.content_type)
        if retry:
            headers |= {"X-Slack-Retry-Num": str(retry), "X-Slack-Retry-Reason": retry_reason}
        return await in_time(self._ask(body, headers), self._clock, self._deadlines)

    def _headers(self, body: str, content_type: str) -> dict[str, str]:
        timestamp = str(int(time.time()))
        signature = self._signer.generate_signature(timestamp=timestamp, body=body)
        return {
            "Content-Type": content_type,
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": signature or "",
        }

    async def _ask(self, body: str, headers: dict[str, str]) -> Reply:
        if self._session is None:
            raise RuntimeError("The door is not open: start() it first.")
        try:
            request = self._session.post(self.url, data=body.encode(), headers=headers, allow_redirects=False)
            async with request as response:
                answer = await response.text(errors="replace")
        except aiohttp.ClientSSLError:
            return Reply(reason="ssl_error")
        except (aiohttp.ClientError, OSError):
            return Reply(reason="connection_failed")
        return Reply(
            status=response.status,
            reason="" if response.status in SUCCESS else "http_error",
            body=answer,
            content_type=response.content_type,
            wants_retry=response.headers.get("X-Slack-No-Retry") != "1",
        )
