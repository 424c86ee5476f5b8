"""People, and what they decided about their words."""

from typing import Literal

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from .ids import Person
from .tables import PersonRow
from .upserts import Upsert

_MEET = Upsert(lambda insert: insert(PersonRow).on_conflict_do_nothing())

_ONE = (PersonRow.workspace == bindparam("of_workspace"), PersonRow.id == bindparam("of_id"))
_NEVER_KEEP = select(PersonRow.never_keep).where(*_ONE)
_HEARD = {
    "keep": (PersonRow.told_keep_at, update(PersonRow).where(*_ONE).values(told_keep_at=bindparam("now"))),
    "kept": (PersonRow.told_kept_at, update(PersonRow).where(*_ONE).values(told_kept_at=bindparam("now"))),
}

Lesson = Literal["keep", "kept"]
"""What one hears once: what a *keep* does, after one's first; that words of one's own were *kept*, the first time."""

LOST_FOR = 7 * 86400.0
"""Seconds until somebody who could not be written to is tried again: they may be back."""


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


def heard(session: Session, person: Person, lesson: Lesson) -> bool:
    """Whether they have heard it."""
    column, _ = _HEARD[lesson]
    return session.scalar(select(column).where(*_ONE), _key(person)) is not None


def is_to_hear(session: Session, person: Person, lesson: Lesson, *, at: float) -> bool:
    """Whether they have not heard it yet, and can be written to, as far as is known."""
    column, _ = _HEARD[lesson]
    row = session.execute(select(column.label("told_at"), PersonRow.lost_at).where(*_ONE), _key(person)).one_or_none()
    return row is None or (row.told_at is None and (row.lost_at is None or at - row.lost_at > LOST_FOR))


def lose(session: Session, person: Person, *, at: float) -> None:
    """Slack says that they can't be written to: they are deactivated, gone, or no people."""
    meet(session, person)
    session.execute(update(PersonRow).where(*_ONE).values(lost_at=at), _key(person))


def hears(session: Session, person: Person, lesson: Lesson, *, at: float) -> None:
    """They hear it now: it stands in Slack."""
    meet(session, person)
    session.execute(_HEARD[lesson][1], {**_key(person), "now": at})


def _key(person: Person) -> dict[str, str]:
    return {"of_workspace": person.workspace, "of_id": person.id}
