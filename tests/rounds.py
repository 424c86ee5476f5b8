"""Rounds as scenarios need them: asked, closed, and looked at, without any schedule."""

from __future__ import annotations

import itertools
import time
from dataclasses import dataclass, replace
from typing import Any

from sandbox.records import Channel, Message
from sandbox.slack import Slack
from storage.ids import ChannelId, PersonId, Place, WorkspaceId
from storage.prompts import first_answers, rounds
from storage.prompts.rounds import Asking
from tests.conftest import Bot
from tests.memory import Memory

QUESTION = "What went wrong & taught you <something> this week?"

_numbers = itertools.count(1)


@dataclass
class Rounds:
    """Asks in a pocket, in ana's name."""

    slack: Slack
    bot: Bot
    memory: Memory
    pocket: Channel

    def asking(self, question: str = QUESTION, **more: Any) -> Asking:
        """What is to be asked, for an hour."""
        usual = Asking(
            key=f"now:{next(_numbers)}",
            place=Place(WorkspaceId(self.slack.world.team_id), ChannelId(self.pocket.id)),
            question=question,
            lead=PersonId(self.slack.find_person("ana").id),
            closes_at=time.time() + self.bot.ahead + 3600,
        )
        return replace(usual, **more)

    async def ask(self, question: str = QUESTION, **more: Any) -> Message:
        """Ask, and wait for the prompt and what follows it."""
        return await self.open(self.asking(question, **more))

    async def open(self, asking: Asking) -> Message:
        """Open a round, and wait for the prompt and what follows it."""
        await self.bot.db.write(rounds.open, asking, at=time.time() + self.bot.ahead)
        await self.memory.settled()
        return self.prompt()

    async def ask_first(self, asking: Asking) -> Message:
        """Ask ana for the first answer to a round of tomorrow."""
        await self.bot.db.write(first_answers.ask, asking, opens_at=time.time() + 86400, at=time.time())
        await self.memory.settled()
        return self.slack.sees("ana").dms[-1]

    async def close(self) -> None:
        """Let the time of all open rounds come, and wait until what follows is done."""
        self.memory.run("UPDATE rounds SET closes_at = 1 WHERE closed_at IS NULL")
        await self.tick()

    async def tick(self) -> None:
        """What the clock does every few seconds."""
        assert self.bot.outloud is not None
        await self.bot.outloud.tick()
        await self.memory.settled()

    def prompt(self) -> Message:
        """The newest prompt."""
        (row,) = self.memory.rows("SELECT ts FROM rounds WHERE ts IS NOT NULL ORDER BY ts DESC LIMIT 1")
        return self.pocket.messages[row["ts"]]

    def said(self) -> str:
        """What the newest prompt says now."""
        return self.slack.text_of(self.prompt())

    def privately(self, who: str) -> list[str]:
        """What Outloud told somebody in their direct message."""
        return [self.slack.text_of(one) for one in self.slack.sees(who).dms]
