"""What a log may tell of a delivery: the names that Slack and we give to things, and nothing that somebody wrote."""

from __future__ import annotations

import re

_NAME = re.compile(r"/?[a-z0-9_.:-]{1,60}")


def name(given: object) -> str:
    """`given`, if it looks like an event's, a command's or an action's name; else only that it does not."""
    return given if isinstance(given, str) and _NAME.fullmatch(given) else "of an unusual name"
