"""What comes in of who knows what."""

from __future__ import annotations

from typing import Any

from pydantic import AliasPath, BaseModel, Field, Json

from handlers.payloads import AnyPress, Form, Id, LearningForm, Typed, entered, scrub
from storage.ids import AskedId, ChannelId, Person, PersonId, Place


class TopicsPress(AnyPress):
    """A button whose value is a topic, or says nothing."""

    topic: Typed = Field(validation_alias=AliasPath("actions", 0, "value"), min_length=1, max_length=255)


class TopicChoice(AnyPress):
    """A topic that was chosen in a menu."""

    topic: Typed = Field(
        validation_alias=AliasPath("actions", 0, "selected_option", "value"), min_length=1, max_length=255
    )


class PersonChoice(AnyPress):
    """Somebody who was chosen among all."""

    chosen: Id = Field(validation_alias=AliasPath("actions", 0, "selected_user"))

    @property
    def about(self) -> Person:
        """Whom."""
        return Person(self.workspace, PersonId(self.chosen))


class UndoPress(AnyPress):
    """*Undo* under what came of `/askme`: the topics that were new, and those that were taken off."""

    both: Json[tuple[tuple[str, ...], tuple[str, ...]]] = Field(validation_alias=AliasPath("actions", 0, "value"))


class AboutPress(AnyPress):
    """A button whose value is what somebody looked for."""

    words: Typed = Field(validation_alias=AliasPath("actions", 0, "value"), min_length=1, max_length=2000)


class WhoPress(AnyPress):
    """A button about somebody, and topics."""

    value: Typed = Field(
        validation_alias=AliasPath("actions", 0, "value"), pattern=r"^[A-Z0-9]{1,64}(:|$)", max_length=1000
    )

    @property
    def about(self) -> Person:
        """Whom."""
        return Person(self.workspace, PersonId(self.value.partition(":")[0]))

    @property
    def topics(self) -> tuple[str, ...]:
        """For what; none where that is still to be said."""
        return tuple(filter(None, self.value.partition(":")[2].split(",")))


class AliasPress(AnyPress):
    """A button about aliases that a lead of a pocket named."""

    value: Typed = Field(
        validation_alias=AliasPath("actions", 0, "value"), pattern=r"^[A-Z0-9]{1,64}:", max_length=1000
    )

    @property
    def place(self) -> Place:
        """Which pocket."""
        return Place(self.workspace, ChannelId(self.value.partition(":")[0]))

    @property
    def aliases(self) -> tuple[str, ...]:
        """Which."""
        return tuple(filter(None, self.value.partition(":")[2].split(",")))


class AskedPress(AnyPress):
    """A button about a question that people were asked privately."""

    question: AskedId = Field(validation_alias=AliasPath("actions", 0, "value"), min_length=1, max_length=255)


class PeopleForm(LearningForm):
    """What somebody wants to ask people who know."""

    to: list[dict[str, Any]] | None = Field(None, validation_alias=entered("to_pocket", "selected_options"))

    @property
    def to_pocket(self) -> bool:
        """Whether the pocket is to be asked where nobody answers."""
        return bool(self.to)


class PrivateAnswerForm(Form):
    """What somebody answers who was asked, and whether it may become a learning."""

    words: Typed | None = Field(None, validation_alias=entered("words", "value"))
    may_share: str = Field("no", validation_alias=entered("may_share", "selected_option", "value"))

    @property
    def question(self) -> AskedId:
        """Which question."""
        return AskedId(self.origin.key)


class ShownField(BaseModel):
    """A field of a form as it was when it was shown: what was chosen in it then."""

    class Element(BaseModel):
        """What one chooses in."""

        initial_options: list[dict[str, Any]] | None = None

    block_id: str = ""
    element: Element = Element()


class AskmeForm(Form):
    """One's own topics, as they were entered; `view` is the form's own id, and `fields` are as they were shown."""

    view: str = Field("", validation_alias=AliasPath("view", "id"))
    fields: list[ShownField] = Field(default_factory=list, validation_alias=AliasPath("view", "blocks"))
    tags: list[dict[str, Any]] | None = Field(None, validation_alias=entered("tags", "selected_options"))
    suggested: list[dict[str, Any]] | None = Field(None, validation_alias=entered("suggested", "selected_options"))
    a_week: str = Field("", validation_alias=entered("a_week", "selected_option", "value"))
    choices: list[dict[str, Any]] | None = Field(None, validation_alias=entered("choices", "selected_options"))

    @property
    def topics(self) -> tuple[str, ...]:
        """All that were chosen."""
        return _values([*(self.tags or ()), *(self.suggested or ())])

    @property
    def shown_topics(self) -> tuple[str, ...]:
        """Those that the form showed as theirs."""
        return self._shown("tags")

    @property
    def number(self) -> int | None:
        """How many questions a week; None: as many as come."""
        return int(self.a_week) if self.a_week.isdecimal() and len(self.a_week) < 4 else None  # noqa: PLR2004

    def is_chosen(self, choice: str, *, holds: bool) -> bool:
        """Whether this holds from now on, which `holds` now or not: what was not touched stays as it is."""
        chosen = choice in _values(self.choices or ())
        return chosen if chosen != (choice in self._shown("choices")) else holds

    def _shown(self, name: str) -> tuple[str, ...]:
        options = [one.element.initial_options or () for one in self.fields if one.block_id == name]
        return _values([option for some in options for option in some])


class EndorseForm(Form):
    """What somebody would be asked about."""

    typed: Typed | None = Field(None, validation_alias=entered("about", "value"))

    @property
    def about(self) -> Person:
        """Whom."""
        return Person(self.workspace, self.origin.person or PersonId(""))


def _values(options: Any) -> tuple[str, ...]:  # noqa: ANN401 -- Slack's options
    return tuple(scrub(str(option.get("value", ""))) for option in options)
