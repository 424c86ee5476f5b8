"""Buttons and menus of ours that somebody pressed."""

from __future__ import annotations

from pydantic import AliasPath, Field

from storage.ids import ChannelId, LearningId, Person, PersonId, Place, RoundId, Ts
from storage.prompts.plans import ScheduleId

from .reading import Id, Moment, Payload, Typed


class AnyPress(Payload):
    """Somebody pressed a button of ours (docs.slack.dev/reference/interaction-payloads)."""

    user: Id = Field(validation_alias=AliasPath("user", "id"))
    trigger_id: str
    action_ts: Moment = Field(validation_alias=AliasPath("actions", 0, "action_ts"))

    @property
    def person(self) -> Person:
        """Who pressed it."""
        return Person(self.workspace, PersonId(self.user), self.stands_in, self.checked)


class Press(AnyPress):
    """One whose value is a learning."""

    learning: LearningId = Field(validation_alias=AliasPath("actions", 0, "value"), min_length=1, max_length=64)


class LeafPress(AnyPress):
    """One whose value is where a page of results begins, what is left out of them, if anything is, and what was asked for."""

    value: str = Field(
        validation_alias=AliasPath("actions", 0, "value"), pattern=r"(?s)^[0-9]{1,4}(,[0-9A-Za-z]{1,64})?:.{0,1995}$"
    )
    channel: Id = Field("", validation_alias=AliasPath("container", "channel_id"))
    thread: Moment | None = Field(None, validation_alias=AliasPath("container", "thread_ts"))

    @property
    def place(self) -> Place | None:
        """Where it stands, if anywhere."""
        return Place(self.workspace, ChannelId(self.channel)) if self.channel else None

    @property
    def first(self) -> int:
        """The number of the page's first result."""
        return int(self.value.partition(":")[0].partition(",")[0])

    @property
    def besides(self) -> LearningId | None:
        """What is left out."""
        return LearningId(self.value.partition(":")[0].partition(",")[2]) or None

    @property
    def typed(self) -> str:
        """What was asked for, as it was typed."""
        return self.value.partition(":")[2]


class ShowPress(AnyPress):
    """One whose value is what is to be shown, and where: a channel, and perhaps a thread there."""

    value: str = Field(
        validation_alias=AliasPath("actions", 0, "value"),
        pattern=r"^[0-9A-Za-z]{1,64}:[A-Z0-9]{1,64}:([0-9]{1,12}\.[0-9]{1,9})?$",
    )

    @property
    def learning(self) -> LearningId:
        """What is to be shown."""
        return LearningId(self.value.split(":")[0])

    @property
    def place(self) -> Place:
        """In which channel."""
        return Place(self.workspace, ChannelId(self.value.split(":")[1]))

    @property
    def thread(self) -> Ts | None:
        """In which thread, if in one."""
        return Ts(self.value.split(":")[2]) or None


class PairPress(AnyPress):
    """One whose value is two learnings."""

    value: str = Field(
        validation_alias=AliasPath("actions", 0, "value"), pattern=r"^[0-9A-Za-z]{1,64}:[0-9A-Za-z]{1,64}$"
    )

    @property
    def learning(self) -> LearningId:
        """The one, which was just shared."""
        return LearningId(self.value.partition(":")[0])

    @property
    def other(self) -> LearningId:
        """The other."""
        return LearningId(self.value.partition(":")[2])


class RoundPress(AnyPress):
    """One whose value is a round."""

    round: RoundId = Field(validation_alias=AliasPath("actions", 0, "value"), min_length=1, max_length=64)


class SlowerPress(AnyPress):
    """One whose value is a schedule that is to ask less often."""

    schedule: ScheduleId = Field(validation_alias=AliasPath("actions", 0, "value"), min_length=1, max_length=64)


class FirstPress(AnyPress):
    """One whose value is the key of a round that is still to open."""

    key: str = Field(validation_alias=AliasPath("actions", 0, "value"), min_length=1, max_length=255)


class MenuPress(AnyPress):
    """Something that was chosen in the menu of a learning."""

    chosen: str = Field(
        validation_alias=AliasPath("actions", 0, "selected_option", "value"), pattern=r"^[a-z]{1,16}:[0-9A-Za-z]{1,64}$"
    )

    @property
    def choice(self) -> str:
        """What is to be done."""
        return self.chosen.partition(":")[0]

    @property
    def learning(self) -> LearningId:
        """With which learning."""
        return LearningId(self.chosen.partition(":")[2])


class AskPress(AnyPress):
    """One whose value is what is to be asked, behind the pocket that is to be asked: either may be empty."""

    about: Typed = Field(
        validation_alias=AliasPath("actions", 0, "value"), pattern=r"^[A-Z0-9]{0,64}:", max_length=2000
    )

    @property
    def place(self) -> Place | None:
        """The pocket."""
        channel = self.about.partition(":")[0]
        return Place(self.workspace, ChannelId(channel)) if channel else None

    @property
    def words(self) -> str:
        """What is to be asked."""
        return self.about.partition(":")[2]


class PocketPress(AnyPress):
    """One whose value is a channel."""

    channel: Id = Field(validation_alias=AliasPath("actions", 0, "value"))

    @property
    def place(self) -> Place:
        """Which channel."""
        return Place(self.workspace, ChannelId(self.channel))


class ChannelChoice(PocketPress):
    """A channel that was chosen among all."""

    channel: Id = Field(validation_alias=AliasPath("actions", 0, "selected_conversation"))


class FindPress(AnyPress):
    """Words that were typed in Home, and Enter; of none, Slack says null."""

    value: Typed | None = Field(None, validation_alias=AliasPath("actions", 0, "value"))

    @property
    def typed(self) -> str:
        """What was typed."""
        return self.value or ""


class HomePocketPress(AnyPress):
    """Something that was chosen in a pocket's menu, in Home."""

    chosen: str = Field(
        validation_alias=AliasPath("actions", 0, "selected_option", "value"), pattern=r"^[a-z]{1,16}:[A-Z0-9]{1,64}$"
    )

    @property
    def deed(self) -> str:
        """What is to be done."""
        return self.chosen.partition(":")[0]

    @property
    def place(self) -> Place:
        """With which pocket."""
        return Place(self.workspace, ChannelId(self.chosen.partition(":")[2]))


class DraftPress(AnyPress):
    """One whose value is a draft's key."""

    key: str = Field(validation_alias=AliasPath("actions", 0, "value"), min_length=1, max_length=255)
