"""What happened in Slack."""

from __future__ import annotations

from typing import Annotated, Any, Self

from pydantic import AliasPath, BeforeValidator, Field, model_validator

from storage.ids import ChannelId, MessageRef, Person, PersonId, Place, Ts

from .reading import Id, Moment, Payload


class ReactionEvent(Payload):
    """`reaction_added` and `reaction_removed` (docs.slack.dev/reference/events/reaction_added)."""

    delivery: str = Field(validation_alias="event_id", min_length=1, max_length=255)
    type: str = Field(validation_alias=AliasPath("event", "type"))
    item_type: str = Field(validation_alias=AliasPath("event", "item", "type"))
    user: Id = Field(validation_alias=AliasPath("event", "user"))
    reaction: str = Field(validation_alias=AliasPath("event", "reaction"), min_length=1, max_length=255)
    item_user: Id | None = Field(None, validation_alias=AliasPath("event", "item_user"))
    channel: Id | None = Field(None, validation_alias=AliasPath("event", "item", "channel"))
    ts: Moment | None = Field(None, validation_alias=AliasPath("event", "item", "ts"))
    event_ts: Moment = Field(validation_alias=AliasPath("event", "event_ts"))

    @property
    def standing(self) -> bool:
        """Whether it was given, and not taken off."""
        return self.type == "reaction_added"

    @property
    def message(self) -> MessageRef | None:
        """What was reacted to; None for a file."""
        if self.item_type != "message" or self.channel is None or self.ts is None:
            return None
        return MessageRef(Place(self.workspace, ChannelId(self.channel)), self.ts)


class MemberEvent(Payload):
    """`member_joined_channel` and `member_left_channel` (docs.slack.dev/reference/events/member_joined_channel).

    `inviter` is left out where somebody came by themselves.
    """

    type: str = Field(validation_alias=AliasPath("event", "type"))
    user: Id = Field(validation_alias=AliasPath("event", "user"))
    channel: Id = Field(validation_alias=AliasPath("event", "channel"))
    event_ts: Moment = Field(validation_alias=AliasPath("event", "event_ts"))
    inviter: Id | None = Field(None, validation_alias=AliasPath("event", "inviter"))

    @property
    def place(self) -> Place:
        """Where."""
        return Place(self.workspace, ChannelId(self.channel))


class WrittenEvent(Payload):
    """`message`, written by somebody in a thread (docs.slack.dev/reference/events/message)."""

    channel: Id = Field(validation_alias=AliasPath("event", "channel"))
    ts: Moment = Field(validation_alias=AliasPath("event", "ts"))
    thread_ts: Moment = Field(validation_alias=AliasPath("event", "thread_ts"))
    user: Id = Field(validation_alias=AliasPath("event", "user"))
    message: dict[str, Any] = Field(validation_alias="event")

    @property
    def person(self) -> Person:
        """Who wrote it."""
        return Person(self.workspace, PersonId(self.user))

    @property
    def place(self) -> Place:
        """Where."""
        return Place(self.workspace, ChannelId(self.channel))


class AddressedEvent(Payload):
    """`app_mention` (docs.slack.dev/reference/events/app_mention), or `message` in the direct message with Outloud."""

    channel: Id = Field(validation_alias=AliasPath("event", "channel"))
    ts: Moment = Field(validation_alias=AliasPath("event", "ts"))
    thread_ts: Moment | None = Field(None, validation_alias=AliasPath("event", "thread_ts"))
    user: Id = Field(validation_alias=AliasPath("event", "user"))

    @property
    def person(self) -> Person:
        """Who wrote it."""
        return Person(self.workspace, PersonId(self.user))

    @property
    def ref(self) -> MessageRef:
        """The message."""
        return MessageRef(Place(self.workspace, ChannelId(self.channel)), self.ts)


class ChangeEvent(Payload):
    """`message` with a subtype of `message_changed` or `message_deleted` (docs.slack.dev/reference/events/message)."""

    channel: Id = Field(validation_alias=AliasPath("event", "channel"))
    event_ts: Moment = Field(validation_alias=AliasPath("event", "event_ts"))
    changed_ts: Moment | None = Field(None, validation_alias=AliasPath("event", "message", "ts"))
    deleted_ts: Moment | None = Field(None, validation_alias=AliasPath("event", "deleted_ts"))
    message: dict[str, Any] | None = Field(None, validation_alias=AliasPath("event", "message"))
    before: dict[str, Any] = Field({}, validation_alias=AliasPath("event", "previous_message"))

    @model_validator(mode="after")
    def _name_the_message(self) -> Self:
        if self.changed_ts is None and self.deleted_ts is None:
            raise ValueError("It does not say which message it is about.")
        return self

    @property
    def ref(self) -> MessageRef:
        """The message that it is about."""
        return MessageRef(Place(self.workspace, ChannelId(self.channel)), self.changed_ts or self.deleted_ts or Ts(""))

    @property
    def thread(self) -> MessageRef | None:
        """The message in whose thread it stood."""
        ts = self.before.get("thread_ts")
        return MessageRef(self.ref.place, Ts(ts)) if isinstance(ts, str) and ts != self.ref.ts else None

    @property
    def is_edit(self) -> bool:
        """Whether the words or the files changed: Slack also tells of a preview that it added, or of a reply."""
        now, before = self.message, self.before
        return now is not None and (now.get("text"), _ids(now)) != (before.get("text"), _ids(before))


def _ids(message: dict[str, Any]) -> list[Any]:
    return [(file.get("id"), file.get("mode")) for file in message.get("files") or () if isinstance(file, dict)]


def _id_of(channel: Any) -> Any:  # noqa: ANN401 -- pydantic checks the type afterwards
    return channel.get("id") if isinstance(channel, dict) else channel


class ChannelEvent(Payload):
    """`channel_archive` and its like (docs.slack.dev/reference/events); of a rename, the channel is an object."""

    type: str = Field(validation_alias=AliasPath("event", "type"))
    subtype: str | None = Field(None, validation_alias=AliasPath("event", "subtype"))
    channel: Annotated[Id, BeforeValidator(_id_of)] = Field(validation_alias=AliasPath("event", "channel"))

    @property
    def place(self) -> Place:
        """Which channel."""
        return Place(self.workspace, ChannelId(self.channel))


class MovedEvent(Payload):
    """`channel_id_changed` (docs.slack.dev/reference/events/channel_id_changed)."""

    old: Id = Field(validation_alias=AliasPath("event", "old_channel_id"))
    new: Id = Field(validation_alias=AliasPath("event", "new_channel_id"))
    event_ts: Moment = Field(validation_alias=AliasPath("event", "event_ts"))

    @property
    def place(self) -> Place:
        """The channel by the id that it had."""
        return Place(self.workspace, ChannelId(self.old))

    @property
    def new_channel(self) -> ChannelId:
        """The id that it has now."""
        return ChannelId(self.new)


class HomeEvent(Payload):
    """`app_home_opened` (docs.slack.dev/reference/events/app_home_opened); `tab` is home, messages or about."""

    user: Id = Field(validation_alias=AliasPath("event", "user"))
    tab: str = Field("home", validation_alias=AliasPath("event", "tab"))

    @property
    def person(self) -> Person:
        """Who opened it."""
        return Person(self.workspace, PersonId(self.user))


class LeftEvent(Payload):
    """`channel_left` and `group_left`: Outloud itself was removed (docs.slack.dev/reference/events/channel_left)."""

    channel: Id = Field(validation_alias=AliasPath("event", "channel"))
    event_ts: Moment = Field(validation_alias=AliasPath("event", "event_ts"))

    @property
    def place(self) -> Place:
        """Where."""
        return Place(self.workspace, ChannelId(self.channel))
