"""What people read on cards, and where a card can't stand."""

from __future__ import annotations

from collections.abc import Sequence

from storage.ids import PersonId
from storage.kept.files import FileLink
from storage.learned.earlier import Before
from storage.learned.learnings import LearningView

from . import sharing
from .general import NAME, UNDO, WORDS_BACK, moment, safe, shorten, unadorned
from .nouns import a

WHY = "Why it matters:"
IT_HELPED = "It helped me"
EDIT = "Edit"
OUTDATE = "Out of date"
RENEW = "Not out of date any more"
DELETE = "Delete"
ENDORSE = "Endorse its author"
EDIT_TITLE = "Edit"
DELETE_TITLE = "Delete this?"
RENEWED = "Noted: it is not out of date any more."
BROUGHT_BACK = "It says again what you had written."
OTHER_DEEDS = {
    "question": "asked a question",
    "idea": "shared an idea",
    "story": "told a story",
    "working on": "told what they are working on",
}


def endorse(topics: Sequence[str]) -> str:
    """How a card's menu offers that: for what the learning is about, where it says so."""
    return f"{ENDORSE} for {', '.join(topics)}" if topics else f"{ENDORSE}…"


def by_author(author: PersonId | None, *, without_name: bool, name: str | None = None) -> str:
    """Who a card says it is from. `name`: of one who is not in this workspace, whom a mention would not name."""
    if without_name or author is None:
        return "by somebody in this pocket"
    return f"by {safe(unadorned(name))}" if name else f"by <@{author}>"


def shortened(curator: PersonId) -> str:
    """What stands with words of which a curator left some out."""
    return f"shortened by <@{curator}>"


def files(found: Sequence[FileLink]) -> str:
    """A message's files, each a link to where Slack shows it to whoever may see it."""
    return "  ·  ".join(f"📎 <{_address(file.link)}|{_label(file.title)}>" for file in found)


def _address(link: str) -> str:
    return safe(link).replace("|", "%7C")


def _label(title: str) -> str:
    """A link's words end at a `|` or `>`: of the one, a sign that looks like it stands instead, the other is escaped."""
    return safe(shorten(title, 80)).replace("|", "¦")


def card_text(author: PersonId | None, words: str, *, kind: str, noun: str, without_name: bool) -> str:
    """What a notification shows of a card."""
    who = "Somebody" if without_name or author is None else f"<@{author}>"
    deed = OTHER_DEEDS.get(kind) or f"shared {safe(a(noun))}"
    return f"{who} {deed}: {safe(shorten(words, 200))}"


def edited_by(lead: PersonId) -> str:
    """What a card says whose words a lead changed."""
    return f"edited by <@{lead}>"


def helped(many: int, key: str) -> str:
    """What a card says of how many it helped. `key` is the pocket's emoji for it."""
    return f"{key} helped {many}"


def out_of_date(by: PersonId | None, at: float, why: str) -> str:
    """What a card says above what is out of date (`at` in seconds since 1970, UTC)."""
    who = f"<@{by}>" if by else "whoever shared it"
    return f"⏳ *Out of date*, says {who}, {moment(at)}{f': {safe(why)}' if why else '.'}"


def helped_answer(key: str, *, helped: bool, reacted: bool) -> str:
    """What somebody hears who pressed *it helped me*. `reacted`: a reaction of theirs says so, too."""
    if helped:
        return "Noted: it helped you, and its card counts it, without your name. Press again to take that back."
    if reacted:
        return f"Taken back. Your {key} says so still: take it off, too, and it does not count any more."
    return "Taken back: it does not count any more that this helped you."


def field_reason(noun: str) -> str:
    """What the form asks that makes it out of date."""
    return f"Why is this {noun} out of date?"


def reason_hint(*, is_hidden: bool) -> str:
    """Where it is shown, and whether with a name."""
    return f"It stands on the card, {'without' if is_hidden else 'with'} your name. You may leave it empty."


def delete_sure(noun: str, *, is_own: bool, is_kept: bool) -> str:
    """What is asked before it is deleted."""
    if is_kept:
        what = f"Nobody finds this {safe(noun)} any more, and only whoever wrote the message can keep it again."
    else:
        what = f"The card goes, and {NAME} forgets the words. That can't be undone; what was said in its thread stays."
    return what if is_own else f"{what} Whoever wrote it hears that you took it away."


def removed(by: PersonId, channel: str, *, noun: str, is_kept: bool) -> str:
    """What an author hears whose learning a lead took away."""
    if is_kept:
        return (
            f"<@{by}>, a lead of <#{channel}>, decided that a message of yours is not to be kept there as {safe(a(noun))}. "
            f"The message itself stands as it did, and you can keep it again yourself."
        )
    return f"<@{by}>, a lead of <#{channel}>, took away {safe(a(noun))} that you shared there. {WORDS_BACK}"


def removed_out_of_sight(noun: str, *, is_kept: bool) -> str:
    """The same, where the author may not look, as far as Slack says."""
    where = "in a channel that you can't read just now"
    if is_kept:
        return f"A lead decided that a message of yours, {where}, is not to be kept there as {safe(a(noun))}."
    return f"A lead took away {safe(a(noun))} that you shared, {where}. {WORDS_BACK}"


def changed(by: PersonId, link: str, channel: str, *, noun: str, before: Before | None) -> str:
    """What an author hears whose learning a lead edited. `before`: what they had written, while they can bring it back."""
    return f"<@{by}>, a lead of <#{channel}>, edited <{link}|{safe(a(noun))}> of yours. {_way_back(before)}"


def changed_out_of_sight(noun: str, *, before: Before | None) -> str:
    """The same, where the author may not look, as far as Slack says."""
    return f"A lead edited {safe(a(noun))} of yours, in a channel that you can't read just now. {_way_back(before)}"


def _way_back(before: Before | None) -> str:
    if before is None:
        return f"If you'd rather have it otherwise, *{EDIT}* in its menu is yours, too."
    if not before.words:
        return f"Your words stand as they did; *{UNDO}*, within 30 days, takes back the rest."
    return f"*{UNDO}*, within 30 days, lets it say again what you had written:"


def changed_meanwhile(now: LearningView, both: Sequence[str], *, noun: str) -> str:
    """What stands on the form of the second of two who edited the same at once: what it says `now`."""
    said = {
        "words": (sharing.FIELD_WORDS, shorten(now.words, 200)),
        "why": (sharing.FIELD_WHY, shorten(now.why, 200)),
        "kind": (sharing.FIELD_KIND, sharing.kind_names(noun).get(now.kind, now.kind)),
        "topics": (sharing.FIELD_TOPICS, shorten(" ".join(f"#{topic}" for topic in now.topics), 200)),
        "without_name": (sharing.FIELD_NAME, sharing.WITHOUT_NAME if now.without_name else sharing.AS_ME),
    }
    theirs = "\n".join(f"• {label}: {safe(value) or 'nothing'}" for label, value in (said[name] for name in both))
    return (
        f"*This was changed while you had it open, so yours is not saved yet.* It says now:\n{theirs}\n"
        f"Yours is below. *{sharing.FORM_SAVE}* puts it in its place."
    )


def answered(by: PersonId, link: str, channel: str, *, noun: str) -> str:
    """What an author hears when somebody answered below their card."""
    return f"<@{by}> <{link}|answered> {safe(a(noun))} that you shared in <#{channel}>."


def answered_out_of_sight(noun: str) -> str:
    """The same, where the author may not look, as far as Slack says."""
    return f"Somebody answered {safe(a(noun))} that you shared, in a channel that you can't read just now."


def not_posted(channel: str, reason: str) -> str:
    """What somebody hears whose card Slack refused. `reason` is Slack's name for why."""
    why = {
        "is_archived": "the channel is archived",
        "not_in_channel": f"{NAME} is not in that channel any more; `/invite @{NAME}` brings it back",
        "channel_not_found": f"the channel is gone, or {NAME} may not see it any more",
    }.get(reason, f"Slack does not let {NAME} post there")
    return (
        f"What you shared could not be posted in <#{channel}>: {why}. So nobody has seen it, and {NAME} has not kept it. "
        f"{WORDS_BACK}"
    )
