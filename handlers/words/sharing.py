"""What people read of sharing: the form, and what comes right after."""

from __future__ import annotations

from .general import HOME, SHARE
from .nouns import a, capitalised

DRAFTS = frozenset({"drafts", "draft"})
"""What one may type after `/share` that lists one's own, and is nothing to share."""


def share_help(keep: str) -> str:
    """How sharing works. `keep`: the emoji that keeps a message here."""
    return f"""\
*`{SHARE}`* opens a form, which you can also put aside as a draft; *`{SHARE} drafts`* lists yours.
*`{SHARE} what you learned #topic`* shares it at once; you can add details or undo it right after.
A sentence or two is enough: a fix, a surprise, a thing you'd tell a colleague over coffee.
React with {keep} to somebody's message to keep it; the credit is theirs.
It stands in this channel's pocket, for those who are in it. *`{HOME} help`* says what else there is."""


SHARED = "Shared. Thank you! You can still add why it matters, topics or a kind; or take it back."
SHARE_UNDONE = "Taken back. Its card goes, and Outloud has forgotten the words."
ADD_DETAILS = "Add details"
DETAILS_TITLE = "Add details"
TITLE_LIMIT = 24
FORM_SHARE = "Share"
FORM_SAVE = "Save"
FIELD_WORDS = "What did you learn?"
FIELD_WORDS_PLACEHOLDER = "A sentence or two: what happened, and what you'd do the next time."
FIELD_WHY = "Why does it matter?"
FIELD_TOPICS = "Topics"
FIELD_TOPICS_PLACEHOLDER = "Type to find one, or to add a new one"
FIELD_KIND = "Kind"
FIELD_KIND_HINT = "A question is asked of the pocket: its card says that it is open, and collects what people answer."
FIELD_POCKET = "Pocket"
FIELD_POCKET_PLACEHOLDER = "Choose a channel"
FIELD_NAME = "Whose name stands with it?"
FIELD_NAME_HINT = (
    "Without your name, colleagues and leads can't see who wrote it; whoever runs Outloud's database could. "
    "In a small group your style may tell."
)
AS_ME = "As me"
WITHOUT_NAME = "Without my name"
OTHER_KINDS = {
    "question": "Question",
    "idea": "Idea",
    "story": "Story",
    "working on": "Working on",
}


def new_topic(topic: str) -> str:
    """How a topic is offered that the pocket doesn't have yet."""
    return f"{topic} (new)"


def form_title(noun: str) -> str:
    """The form's title, in the 24 characters that Slack gives it."""
    title = f"Share {a(noun)}"
    return title if len(title) <= TITLE_LIMIT else "Share"


def kind_names(noun: str) -> dict[str, str]:
    """What each kind is called in a pocket with this noun."""
    return {"learning": capitalised(noun), **OTHER_KINDS}
