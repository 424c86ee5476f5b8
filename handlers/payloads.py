"""What comes in from Slack, parsed: a bad field names itself. Only what the handlers use is read."""

from __future__ import annotations

import re
from typing import Annotated, Any, Self

from pydantic import AliasPath, BaseModel, BeforeValidator, ConfigDict, Field, Json, model_validator

from storage.ids import ChannelId, LearningId, MessageRef, Person, PersonId, Place, Ts, WorkspaceId
from storage.refusals import InADirectMessage

from .desk import Call

_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def scrub(typed: Any) -> Any:  # noqa: ANN401 -- pydantic checks the type afterwards
    """Text that both databases can hold: without NUL and its like, and with halves of characters marked as lost."""
    if not isinstance(typed, str):
        return typed
    whole = typed.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return _UNWRITABLE.sub("", whole.replace("\r\n", "\n"))


Typed = Annotated[str, BeforeValidator(scrub)]
Id = Annotated[str, Field(pattern=r"^[A-Z0-9]{1,64}$")]
Moment = Annotated[Ts, Field(pattern=r"^[0-9]{1,12}\.[0-9]{1,9}$")]


class Payload(BaseModel):
    """A payload of one workspace."""

    model_config = ConfigDict(frozen=True)

    workspace: WorkspaceId

    @classmethod
    def of(cls, call: Call) -> Self:
        """Read what was delivered. Raises pydantic's `ValidationError`."""
        return cls.model_validate({**call.body, "workspace": call.workspace})


class Command(Payload):
    """Somebody typed a slash command (docs.slack.dev/interactivity/implementing-slash-commands)."""

    channel_id: ChannelId
    channel_name: str = ""
    user_id: PersonId
    text: Typed = ""
    trigger_id: str = Field(min_length=1)

    @property
    def words(self) -> str:
        """What follows the command, as it was typed: Slack escapes `&`, `<` and `>` in it, as in all text."""
        return unescape(self.text).strip()

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
        return Person(self.workspace, self.user_id)

    @property
    def place(self) -> Place:
        """Where. Raises `InADirectMessage` where it is no channel."""
        if self.channel_id.startswith("D"):
            raise InADirectMessage
        return Place(self.workspace, self.channel_id)


class ReactionEvent(Payload):
    """`reaction_added` and `reaction_removed` (docs.slack.dev/reference/events/reaction_added)."""

    delivery: str = Field(validation_alias="event_id", min_length=1, max_length=255)
    type: str = Field(validation_alias=AliasPath("event", "type"))
    item_type: str = Field(validation_alias=AliasPath("event", "item", "type"))
    user: Id = Field(validation_alias=AliasPath("event", "user"))
    reaction: str = Field(validation_alias=AliasPath("event", "reaction"), min_length=1, max_length=255)
    channel: Id | None = Field(None, validation_alias=AliasPath("event", "item", "channel"))
    ts: Moment | None = Field(None, validation_alias=AliasPath("event", "item", "ts"))
    event_ts: Moment = Field(validation_alias=AliasPath("event", "event_ts"))

    @property
    def message(self) -> MessageRef | None:
        """What was reacted to; None for a file."""
        if self.item_type != "message" or self.channel is None or self.ts is None:
            return None
        return MessageRef(Place(self.workspace, ChannelId(self.channel)), self.ts)


class MemberEvent(Payload):
    """`member_joined_channel` and `member_left_channel` (docs.slack.dev/reference/events/member_joined_channel)."""

    type: str = Field(validation_alias=AliasPath("event", "type"))
    user: Id = Field(validation_alias=AliasPath("event", "user"))
    channel: Id = Field(validation_alias=AliasPath("event", "channel"))
    event_ts: Moment = Field(validation_alias=AliasPath("event", "event_ts"))

    @property
    def place(self) -> Place:
        """Where."""
        return Place(self.workspace, ChannelId(self.channel))


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
    def is_edit(self) -> bool:
        """Whether the words changed: Slack also tells of a preview that it added, or of a reply."""
        return self.message is not None and self.message.get("text") != self.before.get("text")


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


class LeftEvent(Payload):
    """`channel_left`: Outloud itself was removed (docs.slack.dev/reference/events/channel_left)."""

    channel: Id = Field(validation_alias=AliasPath("event", "channel"))
    event_ts: Moment = Field(validation_alias=AliasPath("event", "event_ts"))

    @property
    def place(self) -> Place:
        """Where."""
        return Place(self.workspace, ChannelId(self.channel))


class Press(Payload):
    """Somebody pressed a button of ours whose value is a learning (docs.slack.dev/reference/interaction-payloads)."""

    user: Id = Field(validation_alias=AliasPath("user", "id"))
    trigger_id: str
    learning: LearningId = Field(validation_alias=AliasPath("actions", 0, "value"), min_length=1, max_length=64)
    action_ts: Moment = Field(validation_alias=AliasPath("actions", 0, "action_ts"))

    @property
    def person(self) -> Person:
        """Who pressed it."""
        return Person(self.workspace, PersonId(self.user))


class FormOrigin(BaseModel):
    """What a form carries along unseen: its own key, and where it was opened or what it changes."""

    model_config = ConfigDict(frozen=True)

    key: str = Field(min_length=1)
    channel: ChannelId | None = None
    learning: LearningId | None = None


class Form(Payload):
    """A form of ours that is open, or was sent (docs.slack.dev/reference/interaction-payloads/view-interactions-payload)."""

    user: Id = Field(validation_alias=AliasPath("user", "id"))
    origin: Json[FormOrigin] = Field(validation_alias=AliasPath("view", "private_metadata"))

    @property
    def person(self) -> Person:
        """Who has it open."""
        return Person(self.workspace, PersonId(self.user))


def _entered(block: str, *path: str | int) -> Any:  # noqa: ANN401 -- a field's default has the field's type
    """Where Slack puts what was entered in our input `block`, whose action has the same name."""
    return AliasPath("view", "state", "values", block, block, *path)


class LearningForm(Form):
    """What was entered in the form to share, or to add details."""

    words: Typed | None = Field(None, validation_alias=_entered("words", "value"))
    why: Typed | None = Field(None, validation_alias=_entered("why", "value"))
    kind: str = Field("learning", validation_alias=_entered("kind", "selected_option", "value"))
    name: str = Field("", validation_alias=_entered("name", "selected_option", "value"))
    pocket: Id | None = Field(None, validation_alias=_entered("pocket", "selected_option", "value"))
    options: list[dict[str, Any]] | None = Field(None, validation_alias=_entered("topics", "selected_options"))

    @property
    def topics(self) -> tuple[str, ...]:
        """The topics chosen or typed anew."""
        return tuple(scrub(str(option.get("value", ""))) for option in self.options or ())

    @property
    def place(self) -> Place:
        """The pocket that was chosen; where nothing was, the channel that the form was opened in."""
        return Place(self.workspace, ChannelId(self.pocket or self.origin.channel or ""))


class Suggestion(Form):
    """Somebody types into a menu (docs.slack.dev/reference/interaction-payloads/block_suggestion-payload)."""

    value: Typed = ""
    pocket: Id | None = Field(None, validation_alias=_entered("pocket", "selected_option", "value"))

    @property
    def place(self) -> Place:
        """The pocket chosen so far."""
        return Place(self.workspace, ChannelId(self.pocket or self.origin.channel or ""))


def unescape(text: str) -> str:
    """Slack's three entities as the characters they stand for."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
