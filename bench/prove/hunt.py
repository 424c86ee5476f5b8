"""The steps of the leak hunt: what people do, what becomes of channels, and who looks for what in between.

Half of the changes are never told to the bot; of those it must know within a minute.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

from sandbox.records import Person
from sandbox.slack import NeverHappened, Slack

from . import carrying, taking_back
from .chance import Chance
from .looks import Looks, NotAnswered
from .proof import Tally
from .readers import Learned, Readers, Room
from .rooms import Rooms
from .taking_back import STILL
from .telling import Difference, Step

SPEED = 100.0
"""Times Slack's pace: its minute is 0.6 s. Faster than that, a busy machine's pauses are absences that are to be caught up."""

MINUTE = 60 / SPEED + 0.05
"""Real seconds after which what nobody told must be known all the same; a little more, for the way there."""

PEOPLE: dict[str, dict[str, object]] = {
    "ben": {},
    "cleo": {},
    "dan": {},
    "gus": {"guest": "multi"},
    "pia": {"external": True},
}

LOOK_FOR = 5.0
"""Real seconds for which one looks for what should be there: Slack may not have told in time, or the bot not have asked yet."""


class Hunt:
    """People in a Slack, and in each history two rooms of its own."""

    def __init__(self, slack: Slack, tally: Tally, url: str, folder: Path) -> None:
        self._slack, self._tally, self._url, self._folder = slack, tally, url, folder
        self._readers = Readers(slack)
        self._rooms = Rooms(slack, self._readers)
        self._number = 0
        self._looks = self._shown = 0
        self._deeds: dict[str, Callable[[Chance], Awaitable[bool]]] = {
            "look": self._look,
            "look at own": self._look_at_own,
            "search": self._search,
            "glance": self._glance,
            "post here": self._post_here,
            "run a command": self._run_a_command,
            "share": self._share,
            "share what is there": self._share_what_is_there,
            "keep": self._keep,
            "import": self._import,
            "undo": self._undo,
            **self._rooms.deeds,
            "deactivate": self._deactivate,
            "wait": self._wait,
        }

    async def prepare(self) -> None:
        """People, and something of the bot's to press and to type into."""
        self._slack.person("ana")
        self._people = [self._slack.person(name, **facts) for name, facts in PEOPLE.items()]  # type: ignore[arg-type]
        self._by = await Looks.into(self._slack, self._url, self._people[:3], self._people[:4], annex=self._people)

    async def go_through(self, steps: list[Step]) -> None:
        """A history, in two rooms of its own. Raises `Difference` at the first look that shows one."""
        self._readers.learned = []
        for person in self._people:
            if person.deleted:
                person.deleted, self._rooms.untold_at[person.id] = False, time.monotonic()
        await self._rooms.begin(self._people, self._people[:4])
        try:
            for kind, draws in steps:
                self._tally.tried += await self._deeds[kind](Chance([*draws]))
        except NotAnswered as error:
            raise Difference([str(error)], self._rooms.log) from error

    def sum_up(self) -> None:
        """Say how many looks there were."""
        self._tally.notes += [f"{self._looks:,} looks", f"{self._shown:,} of which showed something"]
        if not 0 < self._shown < self._looks:
            self._tally.wrong.append("Nothing was shown, or everything: nothing was tried.")

    async def take_all_back(self) -> None:
        """Each author undoes what is theirs, wherever they are now; whoever is deactivated is back for that."""
        for person in self._people:
            person.deleted = False
        await asyncio.sleep(MINUTE)
        await taking_back.take_all_back(self._slack, self._by, self._url, self._tally)

    async def _look(self, chance: Chance) -> bool:
        """Somebody looks for something that was shared, by the menu of topics."""
        shared = [one for one in self._readers.learned if not one.is_kept]
        if not shared:
            return False
        one, person = chance.of(shared), chance.of(self._people)
        await self._compare(person, one, self._by.by_topic, "looks in the menu of topics for")
        return True

    async def _look_at_own(self, chance: Chance) -> bool:
        """Somebody looks at their own, in the form with its details."""
        if not self._readers.learned:
            return False
        one = chance.of(self._readers.learned)
        if self._by.know_id(one):
            await self._compare(one.author, one, self._by.by_own_form, "looks at the details of")
        return True

    async def _search(self, chance: Chance) -> bool:
        """Somebody searches for something that was shared or kept; who is deactivated writes no more."""
        if not self._readers.learned:
            return False
        one, person = chance.of(self._readers.learned), chance.of(self._people)
        ways = [self._by.by_search, self._by.by_similar, self._by.by_more]
        if not person.deleted:
            ways += [self._by.by_asking, *([self._by.by_mention] if self._by.is_in_hall(person) else [])]
        way = chance.of(ways)
        await self._compare(person, one, way, f"searches, {way.__name__.replace('_', ' ')}, for")
        return True

    async def _glance(self, chance: Chance) -> bool:
        """Somebody sees what is shown of itself, or asks who knows: some of what they may see stands there, and nothing else."""
        if not self._readers.learned:
            return False
        one, person = chance.of(self._readers.learned), chance.of(self._people)
        ways = [self._by.by_expert, self._by.by_digest, *([] if person.deleted else [self._by.at_home])]
        await self._compare(person, one, chance.of(ways), "glances at", is_all=False)
        return True

    async def _run_a_command(self, chance: Chance) -> bool:
        """An operator looks for what somebody would find: a program of its own, which takes a while."""
        if not self._readers.learned:
            return False
        one, person = chance.of(self._readers.learned), chance.of(self._people)
        await self._compare(person, one, self._by.by_command, "is looked up for, by a command, as to")
        return True

    async def _post_here(self, chance: Chance) -> bool:
        """Somebody shows it to a hall, once: it stands there if all who are there may see it, and whoever wanted that."""
        hall = chance.of(self._by.halls)
        shared = [one for one in self._readers.learned if hall.id not in one.posted_in and self._by.know_id(one)]
        there = [person for person in self._people if person.id in hall.members]
        if not shared:
            return False
        one, person = chance.of(shared), chance.of(there)
        is_for_all = self._readers.may_hold(hall, one)
        await self._compare(person, one, self._by.by_posting(hall), f"posts in #{hall.name}", is_for_all=is_for_all)
        return True

    async def _compare(
        self,
        person: Person,
        one: Learned,
        look: Callable[[Person, Learned], Awaitable[bool | None]],
        how: str,
        *,
        is_all: bool = True,
        is_for_all: bool = True,
    ) -> None:
        """`is_all`: all that they may see stands there. What is not answered in time shows nothing, and says nothing.

        `is_for_all`: others see it there, who may see it, too.
        What was shown counts as of when it was asked for: on a busy machine the answer takes a while.
        """
        expected, began = is_for_all and self._readers.may_see(person, one), time.monotonic()
        shown = await look(person, one)
        if not is_all:
            expected = expected and bool(shown)
        while expected and shown is False and time.monotonic() < began + LOOK_FOR:
            await asyncio.sleep(0.02)
            shown = await look(person, one)
        if shown is None:
            return
        self._looks += 1
        self._shown += shown
        self._rooms.log.append(f"{person.name} {how} {one.words} and sees {'it' if shown else 'nothing'}")
        if shown and self._readers.reads_unknown(person, one):
            return
        untold = max(one.room.untold_at, self._rooms.untold_at.get(person.id, float("-inf")))
        if shown is not expected and (time.monotonic() - LOOK_FOR if expected else began) - untold > MINUTE:
            what = "was shown" if shown else "was not shown"
            where = f"#{one.room.channel.name} ({'closed' if one.room.is_closed else 'open'})"
            raise Difference(
                [f"Step {self._tally.tried}: {person.name} {what} {one.words} from {where}."], self._rooms.log
            )

    async def _share(self, chance: Chance) -> bool:
        """What has no card in the end is given back to whoever shared it, and is no learning."""
        if not (found := self._somebody_in_a_room(chance)):
            return False
        person, room = found
        one = self._next(room, person)
        self._rooms.note_down(f"{person.name} shares {one.words}", room)
        answer = await self._slack.types(person, f"/share {one.words} #{one.topic}", in_=room.channel)
        messages = room.channel.messages
        if "Shared" in answer.text:  # else the bot has not heard yet that it is in there again
            (card, *_) = await self._slack.until(lambda: [m for m in messages.values() if one.words in m.text], STILL)
            one.ts = card.ts
            self._readers.learned.append(one)
        return True

    async def _keep(self, chance: Chance) -> bool:
        if not (found := self._somebody_in_a_room(chance)):
            return False
        person, room = found
        one = self._next(room, person)
        one.is_kept = True
        self._rooms.note_down(f"ana keeps {one.words} of {person.name}'s", room)
        message = await self._slack.says(person, one.words, in_=room.channel)
        await self._slack.reacts("ana", "bulb", message)
        one.ts = message.ts
        with suppress(NeverHappened):  # the bot has not heard yet that it is in there again
            await self._slack.until(lambda: "books" in message.reactions, 1.0)
            self._readers.learned.append(one)
        return True

    async def _import(self, chance: Chance) -> bool:
        """An operator imports what was said and kept in a room long ago: it is learned there, whoever of them is in it still."""
        room, author = chance.of(self._rooms.open()), chance.of(self._people)
        one = self._next(room, author)
        one.is_kept = True
        self._rooms.note_down(f"{one.words} of {author.name}'s is imported", room)
        message = carrying.said_long_ago(self._slack, room.channel, author, one.words, one.number)
        one.ts = message.ts
        counted = await carrying.carry(self._slack, self._url, message, self._folder)
        if counted["learnings"] != 1:
            raise Difference([f"Of one message {counted} came."], self._rooms.log)
        self._readers.learned.append(one)
        return True

    async def _share_what_is_there(self, chance: Chance) -> bool:
        """Somebody shares elsewhere what is there already: they hear of it if they may see it. They take theirs back.

        Of what was said before theirs alone: a message that was kept has Slack's time, which is ahead of the bot's here.
        """
        awake = [person for person in self._people if not person.deleted]
        there = [one for one in self._readers.learned if not one.is_gone]
        before = [one for one in there if not one.is_kept or float(one.ts) < time.time()]
        known = [one for one in before if self._by.know_id(one)]
        if not known or not awake:
            return False
        one, person = chance.of(known), chance.of(awake)
        await self._compare(person, one, self._by.by_sharing, "shares the same as")
        return True

    async def _undo(self, chance: Chance) -> bool:
        alive = [one for one in self._readers.learned if not one.is_gone and not one.author.deleted]
        if not alive:
            return False
        one = chance.of(alive)
        self._rooms.log.append(f"{one.author.name} takes {one.words} back")
        if not self._by.know_id(one):
            return False
        await self._by.undo(one.author, "kept.undo" if one.is_kept else "share.undo", one.id)
        one.is_gone = True
        return True

    async def _deactivate(self, chance: Chance) -> bool:
        person = chance.of(self._people)
        self._rooms.log.append(f"{person.name} is deactivated, or activated again")
        person.deleted = not person.deleted
        self._rooms.untold_at[person.id] = time.monotonic()
        return True

    async def _wait(self, _chance: Chance) -> bool:
        self._rooms.log.append("a minute goes by")
        await asyncio.sleep(MINUTE)
        return True

    def _somebody_in_a_room(self, chance: Chance) -> tuple[Person, Room] | None:
        room = chance.of(self._rooms.open())
        there = [one for one in self._people if one.id in room.channel.members and not one.deleted]
        return (chance.of(there), room) if there and self._readers.has_bot(room) else None

    def _next(self, room: Room, author: Person) -> Learned:
        self._number += 1
        return Learned(self._number, room, author)
