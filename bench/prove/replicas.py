"""replicas: four of the bot on one PostgreSQL; every few seconds one is killed and one is paused, while a community is at work.

An export is played, people share faster than Slack lets anybody post, rounds and digests fall due. At the end nothing is lost and
nothing stands twice; Slack never had to say that they came too often; and nine tenths of what it allows were used.
"""

from __future__ import annotations

import asyncio
import random
from contextlib import suppress
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bench import pockets
from bench.program import migrate, running
from sandbox.records import Channel
from sandbox.replay import before_first
from sandbox.slack import NeverHappened, Slack

from . import checker, databases
from .fleet import Fleet, fleet
from .paced import Paced
from .present import Present
from .proof import Proof, Tally, Trial
from .quiet import bring_again, quiet
from .traffic import ROOM, SHARED, Share, Traffic

MANY = 4
SPEED, SHORT_SPEED = 1.0, 20.0
"""Times Slack's pace: its own, so that its limits are what holds the bot up, and not this machine."""

TIMES, SHORT_TIMES = 12, 1
"""How often one is killed, and how often one is paused."""

EVERY, SHORT_EVERY = (2.0, 6.0), (0.5, 1.0)
"""Real seconds between two kills, and between two pauses."""

PAUSES, SHORT_PAUSES = (1.0, 4.0, 2.5, 12.0, 1.5, 35.0, 0.7), (2.0,)
"""Real seconds: within a turn, over it, and longer than a lease."""

ROOMS, CROWD = 12, 40
"""Pockets in which people share as fast as they can, and how often in each: more than Slack lets out in a workspace."""

THINK = (0.5, 1.5)
"""Real seconds that somebody else takes between two things that they do in the export's channels."""

ASKED, DIGEST = "What did we learn from number {}?", "What <#{}> learned"
POSTED = tuple(words.partition("{")[0] for words in (ASKED, DIGEST))
"""What each room hears, and how that begins."""

WITHIN = 150.0
"""Real seconds in which all of them are posted."""

SOON = 15.0
"""Real seconds until the prompts and digests fall due, at the least: so long it takes to schedule them."""


async def prove(trial: Trial) -> Tally:
    """Let them all work; then hold Slack and the database to each other."""
    tally = Tally("kills and pauses")
    speed = SHORT_SPEED if trial.short else SPEED
    with databases.fresh(trial.engine, trial.folder) as url, Present(trial.export) as export:
        environment = {"DATABASE_URL": url, "SLACK_PACE": str(speed), "LOG_LEVEL": "warning"}
        await migrate(environment)
        environment |= trial.failpoints(hurry=True)
        slack, chance = trial.slack(speed=speed, now=before_first(export, room=ROOM)), random.Random(trial.seed)  # noqa: S311
        command = running(trial.folder / "outloud.log")
        async with slack, fleet(slack, 2 if trial.short else MANY, command, environment, chance) as them:
            traffic = Traffic(slack, export, chance, sharers=1, think=THINK)
            channels, rooms = await traffic.set_the_scene(), await _rooms(slack)
            paced = Paced(slack, url, speed)
            looking = asyncio.create_task(paced.look_on())
            asked = [] if trial.short else rooms
            await _schedule(slack, asked)
            await _work(trial, them, traffic, rooms, paced)
            await bring_again(slack)
            with suppress(NeverHappened):  # what is missing is told at the end
                await slack.until(lambda: all(_stands(slack, *one) for one in enumerate(asked)), WITHIN)
            await bring_again(slack)
            await quiet(slack, url)
            looking.cancel()
            them.check()
            everywhere = [*channels, *(one.id for one in rooms)]
            checker.check(slack, url, everywhere, traffic.shares, tally, besides=POSTED)
            asked_once(slack, asked, tally)
            paced.judge(tally, of_use=not trial.short)  # in haste, this machine is what holds the bot up
    tally.tried = them.done
    tally.notes += [f"{traffic.said:,} messages", f"{traffic.keeps:,} 💡", f"{len(traffic.shares):,} shares"]
    return tally


async def _work(trial: Trial, them: Fleet, traffic: Traffic, rooms: list[Channel], paced: Paced) -> None:
    """People and the export, until the last kill and pause. Once the crowd has typed, its cards wait for Slack's pace."""
    times = SHORT_TIMES if trial.short else TIMES
    traffic.allowed = lambda: (them.done + 0.9) / (2 * times)
    every, pauses = (SHORT_EVERY, SHORT_PAUSES) if trial.short else (EVERY, PAUSES)
    async with asyncio.TaskGroup() as everybody:
        everybody.create_task(them.disturb(times, every, pauses, lambda: trial.advance(them.done / 2 / times)))
        everybody.create_task(traffic.run())
        many = 3 if trial.short else CROWD
        await asyncio.gather(*(_crowd(them.slack, room, traffic.shares, many) for room in rooms))
        paced.begin()


async def _rooms(slack: Slack) -> list[Channel]:
    """Pockets of ana's."""
    slack.person("ana")
    rooms = [slack.channel(f"room-{number}", members=("ana",)) for number in range(ROOMS)]
    for room in rooms:
        await pockets.begin(slack, "ana", room)
    return rooms


async def _schedule(slack: Slack, rooms: list[Channel]) -> None:
    """In each of them, a prompt and a digest of the same minute, which is soon, by this machine's clock: the bot goes by it."""
    now = datetime.now(ZoneInfo(slack.find_person("ana").tz))
    at = (now + timedelta(seconds=SOON)).replace(second=0, microsecond=0) + timedelta(minutes=1)
    for number, room in enumerate(rooms):
        line = f"/prompts once {at:%Y-%m-%d %H:%M} {ASKED.format(number)}"
        await pockets.taken(slack, "ana", line, room, "Scheduled.")
        await pockets.post_digest(slack, "ana", room, day=f"{at:%A}s", time=f"{at:%H:%M}")


async def _crowd(slack: Slack, room: Channel, shares: list[Share], many: int) -> None:
    """Ana shares as fast as she is answered."""
    ana = slack.find_person("ana")
    for number in range(many):
        share = Share(room.id, ana.id, f"Number {number} of {room.name}.", "crowd")
        shares.append(share)
        answer = await slack.types(ana, f"/share {share.words} #{share.topic}", in_=room)
        share.reached, share.heard = not answer.failed, answer.failed or answer.text
        share.acknowledged = share.reached and SHARED in share.heard


def _stands(slack: Slack, number: int, room: Channel) -> bool:
    return all(_said(slack, room, number).values())


def asked_once(slack: Slack, rooms: list[Channel], tally: Tally) -> None:
    """Each prompt stands once, and each digest."""
    for number, room in enumerate(rooms):
        for what, times in _said(slack, room, number).items():
            if times == 0:
                tally.lost.append(f"#{room.name}: «{what}» was never posted.")
            elif times > 1:
                tally.doubled.append(f"#{room.name}: «{what}» was posted {times} times.")


def _said(slack: Slack, room: Channel, number: int) -> dict[str, int]:
    """How often its prompt stands in a room, and its digest."""
    messages = [f"{slack.text_of(one)} {one.text}" for one in room.messages.values() if one.user == slack.app.id]
    return {what: sum(what in one for one in messages) for what in (ASKED.format(number), DIGEST.format(room.id))}


REPLICAS = Proof("replicas", prove, engines=("postgresql",))
