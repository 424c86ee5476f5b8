"""Puts Outloud together: the one place that knows all of its parts."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any

import aiohttp
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette

from handlers import DUTIES, words
from handlers.desk import Desk
from handlers.routing import register
from storage import deliveries
from storage.database import Database, reachable
from storage.refusals import Unavailable

from . import clock
from .clock import EVERY_HOUR, Clock
from .door import door
from .installation import Introduction, TokenRefused
from .pace import Pace
from .settings import Settings
from .worker import CLIENT_TIMEOUT, Worker

log = logging.getLogger(__name__)


class Outloud:
    """The running bot. `open` starts its parts on the running event loop; `close` stops them, so that nothing is lost.

    `give_up` is called when Slack does not accept the token: nothing can be done then but to stop.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        now: Callable[[], float] = clock.now,
        give_up: Callable[[TokenRefused], None] = lambda _refused: None,
    ) -> None:
        self._settings = settings
        self._give_up = give_up
        self._now = now
        self._clock = Clock()
        self._tasks: list[asyncio.Task[None]] = []

    async def open(self) -> None:
        """Open the memory, and begin to work."""
        settings = self._settings
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=CLIENT_TIMEOUT))
        # No retry of its own: a connection that broke may have posted, and the outbox knows how to look (slack.md).
        slack = AsyncWebClient(
            token=settings.slack_bot_token.get_secret_value(),
            base_url=settings.slack_api_url,
            session=self._session,
            retry_handlers=[],
        )
        self._db = Database(settings.database_url.get_secret_value())
        self._desk = Desk(self._db, self._now)
        self._introduction = Introduction(self._db, slack, self._now)
        self._app = _bolt(self._introduction, slack)
        register(self._app, self._desk)
        self._pace = Pace(time.monotonic, speed=settings.slack_pace)
        self._worker = Worker(self._desk, slack, DUTIES, self._pace)
        self._tasks = [
            asyncio.create_task(self._introduce(), name="introduction"),
            asyncio.create_task(self._worker.run(), name="outbox"),
        ]
        self._clock.every(EVERY_HOUR, self._tidy, name="tidy")
        self._clock.start()

    async def close(self) -> None:
        """Stop: no tick any more, no errand, then the memory, last. Nothing that was acknowledged is lost by it."""
        self._clock.stop()
        self._worker.stop()
        introduction, worker = self._tasks
        introduction.cancel()
        with suppress(asyncio.CancelledError):
            await introduction
        await worker
        await self._db.close()
        await self._session.close()

    async def dispatch(
        self, payload: dict[str, Any], headers: Mapping[str, Sequence[str]], _raw: bytes
    ) -> BoltResponse:
        """Let Bolt answer a payload that the door has verified and parsed.

        In Bolt's "socket mode" the body is a dict and nothing is verified again: exactly that. (In "http" it would parse
        the raw body itself, and lose every command whose words contain "payload".)
        """
        request = AsyncBoltRequest(
            body=payload,
            headers={name: list(values) for name, values in headers.items()},
            mode="socket_mode",
        )
        return await self._app.async_dispatch(request)

    async def ready(self) -> list[str]:
        """What stands in the way of working, a sentence each."""
        reasons = []
        if self._introduction.installation is None:
            reasons.append("Slack has not said yet who this bot is: is SLACK_BOT_TOKEN right, and Slack within reach?")
        try:
            await self._db.read(reachable)
        except Unavailable:
            reasons.append("The database does not answer.")
        if self._tasks and self._tasks[1].done():
            reasons.append("The outbox's worker has ended: restart Outloud.")
        return reasons

    def application(self) -> Starlette:
        """The HTTP front door, with this bot behind it."""

        @asynccontextmanager
        async def lifespan(_: Starlette) -> AsyncIterator[None]:
            # uvicorn raises the signal anew after it has served: nothing behind that would run. So it is closed here.
            await self.open()
            try:
                yield
            finally:
                await self.close()

        return door(
            self.dispatch,
            signing_secret=self._settings.slack_signing_secret.get_secret_value(),
            ready=self.ready,
            lifespan=lifespan,
        )

    async def _introduce(self) -> None:
        try:
            await self._introduction.ask_until_answered()
        except TokenRefused as refused:
            log.error("%s", refused)  # noqa: TRY400 -- a sentence for the operator, whom a traceback would not help
            self._give_up(refused)

    async def _tidy(self) -> None:
        self._pace.tidy()
        with suppress(Unavailable):
            await self._db.write(deliveries.forget_old, at=self._now())


def _bolt(introduction: Introduction, slack: AsyncWebClient) -> AsyncApp:
    """Bolt, with what the door does already switched off."""

    async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult | None:
        return introduction.authorize(enterprise_id, team_id)

    return AsyncApp(
        client=slack,
        authorize=authorize,  # type: ignore[arg-type]  # Bolt takes None, too: nobody is installed there
        process_before_response=True,
        user_facing_authorize_error_message=words.NOT_INSTALLED,
        request_verification_enabled=False,
        ssl_check_enabled=False,
        url_verification_enabled=False,
    )
