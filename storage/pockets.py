"""Pockets: channels that opted in, and the leads who may change them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from . import channels, outbox, people
from .channels import ChannelFacts
from .ids import ChannelId, Person, PersonId, Place
from .refusals import AlreadyAPocket, NotALead, NotAMember, NotAPocket, NotInvited
from .tables import Channel, Lead, Membership, Pocket
from .upserts import Upsert

KEEP_EMOJI = "bulb"
"""The reaction that keeps a message."""


@dataclass(frozen=True, slots=True)
class PocketName:
    """A pocket, and what its channel is called."""

    channel: ChannelId
    name: str


def _start(insert):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 -- the dialect's own builder
    statement = insert(Pocket)
    news = {
        "started_by": statement.excluded.started_by,
        "started_at": statement.excluded.started_at,
        "stopped_at": None,
    }
    return statement.on_conflict_do_update(
        index_elements=["workspace", "channel"], set_=news, where=Pocket.stopped_at.is_not(None)
    )


_START = Upsert(_start)
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
    """Raise `NotAPocket` where the channel is none now."""
    if not is_live(session, place):
        raise NotAPocket(field="pocket")


def require_share(session: Session, place: Place, person: Person) -> None:
    """Raise `NotAPocket`, `NotAMember` where `person` is not in it, `NotInvited` where Outloud itself is not any more."""
    require(session, place)
    if not channels.has_bot(session, place):
        raise NotInvited(field="pocket")
    if channels.membership(session, place, person) is not True:
        raise NotAMember(field="pocket")


def enter(session: Session, place: Place, person: Person, *, name: str, at: float) -> PocketName:
    """Somebody is about to share here, in a channel of this name. Raises as `require_share`."""
    require(session, place)
    channels.seen(session, place, person, at=at)
    channels.rename(session, place, name)
    require_share(session, place, person)
    return PocketName(place.channel, name)


def start(session: Session, place: Place, facts: ChannelFacts, *, by: Person, at: float) -> None:
    """Make a channel a pocket, with `by` as its lead; the first time, the channel hears of it. Raises `AlreadyAPocket`."""
    if is_live(session, place):
        raise AlreadyAPocket
    is_new = not was_one(session, place)
    channels.know(session, place, facts)
    people.meet(session, by)
    if not _START.run(session, workspace=place.workspace, channel=place.channel, started_by=by.id, started_at=at):
        raise AlreadyAPocket
    _LEAD.run(session, workspace=place.workspace, channel=place.channel, person=by.id, since=at)
    lane, body = place.channel, {"channel": place.channel}
    outbox.owe(session, place.workspace, "list members", lane=lane, body=body, at=at)
    if is_new:
        outbox.owe(session, place.workspace, "announce pocket", lane=lane, body={**body, "person": by.id}, at=at)


def stop(session: Session, place: Place, *, by: Person, at: float) -> None:
    """End a pocket. What was learned stays. Raises `NotAPocket`, and `NotALead` for anybody else than a lead."""
    require(session, place)
    leads = leads_of(session, place)
    if by.id not in leads:
        raise NotALead(leads=", ".join(f"<@{lead}>" for lead in leads))
    session.execute(
        update(Pocket).where(Pocket.workspace == place.workspace, Pocket.channel == place.channel).values(stopped_at=at)
    )


def leads_of(session: Session, place: Place) -> tuple[PersonId, ...]:
    """A pocket's leads, the first one first."""
    found = (
        select(Lead.person)
        .where(Lead.workspace == place.workspace, Lead.channel == place.channel)
        .order_by(Lead.since, Lead.person)
    )
    return tuple(PersonId(person) for person in session.scalars(found))


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
