"""What people read of their drafts."""

from __future__ import annotations

from .general import NAME, SHARE, moment, safe, shorten

SAVE = "Save as a draft"
ABOUT = f"Nobody but you sees a draft. *`{SHARE} drafts`* lists yours; {NAME} forgets one that you leave for 30 days."
SAVED_TITLE = "Saved as a draft"
SAVED = (
    f"Nobody but you sees it. *`{SHARE} drafts`* lists your drafts: there you open it again and share it, or throw it away. "
    f"{NAME} forgets it after 30 days, unless you save it again."
)
OPEN = "Open"
OPEN_AGAIN = "Open it again"
THROW_AWAY = "Throw away"
SURE_TITLE = "Throw this draft away?"
SURE = "Its words are gone for good."
SURE_YES = "Throw it away"
SURE_NO = "Keep it"
FORMER_POCKET = "Where you began it"
NO_WORDS = "no words yet"
THROWN_AWAY = "Thrown away. Nothing of it was stored."
SHOWN = 150
"""Characters of a draft that its list shows."""


def title(many: int) -> str:
    """What stands above one's drafts."""
    if not many:
        return f"You have no drafts. *{SAVE}*, at the end of the form that *`{SHARE}`* opens, makes one."
    count = "One draft" if many == 1 else f"{many} drafts"
    return f"{count} of yours, which nobody else sees. {NAME} forgets what you leave for 30 days."


def closed(written: str) -> str:
    """What somebody hears who closed the form with words in it."""
    return (
        f"You closed the form with words in it: “{safe(shorten(' '.join(written.split()), SHOWN))}” Shall {NAME} keep them? "
        f"They are stored nowhere; unless you save them, they are let go within half an hour."
    )


def closed_unfinished(written: str) -> str:
    """The same, of a form that is no draft's."""
    return (
        f"You closed the form with words in it: “{safe(shorten(' '.join(written.split()), SHOWN))}” *{OPEN_AGAIN}* brings them "
        f"back. They are stored nowhere, and let go within half an hour."
    )


def entry(written: str, *, topics: tuple[str, ...], channel: str, saved_at: float) -> str:
    """One draft in the list: its first words, where it is to go, when it was saved (seconds since 1970, UTC)."""
    first = " ".join(written.split()) or " ".join(f"#{topic}" for topic in topics)
    shown = safe(shorten(first, SHOWN)) or f"_{NO_WORDS}_"
    where = f"#{safe(channel)}  ·  " if channel else ""
    return f"{shown}\n{where}saved {moment(saved_at)}"
