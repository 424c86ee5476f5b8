"""Puts Outloud together: the one place that knows all of its parts."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from http import HTTPStatus
from typing import Any

import aiohttp
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette

from handlers import DUTIES, words
from handlers.desk import Desk
from handlers.explaining import OUTCOME
from handlers.routing import register
from handlers.slack.viewing import Viewers
from migrations import is_old
from storage import deliveries
from storage.db.database import Database, revision
from storage.db.engines import sqlite_file
from storage.experts import fading, private_endings, wishes
from storage.learned import changes, drafts, earlier
from storage.owed import notices, pacing
from storage.places import channels, gaps
from storage.refusals import Unavailable
from storage.search import counting, vocabulary
from storage.visibility import FRESH

from . import clock, health
from .attempts import CLIENT_TIMEOUT
from .borrowed_time import Borrowed
from .door import door
from .installation import Introduction, NotIntroduced, TokenRefused
from .posting import last_look
from .pulse import Pulse
from .reception import Headers, Reception, Said
from .rhythm import LOOK_EVERY, Rhythm, chores
from .settings import OWN_CLOCK, Settings
from .sockets import Sockets
from .ticks import EVERY_HOUR, EVERY_MINUTE, Ticks
from .turns import before_each_call
from .watching import Watch
from .worker import Worker

log = logging.getLogger(__name__)

RETRY, LAST_TRY = "x-slack-retry-num", "3"
"""Which try of an event it is, and the last (docs.slack.dev/apis/events-api)."""

ANSWERS_WITHIN = 2.0
"""Seconds that the database may take to say that it is there."""

STUCK_AFTER = 10.0
"""Seconds in which each group is committed or given up: a statement may take 5, and wait for a lock for 1.5."""


class Outloud:
    """The running bot. `open` starts its parts on the running event loop; `close` stops them, so that nothing is lost.

    `give_up` is called when Slack does not accept the token: nothing can be done then but to stop. `watch` is told of its work.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        now: Callable[[], float] = clock.now,
        give_up: Callable[[TokenRefused], None] = lambda _refused: None,
        watch: Watch | None = None,
    ) -> None:
        self._watch = watch or Watch()
        self._settings = settings
        self._give_up = give_up
        self._borrowed = None if settings.slack_clock == OWN_CLOCK else Borrowed(settings.slack_clock)
        self.now = self._borrowed.now if self._borrowed else now
        self._ticks = Ticks()
        self._reception = Reception(self.dispatch, self.limited, self._watch)
        self._sockets: Sockets | None = None
        self._tasks: list[asyncio.Task[None]] = []

    async def open(self) -> None:
        """Open the memory, and begin to work."""
        settings = self._settings
        self._session = aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=CLIENT_TIMEOUT), trace_configs=[before_each_call(), last_look()]
        )
        if self._borrowed:  # by the wall's time a sandbox's schedules may be long past: nothing may fall due by that
            await self._borrowed.look(self._session)
        # No retry of its own: a connection that broke may have posted, and the outbox knows how to look (slack.md).
        slack = AsyncWebClient(
            token=settings.slack_bot_token.get_secret_value(),
            base_url=settings.slack_api_url,
            session=self._session,
            retry_handlers=[],
        )
        self.db = Database(settings.database_url.get_secret_value())
        # A borrowed clock tells the sandbox's seconds. This machine's own tells none: there, all that goes by it is hurried.
        haste = 1.0 if self._borrowed else settings.slack_pace
        fresh = FRESH / haste
        self._desk = Desk(self.db, self.now, Viewers(self.db, slack, now=self.now, fresh=fresh))
        self._introduction = Introduction(self.db, slack, self.now)
        self._app = _bolt(self._introduction, slack)
        register(self._app, self._desk)
        alone = sqlite_file(settings.database_url.get_secret_value()) is not None
        rhythm = gaps.Rhythm().faster(haste)
        self._pulse = Pulse(self._desk, self._introduction, rhythm, alone=alone, hears=self._hears)
        look_every = max(0.5, LOOK_EVERY / settings.slack_pace)
        self._rhythm = Rhythm(self._desk, chores(self._desk), look_every=look_every, watch=self._watch)
        self._worker = Worker(self._desk, slack, DUTIES, speed=settings.slack_pace, watch=self._watch)
        if settings.slack_app_token:
            app_token = settings.slack_app_token.get_secret_value()
            self._sockets = Sockets(slack, self._session, app_token, self._reception, broken=self._pulse.note_broken)
        self._tasks = [
            asyncio.create_task(self._begin(), name="beginning"),
            asyncio.create_task(self._worker.run(), name="outbox"),
        ]
        self._following = asyncio.create_task(self._follow_clock(), name="clock")
        self._ticks.every(EVERY_HOUR / settings.slack_pace, self._tidy, name="tidy")
        self._ticks.every(EVERY_MINUTE, self._check_channels, name="channels")
        self._ticks.every(EVERY_MINUTE, self.bring_notices, name="notices")
        self._ticks.every(EVERY_MINUTE, self.count_words, name="words")
        self._ticks.always(self._rhythm.tick, name="rhythm")
        self._ticks.start()
        self._pulse.start()
        self._watch.opened(self)

    async def close(self) -> None:
        """Stop: no tick any more, nothing new, no errand, then the memory, last. Nothing acknowledged is lost by it."""
        await self._ticks.pause()
        await self._rhythm.stop()
        self._ticks.stop()
        await self._pulse.stop()
        self._reception.stopping = True
        self._worker.stop()
        beginning, worker = self._tasks
        self._following.cancel()
        beginning.cancel()
        with suppress(asyncio.CancelledError):
            await beginning
        if self._sockets:
            await self._sockets.stop()
        await worker
        await self._desk.late.stop()
        await self._desk.viewers.stop()
        await self.db.close()
        await self._session.close()

    async def dispatch(self, payload: dict[str, Any], headers: Headers) -> Said:
        """Let Bolt answer a payload that a door has taken in.

        In Bolt's "socket mode" the body is a dict and nothing is verified again: exactly that. (In "http" it would parse
        the raw body itself, and lose every command whose words contain "payload".)
        """
        request = AsyncBoltRequest(
            body=payload,
            headers={name: list(values) for name, values in headers.items()},
            mode="socket_mode",
        )
        answer = await self._app.async_dispatch(request)
        if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            is_last = list(headers.get(RETRY, ())) == [LAST_TRY]
            (self._pulse.note_refused if is_last else self._pulse.note_turned_away)()
        return Said(answer.status, answer.body, answer.headers, request.context.get(OUTCOME, ""))

    async def limited(self, payload: dict[str, Any]) -> None:
        """Slack holds events back (docs.slack.dev/apis/events-api#rate-limiting): what it drops is read up on later."""
        installed = self._introduction.installation
        if installed is None:
            raise NotIntroduced
        if payload["team_id"] == installed.workspace:
            minute, heard = payload["minute_rate_limited"], self._desk.heard.newest(installed.workspace)
            await self.db.write(
                gaps.limited, installed.workspace, minute=minute, at=self.now(), heard=heard, rhythm=self._pulse.rhythm
            )

    async def ready(self) -> list[str]:
        """What stands in the way of working, a sentence each."""
        reasons = []
        if self._introduction.installation is None:
            reasons.append("Slack has not said yet who this bot is: is SLACK_BOT_TOKEN right, and Slack within reach?")
        elif self._sockets and not self._sockets.stand:
            reasons.append(
                "No connection to Slack stands: is Socket Mode switched on for the app, and Slack within reach?"
            )
        reasons += await self._unwritable()
        if self._tasks and self._tasks[1].done():
            reasons.append("The outbox's worker has ended: restart Outloud.")
        return reasons

    async def _unwritable(self) -> list[str]:
        """What stands in the way of remembering anything."""
        if self.db.writing_for > STUCK_AFTER:
            return ["The database takes nothing in any more: restart Outloud."]
        try:
            async with asyncio.timeout(ANSWERS_WITHIN):
                found = await self.db.read(revision)
        except (Unavailable, TimeoutError):
            return ["The database does not answer."]
        return ["The database's schema is older than this version: run `outloud migrate`."] if is_old(found) else []

    @property
    def connections(self) -> int:
        """How many connections to Slack stand; 0 where it hears over HTTP."""
        return self._sockets.standing if self._sockets else 0

    def application(self) -> Starlette:
        """What is served over HTTP: the front door, or with Socket Mode only whether this bot is well."""

        @asynccontextmanager
        async def lifespan(_: Starlette) -> AsyncIterator[None]:
            # uvicorn raises the signal anew after it has served: nothing behind that would run. So it is closed here.
            await self.open()
            try:
                yield
            finally:
                await self.close()

        if self._settings.slack_app_token:
            return health.application(self._reception, ready=self.ready, lifespan=lifespan)
        secret = self._settings.slack_signing_secret.get_secret_value()
        return door(self._reception, signing_secret=secret, ready=self.ready, lifespan=lifespan)

    async def _begin(self) -> None:
        """Ask Slack who this bot is, and with Socket Mode hear it from then on."""
        try:
            await self._introduction.ask_until_answered()
            await self._pulse.beat()
            if self._sockets:
                await self._sockets.run()
        except TokenRefused as refused:
            log.error("%s", refused)  # noqa: TRY400 -- a sentence for the operator, whom a traceback would not help
            self._give_up(refused)

    def _hears(self) -> bool:
        """Whoever has no connection to Slack is not there: what it misses meanwhile is read up on."""
        return self._sockets is None or bool(self._sockets.stand)

    async def tick(self) -> None:
        """Do what has fallen due by now, without waiting for the clock."""
        await self._rhythm.beat()

    async def _follow_clock(self) -> None:
        if self._borrowed:
            await self._borrowed.follow(self._clock_moved)

    def _clock_moved(self) -> None:
        self._pulse.note_moved()
        self._rhythm.wake()
        self._ticks.hasten("words")  # a minute has passed, too

    async def _check_channels(self) -> None:
        with suppress(Unavailable):
            await self.db.write(channels.check, at=self.now())

    async def bring_notices(self) -> None:
        """Say what waited for somebody's turn to hear something again."""
        with suppress(Unavailable):
            await self.db.write(notices.bring, at=self.now())

    async def count_words(self) -> None:
        """Count the words of what is new, and index anew what an older version indexed, a little at a time."""
        with suppress(Unavailable):
            while await self.db.read(counting.is_due) and await self.db.write(counting.beat):
                pass  # what people do goes in between

    async def _tidy(self) -> None:
        with suppress(Unavailable):
            await self.db.write(pacing.forget_old)
            await self.db.write(deliveries.forget_old, at=self.now())
            await self.db.write(drafts.forget_old, at=self.now())
            await self.db.write(changes.forget_old, at=self.now())
            await self.db.write(earlier.forget_old, at=self.now())
            while await self.db.read(vocabulary.is_untidy) and await self.db.write(counting.tidy):
                pass
            await self.db.write(wishes.forget_old, at=self.now())
            await self.db.write(private_endings.forget_old, at=self.now())
            await self.db.write(fading.bring, at=self.now())
        await self.db.empty_wal()


def _bolt(introduction: Introduction, slack: AsyncWebClient) -> AsyncApp:
    """Bolt, with what the door does already switched off."""

    async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult | None:
        return introduction.authorize(enterprise_id, team_id)

    return AsyncApp(
        name=words.NAME,  # it would look its caller's file up otherwise, and read every source on the stack for it
        client=slack,
        authorize=authorize,  # type: ignore[arg-type]  # Bolt takes None, too: nobody is installed there
        process_before_response=True,
        user_facing_authorize_error_message=words.NOT_INSTALLED,
        request_verification_enabled=False,
        attaching_conversation_kwargs_enabled=False,  # it raises on what it does not expect in a direct message's thread
        ignoring_self_events_enabled=False,  # handlers/routing.py does, but for deletions
        ssl_check_enabled=False,
        url_verification_enabled=False,
    )
