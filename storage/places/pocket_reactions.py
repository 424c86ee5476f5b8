"""A pocket's own reactions: which emoji keeps a message, says that it helped, or endorses whoever wrote it.

A pocket may have others than the usual ones. What was done by an earlier one stays done, and is taken back by taking it off.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from sqlalchemy import Executable, bindparam, select, update
from sqlalchemy.orm import Session

from storage import emoji_names
from storage.ids import MessageRef, PersonId, Place
from storage.refusals import NoSuchEmoji, NotAnEmoji, ReservedEmoji, SameEmoji
from storage.tables import Endorsement, Help, Keep, Learning, Pocket

Deed = Literal["keep", "helped", "endorse"]
"""What a reaction may do."""

DEEDS: tuple[Deed, ...] = get_args(Deed)

RESERVED = ("books", "x")
"""Outloud's own mark on what is kept, and how somebody stays out of a round."""


@dataclass(frozen=True, slots=True)
class PocketReactions:
    """The names of each deed's emoji: the first as it was chosen; behind it, the workspace's own aliases of it."""

    keep: tuple[str, ...] = ("bulb",)
    helped: tuple[str, ...] = ("key",)
    endorse: tuple[str, ...] = ("mortar_board",)
    once_kept: tuple[str, ...] = ()
    """Those that kept a message before others were chosen."""

    def deed(self, emoji: str) -> Deed | None:
        """What this emoji (a name, as Slack gives it) does here."""
        return next((deed for deed in DEEDS if self._is(deed, emoji)), None)

    def shown(self, deed: Deed) -> str:
        """How a deed's emoji is shown to people."""
        return emoji_names.shown(getattr(self, deed)[0])

    def kept_once(self, emoji: str) -> bool:
        """Whether it kept messages before, and does so no more."""
        return self.deed(emoji) != "keep" and _among(self.once_kept, emoji)

    def _is(self, deed: Deed, emoji: str) -> bool:
        return _among(getattr(self, deed), emoji)


@dataclass(frozen=True, slots=True)
class WorkspaceEmoji:
    """What Slack says of a workspace's emoji: its `own`, each with a picture's address or `alias:name`; and the standard ones."""

    own: Mapping[str, str]
    standard: frozenset[str] = frozenset()

    def knows(self, name: str) -> bool:
        """Whether there is one of this name."""
        return name in self.own or name in self.standard or emoji_names.is_standard(name)

    def aliases(self, name: str) -> tuple[str, ...]:
        """All names that are the same emoji, this one first."""
        meant = self._meant(name)
        others = sorted(one for one in {*self.own, meant} if one != name and self._meant(one) == meant)
        return (name, *others)

    def _meant(self, name: str) -> str:
        """Behind an alias, what it stands for."""
        target = self.own.get(name, "")
        return emoji_names.same(target.removeprefix("alias:") if target.startswith("alias:") else name)


_OF = select(Pocket.keep_emoji, Pocket.helped_emoji, Pocket.endorse_emoji, Pocket.once_kept, Pocket.stopped_at).where(
    Pocket.workspace == bindparam("of_workspace"), Pocket.channel == bindparam("of_channel")
)
_STANDING_KEEP = select(Keep.person).where(
    Keep.workspace == bindparam("of_workspace"),
    Keep.channel == bindparam("of_channel"),
    Keep.message_ts == bindparam("of_ts"),
    Keep.person == bindparam("of_person"),
    Keep.emoji == bindparam("of_emoji"),
    Keep.standing,
)
_STANDING_HELP = (
    select(Help.person)
    .join(Learning, (Learning.workspace == Help.workspace) & (Learning.id == Help.learning))
    .where(
        Learning.workspace == bindparam("of_workspace"),
        Learning.channel == bindparam("of_channel"),
        Help.message_ts == bindparam("of_ts"),
        Help.person == bindparam("of_person"),
        Help.emoji == bindparam("of_emoji"),
        Help.standing,
    )
)
_STANDING_ENDORSEMENT = select(Endorsement.person).where(
    Endorsement.workspace == bindparam("of_workspace"),
    Endorsement.giver == bindparam("of_person"),
    Endorsement.channel == bindparam("of_channel"),
    Endorsement.message_ts == bindparam("of_ts"),
    Endorsement.emoji == bindparam("of_emoji"),
    Endorsement.standing,
)


def of(session: Session, place: Place) -> PocketReactions:
    """Those of a channel that is a pocket, or was one; of any other, the usual ones."""
    row = session.execute(_OF, _key(place)).one_or_none()
    if row is None:
        return PocketReactions()
    return PocketReactions(*(tuple(names.split()) for names in row[:4]))


def deed_of(session: Session, place: Place, emoji: str) -> Deed | None:
    """What this emoji does in this channel now; None: nothing, or the channel is no pocket. One query."""
    row = session.connection().execute(_OF, _key(place)).one_or_none()
    if row is None or row.stopped_at is not None:
        return None
    return PocketReactions(*(tuple(names.split()) for names in row[:3])).deed(emoji)


def deeds(session: Session, message: MessageRef, person: PersonId, emoji: str, *, standing: bool) -> frozenset[Deed]:
    """What a reaction that was given, or (not `standing`) taken off, may have changed: most change nothing.

    Taken off, it also ends what it did before the pocket chose others, and in a pocket that was stopped.
    """
    now = deed_of(session, message.place, emoji)
    found = frozenset[Deed]({now} if now else ())
    if standing:
        return found
    one = {**_key(message.place), "of_ts": message.ts, "of_person": person, "of_emoji": emoji}
    known: tuple[tuple[Deed, Executable], ...] = (
        ("keep", _STANDING_KEEP),
        ("helped", _STANDING_HELP),
        ("endorse", _STANDING_ENDORSEMENT),
    )
    return found | {deed for deed, rows in known if deed != now and session.scalar(rows, one) is not None}


def chosen(typed: Mapping[Deed, str], known: WorkspaceEmoji | None) -> PocketReactions:
    """What a lead entered, each for its field of the form; nothing entered is the usual one.

    `known`: None where Slack does not say which emoji the workspace has: then a name is taken as it is. Raises `NotAnEmoji`,
    `NoSuchEmoji`, `ReservedEmoji`, `SameEmoji`.
    """
    found = PocketReactions(**{deed: _names(typed[deed], deed, known) for deed in DEEDS if typed.get(deed, "").strip()})
    require_distinct(found)
    return found


def require_distinct(found: PocketReactions) -> None:
    """Raise `ReservedEmoji` or `SameEmoji` where one emoji would do two things."""
    for at, deed in enumerate(DEEDS):
        mine = {emoji_names.same(name) for name in getattr(found, deed)}
        if not mine.isdisjoint(emoji_names.same(name) for name in RESERVED):
            raise ReservedEmoji(emoji=found.shown(deed), field=field_of(deed))
        for other in DEEDS[:at]:
            if any(_among(getattr(found, other), name) for name in getattr(found, deed)):
                raise SameEmoji(emoji=found.shown(deed), field=field_of(deed))


def field_of(deed: Deed) -> str:
    """The form's field for it."""
    return f"{deed}_emoji"


def write(session: Session, place: Place, reactions: PocketReactions) -> None:
    """They hold from now on, in a channel that is a pocket or was one."""
    before = of(session, place)
    kept = dict.fromkeys((*before.once_kept, *before.keep))
    once = tuple(name for name in kept if not _among(reactions.keep, name))
    session.execute(
        update(Pocket)
        .where(Pocket.workspace == place.workspace, Pocket.channel == place.channel)
        .values(
            keep_emoji=" ".join(reactions.keep),
            helped_emoji=" ".join(reactions.helped),
            endorse_emoji=" ".join(reactions.endorse),
            once_kept=" ".join(once),
        )
    )


def _names(typed: str, deed: Deed, known: WorkspaceEmoji | None) -> tuple[str, ...]:
    name = emoji_names.typed(typed)
    if name is None:
        raise NotAnEmoji(typed=" ".join(typed.split())[:40], field=field_of(deed))
    if known is None:
        return (name,)
    if not known.knows(name):
        raise NoSuchEmoji(name=name, field=field_of(deed))
    return known.aliases(name)


def _among(names: tuple[str, ...], emoji: str) -> bool:
    wanted = emoji_names.same(emoji)
    return any(emoji_names.same(name) == wanted for name in names)


def _key(place: Place) -> dict[str, str]:
    return {"of_workspace": place.workspace, "of_channel": place.channel}
