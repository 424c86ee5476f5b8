"""The other door, Socket Mode: two connections that Outloud opens to Slack, each kept up by itself.

Slack sends a payload over either. When it announces the end of one, its successor stands before it is left. Not the SDK's
client: see docs/decisions/0022-two-connections-of-our-own.md.
"""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Callable
from typing import Any

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from handlers.duties import error_code

from .installation import NOT_ACCEPTED, AppTokenRefused
from .line import Line, NotGreeted
from .reception import Answer, Headers, Reception
from .rejections import Malformed

log = structlog.get_logger(__name__)

LINES = 2

REFUSED = NOT_ACCEPTED | {"missing_scope"}
"""Slack's errors that a new try does not mend (docs.slack.dev/reference/methods/apps.connections.open)."""

FIRST_WAIT, LONGEST_WAIT = 0.5, 60.0
"""Seconds before a connection is opened anew, doubled with each that does not last: Slack allows few a minute."""

STEADY = 10.0
"""Seconds after which a connection has lasted: its end is then no sign of trouble, and the next is opened at once."""

LET_FINISH = 3.0
"""Seconds that a stop waits for what is being answered: a handler has 2.5."""

SUCCESS = range(200, 300)


class Sockets:
    """Hears Slack for `reception`, from `run` until `stop`. `up` is set once the first connection stands.

    `broken` is called where one ends that Slack had not announced the end of, with the seconds since something came over it: what
    was sent over it meanwhile did not get in.
    """

    def __init__(
        self,
        slack: AsyncWebClient,
        session: aiohttp.ClientSession,
        app_token: str,
        reception: Reception,
        *,
        broken: Callable[[float], None],
    ) -> None:
        self.up = asyncio.Event()
        self._slack, self._session, self._token, self._reception = slack, session, app_token, reception
        self._broken = broken
        self._lines: set[Line] = set()
        self._answering: set[asyncio.Task[None]] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._opening = asyncio.Lock()
        self._not_before = 0.0

    @property
    def stand(self) -> bool:
        """Whether there is a connection that Slack has not announced the end of."""
        return any(not line.over.is_set() for line in self._lines)

    @property
    def standing(self) -> int:
        """How many of these there are."""
        return sum(not line.over.is_set() for line in self._lines)

    async def run(self) -> None:
        """Keep both connections up. Raises `AppTokenRefused`."""
        keeping = [asyncio.create_task(self._keep(), name="connection") for _ in range(LINES)]
        try:
            done, _ = await asyncio.wait(keeping, return_when=asyncio.FIRST_EXCEPTION)
            for task in done:
                task.result()
        finally:
            for task in keeping:
                task.cancel()
            await asyncio.gather(*keeping, return_exceptions=True)

    async def stop(self) -> None:
        """Let what is being answered be answered, and end all connections. `run` was cancelled before.

        What comes in meanwhile is not acknowledged: `reception` is stopping, and Slack sends an event again.
        """
        if self._answering:
            await asyncio.wait(self._answering, timeout=LET_FINISH)
        await asyncio.gather(*(line.close() for line in self._lines))
        for task in (*self._answering, *self._tasks):
            task.cancel()
        await asyncio.gather(*self._answering, *self._tasks, return_exceptions=True)

    async def _keep(self) -> None:
        """Keep one connection up."""
        loop, short = asyncio.get_running_loop(), 0
        while True:
            began = loop.time()
            line = await self._open()
            if line is not None:
                await line.over.wait()
            short = 0 if line is not None and loop.time() - began >= STEADY else short + 1
            if short:
                await asyncio.sleep(min(LONGEST_WAIT, FIRST_WAIT * 2 ** (short - 1)) * random.uniform(0.5, 1))  # noqa: S311

    async def _open(self) -> Line | None:
        """A connection that is greeted, and heard from now on; None where there is none just now."""
        try:
            async with self._opening:
                url = await self._ask_url()
                line = await Line.open(self._session, url, proxy=self._slack.proxy)
        except AppTokenRefused:
            raise
        except (SlackApiError, NotGreeted) as trouble:
            reason = error_code(trouble) if isinstance(trouble, SlackApiError) else str(trouble)
            log.warning("Slack opens no connection; trying again", reason=reason)
            return None
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            log.warning("Slack can't be reached for a connection; trying again", reason=type(error).__name__)
            return None
        except Exception:
            log.exception("what Slack said of a connection was not understood; trying again")
            return None
        self._lines.add(line)
        self._start(self._tasks, self._listen(line))
        self.up.set()
        log.info("connected to Slack", connections=len(self._lines))
        return line

    async def _ask_url(self) -> str:
        """An address, good for one connection. Raises `AppTokenRefused`, and what the SDK raises."""
        loop = asyncio.get_running_loop()
        await asyncio.sleep(self._not_before - loop.time())
        try:
            return str((await self._slack.apps_connections_open(app_token=self._token))["url"])
        except SlackApiError as error:
            if (code := error_code(error)) in REFUSED:
                raise AppTokenRefused(code) from error
            wait = str(error.response.headers.get("Retry-After", "")) if code == "ratelimited" else ""
            self._not_before = loop.time() + (float(wait) if wait.isdigit() else 0.0)
            raise

    async def _listen(self, line: Line) -> None:
        try:
            await line.listen(self._hear)
        except Exception:  # whatever it is, another connection takes its place
            log.exception("a connection could not be heard any more")
        finally:
            self._lines.discard(line)
            if not line.was_announced:
                self._broken(line.silent_for)
            log.info("a connection has ended", connections=len(self._lines))

    def _hear(self, line: Line, envelope: dict[str, Any]) -> None:
        """Each envelope is answered by itself: a slow one holds no other up."""
        self._start(self._answering, self._answer(line, envelope))

    async def _answer(self, line: Line, envelope: dict[str, Any]) -> None:
        async def take(facts: dict[str, str]) -> Answer:
            payload = envelope.get("payload")
            if not isinstance(payload, dict):
                raise Malformed("The envelope holds no payload.")
            return await self._reception.take(payload, _headers(envelope), facts)

        answer = await self._reception.answer("socket", take)
        if answer.status not in SUCCESS:
            return  # not acknowledged: an event comes again, a person is told that it failed
        content = _content(answer) if envelope.get("accepts_response_payload") else None
        if not await line.acknowledge(envelope["envelope_id"], content):
            log.warning("an answer came too late for its connection")

    def _start(self, tasks: set[asyncio.Task[None]], coroutine: Any) -> None:  # noqa: ANN401
        task = asyncio.create_task(coroutine)
        tasks.add(task)
        task.add_done_callback(tasks.discard)


def _headers(envelope: dict[str, Any]) -> Headers:
    """What HTTP would have said in headers."""
    if not envelope.get("retry_attempt"):
        return {}
    return {
        "x-slack-retry-num": [str(envelope["retry_attempt"])],
        "x-slack-retry-reason": [str(envelope.get("retry_reason", ""))],
    }


def _content(answer: Answer) -> dict[str, Any] | None:
    """What the answer says, as an acknowledgement carries it: text stands in `text`."""
    if not answer.body:
        return None
    kinds = [value for name, values in answer.headers.items() if name.lower() == "content-type" for value in values]
    if kinds and kinds[0].startswith("application/json"):
        content: dict[str, Any] = json.loads(answer.body)
        return content
    return {"text": answer.body}
