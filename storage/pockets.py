"""Pockets: channels that opted in, and the leads who may change them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from . import channels, outbox, people
from .channels import ChannelFacts
from .ids import ChannelId, Person, PersonId, Place, Ts, WorkspaceId
from .refusals import AlreadyAPocket, ArchivedChannel, NoLongerAPocket, NotALead, NotAMember, NotAPocket, NotInvited
from .tables import Channel, Lead, Membership, Pocket
from .upserts import Upsert

KEEP_EMOJI = "bulb"
"""The reaction that keeps a message."""


@dataclass(frozen=True, slots=True)
class PocketName:
    """A pocket, and what its channel is called."""

    channel: ChannelId
    name: str


@dataclass(frozen=True, slots=True)
class Pocketed:
    """A channel that is a pocket or was one; `started_ts` is Slack's time when it began to be one, if any was heard by then."""

    place: Place
    started_ts: Ts | None
    is_live: bool


def _start(insert):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 -- the dialect's own builder
    statement = insert(Pocket)
    news = {
        "started_by": statement.excluded.started_by,
        "started_at": statement.excluded.started_at,
        "started_ts": statement.excluded.started_ts,
        "stopped_at": None,
    }
    return statement.on_conflict_do_update(
        index_elements=["workspace", "channel"], set_=news, where=Pocket.stopped_at.is_not(None)
    )


_START = Upsert(_start)
_POCKETED = select(Pocket.channel, Pocket.started_ts, Pocket.stopped_at)
_LEAD = Upsert(lambda insert: insert(Lead).on_conflict_do_nothing())
_LIVE = select(Pocket.channel).where(
    Pocket.workspace == bindparam("of_workspace"),
    Pocket.channel == bindparam("of_channel"),
    Pocket.stopped_at.is_(None),
)


def is_live(session: Session, place: Place) -> bool:
    """Whether this channel is a pocket now."""
    return session.scalar(_LIVE, {"of_workspace": place.workspace, "of_channel": place.channel}) is not None


def was_one(session: Session, place: Place) -> bool:
    """Whether it is a pocket, or was one."""
    found = select(Pocket.channel).where(Pocket.workspace == place.workspace, Pocket.channel == place.channel)
    return session.scalar(found) is not None


def require(session: Session, place: Place) -> None:
    """Raise `NotAPocket` where the channel is none now: `NoLongerAPocket` where it was one."""
    if not is_live(session, place):
        raise (NoLongerAPocket if was_one(session, place) else NotAPocket)(field="pocket")


def require_share(session: Session, place: Place, person: Person) -> None:
    """Raise `NotAPocket`, `ArchivedChannel`, `NotAMember` where `person` is not in it, `NotInvited` where Outloud isn't."""
    require(session, place)
    if channels.is_archived(session, place):
        raise ArchivedChannel(field="pocket")
    if not channels.has_bot(session, place):
        raise NotInvited(field="pocket")
    if channels.membership(session, place, person) is not True:
        raise NotAMember(field="pocket")


def enter(session: Session, place: Place, person: Person, *, name: str, at: float) -> PocketName:
    """Somebody is about to share here, in a channel of this name (empty: Slack did not say). Raises as `require_share`."""
    require(session, place)
    channels.seen(session, place, person, at=at)
    if name:
        channels.rename(session, place, name)
    require_share(session, place, person)
    return PocketName(place.channel, name or channels.name_of(session, place))


def start(session: Session, place: Place, facts: ChannelFacts, *, by: Person, at: float) -> None:
    """Make a channel a pocket, with `by` as its lead; the first time, the channel hears of it. Raises `AlreadyAPocket`."""
    if is_live(session, place):
        raise AlreadyAPocket
    is_new = not was_one(session, place)
    channels.know(session, place, facts, at=at)
    people.meet(session, by)
    row = {"workspace": place.workspace, "channel": place.channel, "started_by": by.id, "started_at": at}
    if not _START.run(session, **row, started_ts=facts.known):
        raise AlreadyAPocket
    _LEAD.run(session, workspace=place.workspace, channel=place.channel, person=by.id, since=at)
    lane, body = place.channel, {"channel": place.channel}
    channels.owe_members(session, place, at=at)
    if is_new:
        outbox.owe(session, place.workspace, "announce pocket", lane=lane, body={**body, "person": by.id}, at=at)


def stop(session: Session, place: Place, *, by: Person, at: float) -> None:
    """End a pocket. What was learned stays. Where no lead is in it any more, whoever is there may.

    Raises `NotAPocket`, and `NotALead` for anybody else than a lead.
    """
    require(session, place)
    leads = leads_of(session, place)
    if by.id not in leads and any(_is_there(session, place, lead) for lead in leads):
        raise NotALead(leads=", ".join(f"<@{lead}>" for lead in leads))
    session.execute(
        update(Pocket).where(Pocket.workspace == place.workspace, Pocket.channel == place.channel).values(stopped_at=at)
    )


def gone(session: Session, place: Place, *, at: float) -> None:
    """Its channel was deleted: it is none any more. What was learned there stays, for whoever wrote it."""
    channels.deleted(session, place)
    here = (Pocket.workspace == place.workspace, Pocket.channel == place.channel, Pocket.stopped_at.is_(None))
    session.execute(update(Pocket).where(*here).values(stopped_at=at))


def joined(session: Session, place: Place, *, event_ts: Ts, at: float) -> bool:
    """Outloud itself was invited: who came and went before, it could not hear. False: that is known, or no pocket's."""
    is_news = channels.set_bot(session, place, there=True, event_ts=event_ts) and is_live(session, place)
    if is_news:
        channels.owe_members(session, place, at=at)
    return is_news


def returned(session: Session, place: Place, *, known: Ts | None, at: float) -> None:
    """Slack says that Outloud is in it again, after all that was heard until `known`: the news of that was lost."""
    channels.was_invited(session, place, known=known)
    channels.owe_members(session, place, at=at)


def leads_of(session: Session, place: Place) -> tuple[PersonId, ...]:
    """A pocket's leads, the first one first."""
    found = (
        select(Lead.person)
        .where(Lead.workspace == place.workspace, Lead.channel == place.channel)
        .order_by(Lead.since, Lead.person)
    )
    return tuple(PersonId(person) for person in session.scalars(found))


def find(session: Session, place: Place) -> Pocketed | None:
    """A channel that is a pocket, or was one."""
    row = session.execute(_POCKETED.where(Pocket.workspace == place.workspace, Pocket.channel == place.channel)).first()
    return _pocketed(place.workspace, *row) if row else None


def all_with_bot(session: Session, workspace: WorkspaceId, *, after: str, limit: int) -> list[Pocketed]:
    """Pockets that Outloud is in, stopped ones too, in the order of their ids, from behind `after` on."""
    channel = (Channel.workspace == Pocket.workspace) & (Channel.id == Pocket.channel)
    found = (
        _POCKETED.join(Channel, channel)
        .where(Pocket.workspace == workspace, Channel.has_bot, Pocket.channel > after)
        .order_by(Pocket.channel)
        .limit(limit)
    )
    return [_pocketed(workspace, *row) for row in session.execute(found)]


def of_person(session: Session, person: Person, *, containing: str = "", limit: int = 100) -> list[PocketName]:
    """The pockets that a person is in, by name; only those whose name contains `containing`."""
    found = (
        select(Pocket.channel, Channel.name)
        .join(Channel, (Channel.workspace == Pocket.workspace) & (Channel.id == Pocket.channel))
        .join(Membership, (Membership.workspace == Pocket.workspace) & (Membership.channel == Pocket.channel))
        .where(
            Pocket.workspace == person.workspace,
            Pocket.stopped_at.is_(None),
            Membership.person == person.id,
            Membership.standing,
            Channel.name.contains(containing.lower(), autoescape=True),
        )
        .order_by(Channel.name, Pocket.channel)
        .limit(limit)
    )
    return [PocketName(ChannelId(row.channel), row.name) for row in session.execute(found)]


def _is_there(session: Session, place: Place, lead: PersonId) -> bool:
    return channels.membership(session, place, Person(place.workspace, lead)) is not False


def _pocketed(workspace: WorkspaceId, channel: str, started_ts: str | None, stopped_at: float | None) -> Pocketed:
    started = Ts(started_ts) if started_ts else None
    return Pocketed(Place(workspace, ChannelId(channel)), started, is_live=stopped_at is None)
