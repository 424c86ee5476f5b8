"""Wishes: what somebody decided about being found, and how often they are asked."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, delete, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from storage import people
from storage.db.among import among
from storage.db.upserts import Upsert
from storage.ids import Person, PersonId, WorkspaceId
from storage.tables import Approach, AskedPerson, ExpertWish

WEEK = 7 * 86400.0

NUMBERS = (1, 2, 3, 5, 10)
"""Questions a week that one may choose from; or as many as come."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """`a_week`: how many questions a week they want; None: as many as come. `stopped`: they are not asked to be listed."""

    hidden: bool = False
    a_week: int | None = None
    stopped: bool = False
    asked_at: float | None = None


_SAVE = Upsert(
    lambda insert: (new := insert(ExpertWish)).on_conflict_do_update(
        index_elements=["workspace", "person"],
        set_={"hidden": new.excluded.hidden, "a_week": new.excluded.a_week, "stopped": new.excluded.stopped},
    )
)
_ASKED = Upsert(
    lambda insert: (new := insert(ExpertWish)).on_conflict_do_update(
        index_elements=["workspace", "person"], set_={"asked_at": new.excluded.asked_at}
    )
)
_APPROACH = Upsert(
    lambda insert: (new := insert(Approach)).on_conflict_do_update(
        index_elements=["workspace", "person", "by"], set_={"at": new.excluded.at}
    )
)


def of(session: Session, person: Person) -> Wishes:
    """What they decided; of whoever decided nothing, what holds then."""
    row = session.execute(
        select(ExpertWish.hidden, ExpertWish.a_week, ExpertWish.stopped, ExpertWish.asked_at).where(*_of(person))
    ).one_or_none()
    return Wishes(*row) if row else Wishes()


def save(session: Session, person: Person, *, hidden: bool, a_week: int | None, stopped: bool) -> None:
    """From now on this holds."""
    people.meet(session, person)
    number = a_week if a_week in NUMBERS else None
    key = {"workspace": person.workspace, "person": person.id}
    _SAVE.run(session, **key, hidden=hidden, a_week=number, stopped=stopped)


def was_asked(session: Session, person: Person, *, at: float) -> None:
    """They were asked whether they want to be listed."""
    people.meet(session, person)
    _ASKED.run(session, workspace=person.workspace, person=person.id, asked_at=at)


def approach(session: Session, person: Person, *, by: Person, at: float) -> None:
    """`by` sets out to write to somebody: once a week that is one question, however often they press."""
    people.meet(session, person)
    _APPROACH.run(session, workspace=person.workspace, person=person.id, by=by.id, at=at)


def _full() -> Select[str]:
    here = (Approach.workspace == ExpertWish.workspace, Approach.person == ExpertWish.person)
    approached = select(func.count()).where(*here, Approach.at > bindparam("since")).scalar_subquery()
    theirs = (AskedPerson.workspace == ExpertWish.workspace, AskedPerson.person == ExpertWish.person)
    heard = or_(
        AskedPerson.state == "asked", AskedPerson.ts.is_not(None)
    )  # what was over before they were told is none
    asked = select(func.count()).where(*theirs, AskedPerson.asked_at > bindparam("since"), heard).scalar_subquery()
    mine = (ExpertWish.workspace == bindparam("of_workspace"), among(ExpertWish.person, "people"))
    return select(ExpertWish.person).where(*mine, approached + asked >= ExpertWish.a_week)


_FULL = _full()


def full(session: Session, workspace: WorkspaceId, people: Collection[PersonId], *, at: float) -> frozenset[PersonId]:
    """Those who have had as many questions this week as they want: what they were asked, and who set out to write to them."""
    values = {"of_workspace": workspace, "people": sorted(people), "since": at - WEEK}
    return frozenset(PersonId(person) for person in session.scalars(_FULL, values)) if people else frozenset()


def hidden(workspace: WorkspaceId, person: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
    """The condition for a statement about people: whoever this column names wants to be found by nobody."""
    return exists(
        select(ExpertWish.person).where(
            ExpertWish.workspace == workspace, ExpertWish.person == person, ExpertWish.hidden
        )
    )


def forget_old(session: Session, *, at: float) -> int:
    """Forget who set out to write to whom more than a week ago. Returns how many."""
    return session.connection().execute(delete(Approach).where(Approach.at < at - WEEK)).rowcount


def _of(person: Person) -> tuple[ColumnElement[bool], ...]:
    return ExpertWish.workspace == person.workspace, ExpertWish.person == person.id
