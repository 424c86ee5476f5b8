"""All words that people read, in one place. Refusals have theirs beside their rule (storage/refusals.py).

What people wrote goes through `safe`, always: it can't ping anybody when it is shown again.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

from storage.ids import PersonId

_CODE = re.compile(r"`(/[^`]+)`")

NAME = "Outloud"
"""The working name: this constant carries it."""

SHARE = "/share"
HOME = "/outloud"
KEEP = "💡"

SHARE_HELP = f"""\
*`{SHARE}`* opens a form: what you learned, why it matters, topics, and whether your name stands with it.
*`{SHARE} what you learned #topic`* shares it at once; you can add details or undo it right after.
A learning is a sentence or two: a fix, a surprise, a thing you'd tell a colleague over coffee.
React with {KEEP} to somebody's message to keep it as a learning; the credit is theirs.
It stands in this channel's pocket, for those who are in it. *`{HOME} help`* says what else there is."""

HOME_HELP = f"""\
{NAME} helps you learn out loud, in channels that chose to: we call them pockets.
*`{HOME} start`* makes this channel a pocket, and you its lead.
*`{HOME} stop`* ends it; what was learned stays. Only a lead can.
*`{SHARE}`* shares what you learned; *`{SHARE} help`* says how.
{KEEP} on anybody's message keeps it as a learning, credited to whoever wrote it; take it off, and it is taken back."""

POCKET_STARTED = (
    f"This channel is a learning pocket now, and you are its lead. Try *`{SHARE}`*, or react with {KEEP} to a message "
    f"worth keeping. *`{HOME} stop`* ends it."
)
POCKET_STOPPED = f"The pocket is closed. What was learned stays. *`{HOME} start`* opens it again."

SHARED = "Shared. Thank you! You can still add why it matters, topics or a kind; or take it back."
SHARE_UNDONE = "Taken back. Its card goes, and Outloud has forgotten the words."
ADD_DETAILS = "Add details"
UNDO = "Undo"
WORDS_BACK = "So that nothing is lost, here is what you wrote:"

FORM_TITLE = "Share a learning"
DETAILS_TITLE = "Add details"
FORM_SHARE = "Share"
FORM_SAVE = "Save"
FORM_CANCEL = "Cancel"
FIELD_WORDS = "What did you learn?"
FIELD_WORDS_PLACEHOLDER = "A sentence or two: what happened, and what you'd do the next time."
FIELD_WHY = "Why does it matter?"
WHY = "Why it matters:"
FIELD_TOPICS = "Topics"
FIELD_TOPICS_PLACEHOLDER = "Type to find one, or to add a new one"
FIELD_KIND = "Kind"
FIELD_POCKET = "Pocket"
FIELD_POCKET_PLACEHOLDER = "Choose a channel"
FIELD_NAME = "Whose name stands with it?"
FIELD_NAME_HINT = (
    "Without your name, colleagues and leads can't see who wrote it; whoever runs Outloud's database could. "
    "In a small group your style may tell."
)
AS_ME = "As me"
WITHOUT_NAME = "Without my name"
KIND_NAMES = {
    "learning": "Learning",
    "question": "Question",
    "idea": "Idea",
    "story": "Story",
    "working on": "Working on",
}
KIND_DEEDS = {
    "learning": "shared a learning",
    "question": "asked a question",
    "idea": "shared an idea",
    "story": "told a story",
    "working on": "told what they are working on",
}

NEVER_KEEP = "Never keep mine"
TAKE_ALL_BACK = "Take those back too"
KEEP_AGAIN = "I changed my mind"
KEEP_UNDONE = f"You don't keep it any more. Your {KEEP} stays on the message as a mere reaction."
KEPT_UNDONE = "Taken back: this message of yours is no learning any more, and nobody else can keep it."
NEVER_KEPT = "Understood: nothing that you write will be kept from now on, and this message is taken back."
ALL_TAKEN_BACK = "All that was kept of your words is taken back."
KEPT_AGAIN_ALLOWED = (
    "Your messages can be kept again from now on. Those that were taken back stay so, unless you keep them yourself."
)

SOMETHING_BROKE = (
    "Something broke here, and nothing was saved. Please try again; if it goes on, tell whoever runs Outloud."
)
SLACK_REFUSED = "Slack did not let Outloud do that in time, so nothing was done. Please try again."
NOT_UNDERSTOOD = "Outloud did not understand that, so nothing was done. Please try again."
NOT_INSTALLED = f"{NAME} is not installed in this workspace, so it can't do that here."
NOT_DONE = "Not done"
CLOSE = "Close"


def safe(written: str) -> str:
    """What people wrote, so that Slack shows it and does nothing with it: `&`, `<` and `>` escaped."""
    return written.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unformatted(text: str) -> str:
    """Our own words where Slack shows signs of formatting as they are: in a form's errors."""
    return _CODE.sub(r"\1", text)


def shorten(written: str, limit: int) -> str:
    """At most `limit` characters, cut on a word, with an ellipsis where something was cut."""
    if len(written) <= limit:
        return written
    room = written[: limit - 1]
    cut = room.rsplit(None, 1)[0] if any(mark.isspace() for mark in room) else room
    return f"{cut.rstrip() or room}…"


def by_author(author: PersonId | None, *, without_name: bool) -> str:
    """Who a card says it is from."""
    return "by somebody in this pocket" if without_name or author is None else f"by <@{author}>"


def new_topic(topic: str) -> str:
    """How a topic is offered that the pocket doesn't have yet."""
    return f"{topic} (new)"


def card_text(author: PersonId | None, words: str, *, kind: str, without_name: bool) -> str:
    """What a notification shows of a card."""
    who = "Somebody" if without_name or author is None else f"<@{author}>"
    return f"{who} {KIND_DEEDS[kind]}: {safe(shorten(words, 200))}"


def pocket_announced(starter: str) -> str:
    """What the channel hears, once, when it becomes a pocket."""
    return (
        f"<@{starter}> made this channel a learning pocket. *`{SHARE}`* shares something that you learned; {KEEP} on "
        f"anybody's message keeps it as a learning, credited to whoever wrote it, and taking it off takes it back. "
        f"What nobody shares or keeps is not stored. *`{HOME} help`* says more."
    )


def unknown_word(typed: str) -> str:
    """An answer to `/outloud` and a word that it does not know."""
    shown = safe(shorten(" ".join(typed.replace("`", "").split()), 80))
    return f"`{HOME} {shown}` is nothing that {NAME} knows. Here is what there is:\n{HOME_HELP}"


def missed_hours(channel: str, since: float, until: float) -> str:
    """What a lead hears where Outloud was away, and can't read what happened meanwhile (seconds since 1970, UTC)."""
    return (
        f"{NAME} could not hear what happened in <#{channel}> from {moment(since)} until {moment(until)}, and Slack does "
        f"not let it read up on it. A {KEEP} that was given, or taken off, in that time is missing: give it again, or take "
        f"it off again, and it counts. If {NAME} should be in that channel, `/invite @{NAME}` brings it back."
    )


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


def moment(at: float) -> str:
    """A time (seconds since 1970, UTC), which Slack shows each reader in their own timezone."""
    plain = datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M UTC")
    return f"<!date^{int(at)}^{{date_short_pretty}} {{time}}|{plain}>"


def cant_be_kept(link: str) -> str:
    """What a curator hears, whatever the reason."""
    return f"<{link}|This message> can't be kept."


def first_keep(author: PersonId, link: str, channel: str) -> str:
    """What somebody hears after their first keep."""
    return (
        f"You kept <{link}|a message> by <@{author}> in <#{channel}>. It is a learning now, credited to them; 📚 on it "
        f"says so. Take your {KEEP} off the message, or press undo, and it is taken back."
    )


def first_own_keep(link: str, channel: str) -> str:
    """What somebody hears after their first keep, when it was a message of their own."""
    return (
        f"You kept <{link}|a message of yours> in <#{channel}>. It is a learning now, with your name; 📚 on it says so."
        f" Take your {KEEP} off the message, or press undo, and it is taken back."
    )


def first_kept(curator: PersonId, link: str, channel: str) -> str:
    """What an author hears the first time that words of theirs were kept."""
    return (
        f"<@{curator}> found <{link}|something you wrote> in <#{channel}> worth keeping. It is a learning now, with your "
        f"name, for those who can read the channel. If you'd rather not, undo it; or say that yours are never kept. "
        f"You won't hear this every time."
    )


def never_kept(still_kept: int) -> str:
    """What an author hears after *never keep mine*, when others of theirs are kept still."""
    if not still_kept:
        return NEVER_KEPT
    rest = (
        "One earlier message of yours is still kept."
        if still_kept == 1
        else f"{still_kept} earlier ones are still kept."
    )
    return f"{NEVER_KEPT} {rest}"
