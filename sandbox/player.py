"""How an export is played: who is there, what each message and reaction does to the sandbox's Slack."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING
from zoneinfo import available_timezones

from .emoji import SKIN_TONE
from .messages import SYSTEM_SUBTYPES
from .talk import SHARED_TEAM

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .export import Export, ExportedChannel, ExportedMessage, ExportedPerson
    from .records import Channel, Json, Message, Person
    from .slack import Slack

SLACKBOT = "USLACKBOT"
TIME_ZONES = available_timezones()


class ReplayFailed(Exception):
    """The app could not be brought to take part, or the export cannot be played; the text says why."""


@dataclass(frozen=True)
class Habits:
    """How an app takes part: what starts it in a channel, the reaction that asks it to keep, and its own answer."""

    start: str = "/outloud start Learn together"
    """A command; an empty one starts nothing."""
    keep_emoji: str = "bulb"
    ack_emoji: str = "books"


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a replay."""

    messages: int
    """Messages of the export that were posted."""
    keeps: int
    """Keep reactions, one for each person, of whatever skin tone, that stand on them."""
    acknowledged: int
    """Messages of the export that the app's own reaction stands on."""
    posts: int
    """Messages that the app posted, in channels and direct messages."""
    seconds: float
    """Real seconds from the first message until the app was quiet."""

    def json(self) -> Json:
        """The same as JSON."""
        return asdict(self) | {"seconds": round(self.seconds, 2)}


class Player:
    """Plays the messages of an export into `slack`."""

    def __init__(self, slack: Slack, export: Export, habits: Habits) -> None:
        self._slack, self._world, self._export, self._habits = slack, slack.world, export, habits
        self._bots: dict[str, Person] = {}
        self._played: dict[tuple[str, str], Message] = {}

    async def set_the_scene(self) -> None:
        """Everybody there, in their channels, and the app started in each."""
        self._add_people()
        for channel in self._export.channels:
            await self._open_channel(channel)

    def furnish(self) -> None:
        """Everybody and everything there, the app in each channel, and nobody told."""
        listeners, self._world.listeners = self._world.listeners, []
        try:
            self._add_people()
            for channel in self._export.channels:
                self._add_channel(channel).members[self._world.app.user] = None
            for channel, exported in self._export.messages():
                message = self._post(channel.id, exported)
                for user_id, name, event_ts in _reactions(exported):
                    self._world.react(message.channel, message.ts, self._known(user_id).id, name, event_ts=event_ts)
        finally:
            self._world.listeners = listeners

    def _add_people(self) -> None:
        home = self._export.home_team()
        for person in self._export.people:
            self._add_person(person, is_home=person.team_id in ("", home))

    def _add_person(self, person: ExportedPerson, *, is_home: bool) -> None:
        if person.id in self._world.people:
            return
        self._world.add_person(
            person.name,
            id=person.id,
            team_id=None if is_home else SHARED_TEAM,
            real_name=person.real_name,
            is_bot=person.is_bot,
            bot_id=self._world.new_id("B") if person.is_bot else "",
            is_restricted=person.is_restricted or person.is_ultra_restricted,
            is_ultra_restricted=person.is_ultra_restricted,
            deleted=person.deleted,
            tz=person.tz if person.tz in TIME_ZONES else "Etc/UTC",
        )

    def _add_channel(self, exported: ExportedChannel) -> Channel:
        if exported.id in self._world.channels:
            return self._world.channels[exported.id]
        members = tuple(self._known(user_id).id for user_id in exported.members)
        return self._world.add_channel(
            exported.name,
            id=exported.id,
            members=members,
            creator=exported.creator,
            is_private=exported.is_private,
            is_general=exported.is_general,
        )

    async def _open_channel(self, exported: ExportedChannel) -> None:
        channel = self._add_channel(exported)
        starter = self._starter(channel)
        if starter is None:
            return
        if self._world.app.user not in channel.members:
            await self._slack.invites(starter, self._slack.app, channel)
        if self._habits.start:
            answer = await self._slack.types(starter, self._habits.start, in_=channel)
            if answer.failed:
                raise ReplayFailed(f"{starter.name} typed {self._habits.start} in #{channel.name}: {answer.failed}")

    def _starter(self, channel: Channel) -> Person | None:
        """The first member who may do what full members may."""
        people = [self._world.people[user_id] for user_id in channel.members]
        full = [one for one in people if not (one.is_bot or one.deleted or one.is_restricted)]
        return next((one for one in full if one.team_id == self._world.team_id), None)

    def _known(self, user_id: str) -> Person:
        """The person with this id, created if the export does not know them."""
        if user_id not in self._world.people:
            self._world.add_person(user_id.lower(), id=user_id, is_bot=user_id == SLACKBOT)
        return self._world.people[user_id]

    def _author(self, message: ExportedMessage) -> Person:
        if message.user:
            return self._known(message.user)
        key = message.bot_id or message.username or "bot"
        if key not in self._bots:
            name = message.username or key
            self._bots[key] = self._world.add_person(
                name, is_bot=True, bot_id=message.bot_id or self._world.new_id("B")
            )
        return self._bots[key]

    async def play(self, channel: ExportedChannel, exported: ExportedMessage) -> None:
        """Post one message, and give it its reactions, each when the app has taken what was before.

        What stands there already is told again.
        """
        self._slack.clock.set(exported.time)
        message = await self._slack.act(lambda: self._post_or_tell(channel.id, exported))
        self._played[message.channel, message.ts] = message
        for user_id, name, event_ts in _reactions(exported):
            await self._react(message, self._known(user_id), name, event_ts)

    def _post_or_tell(self, channel_id: str, exported: ExportedMessage) -> Message:
        message = self._world.channel(channel_id).messages.get(exported.ts)
        if message is None:
            return self._post(channel_id, exported)
        self._world.tell_message_again(message)
        return message

    def _post(self, channel_id: str, exported: ExportedMessage) -> Message:
        author = self._author(exported)
        message = self._world.post(
            channel_id,
            author.id,
            exported.text,
            ts=exported.ts,
            thread_ts=self._thread(channel_id, exported),
            subtype=exported.subtype,
            bot_id=exported.bot_id or author.bot_id,
            blocks=exported.blocks or (),
            attachments=exported.attachments or (),
            files=exported.files or (),
        )
        message.edited = exported.edited
        return message

    def _thread(self, channel_id: str, exported: ExportedMessage) -> str:
        """The thread it stands in. One whose first message is not in the export begins with a tombstone, as in Slack."""
        if exported.thread_ts in ("", exported.ts):
            return ""
        root = self._world.channel(channel_id).messages.get(exported.thread_ts)
        if root is None:
            deleted = "This message was deleted."
            self._world.post(channel_id, self._known(SLACKBOT).id, deleted, subtype="tombstone", ts=exported.thread_ts)
        elif root.subtype in SYSTEM_SUBTYPES - {"tombstone"}:
            return ""
        return root.thread_ts if root and root.is_reply else exported.thread_ts

    async def _react(self, message: Message, person: Person, name: str, event_ts: str) -> None:
        world, is_given = self._world, person.id in message.reactions.get(name, ())
        await self._slack.act(
            lambda: (
                world.tell_reaction_again(message, person.id, name, event_ts=event_ts)
                if is_given
                else world.react(message.channel, message.ts, person.id, name, event_ts=event_ts)
            )
        )

    def count_wanted(self) -> int:
        """The messages of people that somebody asked the app to keep."""
        return sum(self._is_kept(message) for message in self._played.values())

    def _is_kept(self, message: Message) -> bool:
        return not message.bot_id and bool(self._keepers(message))

    def _keepers(self, message: Message) -> list[str]:
        app, keep = self._world.app.user, self._habits.keep_emoji
        given = [users for name, users in message.reactions.items() if SKIN_TONE.sub("", name) == keep]
        return [user for users in given for user in users if user != app]

    def count_acknowledged(self) -> int:
        """The messages that the app's own reaction stands on."""
        app, ack = self._world.app.user, self._habits.ack_emoji
        return sum(app in message.reactions.get(ack, ()) for message in self._played.values())

    def result(self, seconds: float) -> Result:
        """What stands now."""
        everything = [message for channel in self._world.channels.values() for message in channel.messages.values()]
        app = self._world.app
        return Result(
            messages=len(self._played),
            keeps=sum(len(self._keepers(message)) for message in self._played.values()),
            acknowledged=self.count_acknowledged(),
            posts=sum(message.user == app.user and bool(message.app_id) for message in everything),
            seconds=seconds,
        )


def _reactions(exported: ExportedMessage) -> Iterator[tuple[str, str, str]]:
    """Who gave it which emoji, and when: the export does not say, so one after the other, right after the message."""
    micros = _micros(exported.ts)
    for reaction in exported.reactions:
        for user_id in dict.fromkeys(reaction.users):
            micros += 1
            yield user_id, reaction.name, _ts(micros)


def _micros(ts: str) -> int:
    seconds, _, micros = ts.partition(".")
    return int(seconds) * 1_000_000 + int(micros)


def _ts(micros: int) -> str:
    return f"{micros // 1_000_000}.{micros % 1_000_000:06d}"
