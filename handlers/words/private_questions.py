"""What people read of questions that somebody asks people who know, privately."""

from __future__ import annotations

from collections.abc import Sequence

from storage.ids import PersonId

from .experts import mentioned
from .general import ASKME, UNDO

ASK_PEOPLE = "Ask people who know"
FORM_TITLE = "Ask people who know"
FORM_SUBMIT = "Ask them"
FIELD_WORDS = "What would you like to know?"
FIELD_WORDS_HINT = (
    "Only those who are asked read it: up to three people, privately. Whoever answers first, the others are released."
)
FIELD_TO_POCKET = "And then"
TO_POCKET = "If nobody answers, ask the pocket"
TO_POCKET_WHAT = "In two working days, as a question in the pocket that you chose."

ANSWER = "Answer"
NOT_THIS_TIME = "Not this time"
TAKE_BACK = "Take it back"
HELPED = "It helped me"
SHARE = "Yes, share both"
LEAVE = "No, leave it between us"

ANSWER_TITLE = "Answer"
ANSWER_SUBMIT = "Send it"
FIELD_ANSWER = "Your answer"
FIELD_ANSWER_HINT = "Whoever asked reads it, and nobody else, unless you both want more."
FIELD_MAY_SHARE = "May it become a learning in the pocket?"
FIELD_MAY_SHARE_HINT = (
    "Below their question, if they want that, too. You may change it or take it back then, as all that you share."
)
MAY_NOT = "No"
MAY_WITH_NAME = "Yes, with my name"
MAY_WITHOUT_NAME = "Yes, without my name"

ANSWERED = "Thank you. They have your answer privately, and whoever else was asked is released."
TOO_LATE = (
    "Thank you: somebody else was a moment quicker, or its time is over, so this was not sent. So that nothing is lost, here is "
    "what you wrote:"
)
DECLINED = "All right: you are not asked this any more, and nobody hears why."
TAKEN_BACK = "Taken back: nobody is asked any more, and Outloud has forgotten the words."
LEFT = "It stays between you."
UNSHARED = "Taken back: the question and the answer are gone from the pocket. What else was said below them stays."
HELPED_SAID = "Noted: it helped you. Whoever answered sees so below what they were asked."


def who_is_asked(people: Sequence[PersonId], *, chosen: bool) -> str:
    """Above the form. `chosen`: all of them read the pocket that stands in it."""
    those = "" if chosen else ": those of them who read the pocket that you choose"
    return f"As far as you may see, {mentioned(people)} can be asked about this now{those}."


def nobody(*, unchecked: bool) -> str:
    """There is nobody to be asked, as far as one may know."""
    if unchecked:
        return "Slack did not say in time whom you could ask. Please try again in a moment; or ask a pocket."
    return "Nobody whom you could ask about this has room for a question just now, as far as you may see. You can ask a pocket:"


def asked(people: Sequence[PersonId], channel: str, until: str, *, to_pocket: bool) -> str:
    """What who asked hears at once."""
    who = mentioned(people) if people else "people who may know"
    then = f"<#{channel}> is asked then" if to_pocket else "you hear it then"
    return f"You asked {who}, privately. You hear here what the first of them answers. If nobody does until {until}, {then}."


def wanted(asker: PersonId | None, channel: str, until: str) -> str:
    """What somebody is asked; the question itself stands below."""
    who = f"<@{asker}>, who reads <#{channel}>," if asker else f"Somebody in <#{channel}>"
    return (
        f"{who} asks you this, as one of at most three who may know. Until {until} one answer is enough; or say "
        f"*{NOT_THIS_TIME}*, and nobody hears why."
    )


WHY_ME = f"You are asked for what you, colleagues or your learnings say of you. *`{ASKME}`* says how often, and whether at all."

_OVER = {
    "answered": "Somebody else has answered it by now. Thank you for being there: there is nothing left to do.",
    "taken back": "It was taken back by whoever asked it. Thank you: there is nothing left to do.",
    "passed on": "Its time is over, so it was asked in the pocket. Thank you: there is nothing left to do.",
    "unanswered": "Its time is over. Thank you: there is nothing left to do.",
}


def over(state: str, *, is_theirs: bool, helped: bool) -> str:
    """What stands in place of a question that is over. `is_theirs`: they answered it themselves."""
    if not is_theirs:
        return f"You were asked something. {_OVER.get(state, _OVER['unanswered'])}"
    return f"You answered what you were asked. Thank you!{' It helped them.' if helped else ''}"


def answered(by: PersonId | None) -> str:
    """What who asked hears; the answer itself stands below."""
    return f"{f'<@{by}>' if by else 'Somebody'} answers what you asked:"


def may_be_shared(channel: str, *, named: bool) -> str:
    """Whether both want it to be shared."""
    who = "with their name" if named else "without their name"
    return (
        f"It may become a learning in <#{channel}>, {who}, if you want that, too: your question, and this answer below it. "
        f"Shall it?"
    )


def shared(channel: str) -> str:
    """Both wanted it."""
    return f"Both are on their way to <#{channel}>: your question, answered, and the answer below it. *{UNDO}* takes both back."


def unanswered(channel: str, *, to_pocket: bool) -> str:
    """What who asked hears where nobody answered. `to_pocket`: they wanted the pocket to be asked then."""
    said = "Nobody whom you asked answered within two working days."
    if to_pocket:
        return f"{said} <#{channel}> could not be asked either: it is no pocket any more, or you are not in it. You had asked:"
    return f"{said} The others in <#{channel}> may know. You had asked:"


def passed_on(channel: str) -> str:
    """The same, where the pocket is asked now."""
    return (
        f"Nobody whom you asked answered within two working days, so it is a question in <#{channel}> now, as you wished. You "
        f"hear privately when somebody answers."
    )
