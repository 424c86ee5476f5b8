"""Leads: the people who may change a pocket."""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from storage import people
from storage.db.upserts import Upsert
from storage.ids import Person, PersonId, Place
from storage.refusals import LeadsElsewhere, NoLead, NotALead, NotLookedUp
from storage.tables import Lead

from . import channels

_LEAD = Upsert(lambda insert: insert(Lead).on_conflict_do_nothing())


def of(session: Session, place: Place) -> tuple[PersonId, ...]:
    """A pocket's leads, the first one first."""
    found = (
        select(Lead.person)
        .where(Lead.workspace == place.workspace, Lead.channel == place.channel)
        .order_by(Lead.since, Lead.person)
    )
    return tuple(PersonId(person) for person in session.scalars(found))


def may(session: Session, place: Place, person: Person) -> bool:
    """Whether they may change the pocket: its leads, and who stands in for them (docs/decisions/0020).

    Nobody who has left it, as far as was heard: what it is about is none of their business then.
    """
    is_lead = person.stands_in or person.id in of(session, place)
    return is_lead and _is_there(session, place, person.id)


def there(session: Session, place: Place) -> tuple[PersonId, ...]:
    """Those of its leads who are in its channel still, as far as was heard. Somebody who was deactivated may be among them."""
    return tuple(lead for lead in of(session, place) if _is_there(session, place, lead))


def to_stand_in_for(session: Session, place: Place, person: Person) -> tuple[PersonId, ...] | None:
    """The leads who seem to be there still, for who may stand in for them; None: they lead it themselves, or are not there."""
    leads = there(session, place)
    return None if person.id in leads or not _is_there(session, place, person.id) else leads


def require(session: Session, place: Place, person: Person) -> None:
    """Raise `NotALead` for whoever may not change the pocket; `NotLookedUp` where Slack is to be asked first if they read it."""
    if person.checked is not None and place.channel not in person.checked:
        raise NotLookedUp(place, person)
    if not may(session, place, person):
        raise NotALead(place, person, of(session, place))


def instead_of(session: Session, place: Place, person: PersonId, *, at: float) -> PersonId:
    """Who is asked and told as a pocket's lead in the place of one who may lead it no more, or can't be written to.

    The first lead who is there and, as far as Slack said by `at`, can be: they themselves, while that is so; and where it is so
    of nobody else.
    """
    leads = of(session, place)
    order = [person, *leads] if person in leads else leads
    there = [lead for lead in order if _is_there(session, place, lead)]
    reached = (lead for lead in there if not people.is_lost(session, Person(place.workspace, lead), at=at))
    return next(reached, there[0] if there else person)


def add(session: Session, place: Place, person: Person, *, at: float) -> None:
    """Somebody leads it from now on."""
    people.meet(session, person)
    _LEAD.run(session, workspace=place.workspace, channel=place.channel, person=person.id, since=at)


def set_all(session: Session, place: Place, wanted: tuple[PersonId, ...], *, at: float) -> None:
    """These lead it from now on, and nobody else. Raises `NoLead`, and `LeadsElsewhere` for new ones who are not there."""
    if not wanted:
        raise NoLead(field="leads")
    before = of(session, place)
    new = [lead for lead in wanted if lead not in before]
    if absent := [lead for lead in new if not _is_there(session, place, lead)]:
        raise LeadsElsewhere(people=", ".join(f"<@{lead}>" for lead in absent), field="leads")
    for lead in sorted(new):  # locks are taken in one order
        add(session, place, Person(place.workspace, lead), at=at)
    session.execute(
        delete(Lead).where(Lead.workspace == place.workspace, Lead.channel == place.channel, Lead.person.not_in(wanted))
    )


def _is_there(session: Session, place: Place, lead: PersonId) -> bool:
    return channels.membership(session, place, Person(place.workspace, lead)) is not False
