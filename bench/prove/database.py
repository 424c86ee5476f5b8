"""database: the memory goes away under load, again and again, in every way that it can, and comes back.

PostgreSQL is stopped and started, its connections are cut, deadlocks are provoked; SQLite is full, or locked by another program.
People see a plain sentence, Slack sees 5xx and asks again, nothing that was acknowledged is lost, and the bot recovers by itself.
"""

from __future__ import annotations

import asyncio
import random
import re
from collections import Counter
from dataclasses import dataclass, field

from bench.program import migrate, running
from sandbox.companion import Companion
from sandbox.delivery import Attempt
from sandbox.replay import before_first
from sandbox.slack import Slack

from . import checker, traces
from .outages import Memory, Outage, memory
from .present import Present
from .proof import Proof, Tally, Trial
from .quiet import bring_again, quiet
from .traces import Excuse
from .traffic import ROOM, SPEED, Share, Traffic

PAUSE = (0.3, 2.0)
"""Real seconds of undisturbed work before each outage."""

MEANWHILE = 0.2
"""Real seconds between two 💡 that come or go during an outage, whatever else people do."""

RECOVERS_WITHIN = 20.0
"""Real seconds within which somebody can share again, once the database is back."""

AGAIN = "again"
"""What every sentence of the bot's about its memory says: to try again, now or in a moment."""

TECHNICAL = re.compile(r"\d|[a-z][A-Z]|_|\w\.\w|::|\b(?i:error|exception|traceback)\b")
"""What no plain sentence holds: codes, names of classes and of modules."""

OF_THE_DATABASE = (
    *(f"sqlalchemy.exc.{name}" for name in ("OperationalError", "InterfaceError", "InternalError")),
    *("psycopg.", "sqlite3.", "storage.db.writer.RolledBack"),
)
"""How a database that is away, full or locked is called: by SQLAlchemy, by the drivers, and where it undid a transaction."""

EXCUSES = tuple(
    Excuse(event, OF_THE_DATABASE)
    for event in (
        "nothing can be read",
        "nothing can be written",
        "a write was lost",
        "the connection died in a commit",
    )
)
"""What the log may say of it; any other error, and these with any other exception, is a fault."""

SERVER_ERRORS = range(500, 600)
SILENCE = range(1)
"""How the sandbox notes a try that got no answer."""


async def prove(trial: Trial) -> Tally:
    """Take the bot's memory away while people work; then hold Slack and the database to each other."""
    tally = Tally("outages")
    async with memory(trial) as kept_in:
        environment = {"DATABASE_URL": kept_in.url, "SLACK_PACE": str(SPEED), "LOG_LEVEL": "warning"}
        await migrate(environment)
        with Present(trial.export) as export:
            slack = trial.slack(speed=SPEED, now=before_first(export, room=ROOM))
            log = trial.folder / "outloud.log"
            command = running(log)
            async with slack, Companion(slack, command, environment | kept_in.environment) as outloud:
                await _work(slack, Traffic(slack, export, _chance(trial)), kept_in, trial, tally)
                outloud.check()  # it is the same process that was there in the beginning
        traces.judge_log(log, tally, EXCUSES)
    return tally


async def _work(slack: Slack, traffic: Traffic, kept_in: Memory, trial: Trial, tally: Tally) -> None:
    channels = await traffic.set_the_scene()
    disturber = Disturber(slack, traffic, trial, tally, kept_in.outages(traffic))
    traffic.allowed = disturber.part_done
    await asyncio.gather(disturber.run(), traffic.run())
    await quiet(slack, kept_in.url)
    checker.check(slack, kept_in.url, channels, traffic.shares, tally)
    refused = [share for share in traffic.shares if not share.acknowledged]
    tally.wrong += unclear(traffic.shares)
    asked_again(slack, tally, trial.door)
    felt = ", ".join(f"{name} {times}" for name, times in sorted(disturber.felt.items()))
    tally.notes += [f"{len(traffic.shares):,} shares", f"{len(refused)} of them refused in a sentence", felt]


def unclear(shares: list[Share]) -> list[str]:
    """Whoever could not share, or not undo it, and read no plain sentence."""
    could_not = [(one.person, one.reached, one.heard) for one in shares if not one.acknowledged]
    could_not += [
        (one.person, one.reached_undo, one.heard_of_undo) for one in shares if one.undo in ("asked", "refused")
    ]
    return [
        f"{person} saw no plain sentence: {heard}"
        for person, reached, heard in could_not
        if not (reached and is_plain(heard))
    ]


def is_plain(words: str) -> bool:
    """Whether it is sentences that say to try again; below them may stand what somebody wrote, to be sent again."""
    sentences = words.partition("\n")[0].strip()
    return AGAIN in sentences and sentences.endswith(".") and not TECHNICAL.search(sentences)


def asked_again(slack: Slack, tally: Tally, door: str) -> None:
    """Events that came while the memory was away were answered 5xx, or not acknowledged, and taken at a later try."""
    events = [one for one in slack.courier.deliveries if one.kind == "event"]
    refused = [one for one in events if any(_is_refusal(attempt, door) for attempt in one.attempts)]
    how = "not acknowledged" if door == "socket" else "answered 5xx"
    tally.notes.append(f"{len(refused)} events {how}, and brought again")
    if not refused:
        tally.wrong.append(f"No event was ever {how}: nothing was tried.")
    tally.lost += [f"Slack gave up on {one.name}." for one in events if one.state != "acknowledged"]


def _is_refusal(attempt: Attempt, door: str) -> bool:
    """By Socket Mode Outloud has no word for it: it says nothing, and Slack's patience ends."""
    return attempt.status in (SILENCE if door == "socket" else SERVER_ERRORS)


def _chance(trial: Trial) -> random.Random:
    return random.Random(trial.seed)  # noqa: S311 -- to be repeated


@dataclass(slots=True)
class Disturber:
    """Lets one outage come after the other, in an order of chance, and waits after each until the bot works again."""

    slack: Slack
    traffic: Traffic
    trial: Trial
    tally: Tally
    outages: list[Outage]
    felt: Counter[str] = field(default_factory=Counter)
    """How often each kind of outage bit: by the server's account, or in answers to people and events."""
    _done: int = 0

    def part_done(self) -> float:
        """How much of the export may have been said, 0 to 1: people work until all is done."""
        return (self._done + 0.9) / len(self.outages)

    async def run(self) -> None:
        """All of them."""
        chance = _chance(self.trial)
        chance.shuffle(self.outages)
        for outage in self.outages:
            await asyncio.sleep(chance.uniform(*PAUSE))
            await self._something_to_change()
            before = self._refusals()
            going = asyncio.create_task(outage.befall(chance))
            while not going.done():
                await asyncio.gather(self.traffic.change_a_keep(), asyncio.wait([going], timeout=MEANWHILE))
            counted = await going
            await self._require_recovery()
            await bring_again(self.slack)
            self._note(outage, counted if outage.is_counted else self._refusals() - before)

    def _note(self, outage: Outage, times: int) -> None:
        """An outage is over; `times`: how often it bit."""
        self._done += 1
        self.tally.tried += 1
        self.felt[outage.name] += times
        if not times:
            self.tally.wrong.append(f"Outage {self._done}, {outage.name}, was felt by nobody: nothing was tried.")
        self.trial.advance(self._done / len(self.outages))

    def _refusals(self) -> int:
        """How many shares were refused so far, and tries of events."""
        events = [one for one in self.slack.courier.deliveries if one.kind == "event"]
        return self.traffic.refused() + sum(
            _is_refusal(one, self.trial.door) for each in events for one in each.attempts
        )

    async def _something_to_change(self) -> None:
        """Wait until there is a 💡 to give or take back: else there might be no event while the memory is away."""
        while not (self.traffic.can_change_a_keep() or self.traffic.is_over):  # noqa: ASYNC110 -- no event
            await asyncio.sleep(0.01)

    async def _require_recovery(self) -> None:
        """Somebody who shares from now on is heard, before long."""
        since = len(self.traffic.shares)
        try:
            async with asyncio.timeout(RECOVERS_WITHIN):
                while not any(share.acknowledged for share in self.traffic.shares[since:]):  # noqa: ASYNC110 -- no event
                    await asyncio.sleep(0.01)
        except TimeoutError:
            self.tally.wrong.append(f"The bot did not work again within {RECOVERS_WITHIN:g} s.")


DATABASE = Proof("database", prove)
