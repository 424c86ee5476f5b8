"""year: a sandbox's clock runs 52 weeks of 200 schedules in 40 zones, and the bot is killed and started anew at random.

Two thirds of them are special (plans.py): with dates to skip, public holidays, an end, a pause, or changed in the midst. The
clock goes from one moment at which something is to be asked, or a lead does something, to the next. At the end each prompt
stands once, at its moment, and none besides: by a timetable (timetable.py) that shares no code with the bot.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random

from bench import pockets
from bench.program import SPEED, migrate, reading, running
from sandbox.clock import Clock
from sandbox.companion import Companion
from sandbox.quotas import Quotas
from sandbox.slack import Slack

from . import databases, plans, quiet
from .plans import ZONES
from .proof import Proof, Tally, Trial
from .scheduling import Lead
from .timetable import Entry

BEGINS = datetime(2026, 1, 5, 12, 7, tzinfo=UTC).timestamp()
"""A Monday; at seven minutes past nothing is asked anywhere."""

SHORT_BEGINS = datetime(2026, 3, 27, 12, 7, tzinfo=UTC).timestamp()
"""The Friday before the night in which Europe, Troll, Beirut, Nuuk and the Azores change their clocks."""

WEEK = 7 * 86400.0
SCHEDULES, SHORT_SCHEDULES = 5, 2
"""In each zone."""

SHORT_ZONES = ("Europe/Berlin", "Antarctica/Troll", "America/Nuuk", "Africa/Casablanca", "Pacific/Chatham")
SHORT_WEEKS = 3 / 7
KILLS, SHORT_KILLS = 26, 1

LEASE = 40.0
"""Seconds after which what a killed bot had in hand is anybody's."""

LATE = 600.0
"""Seconds, by the sandbox's clock, that a prompt may be late: a bot that was killed has to be started."""

STUCK_AFTER = 30.0
"""Real seconds without a call or a change, after which the clock goes on though something is due."""

SEEN_FROM = 0.001
"""Seconds that the clock is set beyond a moment: it is no number of which a second can be taken exactly."""


@dataclass
class _Year:
    """The stage, and what is to happen on it."""

    slack: Slack
    limits: Clock
    """By which Slack's limits go, and the bot's pace: from one moment to the next it is tenths of a second."""
    url: str
    """The bot's database."""
    entries: list[Entry] = field(default_factory=list)
    leads: dict[str, Lead] = field(default_factory=dict)
    """By their channel's id."""
    due: dict[float, list[Entry]] = field(default_factory=lambda: defaultdict(list))
    changes: dict[float, list[Entry]] = field(default_factory=lambda: defaultdict(list))
    """What is changed in the midst, and when."""
    unsettled: int = 0
    """Moments at which something was still due when the clock moved on."""

    def move(self, seconds: float) -> None:
        """Let so much time pass."""
        self.slack.clock.move(seconds)
        self.limits.move(seconds)


async def prove(trial: Trial) -> Tally:
    """Let it run, and compare."""
    tally, chance = Tally("prompts"), Random(trial.seed)  # noqa: S311 -- nothing is secret here
    begins = SHORT_BEGINS if trial.short else BEGINS
    until = begins + (SHORT_WEEKS if trial.short else 52) * WEEK
    with databases.fresh(trial.engine, trial.folder) as url:
        environment = {"DATABASE_URL": url, "SLACK_PACE": str(SPEED), "LOG_LEVEL": "warning"}
        await migrate(environment)
        async with trial.slack(speed=1, now=begins) as slack:
            environment["SLACK_CLOCK"] = f"{slack.world.base_url}/sandbox/clock"
            environment |= trial.failpoints(hurry=True)
            slack.world.quotas = Quotas(limits := Clock(speed=SPEED))
            async with Companion(slack, running(trial.folder / "outloud.log"), environment) as app:
                year = _Year(slack, limits, url)
                await _begin(year, trial, until, chance)
                moments = sorted({*year.due, *year.changes})
                kills = set(chance.sample(sorted(year.due), min(len(year.due), SHORT_KILLS if trial.short else KILLS)))
                for number, at in enumerate(moments):
                    app.check()
                    await _come_to(year, app, at, chance.choice(("before", "in the midst")) if at in kills else "")
                    await _change(year, at)
                    trial.advance(number / len(moments))
                _compare(year, tally)
    tally.notes += [*_told(year.entries), f"{len(moments)} moments", f"{len(kills)} kills"]
    if year.unsettled:
        tally.notes.append(f"{year.unsettled} moments were left with something due")
    return tally


def _told(entries: Sequence[Entry]) -> list[str]:
    """How many there were, and how many of them were special."""
    special = [entry for entry in entries if entry.kind != "plain"]
    return [f"{len(entries)} schedules", f"{len(special)} of them special"]


async def _begin(year: _Year, trial: Trial, until: float, chance: Random) -> None:
    """A pocket in each zone, whose lead lives there, and its schedules."""
    slack, begins = year.slack, year.slack.clock.now()
    zones, each = (SHORT_ZONES, SHORT_SCHEDULES) if trial.short else (ZONES, SCHEDULES)
    leads = []
    for number, zone in enumerate(zones):
        person = slack.person(f"lead{number}", tz=zone)
        channel = slack.channel(f"pocket{number}", members=(person,))
        await pockets.begin(slack, person, channel)
        leads.append(Lead(slack, person, channel))
    for entry in plans.entries(zones, each, short=trial.short, chance=chance, begins=begins, ends=until):
        lead = leads[int(entry.channel)]
        entry.channel = lead.channel.id
        year.leads[entry.channel] = lead
        await lead.schedule(entry)
        entry.plans[0] = (slack.clock.now(), entry.plans[0][1])
        year.entries.append(entry)
        for moment in entry.times(until=until):
            year.due[moment].append(entry)
        for at, _ in entry.plans[1:]:
            year.changes[at].append(entry)
        for moment in Entry(entry.channel, entry.question, entry.plans[:1]).times(until=until):
            year.due.setdefault(moment, [])  # the clock comes there, too: as if nothing had been changed


async def _change(year: _Year, at: float) -> None:
    """What leads change at this moment, by the bot's forms."""
    for entry in year.changes.get(at, ()):
        number = [since for since, _ in entry.plans].index(at)
        await year.leads[entry.channel].change(entry, entry.plans[number - 1][1], entry.plans[number][1])


async def _come_to(year: _Year, app: Companion, at: float, kill: str) -> None:
    """The clock comes to a moment, and what is due is posted; the bot is killed before it, or in the midst, or not at all.

    Then it is waited for until nothing else is due. Else leases would end in the midst of it: what the bot has in hand would be
    looked for and begun anew, more of it at each moment, as it is not where hours are lived through.
    """
    if kill == "before":
        await app.kill()
    year.move(max(0.0, at - year.slack.clock.now()) + SEEN_FROM)
    if kill == "in the midst":
        await asyncio.sleep(0.15)  # it has seen the time, perhaps, and posts
        await app.kill()
    if kill:
        await app.start()
        year.move(LEASE)
    with reading(year.url) as connection:
        year.unsettled += not await quiet.done(year.slack, connection, patience=STUCK_AFTER)


def _compare(year: _Year, tally: Tally) -> None:
    """Each prompt once, at its moment; no other."""
    for entry in year.entries:
        wanted = sorted(at for at, entries in year.due.items() if entry in entries)
        found = sorted(_posted(year, entry))
        tally.tried += len(wanted)
        for at in wanted:
            there = [ts for ts in found if at <= ts < at + LATE]
            what = f"{entry.name}, at {datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M} UTC"
            if not there:
                tally.lost.append(f"{what}: not asked.")
            elif len(there) > 1:
                tally.doubled.append(f"{what}: asked {len(there)} times.")
            found = [ts for ts in found if ts not in there]
        tally.wrong += [f"{entry.name}: asked at {datetime.fromtimestamp(ts, UTC)} UTC." for ts in found]


def _posted(year: _Year, entry: Entry) -> Iterable[float]:
    for message in year.slack.world.channel(entry.channel).messages.values():
        if message.user == year.slack.app.id and not message.is_reply and entry.question in year.slack.text_of(message):
            yield float(message.ts)


YEAR = Proof("year", prove)
