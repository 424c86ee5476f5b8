"""What happens to a payload by whichever door it came: it is checked, answered, and told of in one line of the log."""

from __future__ import annotations

import json
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Protocol

import structlog

from storage.owed import causes

from . import envelope
from .rejections import Rejection, Stopping
from .watching import Watch

log = structlog.get_logger(__name__)

Headers = Mapping[str, Sequence[str]]
"""Names (lower case), and the values of each."""


class Answer(Protocol):
    """What goes back to Slack. Bolt's `BoltResponse` is one."""

    @property
    def status(self) -> int:
        """The HTTP status."""

    @property
    def body(self) -> str:
        """The text, maybe empty."""

    @property
    def headers(self) -> Headers:
        """Of the answer, its `content-type` among them if it has a body."""

    @property
    def outcome(self) -> str:
        """What the status hides: that a person was told that something was refused, or has failed. Else empty."""


Dispatch = Callable[[dict[str, Any], Headers], Awaitable[Answer]]
"""Takes the payload, and the headers that a handler may need."""

Limited = Callable[[dict[str, Any]], Awaitable[None]]
"""Takes the payload by which Slack says that it holds events back. It raises where that could not be remembered."""


@dataclass(frozen=True, slots=True)
class Said:
    """An answer of the house's own."""

    status: int = 200
    body: str = ""
    headers: Headers = field(default_factory=dict)
    outcome: str = ""


OUTCOMES = ("done", "refused", "failed", "turned away", "busy")
"""How a delivery ends: *refused* and *failed* in words to a person, or by a status; *turned away* before it was understood;
*busy* for now, so that Slack is to try again."""


@dataclass(slots=True)
class Reception:
    """Takes payloads in, until it is `stopping`. `watch` is told of each."""

    dispatch: Dispatch
    limited: Limited
    watch: Watch = field(default_factory=Watch)
    stopping: bool = False

    async def answer(self, path: str, answering: Callable[[dict[str, str]], Awaitable[Answer]]) -> Answer:
        """What `answering` comes to, whatever goes wrong in it. It may add to the facts that the log's line tells."""
        with causes.because_of(causes.new()):
            return await self._answer(path, answering)

    async def _answer(self, path: str, answering: Callable[[dict[str, str]], Awaitable[Answer]]) -> Answer:
        began = time.perf_counter()
        facts = {"path": path}
        try:
            if self.stopping:
                raise Stopping  # noqa: TRY301 -- it is answered and logged like what the others turn away
            answer = await answering(facts)
        except Rejection as rejection:
            facts["reason"] = str(rejection)
            answer = _sentence(str(rejection), rejection.status, closes=rejection.closes)
        except Exception:  # nobody else sees it; Slack delivers an event again that was not acknowledged
            log.exception("request failed", **facts)
            answer = _sentence("Outloud could not take this in. Its log says why.", 500)
        took = time.perf_counter() - began
        log.info("request", **facts, status=answer.status, ms=round(took * 1000, 1))
        self.watch.answered(facts.get("what", "none"), _outcome(answer), took)
        return answer

    async def take(self, payload: dict[str, Any], headers: Headers, facts: dict[str, str]) -> Answer:
        """Answer a payload that is Slack's for sure. Raises `Rejection` where it has not the shape that Slack gives it."""
        facts["what"] = envelope.check(payload)
        if facts["what"] == "url_verification":
            return Said(200, json.dumps({"challenge": payload["challenge"]}), {"content-type": ["application/json"]})
        if facts["what"] == "app_rate_limited":
            log.warning("Slack is holding events back: more than 30,000 an hour in one workspace")
            await self.limited(payload)
            return Said()
        return await self.dispatch(payload, headers)


def _outcome(answer: Answer) -> str:
    if answer.outcome:
        return answer.outcome
    if answer.status == HTTPStatus.SERVICE_UNAVAILABLE:
        return "busy"
    if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return "failed"
    return "turned away" if answer.status >= HTTPStatus.BAD_REQUEST else "done"


def _sentence(words: str, status: int, *, closes: bool = False) -> Said:
    headers = {"content-type": ["text/plain; charset=utf-8"]}
    return Said(status, words, headers | ({"connection": ["close"]} if closes else {}))
