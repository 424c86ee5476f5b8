"""How often a method may be called: Slack's tiers, as sliding windows of a minute of `Clock.passed`; and how much is told.

https://docs.slack.dev/apis/web-api/rate-limits
"""

from __future__ import annotations

import math
from collections import deque
from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .clock import Clock

HOUR, MINUTE = 3600.0, 60.0

POSTS_A_MINUTE = 300
"""`chat.postMessage` in a workspace: Slack says "several hundred"."""

SECONDS_A_POST = 1.0
"""`chat.postMessage` in one channel: one a second."""

JITTER = 0.1
"""Real seconds by which the network may bring two posts closer together than they were sent. It is no burst: the
average stays one a second."""


class Tier(IntEnum):
    """Calls a minute. `SPECIAL` methods allow "hundreds"; `POST` is `chat.postMessage`, paced by channel too."""

    ONE = 1
    TWO = 20
    THREE = 50
    FOUR = 100
    POST = POSTS_A_MINUTE
    SPECIAL = 600


class Quotas:
    """What has been called lately. A call refused for its quota counts nothing."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._calls: dict[str, deque[float]] = {}
        self._next_post: dict[str, float] = {}
        self._held: dict[str, float] = {}

    def hold(self, method: str, seconds: float) -> None:
        """Refuse `method` (or every method, for `*`) for `seconds` of `Clock.passed`: how a test makes Slack busy."""
        self._held[method] = self._clock.passed() + seconds

    def take(self, method: str, tier: Tier) -> int:
        """Count a call. Returns 0, or the whole real seconds to wait (`Retry-After`) if it is one too many."""
        now = self._clock.passed()
        calls = self._calls.setdefault(method, deque())
        while calls and calls[0] <= now - MINUTE:
            calls.popleft()
        wait = max(self._held.get(method, now), self._held.get("*", now)) - now
        if len(calls) >= tier:
            wait = max(wait, calls[0] + MINUTE - now)
        if wait > 0:
            return self._whole(wait)
        calls.append(now)
        return 0

    def pace(self, channel: str) -> int:
        """Count a post into a channel. Returns as `take` does."""
        now = self._clock.passed()
        due = max(now, self._next_post.get(channel, 0.0))
        wait = due - JITTER * self._clock.speed - now
        if wait > 0:
            return self._whole(wait)
        self._next_post[channel] = due + SECONDS_A_POST
        return 0

    def _whole(self, wait: float) -> int:
        return max(1, math.ceil(self._clock.real(wait)))


class EventQuota:
    """How many events the app is sent in an hour (`Clock.passed`), and when it is told that there were more.

    https://docs.slack.dev/apis/events-api/#rate-limiting
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._hour, self._in_hour, self._told = 0.0, 0, -MINUTE

    def take(self, per_hour: int) -> bool:
        """Count an event. Returns whether it may be sent."""
        now = self._clock.passed()
        if now >= self._hour + HOUR:
            self._hour, self._in_hour = now, 0
        self._in_hour += 1
        return self._in_hour <= per_hour

    def must_tell(self) -> bool:
        """Whether the app is to be told now: once in each minute in which an event is dropped."""
        now = self._clock.passed()
        if now < self._told + MINUTE:
            return False
        self._told = now
        return True
