"""What people are told when something may not or cannot be done: each docstring is the sentence that they read."""

from __future__ import annotations

import inspect
from collections.abc import Collection
from typing import ClassVar

from .ids import Person, PersonId, Place


class Refusal(Exception):
    """This can't be done."""

    again: ClassVar[bool] = False
    """Whether the same request may succeed in a moment: Slack is then asked to deliver an event again."""

    nothing_done: ClassVar[bool] = False
    """Whether its sentence says that nothing was done: it is not said of what was saved before it was raised."""

    def __init__(self, *, field: str | None = None, **facts: object) -> None:
        """`field` names the form's field that is to blame; `facts` fill the sentence's placeholders."""
        self.words = inspect.cleandoc(type(self).__doc__ or "").format(**facts)
        self.field = field
        super().__init__(self.words)


class NotAPocket(Refusal):
    """This channel is not a learning pocket yet. A member can start one with `/outloud start`."""


class NoLongerAPocket(NotAPocket):
    """This channel is no learning pocket any more. A member can start it again with `/outloud start`."""


class InADirectMessage(Refusal):
    """That works in channels: go to one of your pockets, or to a channel that could become one, and type it there."""


class NotInvited(Refusal):
    """Outloud is not in this channel. Type `/invite @Outloud`, then try again."""


class PrivateChannel(Refusal):
    """Outloud may not see private channels here. An admin can let it (`groups:read`, `groups:history`); or take a public one."""


class NotFull(Refusal):
    """Only full members of this workspace start a pocket: ask one of them to. In a pocket, you share and keep like everybody."""


class WhoAreYou(Refusal):
    """Slack did not say in time who that is, so nothing was done. Please try again in a moment."""

    nothing_done = True


class NotPermitted(Refusal):
    """Outloud was not given the permission to look at this channel. Ask whoever manages the app to install it again."""


class SharedChannel(Refusal):
    """People of another organisation read this channel. Type `/outloud start` alone: it says what that means, and asks."""


class ArchivedChannel(Refusal):
    """This channel is archived. Unarchive it first, then try again."""


class SlackIsSilent(Refusal):
    """Slack did not say in time what kind of channel this is, so nothing was done. Please try again in a moment."""

    nothing_done = True


class NotChecked(Refusal):
    """Slack did not say in time what you may see, so nothing is shown. Please try again in a moment."""

    nothing_done = True


class Deactivated(NotAPocket):
    """Slack says that your account here is deactivated, so nothing is shown or done. Once it is active again, try again."""

    nothing_done = True


class NotAPerson(Refusal):
    """Slack says that this is a bot's account. Outloud is for people: ask one of them to do it, by their own account."""


class AlreadyAPocket(Refusal):
    """This channel is a learning pocket already. `/share` what you learned, or react with {keep} to keep a message."""


class NotAMember(Refusal):
    """You are not in that channel, so you can't share there. Join it first, then try again."""


class NotForAllHere(Refusal):
    """Not everybody here may see that one, so it was not posted. Its link works for those who may."""


class TooManyHere(Refusal):
    """More than {limit} people are here, too many to ask Slack about each. It is not posted; its link works for those who may."""


class ShownHere(Refusal):
    """That was posted here just now: look a little further up, or down."""


class SettingsChanged(Refusal):
    """Another lead changed this while you had it open, so yours is not saved yet. Open the settings again to compare."""

    def __init__(self, fields: tuple[str, ...]) -> None:
        """`fields`: what both changed, by their names in `pocket_changes.Saw`."""
        self.fields = fields
        super().__init__(field="purpose")


class LearningChanged(Refusal):
    """This was changed while you had it open, so yours is not saved yet. Open it again to compare."""

    def __init__(self, fields: tuple[str, ...]) -> None:
        """`fields`: what was changed, by their names in `edits.PARTS`."""
        self.fields = fields
        super().__init__(field="why")


class NotALead(Refusal):
    """Only a lead of this pocket can do that. Its leads: {leads}. Where none of them is here any more, any full member can."""

    def __init__(self, place: Place, person: Person, leads: Collection[PersonId]) -> None:
        """`person` wanted it, of the pocket at `place`, which `leads` lead."""
        super().__init__(leads=", ".join(f"<@{lead}>" for lead in leads))
        self.place, self.person = place, person


class NotLookedUp(Refusal):
    """Slack was not asked whether you can read that channel, so nothing is done. Try again."""

    def __init__(self, place: Place, person: Person) -> None:
        """`person` wants to do what takes a lead of the pocket at `place`: Slack is to be asked first (docs/decisions/0196)."""
        super().__init__()
        self.place, self.person = place, person


class NotANoun(Refusal):
    """“{noun}” can't be what this pocket calls a learning: a word or two with a letter in it, up to {limit} characters."""


class NotAnEmoji(Refusal):
    """“{typed}” is no emoji. Type one, such as 💡, or its name between colons, such as `:bulb:`."""


class NoSuchEmoji(Refusal):
    """This workspace has no emoji that is called `:{name}:`. Look it up in Slack's own list of emoji, and type its name."""


class ReservedEmoji(Refusal):
    """{emoji} has a meaning in every pocket: 📚 says that a message is kept, ❌ that somebody stays out. Choose another."""


class SameEmoji(Refusal):
    """{emoji} does something else in this pocket already: each of the three needs an emoji of its own."""


class UnknownZone(Refusal):
    """“{zone}” is no timezone that Outloud knows. Choose one of the list: type a city, such as Berlin."""


class NoLead(Refusal):
    """A pocket needs at least one lead. Choose somebody who is in this channel."""


class LeadsElsewhere(Refusal):
    """A lead must be in this channel, and as far as Outloud knows these are not: {people}."""


class GuestsLead(Refusal):
    """Only full members of this workspace lead a pocket, and these are none: {people}."""


class NamesStand(Refusal):
    """In this pocket a name stands with everything that is shared. Choose to share it as you, or in another pocket."""


class NotYours(Refusal):
    """Only the person who wrote this can do that."""


class NotYoursToChange(Refusal):
    """Only whoever wrote this, or a lead of this pocket, can do that. Its leads: {leads}."""


class NotYoursToLink(Refusal):
    """Only whoever wrote one of the two, or a lead of one of their pockets, can link them, or take that back."""


class YourOwn(Refusal):
    """This one is yours: whether it helped is for others to say."""


class Gone(Refusal):
    """This is not there any more, so there is nothing to change."""


class OutOfSight(Refusal):
    """You wrote this, but you can't read its channel any more, so you can only delete it here."""


class AlreadyUndone(Refusal):
    """This was undone already. Nothing is left to take back."""


class NotKeptAnyMore(Refusal):
    """Nobody wants to keep this message any more, so there is nothing to say yes to."""


class NothingToBringBack(Refusal):
    """What it said before is not there any more: you have edited it since, or it is more than 30 days ago."""


class KeptAgain(Refusal):
    """Somebody keeps this message again, so it stays."""


class SharedElsewhere(Refusal):
    """This form was shared in another pocket already. Undo it there first, or share here by a new `/share`."""


class NothingToLookFor(Refusal):
    """This message has no words to look for. `/recall` and words of your own find what was shared and kept."""


class NothingToShare(Refusal):
    """There are no words in it yet. Write what you learned, in a sentence or two."""


class TooLong(Refusal):
    """That is {length} characters long; up to {limit} fit. Please shorten it."""


class TooManyTopics(Refusal):
    """Those are {count} topics; up to {limit} fit. Please choose the ones that people would look for."""


class TopicTooLong(Refusal):
    """The topic “{topic}” is too long: up to {limit} characters fit."""


class NotATopic(Refusal):
    """“{topic}” can't be a topic: it needs at least one letter, digit or sign of its own."""


class UnknownKind(Refusal):
    """Choose what kind of learning this is: {kinds}."""


class NoNameChosen(Refusal):
    """Choose whether your name stands with it."""


class CantBeKept(Refusal):
    """This message can't be kept."""


class AuthorGone(Refusal):
    """This message is older than this pocket, and its author, who would be asked first, is gone: so it can't be kept."""


class NotOfPeople(Refusal):
    """Only what people write can be kept, and this is a message of an app's, or of Slack's own."""


class NotInAChannel(Refusal):
    """Only messages in channels can be kept, and this one is in a direct message."""


class NotAShortening(Refusal):
    """“{word}” is not what stands there. You may leave words out, but not change or add any: they are their author's."""


class NothingLeft(Refusal):
    """No words are left. Leave those that are worth keeping."""


class EditedMeanwhile(Refusal):
    """The message was changed just now. Please look at it, and try again."""


class EditedSince(Refusal):
    """Its author has edited this message since you opened this form. Close it, and use the shortcut again to see it as it is."""


class TakenBackSince(Refusal):
    """You took this keep back since you opened this form. To keep the message again, use the shortcut again."""


class MessageUnread(Refusal):
    """Slack did not show this message in time, so nothing was kept. Please try again in a moment."""

    nothing_done = True


class NoPocketOfYours(Refusal):
    """You are in no learning pocket, as far as Outloud knows. In a channel of yours, `/outloud start` makes it one."""


class NothingToSave(Refusal):
    """There is nothing in this form yet that could be kept as a draft. Write a word or two first."""


class TooManyDrafts(Refusal):
    """You have {limit} drafts, and no more fit. Share one or throw one away by `/share drafts`; then save this one."""


class AlreadyShared(Refusal):
    """This was shared already, so there is nothing left to keep as a draft."""


class HeldNoMore(Refusal):
    """Outloud does not have those words any more: what nobody asked it to keep, it lets go within half an hour."""


class DraftGone(Refusal):
    """This draft is not there any more: it was shared or thrown away, or nobody touched it for 30 days."""


class UnknownTime(Refusal):
    """That is no time of a week. Choose a day, and a time such as 09:30."""


class AnsweredAlready(Refusal):
    """You have answered already: {link}. Edit it there; or put ❌ on it, and answer by the form instead."""


class AnsweredByForm(Refusal):
    """You have answered this by another form already. To change that, copy these words, and press *Answer* once more."""


class RoundClosed(Refusal):
    """This round is closed, so nothing more is collected in it. `/share` takes what you have to say at any time."""


class QuestionAnswered(RoundClosed):
    """This question is answered by now, so no more is collected. Who asked, or a lead, may press *Not answered yet* there."""


class RoundOpened(Refusal):
    """It has been asked by now, or is not asked after all. Where it stands in the channel, press *Answer* under it for yours."""


class Unavailable(Refusal):
    """Outloud can't reach its memory right now, so nothing was saved. Please try again in a minute."""

    again = True
    nothing_done = True


class Busy(Unavailable):
    """Outloud has too much to do right now, so nothing was saved. Please try again in a moment."""

    nothing_done = True


class Unsure(Unavailable):
    """Outloud lost sight of its memory while saving: this may or may not be saved. Look for it before you try again."""

    nothing_done = False
