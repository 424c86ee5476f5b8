"""What people are told of tags and endorsements that can't be: each docstring is the sentence that they read."""

from storage.refusals import Refusal


class NoTags(Refusal):
    """There is no topic in it yet. Write what you may be asked about, such as `/askme python, incident review`."""


class TooManyTags(Refusal):
    """Those would be {count} topics; up to {limit} fit. Take one off first, such as `/askme -{one}`; then add this one."""


class NoSuchTag(Refusal):
    """You have no topic “{topic}” to take off. `/askme` alone shows what you have."""


class NobodyAsked(Refusal):
    """Write what you want to know behind it, such as `/whoknows python` or `/whoknows how do we rotate the signing keys`."""


class YourselfEndorsed(Refusal):
    """That is you: others endorse you. Say by `/askme {topic}` that you may be asked about it."""


class BotEndorsed(Refusal):
    """That is an app, and nobody to ask. Endorse people."""


class GoneEndorsed(Refusal):
    """They are not in this workspace any more, so nobody can ask them."""


class StrangerEndorsed(Refusal):
    """They belong to another organisation. Only people of this workspace are endorsed."""


class NamelessEndorsed(Refusal):
    """This was shared without a name, so nobody can be endorsed for it."""


class NotEndorsed(Refusal):
    """You have not endorsed them for this, or took it back already. Nothing is left to take back."""


class NothingWaits(Refusal):
    """There is nothing left to answer here: it was answered or taken back. `/askme` alone shows what holds."""


class NotAMerge(Refusal):
    """Write what is the same, and what it is to be called: `/outloud topics py, python3 = python`."""


class MergeTurned(Refusal):
    """Behind the one `=` stands the one name that all are to get: `/outloud topics {right}`."""


class OneTopicAlready(Refusal):
    """“{alias}” and “{topic}” are one already: both are called “{called}”."""


class AliasAlready(Refusal):
    """“{alias}” is called “{called}” already. Undo that first: `/outloud topics -{alias}`."""


class NamedElsewhere(Refusal):
    """“{alias}” has another name already: leads of another pocket gave it, and only they take it back."""


class NoSuchAlias(Refusal):
    """Nothing of this pocket's is left to undo: it gives “{alias}” no other name."""


class NobodyToAsk(Refusal):
    """Nobody whom you may ask about this, and who reads that pocket, has room just now. Ask the pocket itself."""


class NotAskedAnyMore(Refusal):
    """Nothing is asked of you here any more: somebody answered, it was taken back, or its time is over. Thank you."""


class AskedNoMore(Refusal):
    """This question is over already: somebody answered it, or two working days have passed. Nothing is left to take back."""


class AnswerNotShared(Refusal):
    """This answer can't become a learning: whoever gave it does not want that any more, or it was decided already."""


class AnswererLeft(Refusal):
    """Whoever answered is not in that pocket any more, so nothing is shared there for them. The answer stays between you."""
