"""Who may see what, as the design says it: written for people to read, from nothing that the bot has."""

from __future__ import annotations

from dataclasses import dataclass

ALL = "all full members, and whoever is in it"
INSIDE = "whoever is in it"
NOBODY_ELSE = "its author alone"

READERS = {
    "public": ALL,
    "public, archived": ALL,
    "public, the bot was removed": ALL,
    "private": INSIDE,
    "private, archived": INSIDE,
    "shared out": INSIDE,
    "shared out, private": INSIDE,
    "made private after sharing": INSIDE,
    "made private after sharing, and nobody told": INSIDE,
    "made public": ALL,
    "private, the bot was removed": NOBODY_ELSE,
    "shared out, the bot was removed": NOBODY_ELSE,
    "deleted": NOBODY_ELSE,
    "deleted, and nobody told": NOBODY_ELSE,
}
"""Each class of channel, and who sees what was learned there."""


@dataclass(frozen=True)
class Kind:
    """A kind of viewer. `is_full`: of the workspace, and no guest; `is_in`: in all channels, as far as Slack says in time.

    `is_ours`: of the same organisation.
    """

    is_full: bool
    is_in: bool
    is_known: bool = True
    is_active: bool = True
    is_ours: bool = True


VIEWERS = {
    "member": Kind(is_full=True, is_in=True),
    "member, not in it": Kind(is_full=True, is_in=False),
    "member of another workspace of the organisation": Kind(is_full=True, is_in=False),
    "member of another workspace": Kind(is_full=False, is_in=False, is_ours=False),
    "guest, in it": Kind(is_full=False, is_in=True),
    "guest, not in it": Kind(is_full=False, is_in=False),
    "external, in it": Kind(is_full=False, is_in=True, is_ours=False),
    "external, not in it": Kind(is_full=False, is_in=False, is_ours=False),
    "member who left a minute ago": Kind(is_full=True, is_in=False),
    "guest who left a minute ago": Kind(is_full=False, is_in=False),
    "deactivated": Kind(is_full=True, is_in=True, is_active=False),
    "look-up fails": Kind(is_full=True, is_in=True, is_known=False),
    "member, look-up over quota": Kind(is_full=True, is_in=False),
    "guest, look-up over quota": Kind(is_full=False, is_in=False),
}
"""Each kind of viewer. Whose memberships can't be asked is in no channel, as far as anybody knows."""


def may_see(channel: str, viewer: str, *, is_author: bool) -> bool:
    """Whether this viewer sees a learning that came from this channel."""
    who, readers = VIEWERS[viewer], READERS[channel]
    if not who.is_active or not who.is_known:
        return False
    if readers == NOBODY_ELSE:
        return is_author
    if readers == ALL and who.is_full:
        return True
    return who.is_in


def may_read(channel: str, viewer: str) -> bool:
    """Whether they see what a channel is about, as those do who see what others learned there."""
    return may_see(channel, viewer, is_author=False)


def is_offered(channel: str, viewer: str) -> bool:
    """Whether its name is offered to them as one of their pockets."""
    return VIEWERS[viewer].is_in and may_read(channel, viewer) and is_there(channel)


def is_there(channel: str) -> bool:
    """Whether anybody is in it still, as far as Slack tells Outloud."""
    return READERS[channel] != NOBODY_ELSE


DEEDS = ("edit", "outdate", "delete")
"""What opens a form in a card's menu."""
