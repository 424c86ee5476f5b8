"""Who could read a channel in Slack now: the plain model that the leak hunt holds the bot to. It shares nothing with the bot."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from sandbox.records import Channel, Person
from sandbox.slack import Slack

TOKEN = re.compile(rb"[wt]\d{5}q")
"""What people learn in the hunt, and its topics."""


@dataclass(eq=False)
class Room:
    """A pocket's channel. `untold_at`: when something became of it that nobody told (seconds of the hunt's clock).

    `is_shared_untold`: that it is shared with another organisation is such a thing.
    """

    channel: Channel
    is_deleted: bool = False
    untold_at: float = float("-inf")
    is_shared_untold: bool = False

    @property
    def is_closed(self) -> bool:
        """Whether only members read it."""
        return self.channel.is_private or self.channel.is_ext_shared


@dataclass(eq=False)
class Learned:
    """A learning: its words and its topic stand nowhere else."""

    number: int
    room: Room
    author: Person
    is_kept: bool = False
    is_gone: bool = False
    id: str = ""
    ts: str = ""
    posted_in: set[str] = field(default_factory=set)
    """The channels that it was shown to, or may have been: it is shown to each once."""

    @property
    def topic(self) -> str:
        """Its topic; of a kept message, none."""
        return f"t{self.number:05}q"

    @property
    def words(self) -> str:
        """What it says."""
        return f"w{self.number:05}q"


@dataclass
class Readers:
    """The rule, in words: docs/privacy.md has the same as a table."""

    slack: Slack
    learned: list[Learned] = field(default_factory=list)

    def may_see(self, person: Person, one: Learned) -> bool:
        """Whether they see it now."""
        if person.deleted or one.is_gone:
            return False
        if one.room.is_deleted or (one.room.is_closed and not self.has_bot(one.room)):
            return person is one.author
        return person.id in one.room.channel.members or (self._is_full(person) and not one.room.is_closed)

    def may_hold(self, hall: Channel, one: Learned) -> bool:
        """Whether it may stand in a channel that it did not come from: what is public, where full members alone read."""
        if one.is_gone or one.room.is_deleted or one.room.is_closed:
            return False
        there = [self.slack.find_person(id) for id in hall.members if id != self.slack.app.id]
        return all(self._is_full(person) for person in there if not person.deleted)

    def _is_full(self, person: Person) -> bool:
        return person.team_id == self.slack.world.team_id and not person.is_restricted

    def reads_unknown(self, person: Person, one: Learned) -> bool:
        """Whether they read it in Slack, though it is its author's alone, by two things that Outloud can't know.

        That is what is not promised: a public channel was shared with another organisation, Outloud was removed, and Slack told
        of neither.
        """
        reads = person.id in one.room.channel.members and not (person.deleted or one.is_gone or one.room.is_deleted)
        return reads and one.room.is_shared_untold and not self.has_bot(one.room)

    def has_bot(self, room: Room) -> bool:
        """Whether the bot is in it."""
        return self.slack.app.id in room.channel.members
