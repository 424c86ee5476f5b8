"""What Slack allowed, and how much of it was used while anything waited: by Slack's record of calls, and looks at the outbox."""

from __future__ import annotations

import asyncio
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from itertools import pairwise

from sqlalchemy import text

from bench.program import reading
from sandbox.slack import Slack

from .proof import Tally

POST, CARD = "chat.postMessage", "post card"
POSTS_A_SECOND = 5.0
"""In a workspace: 300 a minute; in a channel, one."""

A_MINUTE = {"mark": ("reactions.add", 50), "look": ("reactions.get", 50)}
"""Other errands: the method that each needs, and how often it may be called."""

LOOK_EVERY = 0.25
"""Real seconds between two looks at what waits."""

ENOUGH = 30.0
"""Slack's seconds for which something must have waited, all in all, for it to be judged."""

WANTED = 0.9

WAITS = text(
    "SELECT kind, lane, count(*) AS many FROM outbox WHERE state = 'waiting' AND lease IS NULL"
    " AND due <= extract(epoch FROM clock_timestamp()) GROUP BY kind, lane"
)


@dataclass(frozen=True, slots=True)
class Look:
    """What waited for its turn at a moment: cards, by their channels; and which other kinds, more than one of each.

    `at` is in Slack's seconds, by its pace and not by its clock, which is moved. `calls`: how many there had been by then.
    """

    at: float
    calls: int
    cards: frozenset[str]
    others: frozenset[str]


@dataclass(slots=True)
class Use:
    """What was allowed and used in all moments that count, and how long they were together, in Slack's seconds."""

    seconds: float = 0.0
    allowed: float = 0.0
    used: int = 0

    def add(self, seconds: float, *, rate: float, used: int) -> None:
        """A moment in which `rate` calls a second were allowed."""
        self.seconds += seconds
        self.allowed += seconds * rate
        self.used += used


OF_A_WORKSPACE = "posts in a workspace"


@dataclass(slots=True)
class Paced:
    """Looks at the outbox, for as long as `look_on` runs; then `judge`."""

    slack: Slack
    url: str
    speed: float
    looks: list[Look] = field(default_factory=list)
    since: int = 0
    """The first look that counts."""

    def begin(self) -> None:
        """From now on it counts: enough waits, and nobody keeps the bot from it by typing."""
        self.since = len(self.looks)

    async def look_on(self) -> None:
        """Look, over and over."""
        while True:
            at, calls = time.monotonic() * self.speed, len(self.slack.world.calls)
            rows = await asyncio.to_thread(self._rows)
            cards = frozenset(lane for kind, lane, _ in rows if kind == CARD)
            many = Counter[str]()
            for kind, _, waiting in rows:
                many[kind] += waiting
            self.looks.append(Look(at, calls, cards, frozenset(kind for kind in A_MINUTE if many[kind] > 1)))
            await asyncio.sleep(LOOK_EVERY)

    def judge(self, tally: Tally, *, of_use: bool) -> None:
        """Slack never had to say no; and, with `of_use`, nine tenths of what it allows were used while something waited."""
        refused = Counter(call.method for call in self.slack.world.calls if call.error == "ratelimited")
        tally.wrong += [f"Slack said {many} times that {method} came too often." for method, many in refused.items()]
        if not of_use:
            return
        uses = defaultdict[str, Use](Use)
        for one, other in pairwise(self.looks[self.since :]):
            self._count(one, other, uses)
        if (seconds := uses[OF_A_WORKSPACE].seconds) < ENOUGH:
            tally.wrong.append(
                f"Posts in a workspace waited for {seconds:.0f} s, too shortly to be judged: nothing was tried."
            )
        for what, use in uses.items():
            if use.seconds < ENOUGH:
                continue
            tally.notes.append(f"{what}: {use.used / use.allowed:.0%} of {use.allowed:,.0f} used")
            if use.used < WANTED * use.allowed:
                tally.wrong.append(f"Only {use.used:,} of {use.allowed:,.0f} {what} were made while more waited.")

    def _count(self, one: Look, other: Look, uses: dict[str, Use]) -> None:
        """Where many channels wait, the workspace's limit is what counts; where few do, each one's own."""
        seconds, calls = other.at - one.at, self.slack.world.calls[one.calls : other.calls]
        made = Counter(call.method for call in calls if call.error is None)
        waiting = one.cards & other.cards
        if len(waiting) >= 2 * POSTS_A_SECOND:
            uses[OF_A_WORKSPACE].add(seconds, rate=POSTS_A_SECOND, used=made[POST])
        elif 0 < len(waiting) < POSTS_A_SECOND - 1:
            used = sum(
                call.method == POST and call.error is None and call.args.get("channel") in waiting for call in calls
            )
            uses["posts in a channel"].add(seconds, rate=len(waiting), used=used)
        for kind in one.others & other.others:
            method, a_minute = A_MINUTE[kind]
            uses[method].add(seconds, rate=a_minute / 60, used=made[method])

    def _rows(self) -> list[tuple[str, str, int]]:
        with reading(self.url) as connection:
            return [(row.kind, row.lane, row.many) for row in connection.execute(WAITS)]
