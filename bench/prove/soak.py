"""soak: 200,000 mixed events over six weeks of a busy community, and the bot holds no more of anything at the end.

Each three hours have as many events as any others; then the clock goes on, and what falls due by that is done: prompts,
their ends, digests, reminders, news. Memory is looked at all the while. A quarter is for getting warm.
"""

from __future__ import annotations

import asyncio
import random
import re
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import Connection, text

from bench.program import migrate, reading, running
from sandbox.clock import Clock
from sandbox.companion import Companion
from sandbox.ports import free_port
from sandbox.quotas import Quotas
from sandbox.slack import Slack

from . import databases, growth, traces
from .bustle import Bustle
from .proof import Proof, Tally, Trial
from .quiet import bring_again
from .traffic import SPEED
from .vitals import Signs, Vitals

EVENTS, FEW = 200_000, 300
"""How many deliveries there are, at least."""

BEGINS = datetime(2026, 1, 5, 6, 7, tzinfo=UTC).timestamp()
"""A Monday; at seven minutes past nothing is asked anywhere."""

STEP = 3 * 3600.0
DAY, WEEK = 8, 56
"""Steps."""

STEPS, FEW_STEPS = 6 * WEEK, DAY

LOOK_EVERY = 1.0
"""Real seconds between two looks."""

RESTS_FOR, RESTS_SHORT = 30.0, 6.0
"""Real seconds of rest: connections are kept for 15 in case they are needed again."""

RESTS_AT_MOST = 90.0
"""Real seconds within which it has let go of everything."""

SPARE_SHORT = 12
"""In the short form so many of each may be more: in its first quarter not even all connections to SQLite are open."""

REST_LOOK = 0.5
"""Real seconds between two looks at one that rests."""

DUE_WITHIN = 30.0
"""Real seconds for what the bot owes; it is not waited for any longer."""

SEES_TIME = 0.3
"""Real seconds in which the bot sees that the clock was moved: it looks ten times a second."""

UNANSWERED = 0.01
"""So many of the events may fail: whether the bot answers in time is not what is proven here."""

DUE = text("SELECT count(*) FROM outbox WHERE state = 'waiting' AND (lease IS NOT NULL OR due <= :now)")

WANTED = (
    *("post card", "refresh card", "mark", "post round", "refresh round", "ask first", "remind", "post digest"),
    *("tell privately", "refresh home", "answer mention", "answer directly", "look at channel"),
)
"""Errands, some of each of which there must have been: what was not tried proves nothing."""


@dataclass
class _Soak:
    """What is lived through, and what was seen of the bot meanwhile."""

    slack: Slack
    bustle: Bustle
    vitals: Vitals
    connection: Connection
    events: int = 0
    """Deliveries that the bot acknowledged."""
    given_up: int = 0
    """Those that Slack gave up on."""
    looks: list[tuple[int, Signs]] = field(default_factory=list)
    """Each with the number of events that there had been."""

    async def live(self, wanted: int, is_over: Callable[[], bool]) -> None:
        """Three hours, by whose end there were so many events in all."""
        deliveries = self.slack.courier.deliveries
        await self.bustle.go_on(lambda: self.events + len(deliveries) >= wanted or is_over())
        await self.settle()

    async def settle(self) -> None:
        """Wait until the bot has done what is due."""
        await self.slack.settled()
        until = time.monotonic() + DUE_WITHIN
        while self._due() and time.monotonic() < until:  # noqa: ASYNC110 -- rows, which nobody announces
            await asyncio.sleep(0.05)
        self.bustle.look_round()
        self._forget()

    async def pass_time(self) -> None:
        """The clock goes on; what falls due by that is begun."""
        self.slack.clock.move(STEP)
        await asyncio.sleep(SEES_TIME)

    async def watch(self) -> None:
        """Look on, until this is cancelled."""
        while True:
            self.looks.append((self.events + len(self.slack.courier.deliveries), await self.vitals.look()))
            await asyncio.sleep(LOOK_EVERY)

    async def typical(self, seconds: float) -> Signs:
        """What it holds of each once it has rested for a while: in the middle of the second half of so many seconds."""
        until, looks = time.monotonic() + seconds, list[Signs]()
        while time.monotonic() < until:
            looks.append(await self.vitals.look())
            await asyncio.sleep(REST_LOOK)
        return growth.typical(looks[len(looks) // 2 :])

    async def least(self, than: Signs, *, spare: int) -> Signs:
        """The least that it holds of each, at rest; it is looked at until that is no more than it may be, or for long enough."""
        until, seen = time.monotonic() + RESTS_AT_MOST, await self.vitals.look()
        held = dict(seen.held)
        while time.monotonic() < until and not growth.is_no_more(held, than.held, spare=spare):
            await asyncio.sleep(REST_LOOK)
            seen = await self.vitals.look()
            held = {name: min(many, seen.held[name]) for name, many in held.items()}
        return Signs(seen.memory, held, seen.open)

    def _due(self) -> int:
        try:
            return int(self.connection.scalar(DUE, {"now": self.slack.clock.now()}) or 0)
        finally:
            self.connection.rollback()

    def _forget(self) -> None:
        """What is past is let go of: else it is this program that swells. What people wrote stays, as it does in Slack."""
        world, deliveries = self.slack.world, self.slack.courier.deliveries
        self.events += sum(one.state == "acknowledged" for one in deliveries)
        self.given_up += sum(one.state == "dropped" for one in deliveries)
        deliveries[:] = [one for one in deliveries if one.state not in ("acknowledged", "failed", "dropped")]
        for past in (world.calls, world.ephemerals, world.views, world.triggers, world.response_urls, world.uploads):
            past.clear()
        self.slack.offered.clear()
        self.slack.chosen.clear()


async def prove(trial: Trial) -> Tally:
    """Let them live; then compare what the bot holds with what it held when it was warm."""
    tally, port = Tally("events"), free_port()
    log = trial.folder / "outloud.log"
    with databases.fresh(trial.engine, trial.folder) as url:
        environment = {
            "DATABASE_URL": url,
            "SLACK_PACE": str(SPEED),
            "LOG_LEVEL": "warning",
            "METRICS_PORT": str(port),
        }
        await migrate(environment)
        async with trial.slack(speed=1, now=BEGINS) as slack:
            slack.world.quotas = Quotas(Clock(speed=SPEED))  # Slack's limits alone go by a clock that runs
            environment["SLACK_CLOCK"] = f"{slack.world.base_url}/sandbox/clock"
            async with Companion(slack, running(log), environment) as outloud, Vitals(outloud.pid, port, url) as vitals:
                bustle = Bustle(slack, random.Random(trial.seed), trial.short)  # noqa: S311 -- to be repeated
                await bustle.begin()
                with reading(url) as connection:
                    soak = _Soak(slack, bustle, vitals, connection)
                    warm, in_the_end = await _live(trial, soak)
                outloud.check()
                errands = _errands(await vitals.page())
    tally.tried = soak.events
    growth.compare(tally, warm, in_the_end, spare=_spare(trial))
    if not trial.short:  # it takes longer to get warm
        growth.weigh(tally, [(events / EVENTS, seen.memory) for events, seen in soak.looks])
        tally.wrong += [f"There was no errand to {kind}." for kind in WANTED if not errands.get(kind)]
    _sum_up(tally, soak, errands)
    tally.wrong += traces.in_log(log, traces.NOT_OURS).faults
    return tally


async def _live(trial: Trial, soak: _Soak) -> tuple[Signs, Signs]:
    """All weeks. Returns what the bot held at rest: when it was warm, and in the end."""
    events, steps = (FEW, FEW_STEPS) if trial.short else (EVENTS, STEPS)
    rest = RESTS_SHORT if trial.short else RESTS_FOR
    watching = asyncio.create_task(soak.watch())
    warm = await soak.vitals.look()
    for step in range(1, steps + 1):
        await soak.live(events * step // steps, watching.done)
        if watching.done():
            break
        if step == steps // 4:
            warm = await soak.typical(rest)
        if step % WEEK == 0 and step < steps:
            await soak.bustle.begin_a_week()
        await soak.pass_time()
        trial.advance(step / steps)
    watching.cancel()
    with suppress(asyncio.CancelledError):
        await watching  # raises what went wrong
    await bring_again(soak.slack)
    await soak.settle()
    return warm, await soak.least(warm, spare=_spare(trial))


def _spare(trial: Trial) -> int:
    return SPARE_SHORT if trial.short else 0


def _errands(page: str) -> dict[str, int]:
    """How often each kind of errand was done, by the bot's own figures."""
    found: dict[str, int] = {}
    for kind, many in re.findall(r'^outloud_errands_total{kind="([^"]+)",.*outcome="done"} (\S+)$', page, re.MULTILINE):
        found[kind] = found.get(kind, 0) + int(float(many))
    return found


def _sum_up(tally: Tally, soak: _Soak, errands: dict[str, int]) -> None:
    acts, failed = soak.bustle.done.total(), soak.bustle.unanswered + soak.given_up
    tally.notes += [f"{acts:,} acts", f"{sum(errands.values()):,} errands of {len(errands)} kinds"]
    if failed:
        tally.notes.append(f"{failed} not answered in time")
    if failed > soak.events * UNANSWERED:
        tally.wrong.append(f"Of {soak.events} events {failed} were not answered.")


SOAK = Proof("soak", prove)
