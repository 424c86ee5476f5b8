"""What people read of the questions that they ask a pocket."""

from __future__ import annotations

from storage.ids import PersonId

from .general import safe, shorten, unadorned
from .nouns import a, capitalised
from .rounds import number

ASK = "Ask a question"
ASK_THIS_POCKET = "Ask this pocket"
ASK_A_POCKET = "Ask a pocket"
FORM_TITLE = "Ask this pocket"
FORM_SUBMIT = "Ask"
FIELD_WORDS = "What would you like to know?"
FIELD_WORDS_PLACEHOLDER = "What you want to do, what you tried, and where you are stuck."
FIELD_WORDS_HINT = (
    "It is posted in the pocket, for all who are in it. Whoever answers below it is kept with their name."
)
ANSWERED = "Mark as answered"
REOPEN = "Not answered yet"
ASKED = (
    f"Asked. You'll hear privately when somebody answers. It is an open question until you, or a lead of the pocket, press "
    f"*{ANSWERED}* on its card."
)
UNASKED = "Taken back. Its card goes, and Outloud has forgotten the words; what was answered stays in its thread."
OPEN = "*Still open*"


def footer(noun: str) -> str:
    """What stands under an open question."""
    return (
        f"❓ Open question. Answer in the thread: each person's first answer is kept as {safe(a(noun))}, with their name. ❌ on "
        "yours leaves it out."
    )


def closed(many: int) -> str:
    """What stands under one that is answered; `many` answers were collected."""
    return f"✅ Answered. {capitalised(number(many))} answered here." if many else "✅ Answered."


def still_open(words: str, author: PersonId | None, many: int, link: str) -> str:
    """An open question, in a line."""
    who = f" · <@{author}>" if author else ""
    so_far = f"{number(many)} answered so far" if many else "nobody answered yet"
    return f"•  {safe(shorten(unadorned(words), 140))}{who}  · {so_far} · <{link}|answer it>"


def answered(by: PersonId | None, link: str, channel: str) -> str:
    """What who asked hears when somebody answered."""
    who = f"<@{by}>" if by else "Somebody"
    return f"{who} <{link}|answered> your question in <#{channel}>. If that is it, press *{ANSWERED}* on its card."


ANSWERED_OUT_OF_SIGHT = "Somebody answered a question of yours, in a channel that you can't read just now."
