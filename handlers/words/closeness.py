"""What people read of what says nearly the same as something they shared."""

from __future__ import annotations

from storage.ids import ChannelId, PersonId

from .finding import age
from .general import safe, unadorned
from .nouns import a

LINK = "Link the two"
UNDO_MINE = "Undo my share"
LEAVE = "Leave it"
UNLINK = "Unlink"
LINKED = "Linked: the card of each leads to the other, where everybody who reads it may see that one."
UNLINKED = "They are not linked any more."
ALL_UNLINKED = "Unlinked: it leads to no other card any more, and none leads to it."
SEE_ALSO = "See also:"
LEFT = "Left as it is. Both stand."


def told(what: str, who: str, channel: ChannelId, days: float) -> str:
    """What whoever shared it hears. `what`: see `named`; `who`: see `author`; how many `days` ago it was said."""
    return f"Something very close is there already: {what} {who}, in <#{channel}>, {age(days)}."


def named(noun: str, link: str | None) -> str:
    """What a pocket calls one, as a link to it; where it stands nowhere in Slack, as words."""
    return f"<{link}|{safe(a(noun))}>" if link else safe(a(noun))


def author(who: PersonId | None, *, is_own: bool, name: str | None) -> str:
    """Whose it is; None: no name stands with it. `name`: of one who is not in this workspace."""
    if is_own:
        return "by you"
    if who is None:
        return "by somebody"
    return f"by {safe(unadorned(name))}" if name else f"by <@{who}>"


def see_also(noun: str, link: str, channel: ChannelId | None) -> str:
    """Where a card leads. `channel`: of another pocket."""
    return f"{named(noun, link)}{f' in <#{channel}>' if channel else ''}"
