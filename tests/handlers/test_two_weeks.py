"""Two weeks of a pocket of 25: what its channel and its people hear from Outloud that nobody asked for, and the table of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import pytest

from sandbox.records import Channel, Message
from sandbox.slack import Slack
from tests.conftest import Bot
from tests.memory import Memory

DAY = 86400.0
PEOPLE = [f"p{number:02}" for number in range(1, 26)]
TABLE = Path(__file__).parent.parent.parent / "docs" / "leads.md"

SHARES = {0: ["p01"], 1: ["p02"], 2: ["p03", "p01"], 4: ["p04"], 7: ["p02", "p05"], 8: ["p06"], 9: ["p01", "p07"], 10: ["p08"],
    11: ["p03"]}  # fmt: skip
"""Who shares on which day: five in the first week, seven in the second."""

KEEPS = {0: ["p11", "p12"], 1: ["p11"], 2: ["p13", "p11"], 3: ["p12"], 4: ["p14", "p15"],
    7: ["p11", "p11", "p12"], 8: ["p16", "p13"], 9: ["p17", "p14", "p14"], 10: ["p11", "p15"], 11: ["p18", "p12"]}  # fmt: skip
"""Whose words are kept on which day: eight in the first week, twelve in the second.

On the first two days somebody would keep older words of p11's, too, who is asked: three things to hear in two days.
"""

CAUSED = ("You kept", "made this channel", "shared a ")
"""How messages begin, or what they say, that somebody's own act caused: a first keep, the start, a card."""


@dataclass
class Weeks:
    """The pocket, and the time in it."""

    slack: Slack
    bot: Bot
    memory: Memory
    pocket: Channel
    older: list[Message]
    """From before it was a pocket, all by one person: they are asked."""
    curators: Iterator[str] = field(default_factory=lambda: iter(PEOPLE[10:] * 2))
    _seen: int = 0
    """How many of the words that only one person sees were looked at."""

    async def live(self, day: int) -> None:
        """A day: shares and keeps, an answer below each card, and somebody whom it helped; then the night."""
        acting, asking = list(SHARES.get(day, [])), self.older and day < 2
        for who in SHARES.get(day, []):
            await self.slack.types(who, f"/share Day {day}: what {who} learned #topic", in_=self.pocket)
            await self.memory.settled()
            card = max(self.ours(self.pocket), key=lambda one: one.ts)
            await self.slack.says("p25", "How did you find out?", in_=self.pocket, thread=card)
            await self.slack.reacts("p24", "key", card)
        for number, who in enumerate(KEEPS.get(day, [])):
            message = await self.slack.says(who, f"Day {day}, {number}: worth keeping", in_=self.pocket)
            curator = next(one for one in self.curators if one != who)
            await self.slack.reacts(curator, "bulb", message)
            acting.append(curator)
            await self.slack.reacts("p09", "key", message)
        if asking:
            await self.memory.settled()
            acting.append("p19")
            await self.slack.reacts("p19", "bulb", self.older.pop())
        await self.memory.settled()
        self.bot.ahead += DAY
        self.slack.clock.move(DAY)
        assert self.bot.outloud is not None
        await self.bot.outloud.bring_notices()
        await self.memory.settled()
        assert self.whispered() <= {self.slack.find_person(who).id for who in acting}

    def whispered(self) -> set[str]:
        """Who saw something that only they see since the last time."""
        new = self.slack.world.ephemerals[self._seen :]
        self._seen += len(new)
        return {one.user for one in new}

    def ours(self, where: Channel) -> list[Message]:
        """What Outloud said there."""
        return [one for one in where.messages.values() if one.user == self.slack.app.id and one.app_id]

    def unasked(self, where: Channel) -> list[float]:
        """When it said something there that nobody's own act had caused."""
        said = [one for one in self.ours(where) if not any(words in one.text for words in CAUSED)]
        return sorted(float(one.ts) for one in said if not one.thread_ts or one.thread_ts == one.ts)

    def private(self) -> dict[str, list[float]]:
        """The same, of each person's direct messages."""
        found: dict[str, list[float]] = defaultdict(list)
        for channel in self.slack.world.channels.values():
            if channel.is_im:
                (person,) = [id for id in channel.members if id != self.slack.app.id]
                found[person] += self.unasked(channel)
        return found


def row(weeks: Weeks, name: str, begins: float, shares: int, keeps: int) -> str:
    """A line of the table: what came in one week."""

    def within(times: list[float]) -> int:
        return sum(begins <= one < begins + 7 * DAY for one in times)

    heard = [within(times) for times in weeks.private().values()]
    people = sum(1 for many in heard if many)
    cells = (name, shares, keeps, within(weeks.unasked(weeks.pocket)), sum(heard), people, max(heard, default=0))
    return "| " + " | ".join(map(str, cells)) + " |"


@pytest.mark.long
@pytest.mark.timeout(240)
async def test_two_weeks_of_twenty_five_people_are_as_quiet_as_promised(slack: Slack, bot: Bot, memory: Memory) -> None:
    """Nobody hears two things in 24 hours, the channel none in a week; and docs/leads.md says what came out.

    What only they see, people see on days on which they shared or kept something.
    """
    for name in PEOPLE:
        slack.person(name)
    pocket = slack.channel("learning", members=tuple(PEOPLE))
    older = [await slack.says("p11", f"Long ago, {number}", in_=pocket) for number in range(3)]
    await slack.types("p01", "/outloud start Learn together", in_=pocket)
    await memory.settled()
    weeks = Weeks(slack, bot, memory, pocket, older)
    assert weeks.whispered() == {slack.find_person("p01").id}
    begins = slack.clock.now()
    for day in range(14):
        await weeks.live(day)
    assert [sum(map(len, plan.values())) for plan in (SHARES, KEEPS)] == [12, 20]
    assert len(memory.learnings()) == 32
    for times in weeks.private().values():
        assert all(later - sooner >= DAY - 5 for sooner, later in pairwise(times)), times
    posts = weeks.unasked(pocket)
    assert all(third - first >= 7 * DAY for first, third in zip(posts, posts[2:], strict=False)), posts
    waiting = {one["kind"] for one in memory.rows("SELECT kind FROM notices")}
    assert waiting <= {"kept this week", "answered"}, "nothing else is held back for longer"
    rows = [row(weeks, "first", begins, 5, 8), row(weeks, "second", begins + 7 * DAY, 7, 12)]
    told = TABLE.read_text()
    assert all(one in told for one in rows), "\n".join(rows)
