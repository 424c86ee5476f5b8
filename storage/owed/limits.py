"""Slack's limits, and when each lets the next call go: a rule without a clock and without rows, which `pacing` keeps.

No minute has more calls than it may. Half of them go at once; the rest are spread over what is left of the minute, so that
whoever comes behind a burst waits seconds, not the minute. One channel's posts go one at a time, a second behind the answer
to the one before: however long each is on its way, Slack never sees two within a second.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import dropwhile

from storage.ids import WorkspaceId

MINUTE = 60.0

MARGIN = 2.0
"""Seconds that a call may take from its permission to Slack, or a little more: so much later the one a minute ago counts."""

SLOPPY = 0.1
"""The same in real seconds, where a sandbox's minute is shorter than that."""

APART = 1.0
"""Seconds between two posts in a channel ("1 per second", docs.slack.dev/apis/web-api/rate-limits)."""

LET_PASS = 0.25
"""Real seconds that all others leave to whoever called last, where turns are scarce.

Else all of them try for each turn, one gets it, and they keep each other from it meanwhile.
"""

AT_ONCE = 0.05
"""Real seconds for which a turn is left to another process that takes it just now."""

LONGEST = 600.0
"""Real seconds: what rests for longer does so because a clock was set back."""


@dataclass(frozen=True, slots=True)
class Limit:
    """`a_minute` calls in any minute; None: one at a time, `APART`. `name` is its own within its workspace."""

    name: str
    a_minute: int | None


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn that is wanted: a call within a workspace, and all limits that it must keep to."""

    workspace: WorkspaceId
    limits: tuple[Limit, ...]


@dataclass(frozen=True, slots=True)
class Pace:
    """Whose turns these are, and how they are reckoned. `speed`: how many times Slack's rates.

    `hold`: for how many real seconds a channel waits for an answer at most. A post is on its way by then, or never will be.
    """

    by: str
    speed: float = 1.0
    hold: float = 4.0


@dataclass(slots=True)
class Book:
    """What was called lately under one limit, oldest first, and by whom last. Nothing goes before `ready`."""

    calls: list[float] = field(default_factory=list)
    ready: float = 0.0
    by: str | None = None
    holder: str | None = None
    """The lease of the call that is under way, of one at a time."""


Key = tuple[str, str]
"""A workspace, and a limit's name."""


class Books:
    """The books of several limits at a moment: `now`, in the database's seconds. In them stand Slack's: `speed` times as many."""

    def __init__(self, books: dict[Key, Book], *, now: float, pace: Pace) -> None:
        self._books = books
        self._pace = pace
        self.now = now
        self._now = now * pace.speed
        self.known = set(books)
        self.others: set[Key] = set()
        """Under these, somebody else takes a turn at this very moment."""
        self.changed: set[Key] = set()

    def copy(self) -> Books:
        """The same, to try something out in."""
        same = Books({key: replace(book) for key, book in self._books.items()}, now=self.now, pace=self._pace)
        same.others = self.others
        return same

    def __getitem__(self, key: Key) -> Book:
        return self._books.setdefault(key, Book())

    def wait(self, turn: Turn) -> float:
        """Real seconds until it may go; 0: now."""
        if any((turn.workspace, limit.name) in self.others for limit in turn.limits):
            return AT_ONCE
        waits = (self._earliest(self[turn.workspace, limit.name], limit) - self._now for limit in turn.limits)
        return max(0.0, *waits) / self._pace.speed

    def may_again(self, turn: Turn, *, lease: str) -> bool:
        """Whether the call of `lease` may go as another one. Where one goes at a time, it is under way still."""
        alone = [limit.name for limit in turn.limits if limit.a_minute is None]
        counted = tuple(limit for limit in turn.limits if limit.a_minute is not None)
        is_held = all(self[turn.workspace, name].holder == lease for name in alone)
        return is_held and not self.others and self.wait(Turn(turn.workspace, counted)) <= 0

    def take(self, turn: Turn, *, lease: str | None = None) -> None:
        """It goes now."""
        for limit in turn.limits:
            book = self[turn.workspace, limit.name]
            book.by = self._pace.by
            if limit.a_minute is None:
                book.ready, book.holder = self._now + self._pace.hold * self._pace.speed, lease
            else:
                book.calls = [*self._recent(book), self._now]
            self.changed.add((turn.workspace, limit.name))

    def rest(self, key: Key, seconds: float) -> None:
        """Slack said no: nothing goes for so many real seconds."""
        book = self[key]
        book.ready = max(book.ready, self._now + min(seconds, LONGEST) * self._pace.speed)
        self.changed.add(key)

    def release(self, key: Key, *, lease: str, ago: float) -> None:
        """The call of `lease` was answered, so many real seconds `ago`."""
        book = self[key]
        if book.holder == lease:
            book.ready, book.holder = self._now - ago * self._pace.speed + APART, None
            self.changed.add(key)

    def _earliest(self, book: Book, limit: Limit) -> float:
        ready = book.ready if book.ready <= self._now + LONGEST * self._pace.speed else 0.0
        let_pass = LET_PASS * self._pace.speed if book.by != self._pace.by else 0.0
        if limit.a_minute is None:
            return ready + let_pass
        calls = self._recent(book)
        spread = self._spread(calls, limit.a_minute)
        return max(ready, spread, calls[-1] + let_pass) if spread else ready

    def _spread(self, calls: list[float], most: int) -> float:
        """When the next one may go; 0: at once."""
        if len(calls) * 2 < most:
            return 0.0
        left, full = most - len(calls), calls[-most if len(calls) >= most else 0] + self._window
        return full if left <= 0 else calls[-1] + max(0.0, full - calls[-1]) / (left + 1)

    def _recent(self, book: Book) -> list[float]:
        """Those that count still. One from the future is from before a clock was set back."""
        since = self._now - self._window
        past: Iterable[float] = (call for call in book.calls if call <= self._now)
        return list(dropwhile(lambda call: call <= since, past))

    @property
    def _window(self) -> float:
        return MINUTE + max(MARGIN, SLOPPY * self._pace.speed)
