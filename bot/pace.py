"""How fast Outloud may speak: Slack's published rates, kept before Slack has to say no.

Each method of a tier is a bucket that refills at 80 % of its rate and holds the other 20 % for bursts, so that no window of a
minute goes over it. Posts have a bucket for each channel, too: one a second.
(docs.slack.dev/apis/web-api/rate-limits)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

TIERS = {1: 1, 2: 20, 3: 50, 4: 100}
"""Calls a minute, for each method and workspace."""

METHODS = {
    "chat.delete": 3,
    "chat.postEphemeral": 4,
    "chat.update": 3,
    "conversations.history": 3,
    "conversations.info": 3,
    "conversations.members": 4,
    "conversations.replies": 3,
    "files.completeUploadExternal": 4,
    "reactions.add": 3,
    "reactions.get": 3,
    "users.info": 4,
    "views.publish": 4,
}
"""The tier of each method that the outbox mainly uses (docs.slack.dev/reference/methods)."""

POSTS_A_MINUTE = 300
"""chat.postMessage has a tier of its own, "several hundred" a minute and workspace: this is what we plan with."""

POSTS_APART = 1.1
"""Seconds between two posts in one channel: Slack says one, and the way there is not always equally long."""


ROUNDING = 1e-9
"""Less than this is missing only because floating-point numbers are."""


@dataclass(slots=True)
class Bucket:
    """Holds up to `room` calls, refills by `rate` a second; `at` is when it held `left`, on the pace's own clock."""

    room: float
    rate: float
    left: float
    at: float


class Pace:
    """Says when a call may be made. `clock` gives seconds that only grow; `speed` is how many times the published rates."""

    def __init__(self, clock: Callable[[], float], *, speed: float = 1.0) -> None:
        self._clock = clock
        self._speed = speed
        self._buckets: dict[str, Bucket] = {}
        self._held: dict[str, float] = {}

    def wait(self, workspace: str, method: str, lane: str) -> float:
        """Seconds until this call may be made; 0 when it may now."""
        now = self._clock()
        return max((self._until(key, now) - now for key in _keys(workspace, method, lane)), default=0.0)

    def take(self, workspace: str, method: str, lane: str) -> None:
        """The call is being made."""
        now = self._clock()
        for key in _keys(workspace, method, lane):
            bucket = self._bucket(key, now)
            bucket.left = self._filled(bucket, now) - 1
            bucket.at = now

    def hold(self, workspace: str, method: str, seconds: float) -> None:
        """Slack said no: this method rests for `seconds`."""
        self._held[f"{workspace} {method}"] = self._clock() + seconds

    def tidy(self) -> None:
        """Forget the buckets that are full: there is one for every channel that was ever spoken in."""
        now = self._clock()
        self._buckets = {
            key: bucket for key, bucket in self._buckets.items() if self._filled(bucket, now) < bucket.room
        }
        self._held = {key: until for key, until in self._held.items() if until > now}

    def _until(self, key: str, now: float) -> float:
        bucket = self._bucket(key, now)
        missing = 1 - self._filled(bucket, now)
        ready = now + missing / (bucket.rate * self._speed) if missing > ROUNDING else now
        return max(ready, self._held.get(key, now))

    def _filled(self, bucket: Bucket, now: float) -> float:
        return min(bucket.room, bucket.left + (now - bucket.at) * bucket.rate * self._speed)

    def _bucket(self, key: str, now: float) -> Bucket:
        if key not in self._buckets:
            room, rate = _size(key)
            self._buckets[key] = Bucket(room, rate, room, now)
        return self._buckets[key]


def _keys(workspace: str, method: str, lane: str) -> Iterable[str]:
    yield f"{workspace} {method}"
    if method == "chat.postMessage":
        yield f"{workspace} {method} {lane}"


def _size(key: str) -> tuple[float, float]:
    """Room and refill a second of a bucket."""
    _workspace, method, *lane = key.split(" ")
    if lane:
        return 1.0, 1 / POSTS_APART
    a_minute = POSTS_A_MINUTE if method == "chat.postMessage" else TIERS[METHODS[method]]
    return max(1.0, a_minute * 0.2), a_minute * 0.8 / 60  # one call must always fit, at tier 1 too
