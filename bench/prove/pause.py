"""pause: SIGSTOP while an errand is in hand, for longer than its lease; another takes it over; then SIGCONT.

On PostgreSQL two of the bot share a database: one is paused at each place around a card's post, the other goes on. On SQLite
there is one: it is paused in the midst of a call while people go on, and resumed. At the end each card stands once, and
nothing is lost.
"""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass, field

from sqlalchemy import text

from bench import pockets
from bench.kept import KEEP
from bench.program import migrate, reading, running
from sandbox.companion import Companion
from sandbox.records import Channel
from sandbox.slack import Slack

from . import checker, databases
from .proof import Proof, Tally, Trial
from .quiet import quiet
from .traffic import SHARED, Share

SPEED = 20.0
"""Times Slack's pace: it brings an event again after 3 and 18 real seconds."""

IN_THE_CALL = "in the call"
PLACES = ("after-claim", "before-send", IN_THE_CALL, "after-send")
"""Where the first is paused: at failpoints (bot/failpoints.py), or while Slack has its call and has not answered."""

STANDS_WITHIN = 20.0
"""Real seconds in which the first has come to the place."""

TAKEN_OVER_WITHIN = 90.0
"""Real seconds in which the other has said it: a lease, 30, and the looks."""

CALL_TAKES = 4.0
"""Real seconds after which a call that Slack holds takes effect."""

ALONE, BRIEFLY_ALONE = 25.0, 4.0
"""Real seconds for which the only one is paused: longer than Slack's tries of an event at this pace, or shorter."""

THINK = 0.3
"""Real seconds between two things that people do."""


@dataclass(slots=True)
class Scene:
    """A pocket, and what was shared and kept in it."""

    slack: Slack
    channel: Channel
    shares: list[Share] = field(default_factory=list)

    async def share(self) -> None:
        """Ben shares something."""
        ben = self.slack.find_person("ben")
        share = Share(self.channel.id, ben.id, f"Lesson number {len(self.shares)} of ben.", "pausing")
        self.shares.append(share)
        answer = await self.slack.types(ben, f"/share {share.words} #{share.topic}", in_=self.channel)
        share.reached, share.heard = not answer.failed, answer.failed or answer.text
        share.acknowledged = share.reached and SHARED in share.heard

    async def keep(self) -> None:
        """Ana says something, and Ben keeps it at once, whether or not the bot has heard of the message."""
        world, ana, ben = self.slack.world, self.slack.find_person("ana"), self.slack.find_person("ben")

        def say_and_keep() -> None:
            message = world.post(self.channel.id, ana.id, f"Worth keeping, at {self.slack.clock.now()}")
            world.react(self.channel.id, message.ts, ben.id, KEEP)

        await self.slack.act(say_and_keep)

    @property
    def cards(self) -> int:
        """How often the last share stands in Slack."""
        messages = self.slack.world.channel(self.channel.id).messages.values()
        return sum(self.shares[-1].words in self.slack.text_of(one) for one in messages)


async def prove(trial: Trial) -> Tally:
    """Pause and resume, at each place."""
    tally = Tally("pauses")
    with databases.fresh(trial.engine, trial.folder) as url:
        environment = {"DATABASE_URL": url, "SLACK_PACE": str(SPEED), "LOG_LEVEL": "warning"}
        await migrate(environment)
        slack = trial.slack(speed=SPEED)
        command = running(trial.folder / "outloud.log")
        environment |= trial.failpoints(hurry=True)
        async with slack, Companion(slack, command, environment) as first:
            scene = await _begin(slack)
            if trial.engine == "sqlite":
                await _pause_the_only_one(scene, first, BRIEFLY_ALONE if trial.short else ALONE)
                tally.tried += 1
            else:
                await quiet(slack, url)  # what is owed yet would bring the first to the place before it is ready
                for place in PLACES[1:2] if trial.short else PLACES:
                    await _pause_at(place, scene, first, trial)
                    door, errand = slack.app_url, await asyncio.to_thread(in_hand, url)
                    async with Companion(slack, command, environment) as other:
                        await take_over(scene, first, url, errand, tally)
                        await quiet(slack, url)
                        other.check()
                    slack.app_url = door
                    if scene.cards != 1:
                        tally.doubled.append(f"Paused at {place}, and resumed: the card stands {scene.cards} times.")
                    tally.tried += 1
                    trial.advance(tally.tried / len(PLACES))
            await quiet(slack, url)
            first.check()
            checker.check(slack, url, [scene.channel.id], scene.shares, tally)
    tally.notes += [f"{len(scene.shares)} shares", f"{sum(one.acknowledged for one in scene.shares)} acknowledged"]
    return tally


async def _begin(slack: Slack) -> Scene:
    for name in ("ana", "ben"):
        slack.person(name)
    channel = slack.channel("pausing", members=("ana", "ben"))
    await pockets.begin(slack, "ana", channel)
    scene = Scene(slack, channel)
    # What was said before the channel heard of it is older than the pocket: its author would be asked.
    await slack.until(lambda: slack.world.channel(channel.id).messages, STANDS_WITHIN, "the pocket's announcement")
    await scene.keep()
    await scene.share()
    await slack.until(lambda: scene.cards, STANDS_WITHIN, "the first card")
    return scene


async def _pause_at(place: str, scene: Scene, first: Companion, trial: Trial) -> None:
    """Let the first stand still at `place`, with the card of a new share in hand."""
    await first.stop()
    await first.start(trial.failpoints(*([] if place == IN_THE_CALL else [f"{place}=stop"]), hurry=True))
    if place == IN_THE_CALL:
        async with asyncio.TaskGroup() as both:
            both.create_task(scene.share())
            await _hold_a_call(scene)
        first.pause()
    else:
        await scene.share()
    await scene.slack.until(lambda: _stands_still(first), STANDS_WITHIN, f"the pause at {place}")


async def _hold_a_call(scene: Scene) -> None:
    """Slack has the next post, and takes its time with it."""
    faults = scene.slack.world.faults
    struck = faults.struck.total()
    scene.slack.fails("chat.postMessage", "delayed before", times=1, seconds=CALL_TAKES)
    await scene.slack.until(lambda: faults.struck.total() > struck, STANDS_WITHIN, "the call")


def _stands_still(app: Companion) -> bool:
    return os.waitid(os.P_PID, app.pid, os.WSTOPPED | os.WNOHANG | os.WNOWAIT) is not None


async def take_over(scene: Scene, first: Companion, url: str, errand: str, tally: Tally) -> None:
    """The other takes what the first has in hand, once the first one's lease has ended; the first goes on only then."""
    try:
        async with asyncio.timeout(TAKEN_OVER_WITHIN):
            while await asyncio.to_thread(in_hand, url) == errand or not scene.cards:  # noqa: ASYNC110 -- another program
                await asyncio.sleep(THINK)
    except TimeoutError:
        tally.wrong.append("What was in hand was taken over by nobody.")
    await scene.keep()
    first.resume()


def in_hand(url: str) -> str:
    """The card that waits to be said, and by which lease it is in hand; empty when there is none any more."""
    with reading(url) as connection:
        found = connection.execute(text("SELECT id, lease FROM outbox WHERE kind = 'post card' AND state = 'waiting'"))
        return " ".join(f"{row.id} {row.lease}" for row in found)


async def _pause_the_only_one(scene: Scene, only: Companion, seconds: float) -> None:
    """While Slack has a call of its. People go on: what they share fails before their eyes, and events are brought again."""
    async with asyncio.TaskGroup() as people:
        people.create_task(_go_on(scene, 2 * seconds))
        await asyncio.sleep(seconds / 2)
        await _hold_a_call(scene)
        only.pause()
        await asyncio.sleep(seconds)
        only.resume()


async def _go_on(scene: Scene, seconds: float) -> None:
    loop = asyncio.get_running_loop()
    until = loop.time() + seconds
    async with asyncio.TaskGroup() as people:
        while loop.time() < until:
            people.create_task(scene.keep())
            people.create_task(scene.share())
            await asyncio.sleep(THINK)


PAUSE = Proof("pause", prove)
