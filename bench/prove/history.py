"""A history: what people did in one pocket, and when the app heard of it, step by step; the model goes along.

What people do is not told to the app at once. Each event goes on a pile, from which steps take it in any order, again and
again, or much later. What the app owes is held back until a step lets it go.
"""

from __future__ import annotations

import asyncio
import copy
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Row, text

from bench import pockets
from bench.kept import ACKNOWLEDGEMENT
from sandbox import payloads
from sandbox.audience import heard_events
from sandbox.parcels import Parcel
from sandbox.records import Channel, Happening, Message, Person, SlackError
from sandbox.slack import Slack

from .model import Model, Said, Shared

PEOPLE = 4

OWED = (
    *("reactions.get", "reactions.add", "reactions.remove", "conversations.open"),
    *("chat.postMessage", "chat.update", "chat.delete", "chat.postEphemeral"),
)
"""What the outbox calls: held back between two moments at which it may go on."""

HELD_FOR = 8.0
"""Real seconds for which a call is held at most: less than the app's own patience, 10."""

DONE_WITHIN = 25.0
"""Real seconds for what is owed, once it may go on."""


class Stuck(Exception):
    """The app did not do what it owes in time; the text says what."""


@dataclass(frozen=True, slots=True)
class Piled:
    """An event that the app is to hear of, and what that means for the model."""

    payload: dict[str, Any]
    tell: Callable[[], None]
    what: str


@dataclass(slots=True)
class History:
    """One pocket, and what happens in it. `connection` looks into the app's database."""

    slack: Slack
    connection: Connection
    channel: Channel
    people: list[Person]
    robot: Person
    model: Model = field(default_factory=Model)
    log: list[str] = field(default_factory=list)
    """What was done, a line each."""
    wrong: list[str] = field(default_factory=list)
    """What the app refused that it may not."""
    pile: list[Piled] = field(default_factory=list)
    delivered: list[Piled] = field(default_factory=list)
    sent: list[tuple[Shared, str, str, dict[str, Any]]] = field(default_factory=list)
    """What was shared, with the words then, by a command or a form: its kind, and its payload."""

    @classmethod
    async def begin(cls, slack: Slack, connection: Connection, number: int) -> History:
        """A new channel with new people in it, that has become a pocket."""
        people = [slack.person(f"{name}{number}") for name in ("ana", "ben", "cleo", "dan")[:PEOPLE]]
        robot = slack.person(f"robot{number}", bot=True)
        channel = slack.channel(f"pocket{number}", members=[*people, robot])
        history = cls(slack, connection, channel, people, robot)
        await pockets.begin(slack, people[0], channel)
        await history.let_go()
        return history

    async def end(self) -> None:
        """Slack promises that each event arrives, and the app that it does what it owes: so let them."""
        while self.pile:
            await self.bring(self.pile.pop(0))
        await self.let_go()

    async def let_go(self) -> None:
        """Let the app do all that it owes, and hold back what follows."""
        self.slack.mends()
        self.model.look()
        try:
            async with asyncio.timeout(DONE_WITHIN):
                while left := self._owed():  # noqa: ASYNC110 -- rows, which nobody announces
                    await asyncio.sleep(0.01)
        except TimeoutError:
            raise Stuck(f"Still owed: {', '.join(left)}.") from None
        for method in OWED:
            self.slack.fails(method, "delayed before", seconds=HELD_FOR)

    def _owed(self) -> list[str]:
        return [row[0] for row in self.look_up("SELECT kind FROM outbox WHERE state = 'waiting'")]

    def look_up(self, sql: str, **values: Any) -> list[Row[Any]]:  # noqa: ANN401 -- whatever the statement takes
        """What a statement finds in the app's database."""
        try:
            return list(self.connection.execute(text(sql), values))
        finally:
            self.connection.rollback()  # the next one shall see what is new

    @contextmanager
    def unheard(self, what: str, tell: Callable[[], None] = lambda: None) -> Iterator[None]:
        """What happens meanwhile is told to nobody yet: it goes on the pile."""
        heard: list[Happening] = []
        world = self.slack.world
        listeners, world.listeners = world.listeners, [heard.append]
        try:
            yield
        finally:
            world.listeners = listeners
        for one in heard:
            for event in heard_events(self.slack.world, self.slack.manifest, one):
                payload = payloads.event_callback(self.slack.world, event, payloads.new_event_id())
                self.pile.append(Piled(copy.deepcopy(payload), tell, what))

    async def bring(self, piled: Piled) -> None:
        """Let the app hear of something, and the model."""
        reply = await self.slack.courier.ask("event", piled.what, piled.payload, Parcel.of_event(piled.payload))
        if not reply.is_ack:
            self.wrong.append(f"An event was answered {reply.status} {reply.reason}: {piled.what}.")
        piled.tell()
        self.delivered.append(piled)

    def standing(self) -> list[Said]:
        """The messages that nobody deleted."""
        return [one for one in self.model.said if one.stands]

    def choose(self, drawn: int) -> Said | None:
        """A message that stands; the newest ones most often, so that much happens to the same."""
        found = self.standing()[-5:]
        return found[drawn % len(found)] if found else None

    def message(self, said: Said) -> Message:
        """A message as it stands in Slack. Raises `SlackError` where it does not."""
        return self.slack.world.message(said.channel, said.ts)

    def name(self, said: Said) -> str:
        """What the log calls it."""
        return f"message {self.model.said.index(said)}"

    def marked(self, said: Said) -> bool:
        """Whether the app's 📚 stands on a message."""
        try:
            return self.slack.app.id in self.message(said).reactions.get(ACKNOWLEDGEMENT, ())
        except SlackError:
            return False
