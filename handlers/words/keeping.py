"""What people read of keeps, and of what an author decides about them."""

from __future__ import annotations

from storage.ids import PersonId

from . import cards
from .general import NAME, safe
from .nouns import a

NEVER_KEEP = "Never keep mine"
TAKE_ALL_BACK = "Take those back too"
KEEP_AGAIN = "I changed my mind"
KEEP_UNDONE = "You don't keep it any more. Your emoji stays on the message as a mere reaction."
KEPT_UNDONE = "Taken back: this message of yours is not kept any more, and nobody else can keep it."
NEVER_KEPT = "Understood: nothing that you write will be kept from now on, and this message is taken back."
NOTHING_KEPT = "Understood: nothing that you write will be kept as a learning, in any channel."
ALL_TAKEN_BACK = "All that was kept of your words is taken back."
KEPT_AGAIN_ALLOWED = (
    "Your messages can be kept again from now on. Those that were taken back stay so, unless you keep them yourself."
)


FORM_TITLE = "Keep this"
FORM_KEEP = "Keep"
FIELD_WORDS = "What is worth keeping"
FIELD_WORDS_HINT = "Leave out what you like. The words are their author's, so nothing can be changed or added."
FIELD_LONG_HINT = (
    "The message is longer than a form holds: this is how it begins. Leave out what you like; where nothing is left, all of it "
    "is kept."
)
YOU_KEEP = "You keep this message already. Here you can shorten it and say what it is about, or:"
KEEP_NO_MORE = "Don't keep it any more"
KEEP_FORM_UNDONE = "You don't keep it any more."
WAY_BACK_BY_SHORTCUT = "Press undo, or use the shortcut again, and it is taken back."


def written_by(author: PersonId) -> str:
    """Who gets the credit."""
    return f"Written by <@{author}>, who gets the credit."


def way_back(keep: str) -> str:
    """How one takes a keep back that was given by this emoji; by the shortcut, if it is empty."""
    return f"Take your {keep} off the message, or press undo, and it is taken back." if keep else WAY_BACK_BY_SHORTCUT


YES, NO = "Yes, keep it", "No"
KEEP_ALL_THE_SAME = "Keep it all the same"
TAKE_IT_BACK = "Take it back"
ALLOWED = "Thank you. It is kept, with your name, for those who can read the channel; 📚 on it will say so."
NOT_ALLOWED = "Understood: this message of yours is not kept, and nobody else can keep it."
STAYED = "It stays, though you took your reaction off."
LET_GO = "Taken back: it is not kept any more."
KEPT_LINE_OUT_OF_SIGHT = "• one in a channel that Slack does not say you can read now"


def asked(curator: PersonId, link: str, channel: str, *, noun: str, shortened_by: PersonId | None = None) -> str:
    """What an author is asked whose message is older than its pocket."""
    shortened = f" It would be {cards.shortened(shortened_by)}." if shortened_by else ""
    return (
        f"<@{curator}> would like to keep <{link}|something you wrote> in <#{channel}> before learnings were collected there. "
        f"{_may_it_be(noun)}{shortened}"
    )


def asked_out_of_sight(*, noun: str, shortened: bool = False) -> str:
    """The same, where they can't read the channel any more, or Slack does not say that they can."""
    return (
        f"Somebody would like to keep something you wrote, before learnings were collected there, in a channel that Slack does "
        f"not say you can read now. {_may_it_be(noun)}{' Some of its words would be left out.' if shortened else ''}"
    )


def _may_it_be(noun: str) -> str:
    return (
        f"May it become {safe(a(noun))}, with your name, for those who can read the channel? Until you say yes, none of its "
        f"words are stored; if you say nothing, it stays that way."
    )


def waits_for_yes(link: str) -> str:
    """What a curator hears of a message that is older than its pocket."""
    return (
        f"<{link}|This message> is older than this pocket: its author is asked first whether it may be kept. "
        "Until then nothing of it is, topics neither."
    )


def author_gone(link: str) -> str:
    """What they hear where nobody can be asked."""
    return (
        f"<{link}|This message> is older than this pocket, and its author, who would be asked first, is not here any more: "
        "so it can't be kept."
    )


def kept_this_week(many: int, *, listed: int) -> str:
    """What an author hears once a week; the messages are listed below, the first `listed` of them."""
    if many == 1:
        return "A message of yours was kept since you last heard of it."
    rest = f" Here are the first {listed}; the others come the next time." if listed < many else ""
    return f"{many} messages of yours were kept since you last heard of it.{rest}"


def kept_line(curator: PersonId, link: str, channel: str, *, shortened_by: PersonId | None) -> str:
    """One of them."""
    shortened = f", {cards.shortened(shortened_by)}" if shortened_by else ""
    return f"• <{link}|this one> in <#{channel}>, by <@{curator}>{shortened}"


def stays(link: str) -> str:
    """What a curator is asked who took back, in whatever way, the last keep of what others have worked on, or used, since."""
    which = f"<{link}|a message>" if link else "a message"
    return (
        f"You don't keep {which} any more, and nobody else does. It was edited here since it was kept, or it helped somebody, so "
        f"it stays until you say otherwise. Shall it?"
    )


def cant_be_kept(link: str) -> str:
    """What a curator hears, whatever the reason."""
    return f"<{link}|This message> can't be kept."


def first_keep(author: PersonId, link: str, channel: str, *, noun: str, keep: str) -> str:
    """What somebody hears after their first keep."""
    return (
        f"You kept <{link}|a message> by <@{author}> in <#{channel}>. It is {safe(a(noun))} now, credited to them; 📚 on "
        f"it says so. {way_back(keep)}"
    )


def first_own_keep(link: str, channel: str, *, noun: str, keep: str) -> str:
    """What somebody hears after their first keep, when it was a message of their own."""
    return (
        f"You kept <{link}|a message of yours> in <#{channel}>. It is {safe(a(noun))} now, with your name; 📚 on it "
        f"says so."
        f" {way_back(keep)}"
    )


def first_kept(curator: PersonId, link: str, channel: str, *, noun: str, shortened_by: PersonId | None = None) -> str:
    """What an author hears the first time that words of theirs were kept."""
    shortened = f" It is {cards.shortened(shortened_by)}." if shortened_by else ""
    return (
        f"<@{curator}> found <{link}|something you wrote> in <#{channel}> worth keeping. It is {safe(a(noun))} now, with your "
        f"name, for those who can read the channel.{shortened} If you'd rather not, undo it; or say that yours are never kept. "
        f"You won't hear this every time."
    )


def first_kept_out_of_sight(*, noun: str) -> str:
    """The same, where they can't read the message any more, or Slack does not say that they can: neither who nor where."""
    return (
        f"Something you wrote was found worth keeping, in a channel that Slack does not say you can read now. It is "
        f"{safe(a(noun))} now, with your name, for those who can. If you'd rather not, undo it; or say that yours are never "
        f"kept. You won't hear this every time."
    )


def first_imported(curator: PersonId, link: str, channel: str, *, noun: str, others: int) -> str:
    """The same, where whoever runs Outloud imported it, and perhaps `others` of theirs."""
    more = {0: "", 1: " Another one of yours came with it."}.get(others, f" {others} others of yours came with it.")
    return (
        f"Whoever runs {NAME} here imported what was found worth keeping in <#{channel}> earlier. <@{curator}> had reacted so to "
        f"<{link}|something you wrote>: it is {safe(a(noun))} now, with your name, for those who can read the channel.{more} If "
        f"you'd rather not, undo it; or say that yours are never kept, and take all of them back."
    )


def not_mine(still_kept: int) -> str:
    """What somebody hears who said *not mine* of all that they write."""
    return " ".join(filter(None, (NOTHING_KEPT, _still_kept(still_kept))))


def _still_kept(many: int) -> str:
    if many <= 1:
        return "One earlier message of yours is still kept." if many else ""
    return f"{many} earlier ones are still kept."


def never_kept(still_kept: int) -> str:
    """What an author hears after *never keep mine*, when others of theirs are kept still."""
    return " ".join(filter(None, (NEVER_KEPT, _still_kept(still_kept))))
