"""What a community does all day: people write, react, share, look for things, come and go, and answer what they are asked.

Each act is drawn by chance, as often as `ACTS` says. What can't be done just then (the message is gone, the channel archived) is
not done.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter, defaultdict, deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from bench import pockets
from sandbox.elements import Impossible, each_element
from sandbox.records import Channel, Message, Person, SlackError
from sandbox.slack import Slack

from .pressing import Pressable, Pressing

PEOPLE, POCKETS, ELSEWHERE, MEMBERS = 60, 10, 4, 20
"""How many people there are, how many pockets, how many channels that are none, and how many are in each to begin with."""

FEW_PEOPLE, FEW_POCKETS = 25, 3
"""For a short run."""

NEWCOMERS = 3
"""People who are new each week; as many leave for good. One pocket is new, too, and the oldest is archived for good."""

LEAST_MEMBERS = 12
"""Where fewer are, nobody leaves."""

AT_ONCE = 8
"""People who act at once."""

RECENT = 40
"""People react to so many of the newest messages of a channel, and press what stands on so many of the bot's."""

SCHEDULES = (
    "/prompts weekly mon wed fri 10:00 What took you longer than it should have?",
    "/prompts every 2 weeks tue thu 14:30 Which shortcut do you use that nobody showed you?",
)
OPENED_BY = "round.answer"
"""The button of a prompt that can still be answered."""

TOPICS = tuple(
    f"{first}{second}" for first in ("data", "build", "test", "cache") for second in ("base", "line", "flow")
)
WORDS = tuple(
    f"{first}{middle}{last}"
    for first in ("ba", "ke", "li", "mo", "nu", "pra", "sti", "tro")
    for middle in ("l", "nd", "rt", "ss")
    for last in ("a", "en", "ing", "o", "ure")
)
"""As few as fill no cache by themselves: what grows then is not what the bot may remember of words."""

ACTS = {
    "say": 40, "say elsewhere": 40, "reply": 20, "edit": 8, "delete": 3, "react": 30, "keep": 8, "helped": 4, "endorse": 2,
    "share": 4, "share by form": 2, "recall": 4, "look at what is new": 1, "who knows": 2, "ask me": 1,
    "look at the prompts": 0.5, "look at the pocket": 0.5, "home": 3, "mention": 1.5, "write directly": 1.5,
    "come or go": 4, "archive and open": 0.05, "answer": 4, "press": 5, "press on a prompt": 2, "press privately": 2,
}  # fmt: skip
"""How often each comes up, beside the others."""

OTHER_EMOJI = ("thumbsup", "eyes", "tada", "heart", "x", "books")


@dataclass
class Bustle:
    """`begin`, then `go_on` over and over, with time passing in between; `look_round` after each."""

    slack: Slack
    chance: random.Random
    short: bool = False
    pockets: list[Channel] = field(default_factory=list)
    elsewhere: list[Channel] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)
    """How often each act was done."""
    unanswered: int = 0
    """How often somebody read Slack's own word that the bot had failed."""
    _said: dict[str, deque[Message]] = field(default_factory=lambda: defaultdict(lambda: deque(maxlen=RECENT)))
    _ours: dict[str, deque[Message]] = field(default_factory=lambda: defaultdict(lambda: deque(maxlen=RECENT)))
    _asked: dict[str, Message] = field(default_factory=dict)
    _seen_until: str = ""
    _names: int = 0

    def __post_init__(self) -> None:
        self._pressing = Pressing(self.slack, self.chance, self._words)
        self._acts: dict[str, Callable[[], Awaitable[object]]] = {
            "say": lambda: self._say(self._pocket()),
            "say elsewhere": lambda: self._say(self.chance.choice(self.elsewhere)),
            "reply": self._reply,
            "edit": self._edit,
            "delete": self._delete,
            "react": lambda: self._react(self.chance.choice(OTHER_EMOJI)),
            "keep": lambda: self._react("bulb"),
            "helped": lambda: self._react("key"),
            "endorse": lambda: self._react("mortar_board"),
            "share": lambda: self._type(f"/share {self._words()} #{self._topic()}"),
            "share by form": lambda: self._type("/share"),
            "recall": lambda: self._type(f"/recall {self._words(3)}"),
            "look at what is new": lambda: self._type("/recall"),
            "who knows": lambda: self._type(f"/whoknows {self._topic()}"),
            "ask me": lambda: self._type(f"/askme {self._topic()}"),
            "look at the prompts": lambda: self._type("/prompts"),
            "look at the pocket": lambda: self._type("/outloud"),
            "home": self._open_home,
            "mention": lambda: self._say(self._pocket(), f"@{self.slack.app.name} {self._words(4)}?"),
            "write directly": self._write_directly,
            "come or go": self._come_or_go,
            "archive and open": self._archive_and_open,
            "answer": self._answer,
            "press": self._press,
            "press on a prompt": self._press_on_a_prompt,
            "press privately": self._press_privately,
        }

    async def begin(self) -> None:
        """People and channels."""
        self._hire(FEW_PEOPLE if self.short else PEOPLE)
        for _ in range(FEW_POCKETS if self.short else POCKETS):
            await self._open_pocket()
        self.elsewhere = [
            self.slack.channel(f"elsewhere{number}", members=self.chance.sample(self.people, MEMBERS))
            for number in range(ELSEWHERE)
        ]

    async def go_on(self, is_enough: Callable[[], bool]) -> None:
        """People act, several at once, until it is enough."""
        async with asyncio.TaskGroup() as acting:
            for _ in range(AT_ONCE):
                acting.create_task(self._act_until(is_enough))

    def look_round(self) -> None:
        """People see what the bot has posted since."""
        for pocket in self.pockets:
            for message in reversed(pocket.messages.values()):
                if message.ts <= self._seen_until:
                    break
                if message.user == self.slack.app.id and message.blocks:
                    self._ours[pocket.id].append(message)
                    if any(one.element.get("action_id") == OPENED_BY for one in each_element(message.blocks)):
                        self._asked[pocket.id] = message
        self._seen_until = self.slack.world.new_ts()

    async def begin_a_week(self) -> None:
        """Some people are new, and some leave; one pocket begins, and the oldest ends, both for good."""
        oldest = self.pockets.pop(0)
        await self.slack.archives(oldest.creator, oldest)
        for held in (self._said, self._ours, self._asked):
            held.pop(oldest.id, None)
        await self._open_pocket()
        leads = {pocket.creator for pocket in self.pockets}
        for gone in [one for one in self.people if one.id not in leads][:NEWCOMERS]:
            self.people.remove(gone)
            await self.slack.deactivates(gone)
        for one in self._hire(NEWCOMERS):
            for channel in (*self.chance.sample(self.pockets, 3), *self.elsewhere):
                await self.slack.joins(one, channel)

    # -- the scene

    def _hire(self, many: int) -> list[Person]:
        new = [self.slack.person(f"person{self._names + number}") for number in range(many)]
        self._names += many
        self.people += new
        return new

    async def _open_pocket(self) -> None:
        """A pocket whose lead has it asked several times a week, and tells it what it learned."""
        lead, *others = self.chance.sample(self.people, MEMBERS)
        self._names += 1
        pocket = self.slack.channel(f"pocket{self._names}", members=(lead, *others))
        await pockets.begin(self.slack, lead, pocket)
        for line in SCHEDULES:
            await pockets.taken(self.slack, lead, line, pocket, "Scheduled.")
        await pockets.post_digest(self.slack, lead, pocket, day="Fridays", time="16:00")
        self.pockets.append(pocket)

    async def _act_until(self, is_enough: Callable[[], bool]) -> None:
        names, often = list(ACTS), list(ACTS.values())
        while not is_enough():
            (name,) = self.chance.choices(names, often)
            try:
                await self._acts[name]()
            except (Impossible, SlackError, LookupError):
                await asyncio.sleep(0)  # there is nothing to do it with
            else:
                self.done[name] += 1

    def _words(self, many: int = 9) -> str:
        return " ".join(self.chance.choices(WORDS, k=many))

    def _topic(self) -> str:
        return self.chance.choice(TOPICS)

    def _pocket(self) -> Channel:
        return self.chance.choice(self.pockets)

    def _member(self, channel: Channel) -> Person:
        """Somebody who is in it, and at work. Raises `LookupError` where nobody is."""
        everybody = [self.slack.world.people[id] for id in channel.members]
        return self.chance.choice([one for one in everybody if not (one.deleted or one.is_bot)])

    def _message(self) -> tuple[Channel, Message]:
        """A message of somebody's that stands, mostly in a pocket. Raises `LookupError` where there is none."""
        pocket = self.chance.choice([*self.pockets, self.chance.choice(self.elsewhere)])
        message = self.chance.choice(self._said[pocket.id])
        return pocket, self.slack.world.message(pocket.id, message.ts)

    # -- in conversations

    async def _say(self, channel: Channel, words: str = "") -> None:
        said = await self.slack.says(self._member(channel), words or self._words(), in_=channel)
        self._said[channel.id].append(said)

    async def _reply(self) -> None:
        channel, message = self._message()
        await self.slack.says(self._member(channel), self._words(), in_=channel, thread=message)

    async def _answer(self) -> None:
        """In the thread of what the bot asked."""
        prompt = self.chance.choice([*self._asked.values()])
        channel = self.slack.world.channel(prompt.channel)
        await self.slack.says(self._member(channel), self._words(), in_=channel, thread=prompt)

    async def _edit(self) -> None:
        _, message = self._message()
        await self.slack.edits(message.user, message, self._words())

    async def _delete(self) -> None:
        _, message = self._message()
        await self.slack.deletes(message.user, message)

    async def _react(self, emoji: str) -> None:
        """Somebody gives it, or takes theirs back where it stands; on what people wrote, or on a card."""
        channel, message = self._message()
        if self.chance.random() < 0.2 and self._ours[channel.id]:  # noqa: PLR2004 -- now and then
            message = self.chance.choice(self._ours[channel.id])
        given = message.reactions.get(emoji)
        if given and self.chance.random() < 0.5:  # noqa: PLR2004 -- so that as many go as come
            await self.slack.unreacts(self.chance.choice(given), emoji, message)
        else:
            await self.slack.reacts(self._member(channel), emoji, message)

    async def _write_directly(self) -> None:
        await self.slack.says(self.chance.choice(self.people), self._words(3), in_=self.slack.app)

    async def _come_or_go(self) -> None:
        pocket, person = self._pocket(), self.chance.choice(self.people)
        if person.id not in pocket.members:
            await self.slack.joins(person, pocket)
        elif person.id != pocket.creator and len(pocket.members) > LEAST_MEMBERS:
            await self.slack.leaves(person, pocket)

    async def _archive_and_open(self) -> None:
        pocket = self._pocket()
        if pocket.is_archived:  # by somebody else, at this moment
            raise LookupError
        await self.slack.archives(pocket.creator, pocket)
        await self.slack.unarchives(pocket.creator, pocket)

    # -- with the bot

    async def _type(self, line: str) -> None:
        """A command; and then they fill in the form that it opens, or press something in the answer, or do nothing more."""
        pocket = self._pocket()
        person = self._member(pocket)
        answer = await self.slack.types(person, line, in_=pocket)
        self.unanswered += bool(answer.failed)
        await self._go_on_with(person, answer.form or answer.ephemeral)

    async def _open_home(self) -> None:
        person = self.chance.choice(self.people)
        await self._go_on_with(person, await self.slack.opens_home(person))

    async def _press(self) -> None:
        """Something on a card."""
        pocket = self._pocket()
        await self._go_on_with(self._member(pocket), self.chance.choice(self._ours[pocket.id]))

    async def _press_on_a_prompt(self) -> None:
        """To answer it by a form, or to be reminded."""
        pocket = self._pocket()
        await self._go_on_with(self._member(pocket), self._asked[pocket.id])

    async def _press_privately(self) -> None:
        """Something in what the bot wrote to somebody alone."""
        person = self.chance.choice(self.people)
        direct = self.slack.world.open_dm(person.id, self.slack.app.id)
        told = [one for one in [*direct.messages.values()][-RECENT:] if one.user == self.slack.app.id and one.blocks]
        await self._go_on_with(person, self.chance.choice(told))

    async def _go_on_with(self, person: Person, thing: Pressable | None) -> None:
        self.unanswered += await self._pressing.go_on_with(person, thing)
