"""The rooms of a history of the leak hunt: what becomes of them, who comes and goes; and whether that was told."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Sequence

from bench import pockets
from sandbox.records import Person
from sandbox.slack import Slack

from .chance import Chance
from .readers import Readers, Room


class Rooms:
    """A history's rooms, and its `log`, a line a step.

    `untold_at`: by person, when something became of them that nobody told (seconds of the hunt's clock).
    """

    def __init__(self, slack: Slack, readers: Readers) -> None:
        self.log: list[str] = []
        self.untold_at: dict[str, float] = {}
        self.deeds: dict[str, Callable[[Chance], Awaitable[bool]]] = {
            "come or go": self._come_or_go,
            "come or go, untold": self._come_or_go_untold,
            "convert": self._convert,
            "convert, untold": self._convert_untold,
            "share out": self._share_out,
            "share out, untold": self._share_out_untold,
            "bot goes or comes": self._bot_goes_or_comes,
            "bot goes, untold": self._bot_goes_untold,
            "delete": self._delete,
            "delete, untold": self._delete_untold,
        }
        self._slack, self._readers = slack, readers
        self._people: Sequence[Person] = ()
        self._all: list[Room] = []
        self._number = 0

    async def begin(self, people: Sequence[Person], inside: Sequence[Person]) -> None:
        """Two new rooms, an open and a private one, with some `inside`, for a history of these people.

        Those of the last history are deleted: else each pause would have more pockets to catch up with.
        """
        self.log = []
        for room in self.open():
            await self._slack.deletes_channel("ana", room.channel)
        self._all, self._people = [], people
        for private in (False, True):
            await self._begin(inside, private=private)

    def open(self) -> list[Room]:
        """Those that are there."""
        return [room for room in self._all if not room.is_deleted]

    def note_down(self, deed: str, room: Room) -> None:
        """A line of the history."""
        self.log.append(f"#{room.channel.name}: {deed}")

    async def _come_or_go(self, chance: Chance) -> bool:
        room, person = chance.of(self.open()), chance.of(self._people)
        self.note_down(f"{person.name} comes or goes", room)
        if not self._readers.has_bot(room):  # Slack tells Outloud nothing of a channel that it is not in
            self.untold_at[person.id] = time.monotonic()
        if person.id in room.channel.members:
            await self._slack.removes("ana", person, room.channel)
        else:
            await self._slack.invites("ana", person, room.channel)
        return True

    async def _come_or_go_untold(self, chance: Chance) -> bool:
        room, person = chance.of(self.open()), chance.of(self._people)
        self.note_down(f"{person.name} comes or goes, untold", room)
        members = room.channel.members
        self.untold_at[person.id] = time.monotonic()
        if members.pop(person.id, self) is self:
            members[person.id] = None
        return True

    async def _convert(self, chance: Chance) -> bool:
        room = chance.of(self.open())
        if room.channel.is_ext_shared or not self._readers.has_bot(room):  # Slack would not, or tells it nothing
            return False
        self.note_down("is made private, or public", room)
        await self._slack.converts("ana", room.channel, private=not room.channel.is_private)
        return True

    async def _convert_untold(self, chance: Chance) -> bool:
        room = chance.of(self.open())
        if room.is_closed:
            return False
        self.note_down("is made private, untold", room)
        room.untold_at, room.channel.is_private = time.monotonic(), True
        return True

    async def _share_out(self, chance: Chance) -> bool:
        room = chance.of(self.open())
        if room.is_closed or not self._readers.has_bot(room):
            return False
        self.note_down("is shared with another organisation", room)
        await self._slack.shares("ana", room.channel)
        return True

    async def _share_out_untold(self, chance: Chance) -> bool:
        room = chance.of(self.open())
        if room.is_closed:
            return False
        self.note_down("is shared with another organisation, untold", room)
        room.untold_at, room.channel.is_ext_shared, room.is_shared_untold = time.monotonic(), True, True
        return True

    async def _bot_goes_or_comes(self, chance: Chance) -> bool:
        room = chance.of(self.open())
        self.note_down("the bot goes or comes", room)
        act = self._slack.removes if self._readers.has_bot(room) else self._slack.invites
        await act("ana", self._slack.app, room.channel)
        return True

    async def _bot_goes_untold(self, chance: Chance) -> bool:
        room = chance.of(self.open())
        if not self._readers.has_bot(room):
            return False
        self.note_down("the bot goes, untold", room)
        room.untold_at = time.monotonic()
        del room.channel.members[self._slack.app.id]
        return True

    async def _delete(self, chance: Chance) -> bool:
        room = chance.of(self.open())
        self.note_down("is deleted", room)
        room.is_deleted = True
        await self._slack.deletes_channel("ana", room.channel)
        await self._begin([chance.of(self._people), chance.of(self._people)], private=room.channel.is_private)
        return True

    async def _delete_untold(self, chance: Chance) -> bool:
        room = chance.of(self.open())
        self.note_down("is deleted, untold", room)
        room.is_deleted, room.untold_at = True, time.monotonic()
        del self._slack.world.channels[room.channel.id]
        await self._begin([chance.of(self._people), chance.of(self._people)], private=room.channel.is_private)
        return True

    async def _begin(self, people: Sequence[Person], *, private: bool) -> None:
        """A new pocket, with these people in it."""
        self._number += 1
        members = ["ana", *{person.name: None for person in people}]
        room = Room(self._slack.channel(f"room-{self._number}", private=private, members=members))
        await pockets.begin(self._slack, "ana", room.channel)
        self._all.append(room)
