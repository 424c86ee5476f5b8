"""What says nearly the same as something that was shared: what its author sees, and what both cards say of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from handlers import words
from storage.ids import ChannelId

from .elements import Block, actions, button, context, section

MOST_LINKS = 5
"""Where a card leads, at most: to what was linked last."""


@dataclass(frozen=True, slots=True)
class Also:
    """Where else a card leads: a link, and what it is called in its pocket. `channel`: that of another pocket."""

    noun: str
    link: str
    channel: ChannelId | None = None


def told(text: str, learning: str, other: str) -> list[Block]:
    """What may be done about it, by whoever shared `learning`."""
    return [
        section(text),
        actions(
            button(words.closeness.LINK, "close.link", f"{learning}:{other}"),
            button(words.closeness.UNDO_MINE, "share.undo", learning),
            button(words.closeness.LEAVE, "close.leave", learning),
        ),
    ]


def linked(text: str, learning: str, other: str) -> list[Block]:
    """That the two are linked, and the way back."""
    return [section(text), actions(button(words.closeness.UNLINK, "close.unlink", f"{learning}:{other}"))]


def unlinked(text: str, learning: str, other: str) -> list[Block]:
    """That they are not any more, and the way back from that."""
    return [section(text), actions(button(words.closeness.LINK, "close.link", f"{learning}:{other}"))]


def see_also(found: Sequence[Also]) -> list[Block]:
    """The line on a card; none, where it leads nowhere."""
    shown = [words.closeness.see_also(one.noun, one.link, one.channel) for one in found]
    return [context(f"{words.closeness.SEE_ALSO} {'  ·  '.join(shown)}")] if shown else []
