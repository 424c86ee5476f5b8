"""A community at work: an export played as live traffic, and people who share, undo, and take 💡 back while it runs.

It bears an app that is gone for a while: what people do then fails before their eyes, and events are brought again as Slack
does. It lasts as long as whoever disturbs it needs: `allowed` says which part of the export may have been said by now.
"""

from __future__ import annotations

import asyncio
import itertools
import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from bench.kept import KEEP, who_gave
from sandbox.answers import Answer
from sandbox.export import Export
from sandbox.player import Habits, Player
from sandbox.records import Channel, Message, Person
from sandbox.slack import Slack

ROOM = 60.0
"""Seconds of Slack's between the clock's beginning and the first message, for setting the scene."""

SPEED = 25.0
"""Times Slack's pace, of the sandbox's clock and of the bot.

Slack gives an event up after some 14 real seconds, and the bot takes 12 of silence for a gap: a start takes one or two, and
more on a machine that has much else to do, which should not turn into a gap by itself.
"""

WINDOW = 16
"""How many of the export's messages are on their way to the app at once."""

SHARERS = 3
"""People who act at once, beside the export."""

THINK = (0.02, 0.25)
"""Real seconds that each of them takes before they do something."""

UNDONE, TAKEN_BACK, GIVEN_AGAIN = 0.2, 0.1, 0.06
"""How often a share is undone; and how often, beside sharing, a 💡 is taken back, or given anew."""

READS_WITHIN = 10.0
"""Real seconds for which somebody who pressed a button looks at what it does."""

FRESH = 3 * 86400.0
"""Seconds: to older messages nobody gives a 💡. After a gap the bot reads a week back, and not all that was ever said."""

RECENT = 2 * WINDOW
"""So many of the newest messages are left alone: their own reactions may still be on the way."""

SHARED, UNDONE_WORDS = "Shared.", ("Taken back.", "undone already")
"""How the bot says that it shared, and that it undid."""

NOTHING_SAVED = "nothing was saved"
"""How the bot says that it did not do what was asked of it, and will not (storage/refusals.py)."""

Undo = Literal["no", "asked", "done", "refused"]


@dataclass(slots=True)
class Share:
    """Something that a person shared by the command; `words` are like no others."""

    channel: str
    person: str
    words: str
    topic: str
    acknowledged: bool = False
    reached: bool = False
    """Whether the bot answered at all; else Slack itself said what they read."""
    heard: str = ""
    """What they read."""
    undo: Undo = "no"
    """Whether they wanted it undone, and the bot said that it was, or that nothing was saved."""
    reached_undo: bool = False
    """Whether the bot answered that at all."""
    heard_of_undo: str = ""
    """What they read when they wanted it undone."""

    @property
    def is_refused(self) -> bool:
        """Whether they read that it was not saved; where they read that it may be, or nothing, it may stand."""
        return self.reached and not self.acknowledged and NOTHING_SAVED in self.heard


def heard(slack: Slack, answer: Answer) -> str:
    """What somebody read after a press: in a form of its own, without its title, or beside what they pressed."""
    if answer.form is not None and not answer.failed:
        return slack.text_of(answer.form).partition("\n")[2]
    return answer.failed or answer.text


class GivenKeep(NamedTuple):
    """Somebody's 💡 on a message."""

    channel: str
    ts: str
    person: str
    emoji: str


@dataclass(slots=True)
class Traffic:
    """Plays `export` into `slack`, whose app runs, with all that people do besides."""

    slack: Slack
    export: Export
    chance: random.Random
    allowed: Callable[[], float] = lambda: 1.0
    """Which part of the export's messages may have been said, 0 to 1. It only grows.

    More may be said while no 💡 stands that somebody could take back: else people would run out of them.
    """
    sharers: int = SHARERS
    think: tuple[float, float] = THINK
    told: Callable[[float], None] = lambda _part: None
    """Called with the part that was said."""
    shares: list[Share] = field(default_factory=list)
    keeps: int = 0
    """How many 💡 were given or taken back, the export's own among them."""
    said: int = 0
    """How many of the export's messages were said."""
    total: int = 0
    """How many there are."""
    is_over: bool = False
    """Whether all was said."""
    _player: Player = field(init=False)
    _begun: int = 0
    _rooms: list[Channel] = field(default_factory=list)
    _at_rest: list[tuple[str, str]] = field(default_factory=list)
    _last_kept: tuple[str, str] | None = None
    _taken: list[GivenKeep] = field(default_factory=list)
    _sharing: set[str] = field(default_factory=set)

    async def set_the_scene(self) -> list[str]:
        """Everybody there, and the bot started in each channel, undisturbed as yet. Returns the channels' ids."""
        self._player = Player(self.slack, self.export, Habits())
        await self._player.set_the_scene()
        self.total = self.export.count_messages()
        channels = [self.slack.world.channel(one.id) for one in self.export.channels]
        self._rooms = [one for one in channels if self.slack.app.id in one.members and self._people(one)]
        return [one.id for one in channels]

    async def give_all_again(self) -> None:
        """Everybody who took a 💡 back gives it once more, so that Slack shows what the export says."""
        for keep in list(self._taken):
            await self._give(keep)

    async def run(self) -> None:
        """From the first message to the last; what people do besides ends with it."""
        async with asyncio.TaskGroup() as everybody:
            for _ in range(self.sharers):
                everybody.create_task(self._act())
            await self._play()
            self.is_over = True

    # -- the export

    async def _play(self) -> None:
        window = asyncio.Semaphore(WINDOW)
        async with asyncio.TaskGroup() as playing:
            for channel, message in self.export.messages():
                while self._begun > self.allowed() * self.total and self._any_keep():  # noqa: ASYNC110 -- nobody tells
                    await asyncio.sleep(0.01)
                await window.acquire()
                self._begun += 1
                self.keeps += sum(len(one.users) for one in message.reactions if one.name.split("::")[0] == KEEP)
                task = playing.create_task(self._player.play(channel, message))
                task.add_done_callback(lambda _, place=(channel.id, message.ts): self._rest(window, place))  # type: ignore[misc]

    def _rest(self, window: asyncio.Semaphore, place: tuple[str, str]) -> None:
        window.release()
        self.said += 1
        self.told(self.said / self.total)
        self._at_rest.append(place)

    # -- people

    async def _act(self) -> None:
        """One after another, for as long as the export is played."""
        while not self.is_over:
            await asyncio.sleep(self.chance.uniform(*self.think))
            drawn = self.chance.random()
            if drawn < GIVEN_AGAIN:
                await self._give_again()
            elif drawn < GIVEN_AGAIN + TAKEN_BACK:
                await self._take_back()
            else:
                await self._share()

    async def _share(self) -> None:
        """Somebody who does nothing else just then, so that it is known which answer is theirs; some think better of it."""
        room = self.chance.choice(self._rooms)
        if free := [one for one in self._people(room) if one.id not in self._sharing]:
            person = self.chance.choice(free)
            self._sharing.add(person.id)
            try:
                await self._share_as(person, room)
            finally:
                self._sharing.discard(person.id)

    async def _share_as(self, person: Person, room: Channel) -> None:
        number = len(self.shares)
        share = Share(room.id, person.id, f"Lesson number {number} of {person.name}.", f"t{number % 7}")
        self.shares.append(share)
        answer = await self.slack.types(person, f"/share {share.words} #{share.topic}", in_=room)
        share.reached, share.heard = not answer.failed, answer.failed or answer.text
        share.acknowledged = share.reached and SHARED in share.heard
        if share.acknowledged and answer.ephemeral and self.chance.random() < UNDONE:
            share.undo = "asked"
            undone = await self.slack.presses(person, "share.undo", on=answer.ephemeral)
            share.reached_undo = not undone.failed
            share.heard_of_undo = await self._until_heard(undone, unlike=share.heard)
            if any(words in share.heard_of_undo for words in UNDONE_WORDS):
                share.undo = "done"
            elif NOTHING_SAVED in share.heard_of_undo:
                share.undo = "refused"

    async def _until_heard(self, answer: Answer, *, unlike: str) -> str:
        """What they read after a press: what they pressed may say a little later what became of it."""
        with suppress(TimeoutError):
            async with asyncio.timeout(READS_WITHIN):
                while heard(self.slack, answer) == unlike:  # noqa: ASYNC110 -- nobody tells
                    await asyncio.sleep(0.05)
        return heard(self.slack, answer)

    def refused(self) -> int:
        """How many shares were answered, and not with "Shared"."""
        return sum(bool(share.heard) and not share.acknowledged for share in self.shares)

    async def _take_back(self) -> None:
        if keep := self.some_keep():
            await self.take_back(keep)

    async def change_a_keep(self) -> None:
        """Somebody gives a 💡 again, or takes one back."""
        await (self._give_again() if self.chance.random() < 0.5 else self._take_back())  # noqa: PLR2004 -- half of them

    def can_change_a_keep(self) -> bool:
        """Whether there is a 💡 to give again, or to take back."""
        return bool(self._fresh or self.some_keep())

    def some_keep(self) -> GivenKeep | None:
        """A 💡 that stands; None where there is none just now."""
        standing = [
            GivenKeep(message.channel, message.ts, user, name)
            for message in map(self._message, self.chance.sample(self._old, min(len(self._old), 60)))
            for name, users in message.reactions.items()
            if name.split("::")[0] == KEEP
            for user in users
        ]
        return self.chance.choice(standing) if standing else None

    def _any_keep(self) -> bool:
        """Whether a 💡 stands that `some_keep` might find."""
        places = itertools.chain([self._last_kept] if self._last_kept else [], self._old)
        for place in places:
            if who_gave(self._message(place), KEEP):
                self._last_kept = place
                return True
        return False

    async def take_back(self, keep: GivenKeep) -> None:
        """Whose it is takes it back, where it still stands."""
        if keep.person in self._message((keep.channel, keep.ts)).reactions.get(keep.emoji, ()):
            self.keeps += 1
            self._taken.append(keep)
            await self.slack.act(lambda: self.slack.world.unreact(*keep))

    async def _give_again(self) -> None:
        """Somebody who took theirs back gives it once more, to a message that is not old."""
        if fresh := self._fresh:
            await self._give(self.chance.choice(fresh))

    async def _give(self, keep: GivenKeep) -> None:
        self._taken.remove(keep)
        if keep.person not in self._message((keep.channel, keep.ts)).reactions.get(KEEP, ()):
            self.keeps += 1
            await self.slack.act(lambda: self.slack.world.react(keep.channel, keep.ts, keep.person, KEEP))

    @property
    def _fresh(self) -> list[GivenKeep]:
        since = self.slack.clock.now() - FRESH
        return [keep for keep in self._taken if float(keep.ts) > since]

    @property
    def _old(self) -> list[tuple[str, str]]:
        return self._at_rest[:-RECENT]

    def _message(self, place: tuple[str, str]) -> Message:
        return self.slack.world.message(*place)

    def _people(self, room: Channel) -> list[Person]:
        """Who may share there: those who are awake, and people."""
        members = [self.slack.world.people[id] for id in room.members]
        return [one for one in members if not (one.is_bot or one.deleted) and one.team_id == self.slack.world.team_id]
