"""Which emoji there are: the standard ones, and the workspace's own."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

SKIN_TONE = re.compile(r"::skin-tone-[2-6]$")


@cache
def standard_names() -> frozenset[str]:
    """The short names of the standard emoji."""
    lines = Path(__file__).with_name("emoji.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


def is_emoji(name: str, own: dict[str, str]) -> bool:
    """Whether a reaction may have this name (without colons); `own` are the workspace's emoji."""
    bare = SKIN_TONE.sub("", name)
    return bare in standard_names() or name in own
