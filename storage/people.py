"""People, and what they decided about their words."""

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from .ids import Person
from .tables import PersonRow
from .upserts import Upsert

_MEET = Upsert(lambda insert: insert(PersonRow).on_conflict_do_nothing())

_ONE = (PersonRow.workspace == bindparam("of_workspace"), PersonRow.id == bindparam("of_id"))
_NEVER_KEEP = select(PersonRow.never_keep).where(*_ONE)
_TOLD = {
    "told_keep_at": update(PersonRow)
    .where(*_ONE, PersonRow.told_keep_at.is_(None))
    .values(told_keep_at=bindparam("now")),
    "told_kept_at": update(PersonRow)
    .where(*_ONE, PersonRow.told_kept_at.is_(None))
    .values(told_kept_at=bindparam("now")),
}


def meet(session: Session, person: Person) -> None:
    """Make sure that a person is remembered."""
    _MEET.run(session, workspace=person.workspace, id=person.id)


def never_keeps(session: Session, person: Person) -> bool:
    """Whether they said *never keep mine*."""
    return bool(session.scalar(_NEVER_KEEP, _key(person)))


def set_never_keep(session: Session, person: Person, *, never: bool) -> None:
    """Remember whether words of theirs may be kept from now on."""
    meet(session, person)
    session.execute(update(PersonRow).where(*_ONE).values(never_keep=never), _key(person))


def first_keep(session: Session, person: Person, *, at: float) -> bool:
    """Whether they have yet to hear what a keep does. True only once."""
    return _first(session, person, "told_keep_at", at)


def first_kept(session: Session, person: Person, *, at: float) -> bool:
    """Whether they have yet to hear that words of theirs were kept. True only once."""
    return _first(session, person, "told_kept_at", at)


def _first(session: Session, person: Person, what: str, at: float) -> bool:
    meet(session, person)
    return session.connection().execute(_TOLD[what], {**_key(person), "now": at}).rowcount == 1


def _key(person: Person) -> dict[str, str]:
    return {"of_workspace": person.workspace, "of_id": person.id}
