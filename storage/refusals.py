"""What people are told when something may not or cannot be done: each docstring is the sentence that they read."""

from __future__ import annotations

import inspect
from typing import ClassVar


class Refusal(Exception):
    """This can't be done."""

    again: ClassVar[bool] = False
    """Whether the same request may succeed in a moment: Slack is then asked to deliver an event again."""

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
    """Private channels can't be pockets yet. Start one in a public channel."""


class NotPermitted(Refusal):
    """Outloud was not given the permission to look at this channel. Ask whoever manages the app to install it again."""


class SharedChannel(Refusal):
    """A channel that is shared with another organisation can't be a pocket. Start one in a channel of your own."""


class ArchivedChannel(Refusal):
    """This channel is archived. Unarchive it first, then try again."""


class SlackIsSilent(Refusal):
    """Slack did not say in time what kind of channel this is, so nothing was done. Please try again in a moment."""


class AlreadyAPocket(Refusal):
    """This channel is a learning pocket already. `/share` what you learned, or react with 💡 to keep a message."""


class NotAMember(Refusal):
    """You are not in that channel, so you can't share there. Join it first, then try again."""


class NotALead(Refusal):
    """Only a lead of this pocket can do that. Its leads: {leads}. Where none of them is here any more, anybody can."""


class NotYours(Refusal):
    """Only the person who wrote this can do that."""


class Gone(Refusal):
    """This is not there any more, so there is nothing to change."""


class AlreadyUndone(Refusal):
    """This was undone already. Nothing is left to take back."""


class SharedElsewhere(Refusal):
    """This form was shared in another pocket already. Undo it there first, or share here by a new `/share`."""


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


class Unavailable(Refusal):
    """Outloud can't reach its memory right now, so nothing was saved. Please try again in a minute."""

    again = True


class Busy(Unavailable):
    """Outloud has too much to do right now, so nothing was saved. Please try again in a moment."""


class Unsure(Unavailable):
    """Outloud lost sight of its memory while saving: this may or may not be saved. Look for it before you try again."""
