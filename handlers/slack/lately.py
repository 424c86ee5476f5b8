"""What Slack answered lately: each answer for as long as it holds, and no question asked twice at once."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from contextlib import suppress
from http import HTTPStatus
from typing import Any, Generic, TypeVar

from slack_sdk.errors import SlackApiError

from storage.ids import Person

from .silence import SILENCE

log = logging.getLogger(__name__)

MOST = 5000
"""Answers that are remembered at once, of one question: the oldest go."""

Answer = TypeVar("Answer")


class Lately(Generic[Answer]):
    """A question about people. `now` in seconds; an answer holds for `fresh` of them.

    Where Slack says that it was asked too often, it is not asked again before the time that it named: this question alone.
    """

    def __init__(
        self,
        question: Callable[[Person], Awaitable[Answer]],
        *,
        now: Callable[[], float],
        fresh: float,
        most: int = MOST,
    ) -> None:
        self._question = question
        self._now = now
        self._fresh = fresh
        self._most = most
        self._answers: OrderedDict[Person, tuple[float, Answer]] = OrderedDict()
        self._asking: dict[Person, asyncio.Task[Answer | None]] = {}
        self._rests_until = 0.0

    async def about(self, person: Person, *, until: float) -> Answer | None:
        """What Slack says of them, at most `fresh` old. None: it did not say by `until`, in the event loop's time.

        What comes later is remembered for whoever asks next.
        """
        if (answer := self.remembered(person)) is not None:
            return answer
        if self._now() < self._rests_until:
            return None
        task = self._asking.get(person) or asyncio.create_task(self._ask(person))
        self._asking[person] = task
        with suppress(TimeoutError):
            async with asyncio.timeout_at(until):
                return await asyncio.shield(task)
        return None

    def remembered(self, person: Person) -> Answer | None:
        """What it said of them, at most `fresh` old; it is not asked."""
        at, answer = self._answers.get(person, (0.0, None))
        return answer if abs(self._now() - at) <= self._fresh else None

    def forget(self, person: Person) -> None:
        """Something became of them: what was answered, or is being answered, says nothing any more."""
        self._answers.pop(person, None)
        self._asking.pop(person, None)

    async def stop(self) -> None:
        """Give up what is being asked."""
        tasks = [*self._asking.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _ask(self, person: Person) -> Answer | None:
        at, me = self._now(), asyncio.current_task()
        try:
            answer = await self._question(person)
        except SILENCE as error:
            self._rests_until = max(self._rests_until, self._now() + pause_of(error))
            log.info("Slack did not say who a viewer is: %s", type(error).__name__)
            return None
        else:
            if self._asking.get(person) is me:
                self._answers[person] = (at, answer)
                self._answers.move_to_end(person)
                if len(self._answers) > self._most:
                    self._answers.popitem(last=False)
            return answer
        finally:
            if self._asking.get(person) is me:
                del self._asking[person]


def pause_of(error: BaseException) -> float:
    """Seconds that Slack wants us to wait where it was asked too often; 0 for any other error."""
    response: Any = error.response if isinstance(error, SlackApiError) else None
    if response is None or getattr(response, "status_code", 0) != HTTPStatus.TOO_MANY_REQUESTS:
        return 0.0
    told = response.headers.get("Retry-After") or response.headers.get("retry-after") or "1"
    try:
        return max(0.0, float(told))
    except (TypeError, ValueError):
        return 1.0
