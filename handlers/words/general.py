"""Words that stand everywhere, and what is done to words that people wrote."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from storage import markup

_FORMATTING = re.compile(r"(?<![^\W_])[*_~]+(?=\S)|(?<=\S)[*_~]+(?![^\W_])")
"""Signs at a word's edges: elsewhere they are the word's own, as in snake_case and 2*3."""

_CODE = re.compile(r"`([/:][^`]+|\w+:\w+)`")
HELP_WORDS = frozenset({"help", "-h", "--help", "?"})
"""What one types behind a command, or as the word that it waits for, to have it explained."""
NAME = "Outloud"
"""The working name: this constant carries it."""
SHARE = "/share"
HOME = "/outloud"
PROMPTS = "/prompts"
RECALL = "/recall"
ASKME = "/askme"
WHOKNOWS = "/whoknows"
KEEP = "💡"
SAVE = "Save"
UNDO = "Undo"
WORDS_BACK = "So that nothing is lost, here is what you wrote:"
FORM_CANCEL = "Cancel"
SOMETHING_BROKE = (
    "Something broke here, and nothing was saved. Please try again; if it goes on, tell whoever runs Outloud."
)
SLACK_REFUSED = "Slack did not let Outloud do that in time, so nothing was done. Please try again."
NOT_UNDERSTOOD = "Outloud did not understand that, so nothing was done. Please try again."
NOT_INSTALLED = f"{NAME} is not installed in this workspace, so it can't do that here."
NOT_DONE = "Not done"
CLOSE = "Close"


def asks_for_help(typed: str) -> bool:
    """Whether this asks what there is, and is nothing to share, to look for or to start."""
    return typed.strip().lower().rstrip("!.") in HELP_WORDS


def safe(written: str) -> str:
    """What people wrote, so that Slack shows it and does nothing with it: `&`, `<` and `>` escaped."""
    return markup.escape(written)


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


def unadorned(written: str) -> str:
    """What people wrote, on one line, without signs of formatting that could reach beyond it."""
    return " ".join(_FORMATTING.sub("", written.replace("`", "'")).split())


def moment(at: float) -> str:
    """A time (seconds since 1970, UTC), which Slack shows each reader in their own timezone."""
    plain = datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M UTC")
    return f"<!date^{int(at)}^{{date_short_pretty}} {{time}}|{plain}>"
