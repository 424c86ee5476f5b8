"""hostile: requests that no Slack would send, to the front door of the bot as a program, over HTTP.

No answer is a 500, and few are a 503, which says "busy"; nothing of a body stands in the log, nor a traceback; of a badly signed
request nothing stands in the database; and the honest requests among them are all taken, once.
"""

from __future__ import annotations

import asyncio
import random
import time

from bench.program import SPEED, migrate, running
from sandbox.companion import Companion
from sandbox.records import Channel
from sandbox.slack import NeverHappened, Slack

from . import attempts, databases, samples, traces
from .attempts import Attempt
from .mutations import canary
from .proof import Proof, Tally, Trial
from .samples import Sample
from .traffic import NOTHING_SAVED, SHARED
from .wire import SAID_NOTHING, Wire

REQUESTS, FEW = 50_000, 400
"""How many requests; and how many in the short form."""

WIRES = 24
"""Connections at once."""

SUCCESS = range(200, 300)
SERVER_ERRORS, BUSY = range(500, 600), 503

MOST_BUSY, FEW_BUSY = 0.02, 10
"""Which part of the requests may hear that it is busy; of a short siege, so many."""

ASKED_AGAIN, PAUSE = 3, 0.5
"""How often an honest request is sent again that met a busy bot, as Slack does, and after how many real seconds."""

CARD_WITHIN = 90.0
"""Real seconds in which what is shared after the siege has its card."""

LAST_WORDS = "The door still opens, said somebody afterwards."


async def prove(trial: Trial) -> Tally:
    """Lay siege to the door, then look at what is left of the house."""
    tally = Tally("hostile requests")
    log = trial.folder / "outloud.log"
    with databases.fresh(trial.engine, trial.folder) as url:
        environment = {"DATABASE_URL": url, "SLACK_PACE": str(SPEED), "LOG_LEVEL": "debug"}
        await migrate(environment)
        slack = trial.slack(speed=SPEED)
        async with slack, Companion(slack, running(log), environment) as outloud:
            pocket, caught = await samples.catch(slack, short=trial.short)
            tally.notes.append(samples.routes(caught))
            siege = Siege(slack, caught, trial, tally, outloud.port)
            await siege.run(FEW if trial.short else REQUESTS)
            outloud.check()
            await require_alive(slack, pocket, tally)
        traces.look(url, tally, unsigned=siege.unsigned, shared=siege.shared, refused=siege.refused)
        require_one_card_each(slack, pocket, siege.shared, tally)
    traces.judge_log(log, tally, traces.NOT_OURS, called="were about nobody")
    return tally


class Siege:
    """Sends the requests, over many connections, and judges each answer."""

    def __init__(self, slack: Slack, caught: list[Sample], trial: Trial, tally: Tally, port: int) -> None:
        self._secret = slack.world.app.signing_secret
        self._samples, self._trial, self.tally, self._port = caught, trial, tally, port
        self._names = sorted({name for _, name in (one.route for one in caught)})
        self._busy = 0
        self.unsigned: set[int] = set()
        """The numbers of the badly signed ones."""
        self.shared: set[int] = set()
        """The numbers of those that honestly shared something, and heard that it is shared."""
        self.refused: set[int] = set()
        """The numbers of those that honestly shared something, and heard that nothing was saved."""

    async def run(self, count: int) -> None:
        """Send `count` of them."""
        numbers = iter(range(count))
        began = time.monotonic()

        async def besiege() -> None:
            async with Wire(self._port) as wire:
                for number in numbers:
                    chance = random.Random(f"{self._trial.seed} {number}")  # noqa: S311 -- each can be made again
                    await self.send(
                        wire, attempts.attempt(chance, self._samples, self._secret, number, names=self._names)
                    )
                    self._trial.advance(number / count)

        async with asyncio.TaskGroup() as siege:
            for _ in range(WIRES):
                siege.create_task(besiege())
        self.tally.tried = count
        self.tally.notes.append(f"{count / (time.monotonic() - began):,.0f} a second")
        self.judge_all()

    def judge_all(self) -> None:
        """What no single answer shows."""
        self.tally.notes.append(f"{len(self.shared)} honest shares")
        if not self.shared:
            self.tally.wrong.append("No honest request shared anything: nothing was tried.")
        if self._busy:
            self.tally.notes.append(f"{self._busy} told that it is busy")
        if self._busy > max(FEW_BUSY, MOST_BUSY * self.tally.tried):
            self.tally.wrong.append(f"Of {self.tally.tried} requests {self._busy} were told that it is busy.")

    async def send(self, wire: Wire, attempt: Attempt) -> None:
        """Send one, and judge its answer; an honest one that met a busy bot again, as Slack does."""
        if not attempt.is_signed:
            self.unsigned.add(attempt.number)
        try:
            status = await wire.ask(attempt.raw, last=not attempt.is_http)
            for _ in range(ASKED_AGAIN if attempt.is_honest else 0):
                if status == BUSY:
                    self._busy += 1
                    await asyncio.sleep(PAUSE)
                    status = await wire.ask(attempt.raw)
        except TimeoutError:
            self.tally.wrong.append(f"Request {attempt.number} got no answer.")
            await wire.close()
            return
        self._judge(attempt, status)
        if attempt.shares and status in SUCCESS:
            self._judge_share(attempt, wire.said.decode(errors="replace"))

    def _judge(self, attempt: Attempt, status: int) -> None:
        name = f"Request {attempt.number}"
        if attempt.is_honest and status not in SUCCESS:
            self.tally.lost.append(f"{name} was honest, and answered {status}.")
        elif status == BUSY:
            self._busy += 1
        elif status in SERVER_ERRORS:
            self.tally.wrong.append(f"{name} was answered {status}.")
        elif status == SAID_NOTHING and attempt.is_http and not attempt.is_large:
            self.tally.wrong.append(f"{name} was hung up on without an answer.")
        elif status in SUCCESS and not (attempt.is_signed or b"ssl_check=1" in attempt.raw):
            self.tally.wrong.append(f"{name} was badly signed, and answered {status}.")

    def _judge_share(self, attempt: Attempt, said: str) -> None:
        """What a status hides: whether it was shared, or refused because there is too much to do."""
        if SHARED in said:
            self.shared.add(attempt.number)
        elif NOTHING_SAVED in said:
            self.refused.add(attempt.number)
            self._busy += 1
        else:
            self.tally.lost.append(f"Request {attempt.number} was an honest share, and not answered so.")


async def require_alive(slack: Slack, pocket: Channel, tally: Tally) -> None:
    """Somebody shares after the siege, as ever."""
    answer = await slack.types("ana", f"/share {LAST_WORDS}", in_=pocket)
    if "Shared" not in answer.text:
        tally.lost.append("After the siege /share was not answered as it should be.")
    try:
        await slack.until(lambda: _cards(slack, pocket, LAST_WORDS) > 0, within=CARD_WITHIN)
    except NeverHappened:
        tally.lost.append("After the siege no card came.")


def _cards(slack: Slack, pocket: Channel, words: str) -> int:
    """How many messages of the bot's in the pocket hold these words."""
    theirs = [one for one in pocket.messages.values() if one.user == slack.app.id and one.app_id]
    return sum(words in slack.text_of(one) for one in theirs)


def require_one_card_each(slack: Slack, pocket: Channel, shared: set[int], tally: Tally) -> None:
    """What was shared stands in one card."""
    theirs = [one for one in pocket.messages.values() if one.user == slack.app.id and one.app_id]
    shown = [number for one in theirs for number in traces.numbers(slack.text_of(one))]
    for number in sorted(shared):
        if (count := shown.count(number)) > 1:
            tally.doubled.append(f"What request {number} shared has {count} cards ({canary(number)}).")
        elif not count:
            tally.lost.append(f"What request {number} shared has no card ({canary(number)}).")


HOSTILE = Proof("hostile", prove, doors=("http",))  # in Socket Mode there is no front door to lay siege to
