"""Everything that one person sees in Slack at a moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .reading import text_of
from .records import Message

if TYPE_CHECKING:
    from .records import Channel, Ephemeral, Person, View
    from .scene import Scene, Where


class Sight:
    """What `person` sees now. It does not follow what happens later; the messages in it do."""

    def __init__(self, scene: Scene, person: Person) -> None:
        self.person = person
        self._scene, self._world = scene, scene.world
        readable = [channel for channel in self._world.channels.values() if scene.can_read(person, channel)]
        self._channels = {channel.id: list(channel.messages.values()) for channel in readable}
        theirs = [ephemeral for ephemeral in self._world.ephemerals if ephemeral.user == person.id]
        self.ephemerals: list[Ephemeral] = [] if person.deleted else [e for e in theirs if e.channel in self._channels]
        """What only they see, the newest last."""
        views = [view for view in self._world.views.values() if view.user == person.id and view.open]
        self.form: View | None = views[-1] if views and not person.deleted else None
        """The form they have open, the top one of several."""
        self.home: View | None = None if person.deleted else self._world.homes.get(person.id)
        """The app's Home tab."""

    def channel(self, where: Where) -> list[Message]:
        """The messages of a channel, those of threads too; none where they cannot read it."""
        return self._channels.get(self._scene.find_channel(where, of=self.person).id, [])

    def thread(self, message: Message) -> list[Message]:
        """The replies to a message."""
        messages = self._channels.get(message.channel, [])
        return [one for one in messages if one.thread_ts == message.ts and one.ts != message.ts]

    def texts(self, where: Where) -> list[str]:
        """What the messages of a channel say."""
        return [text_of(message, self._world) for message in self.channel(where)]

    @property
    def channels(self) -> list[Channel]:
        """The conversations they can read."""
        return [self._world.channels[channel_id] for channel_id in self._channels if channel_id in self._world.channels]

    @property
    def dms(self) -> list[Message]:
        """The messages between them and the app."""
        both = {self.person.id, self._world.app.user}
        pairs = [channel for channel in self.channels if channel.is_im and channel.members.keys() == both]
        return self._channels[pairs[0].id] if pairs else []

    def reactions(self, message: Message) -> dict[str, list[str]]:
        """The reactions of a message: each emoji, and the names of who gave it; none where they cannot read it."""
        people = self._world.people
        seen = any(one is message for one in self._channels.get(message.channel, ()))
        given = message.reactions.items() if seen else ()
        return {emoji: [people[user].name for user in users] for emoji, users in given}

    def __contains__(self, words: str) -> bool:
        return words in str(self)

    def __str__(self) -> str:
        lines = [f"What {self.person.name} sees"]
        for channel in self.channels:
            private = [one for one in self.ephemerals if one.channel == channel.id]
            shown: list[Message | Ephemeral] = [*self._channels[channel.id], *private]
            shown.sort(key=lambda one: one.ts)
            if shown:
                lines += [_title(self._scene, channel, self.person), *(self._entry(one) for one in shown)]
        if self.form:
            lines += ["Form", _indented(text_of(self.form, self._world))]
            lines += [f"  ! {block_id}: {words}" for block_id, words in self.form.errors.items()]
        if self.home:
            lines += ["Home", _indented(text_of(self.home, self._world))]
        return "\n".join(lines)

    __repr__ = __str__

    def _entry(self, shown: Message | Ephemeral) -> str:
        words = text_of(shown, self._world)
        if not isinstance(shown, Message):
            return _indented(f"(only you) {words}")
        author = self._world.people.get(shown.user)
        edited = " (edited)" if shown.edited else ""
        given = " ".join(f":{emoji}: {len(users)}" for emoji, users in shown.reactions.items())
        entry = f"{author.name if author else 'somebody'}: {words}{edited}" + (f"\n{given}" if given else "")
        return _indented(entry, depth=4 if shown.is_reply else 2)


def _title(scene: Scene, channel: Channel, person: Person) -> str:
    if not (channel.is_im or channel.is_mpim):
        return f"#{channel.name}"
    others = [scene.world.people[one].name for one in channel.members if one != person.id]
    return f"With {', '.join(others)}"


def _indented(text: str, *, depth: int = 2) -> str:
    return "\n".join(" " * depth + line for line in text.splitlines())
