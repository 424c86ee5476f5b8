"""Forms of ours: what was entered in them, what they carry along, and what somebody types into their menus."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from pydantic import AliasPath, BaseModel, ConfigDict, Field, Json

from storage.ids import ChannelId, LearningId, MessageRef, Person, PersonId, Place, RoundId, Ts
from storage.places.pocket_reactions import Deed
from storage.places.pocket_settings import HALF_LIVES, NOUN, PocketSettings

from .reading import Id, Moment, Payload, Typed, scrub


class FormOrigin(BaseModel):
    """What a form carries along unseen: its own key, and where it was opened or what it changes.

    `warned`: it says that another organisation reads along. `saw`: what a pocket's settings showed (`pocket_changes.Saw`).
    """

    model_config = ConfigDict(frozen=True, defer_build=True)

    key: str = Field(min_length=1, max_length=255)
    channel: ChannelId | None = None
    learning: LearningId | None = None
    round: RoundId | None = None
    message: Moment | None = None
    pressed: Moment | None = None
    person: PersonId | None = None
    warned: bool = False
    saw: dict[str, str] | None = None


def new_origin(place: Place, *, warned: bool = False, saw: dict[str, str] | None = None) -> str:
    """What a form about a channel carries along."""
    new = FormOrigin(key=uuid4().hex, channel=place.channel, warned=warned, saw=saw)
    return new.model_dump_json(exclude_defaults=True)


class Form(Payload):
    """A form of ours that is open, or was sent (docs.slack.dev/reference/interaction-payloads/view-interactions-payload)."""

    user: Id = Field(validation_alias=AliasPath("user", "id"))
    origin: Json[FormOrigin] = Field(validation_alias=AliasPath("view", "private_metadata"))

    @property
    def person(self) -> Person:
        """Who has it open."""
        return Person(self.workspace, PersonId(self.user), self.stands_in, self.checked)


class AnyForm(Payload):
    """A form, of which it is to be known which one."""

    name: str = Field(validation_alias=AliasPath("view", "callback_id"))


def entered(block: str, *path: str | int) -> Any:  # noqa: ANN401 -- a field's default has the field's type
    """Where Slack puts what was entered in our input `block`, whose action has the same name."""
    return AliasPath("view", "state", "values", block, block, *path)


class LearningForm(Form):
    """What was entered in the form to share, or to add details; `view` is the form's own id."""

    view: str = Field("", validation_alias=AliasPath("view", "id"))
    words: Typed | None = Field(None, validation_alias=entered("words", "value"))
    why: Typed | None = Field(None, validation_alias=entered("why", "value"))
    kind: str = Field("learning", validation_alias=entered("kind", "selected_option", "value"))
    name: str = Field("", validation_alias=entered("name", "selected_option", "value"))
    pocket: Id | None = Field(None, validation_alias=entered("pocket", "selected_option", "value"))
    options: list[dict[str, Any]] | None = Field(None, validation_alias=entered("topics", "selected_options"))

    @property
    def topics(self) -> tuple[str, ...]:
        """The topics chosen or typed anew."""
        return tuple(scrub(str(option.get("value", ""))) for option in self.options or ())

    @property
    def asks_about_names(self) -> bool:
        """Whether anything was chosen about whose name stands with it: others than its author are not asked."""
        return bool(self.name)

    @property
    def place(self) -> Place:
        """The pocket that was chosen; where nothing was, the channel that the form was opened in."""
        return Place(self.workspace, ChannelId(self.pocket or self.origin.channel or ""))


class AnswerForm(Form):
    """What was entered in the form to answer a prompt, or to have the first answer ready."""

    words: Typed | None = Field(None, validation_alias=entered("words", "value"))
    name: str = Field("", validation_alias=entered("name", "selected_option", "value"))

    @property
    def place(self) -> Place:
        """The pocket that asks."""
        return Place(self.workspace, self.origin.channel or ChannelId(""))


class DigestForm(Form):
    """When a pocket's digest is to be posted."""

    day: str = Field("", validation_alias=entered("day", "selected_option", "value"))
    time: str = Field("", validation_alias=entered("time", "selected_time"))

    @property
    def place(self) -> Place:
        """The pocket."""
        return Place(self.workspace, self.origin.channel or ChannelId(""))


class KeepForm(Form):
    """What was entered in the form to keep a message."""

    words: Typed | None = Field(None, validation_alias=entered("words", "value"))
    options: list[dict[str, Any]] | None = Field(None, validation_alias=entered("topics", "selected_options"))

    @property
    def topics(self) -> tuple[str, ...]:
        """The topics chosen or typed anew."""
        return tuple(scrub(str(option.get("value", ""))) for option in self.options or ())

    @property
    def ref(self) -> MessageRef:
        """Which message it is about."""
        place = Place(self.workspace, self.origin.channel or ChannelId(""))
        return MessageRef(place, self.origin.message or Ts(""))


class ReasonForm(Form):
    """What was entered in a form that asks why, or only whether one is sure."""

    reason: Typed | None = Field(None, validation_alias=entered("reason", "value"))


class PocketForm(Form):
    """What was entered in the form to start a pocket, or to change one."""

    purpose: Typed | None = Field(None, validation_alias=entered("purpose", "value"))
    noun: str = Field(NOUN, validation_alias=entered("noun", "selected_option", "value"))
    own_noun: Typed | None = Field(None, validation_alias=entered("own_noun", "value"))
    timezone: str = Field("", validation_alias=entered("timezone", "selected_option", "value"))
    names: list[dict[str, Any]] | None = Field(None, validation_alias=entered("names", "selected_options"))
    half_life: str = Field("", validation_alias=entered("half_life", "selected_option", "value"))
    people: list[Id] = Field([], validation_alias=entered("leads", "selected_users"))
    keep: Typed | None = Field(None, validation_alias=entered("keep_emoji", "value"))
    helped: Typed | None = Field(None, validation_alias=entered("helped_emoji", "value"))
    endorse: Typed | None = Field(None, validation_alias=entered("endorse_emoji", "value"))

    @property
    def place(self) -> Place:
        """The channel that it is about."""
        return Place(self.workspace, self.origin.channel or ChannelId(""))

    def settings(self, before: PocketSettings) -> PocketSettings:
        """As they were entered; what the form to start a pocket does not ask about stays as it was `before`."""
        chosen = (days for days in HALF_LIVES if str(days) == self.half_life)
        return PocketSettings(
            purpose=self.purpose or "",
            noun=self.own_noun or self.noun,
            timezone=self.timezone,
            names_optional=before.names_optional if self.names is None else bool(self.names),
            half_life=next(chosen, before.half_life),
        )

    @property
    def leads(self) -> tuple[PersonId, ...]:
        """Who is to lead it."""
        return tuple(PersonId(person) for person in self.people)

    @property
    def reactions(self) -> dict[Deed, str]:
        """What was entered for each deed's emoji."""
        return {"keep": self.keep or "", "helped": self.helped or "", "endorse": self.endorse or ""}


class Suggestion(Form):
    """Somebody types into a menu (docs.slack.dev/reference/interaction-payloads/block_suggestion-payload)."""

    value: Typed = ""
    pocket: Id | None = Field(None, validation_alias=entered("pocket", "selected_option", "value"))

    @property
    def place(self) -> Place:
        """The pocket chosen so far."""
        return Place(self.workspace, ChannelId(self.pocket or self.origin.channel or ""))
