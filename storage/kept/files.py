"""Files of a kept message: their titles and links, and nothing of what is in them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

MAX_FILES = 20
"""Slack lets one message have ten (https://slack.com/help/articles/201330736)."""


@dataclass(frozen=True, slots=True)
class FileLink:
    """What a file is called, and where Slack shows it to whoever may see it."""

    title: str
    link: str


def to_text(files: Iterable[FileLink]) -> str:
    """As a column holds them: one a line, its link first, which has no spaces."""
    return "\n".join(f"{''.join(file.link.split())} {' '.join(file.title.split())}" for file in [*files][:MAX_FILES])


def from_text(stored: str) -> tuple[FileLink, ...]:
    """As they were."""
    lines = (line.partition(" ") for line in stored.split("\n") if line)
    return tuple(FileLink(title, link) for link, _, title in lines)
