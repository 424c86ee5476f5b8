"""What people ask for by a command or a shortcut."""

from __future__ import annotations

from typing import Any

from pydantic import AliasPath, Field

from storage import markup
from storage.ids import ChannelId, MessageRef, Person, PersonId, Place
from storage.refusals import InADirectMessage, NotInAChannel

from .reading import Id, Moment, Payload, Typed


class Command(Payload):
    """Somebody typed a slash command (docs.slack.dev/interactivity/implementing-slash-commands)."""

    channel_id: Id
    channel_name: str = ""
    user_id: Id
    text: Typed = ""
    trigger_id: str = Field(min_length=1)

    @property
    def words(self) -> str:
        """What follows the command, as it was typed: Slack escapes `&`, `<` and `>` in it, as in all text."""
        return markup.unescape(self.text).strip()

    @property
    def first(self) -> tuple[str, str]:
        """The first word, in small letters, and what follows it, maybe on lines of its own; both empty where there is none."""
        word, rest = (*self.words.split(None, 1), "", "")[:2]
        return word.lower(), rest

    @property
    def is_direct(self) -> bool:
        """Whether it was typed in a direct message, of two or of a group."""
        return self.channel_id.startswith("D") or self.channel_name.startswith("mpdm-")

    @property
    def name(self) -> str:
        """What the channel is called; empty where Slack does not say."""
        return "" if self.is_private or self.channel_name == "directmessage" else self.channel_name

    @property
    def is_private(self) -> bool:
        """Whether it is a private channel, which Slack does not name here."""
        return self.channel_name == "privategroup"

    @property
    def person(self) -> Person:
        """Who typed it."""
        return Person(self.workspace, PersonId(self.user_id), self.stands_in)

    @property
    def here(self) -> Place | None:
        """The channel; None in a direct message."""
        return None if self.is_direct else self.place

    @property
    def place(self) -> Place:
        """Where. Raises `InADirectMessage` where it is no channel."""
        if self.is_direct:
            raise InADirectMessage
        return Place(self.workspace, ChannelId(self.channel_id))


class ShortcutUse(Payload):
    """Somebody used a shortcut (docs.slack.dev/reference/interaction-payloads/shortcuts-interaction-payload)."""

    user: Id = Field(validation_alias=AliasPath("user", "id"))
    trigger_id: str

    @property
    def person(self) -> Person:
        """Who used it."""
        return Person(self.workspace, PersonId(self.user))


class MessageShortcutUse(ShortcutUse):
    """One on a message, as Slack showed it to them then."""

    action_ts: Moment
    channel: Id = Field(validation_alias=AliasPath("channel", "id"))
    ts: Moment = Field(validation_alias=AliasPath("message", "ts"))
    channel_name: str = Field("", validation_alias=AliasPath("channel", "name"))
    message: dict[str, Any]

    @property
    def is_private(self) -> bool:
        """Whether it stands in a private channel, which Slack does not name here."""
        return self.channel_name == "privategroup"

    @property
    def ref(self) -> MessageRef:
        """Which message. Raises `NotInAChannel`."""
        if self.channel.startswith("D"):
            raise NotInAChannel
        return MessageRef(Place(self.workspace, ChannelId(self.channel)), self.ts)
