"""Who may see what: the one rule, in SQL, for every surface that shows learnings.

A person sees a learning only where Slack, at this moment, would let them read the channel that it came from. Who somebody is,
which channels they are in and of what kind a channel is are asked of Slack (handlers/slack/viewing.py); what could not be
asked is not known, and what is not known is not shown.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, false, func, not_, or_, select
from sqlalchemy.orm import Session

from .db.among import among
from .ids import ChannelId, LearningId, Person, Place, WorkspaceId
from .refusals import Gone, NotAPocket, NotChecked
from .tables import Channel, Learning, Pocket

Kind = Literal["member", "guest", "external", "unknown"]
"""A full member of the workspace, a guest in it, somebody of another organisation; or nobody could say."""

FRESH = 60.0
"""Seconds for which an answer of Slack's about a person or a channel holds."""

KINDS_AT_ONCE = 10
"""Of how many channels Slack is asked before an answer, at most: it may take a second, and fifty such calls a minute."""


GIVEN = "viewer_channels"
"""Stands for the channels of a viewer who is given when a statement is executed."""

_HERE = (Channel.workspace == bindparam("workspace"), Channel.id == bindparam("channel"))


@dataclass(frozen=True, slots=True)
class Viewer:
    """Somebody who wants to see something, as Slack describes them now.

    `channels`: those that Slack says they are in, public and private, of which it tells Outloud; None: it did not say in time.
    `is_active`: false for somebody who was deactivated. `since` and `until`: what Slack said between these moments (seconds since
    1970, UTC) of a channel's kind holds; a time behind now is another clock's, or ours from before it was set back.
    """

    person: Person
    kind: Kind
    since: float
    until: float
    is_active: bool = True
    channels: frozenset[ChannelId] | None = None

    @property
    def is_nobody(self) -> bool:
        """Whether nothing at all is shown to them."""
        return not self.is_active or self.kind == "unknown"


@dataclass(frozen=True, slots=True)
class Reach:
    """Of the channels that learnings come from: those that a viewer reads, and how many others there are."""

    reads: tuple[ChannelId, ...]
    others: int


@dataclass(frozen=True, slots=True)
class Needs:
    """What has to be asked of Slack before it is clear what a viewer may see."""

    memberships: bool
    kinds: tuple[Place, ...]

    def __bool__(self) -> bool:
        return self.memberships or bool(self.kinds)


def visible(viewer: Viewer) -> ColumnElement[bool]:
    """The condition for a statement that selects from `Learning`. It binds the workspace, too."""
    here = and_(Learning.workspace == viewer.person.workspace, Learning.state == "live")
    if viewer.is_nobody:
        return and_(here, false())
    own = and_(Learning.author == viewer.person.id, _from(not_(_is_readable())))
    return and_(here, or_(_from(readable(viewer)), own))


def visible_of_others(viewer: Viewer) -> ColumnElement[bool]:
    """The same, of what others wrote, for a statement that looks at thousands: their pockets are found once, not for each."""
    here = and_(Learning.workspace == viewer.person.workspace, Learning.state == "live")
    pockets = exists().where(Pocket.workspace == Channel.workspace, Pocket.channel == Channel.id)
    reads = select(Channel.id).where(readable(viewer), pockets)
    return and_(here, Learning.author != viewer.person.id, Learning.channel.in_(reads))


def readable(viewer: Viewer) -> ColumnElement[bool]:
    """The condition for a statement that selects from `Channel`: Slack lets them read it. It binds the workspace, too."""
    here = Channel.workspace == viewer.person.workspace
    if viewer.is_nobody:
        return and_(here, false())
    is_in = inside(viewer)
    reads = or_(and_(_is_open(), _is_fresh(viewer)), is_in) if viewer.kind == "member" else is_in
    return and_(here, _is_readable(), or_(not_(_is_listed_without_bot()), _is_fresh(viewer)), reads)


def offered(viewer: Viewer) -> ColumnElement[bool]:
    """The same, for its name alone: Slack says that they are in it, and it is none that is left to authors."""
    here = Channel.workspace == viewer.person.workspace
    return and_(here, false()) if viewer.is_nobody else and_(here, _is_readable(), inside(viewer))


def inside(viewer: Viewer) -> ColumnElement[bool]:
    """The same: Slack says that they are in it."""
    if viewer.channels is None:
        return false()
    return among(Channel.id, GIVEN) if isinstance(viewer.channels, str) else Channel.id.in_(viewer.channels)


def sees(session: Session, viewer: Viewer, learning: LearningId) -> bool:
    """Whether they may see this one. What does not exist is answered alike."""
    return session.execute(_sees(shape(viewer)), values(viewer) | {"learning": learning}).first() is not None


@lru_cache  # these are asked before each form and word: to put them together would take longer than to run them
def _sees(shape: Shape) -> Select[str]:
    return select(Learning.id).where(Learning.id == bindparam("learning"), visible(prepared(shape)))


@lru_cache
def _might_see(shape: Shape) -> Select[str]:
    return select(Learning.id).where(Learning.id == bindparam("learning"), unchecked(prepared(shape)))


def require(session: Session, viewer: Viewer, learning: LearningId) -> None:
    """Raise `Gone` where they may not see this one, or there is none; `NotChecked` where Slack did not say in time."""
    if not sees(session, viewer, learning):
        is_open = (
            session.execute(_might_see(shape(viewer)), values(viewer) | {"learning": learning}).first() is not None
        )
        raise NotChecked if is_open or _is_unknown(viewer) else Gone


def require_place(session: Session, viewer: Viewer, place: Place) -> None:
    """Raise `NotAPocket` where they may not read this channel, or there is none; `NotChecked` as `require` does."""
    if not reads(session, viewer, place):
        is_open = session.execute(_might_read(shape(viewer)), values(viewer) | _at(place)).first() is not None
        raise NotChecked if is_open or _is_unknown(viewer) else NotAPocket


def reads(session: Session, viewer: Viewer, place: Place) -> bool:
    """Whether they may read this channel now, as far as is known."""
    return session.execute(_reads(shape(viewer)), values(viewer) | _at(place)).first() is not None


@lru_cache
def _reads(shape: Shape) -> Select[str]:
    return select(Channel.id).where(*_HERE, readable(prepared(shape)))


@lru_cache
def _might_read(shape: Shape) -> Select[str]:
    return select(Channel.id).where(*_HERE, _is_unchecked(prepared(shape)))


def _at(place: Place) -> dict[str, Any]:
    """What stands in `_HERE` for this channel."""
    return {"workspace": place.workspace, "channel": place.channel}


def unchecked(viewer: Viewer) -> ColumnElement[bool]:
    """What they might see, if Slack had said in time what it was asked: for an answer that says so, and no more."""
    here = and_(Learning.workspace == viewer.person.workspace, Learning.state == "live")
    if viewer.is_nobody:
        return and_(here, false())
    perhaps_gone = and_(_is_readable(), not_(_is_fresh(viewer)), not_(inside(viewer)))
    own = and_(Learning.author == viewer.person.id, _from(perhaps_gone))  # then it is theirs alone
    return and_(here, or_(_from(_is_unchecked(viewer)), own))


Shape = tuple[Kind, bool, bool]
"""All of a viewer by which conditions differ in more than values: their kind, and whether they are active, and where is known."""


def shape(viewer: Viewer) -> Shape:
    """What a statement may be prepared for, once."""
    return viewer.kind, viewer.is_active, viewer.channels is not None


@lru_cache
def prepared(shape: Shape) -> Viewer:
    """A viewer of this shape in whose place any may stand: a statement that is made for them is executed with `values`."""
    kind, is_active, is_somewhere = shape
    of: dict[str, Any] = {name: bindparam(f"viewer_{name}") for name in ("workspace", "id", "since", "until")}
    channels: Any = GIVEN if is_somewhere else None
    return Viewer(Person(of["workspace"], of["id"]), kind, of["since"], of["until"], is_active, channels)


def values(viewer: Viewer) -> dict[str, Any]:
    """What stands for a viewer in a statement that was made for one of their shape."""
    person, found = viewer.person, {"viewer_since": viewer.since, "viewer_until": viewer.until}
    channels = {} if viewer.channels is None else {GIVEN: sorted(viewer.channels)}
    return {"viewer_workspace": person.workspace, "viewer_id": person.id, **found, **channels}


def reach(session: Session, viewer: Viewer, *, hopeful: bool) -> Reach:
    """Where an index is to be looked through for them, before `visible` or `hoped` says what they may see of what is found.

    `hopeful`: also where Slack has not said yet whether they may. Where they don't read, what they wrote themselves may be theirs
    to see.
    """
    if viewer.is_nobody:
        return Reach((), 0)
    rows = session.connection().execute(_reach(shape(viewer), hopeful=hopeful), values(viewer)).all()
    return Reach(tuple(ChannelId(id) for id, _ in rows), rows[0].many - len(rows) if rows else 0)


def beyond(session: Session, viewer: Viewer, *, hopeful: bool) -> tuple[ChannelId, ...]:
    """The channels that learnings come from and that a viewer does not read, as `reach` has it."""
    found = _beyond(shape(viewer), hopeful=hopeful)
    return tuple(ChannelId(id) for id in session.connection().scalars(found, values(viewer)))


@lru_cache
def _reach(shape: Shape, *, hopeful: bool) -> Select[str, int]:
    viewer = prepared(shape)
    here = Pocket.workspace == viewer.person.workspace
    many = select(func.count()).select_from(Pocket).where(here).scalar_subquery()
    return select(Channel.id, many.label("many")).where(_is_pocket(viewer), _perhaps(viewer, hopeful=hopeful))


@lru_cache
def _beyond(shape: Shape, *, hopeful: bool) -> Select[str]:
    viewer = prepared(shape)
    return select(Channel.id).where(_is_pocket(viewer), not_(_perhaps(viewer, hopeful=hopeful)))


def _perhaps(viewer: Viewer, *, hopeful: bool) -> ColumnElement[bool]:
    return or_(readable(viewer), _is_unchecked(viewer)) if hopeful else readable(viewer)


def _is_pocket(viewer: Viewer) -> ColumnElement[bool]:
    pocket = exists().where(Pocket.workspace == Channel.workspace, Pocket.channel == Channel.id)
    return and_(Channel.workspace == viewer.person.workspace, pocket)


def hoped(viewer: Viewer) -> ColumnElement[bool]:
    """What they see, or might, once Slack has said what it is asked (`needs`): nothing of it is shown before `visible` holds."""
    return or_(visible(viewer), unchecked(viewer))


def in_channels(workspace: WorkspaceId, channels: Collection[ChannelId]) -> ColumnElement[bool]:
    """For `needs`: what came from these channels."""
    return and_(Channel.workspace == workspace, Channel.id.in_(channels))


def in_channel(place: Place) -> ColumnElement[bool]:
    """For `needs`: what came from this channel."""
    return and_(Channel.workspace == place.workspace, Channel.id == place.channel)


def shown_in(place: Place) -> ColumnElement[bool]:
    """For what is posted into a channel, and a statement that selects from `Learning`: every member may see what came from it."""
    return and_(Learning.workspace == place.workspace, Learning.channel == place.channel, Learning.state == "live")


def may_be_shown(session: Session, source: Place, place: Place) -> bool:
    """Whether what came from one channel may be for all members of another, as far as is remembered: it is checked later."""
    if source == place:
        return True
    here = select(Channel.id).where(
        Channel.workspace == source.workspace, Channel.id == source.channel, _is_readable(), _is_open()
    )
    there = select(Channel.id).where(
        Channel.workspace == place.workspace, Channel.id == place.channel, not_(Channel.is_shared)
    )
    return session.scalar(here) is not None and session.scalar(there) is not None


def of_learning(workspace: WorkspaceId, *ids: LearningId) -> ColumnElement[bool]:
    """For `needs`: this learning, or these."""
    return holding(Learning.workspace == workspace, Learning.id.in_(ids))


def by_author(person: Person) -> ColumnElement[bool]:
    """For `needs`: what somebody wrote."""
    return holding(Learning.workspace == person.workspace, Learning.author == person.id)


def holding(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """For `needs`: the learnings that meet these conditions."""
    return exists(select(Learning.id).where(_is_of_channel(), Learning.state == "live", *conditions))


def hangs_on_membership(session: Session, viewer: Viewer) -> bool:
    """Whether there is any pocket that they may read only if they are in it, whatever is in there.

    For what looks through all there is: where they are is asked before, so that no answer tells of what they may not read.
    """
    if viewer.is_nobody:
        return False
    return session.execute(_closed_pocket(shape(viewer)), values(viewer)).first() is not None


def needs(session: Session, viewer: Viewer, candidates: ColumnElement[bool]) -> Needs:
    """What is to be asked of Slack before `viewer` is shown anything of these channels; nothing, for whom nothing is shown.

    Memberships: anything to a guest or an external, and to a member what is not open to all. Kinds: of any that is in doubt; of
    channels that they are not in, those that were open to all when Slack last said so, or where they wrote something themselves;
    and of those that Slack lists whether Outloud is still in them or not.
    """
    if viewer.is_nobody:
        return Needs(memberships=False, kinds=())
    kind = shape(viewer)
    if viewer.channels is None and session.execute(_closed(kind).where(candidates), values(viewer)).first() is not None:
        return Needs(memberships=True, kinds=())
    stale = session.scalars(_stale(kind).where(candidates), values(viewer))
    return Needs(memberships=False, kinds=tuple(Place(viewer.person.workspace, ChannelId(id)) for id in stale))


@lru_cache
def _closed(shape: Shape) -> Select[str]:
    """Channels for which it matters whether they are in them."""
    viewer = prepared(shape)
    closed = [not_(_is_open())] if viewer.kind == "member" else []
    here = Channel.workspace == viewer.person.workspace
    return select(Channel.id).where(here, _is_readable(), *closed).limit(1)


@lru_cache
def _closed_pocket(shape: Shape) -> Select[str]:
    return _closed(shape).where(_is_pocket(prepared(shape)))


@lru_cache
def _stale(shape: Shape) -> Select[str]:
    """Channels of which Slack is to be asked of what kind they are."""
    viewer = prepared(shape)
    own = exists(select(Learning.id).where(_is_of_channel(), Learning.author == viewer.person.id))
    in_doubt = or_(not_(Channel.is_known), own)
    matters = or_(_is_open(), in_doubt) if viewer.kind == "member" else in_doubt
    return (
        select(Channel.id)
        .where(
            Channel.workspace == viewer.person.workspace,
            not_(Channel.is_deleted),
            not_(_is_fresh(viewer)),
            or_(and_(not_(inside(viewer)), matters), not_(Channel.is_known), _is_listed_without_bot()),
        )
        .order_by(Channel.described_at.desc().nulls_last(), Channel.id)
        .limit(KINDS_AT_ONCE)
    )


def _from(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether a learning comes from a channel that meets all of these."""
    return exists().where(_is_of_channel(), *conditions)


def _is_of_channel() -> ColumnElement[bool]:
    return and_(Channel.workspace == Learning.workspace, Channel.id == Learning.channel)


def _is_readable() -> ColumnElement[bool]:
    """Whether anybody but the author may see what came from this channel: its kind is known, and Slack shows it still."""
    is_closed = or_(Channel.is_private, Channel.is_shared)
    return and_(Channel.is_known, not_(Channel.is_deleted), not_(and_(is_closed, not_(Channel.has_bot))))


def _is_open() -> ColumnElement[bool]:
    """Public, and of this workspace alone: a full member may read it without being in it."""
    return and_(not_(Channel.is_private), not_(Channel.is_shared))


def _is_listed_without_bot() -> ColumnElement[bool]:
    """Public, and read by another organisation: Slack says that somebody is in it, though Outloud may be out of it by now."""
    return and_(not_(Channel.is_private), Channel.is_shared)


def _is_fresh(viewer: Viewer) -> ColumnElement[bool]:
    """Whether Slack said lately of what kind it is."""
    return and_(
        Channel.described_at.is_not(None), Channel.described_at >= viewer.since, Channel.described_at <= viewer.until
    )


def _is_unchecked(viewer: Viewer) -> ColumnElement[bool]:
    if viewer.is_nobody:
        return false()
    stale = and_(_is_open(), not_(_is_fresh(viewer)), not_(inside(viewer)))
    in_doubt = and_(_is_listed_without_bot(), not_(_is_fresh(viewer)), inside(viewer))
    if viewer.kind != "member":
        return and_(_is_readable(), in_doubt) if viewer.channels is not None else _is_readable()
    return and_(_is_readable(), or_(not_(_is_open()), stale) if viewer.channels is None else or_(stale, in_doubt))


def _is_unknown(viewer: Viewer) -> bool:
    """Whether Slack may yet say who they are: whoever is deactivated is known to be."""
    return viewer.is_active and viewer.kind == "unknown"
