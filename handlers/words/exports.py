"""What people read of an export of their pocket."""

from __future__ import annotations

from .general import NAME, safe

EXPORT = "Export"
AIM = "What should be different in three weeks:"
SOMEBODY = "somebody"
COMING = "It comes to you as two files, in your direct message with " + NAME + "."
REFUSED = {
    "scope": "Slack does not let {name} send files here. An admin can allow it (`files:write`); or whoever runs {name} types "
    "`outloud export --pocket '#{channel}' --format md`, and gives you the file.",
    "large": "#{channel} has learned too much for a file from here. Whoever runs {name} can type "
    "`outloud export --pocket '#{channel}' --format csv`, and give you the file.",
    "lead": "You don't lead #{channel} any more, or are not in it, so its export was not made.",
}


def sent(channel: str, many: int) -> str:
    """What stands with the files."""
    what = "one learning" if many == 1 else f"{many} learnings"
    return f"What <#{channel}> learned: {what}, to read (Markdown) and for a spreadsheet (CSV). Pass it on with care."


def helped(many: int) -> str:
    """What stands with what helped somebody; empty where it helped nobody."""
    return f"helped {many:,}" if many else ""


def refused(name: str, reason: str) -> str:
    """What a lead hears whose export does not come."""
    return REFUSED[reason].format(name=NAME, channel=safe(name))
