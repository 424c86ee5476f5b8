"""Notices: private words that somebody is owed and did not ask for. What waits for a person goes out in one message.

How often that may be is the quiet rule's to say (`quiet`). A message that is about to be sent *holds* its notices before it is:
if it is not known whether it arrived, and it is found later, exactly those are said.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, case, delete, null, or_, select, tuple_, update
from sqlalchemy.orm import Session

from storage import people
from storage.db.upserts import Upsert
from storage.home import showing
from storage.ids import Person, PersonId, WorkspaceId
from storage.tables import NoticeRow, Owed, Unasked

from . import outbox, quiet
from .outbox import Errand
from .quiet import TooSoon

ERRAND = "tell privately"
"""The kind of errand that says what waits for a person."""

AT_ONCE = 500
"""People whose turn has come that are brought in one go: the writer is everybody's."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """What somebody is owed, to be said from `due` on. `body` holds ids; of one `kind` and `about` there is one.

    `owed_at` and `due` in seconds since 1970, UTC.
    """

    person: Person
    kind: str
    about: str
    body: dict[str, Any]
    owed_at: float
    due: float


def _tell(insert):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 -- the dialect's own builder
    new = insert(NoticeRow)
    held = NoticeRow.errand.is_not(None)
    # Where it changes nothing it still locks the one that waits: nobody may say what stood before this is committed.
    return new.on_conflict_do_update(
        index_elements=["workspace", "person", "kind", "about"],
        set_={
            "again": case((held, new.excluded.body), else_=NoticeRow.again),
            "due": case((or_(held, new.excluded.due < NoticeRow.due), new.excluded.due), else_=NoticeRow.due),
        },
    )


_TELL = Upsert(_tell)


def tell(
    session: Session,
    person: Person,
    kind: str,
    body: dict[str, Any],
    *,
    at: float,
    about: str = "",
    not_before: float | None = None,
) -> None:
    """Owe somebody a private word that they did not ask for, to be said from `not_before` on, when the quiet rule allows it.

    While one of this `kind` and `about` the same thing still waits, no second is owed. Somebody who could not be written to
    of late is owed nothing.
    """
    if people.is_lost(session, person, at=at):
        return
    people.meet(session, person)
    due = at if not_before is None else max(at, not_before)
    row = {"workspace": person.workspace, "person": person.id, "kind": kind, "about": about, "body": body}
    _TELL.run(session, **row, owed_at=at, due=due)
    if due <= at and quiet.may_hear(session, person, at=at):
        _owe(session, person, at=at)


def rewrite(
    session: Session, person: Person, kind: str, about: str, change: Callable[[dict[str, Any]], dict[str, Any] | None]
) -> None:
    """Let what waits for a person say something else. `change`: of its body; None: nothing more. What a message holds stays."""
    mine = (NoticeRow.workspace == person.workspace, NoticeRow.person == person.id)
    one = (*mine, NoticeRow.kind == kind, NoticeRow.about == about)
    row = session.execute(
        select(NoticeRow.body, NoticeRow.again, NoticeRow.errand).where(*one).with_for_update()
    ).first()
    known = row and (row.body if row.errand is None else row.again)  # what was owed anew waits behind what is held
    body = known and change(known)
    if known is None or row is None or body == known:
        return
    if row.errand is not None:
        session.execute(update(NoticeRow).where(*one).values(again=null() if body is None else body))
    elif body is None:
        session.execute(delete(NoticeRow).where(*one))
    else:
        session.execute(update(NoticeRow).where(*one).values(body=body))


def bring(session: Session, *, at: float) -> None:
    """Owe their message to those for whom something waits and whose turn has come: of all workspaces."""
    mine = (Unasked.workspace == NoticeRow.workspace, Unasked.lane == NoticeRow.person)
    told = select(Unasked.lane).where(*mine, quiet.recent_words(at=at)).exists()
    owed = (Owed.workspace == NoticeRow.workspace, Owed.kind == ERRAND, Owed.lane == NoticeRow.person)
    under_way = select(Owed.id).where(*owed, Owed.state == "waiting").exists()
    found = (
        select(NoticeRow.workspace, NoticeRow.person)
        .where(NoticeRow.due <= at, NoticeRow.errand.is_(None), ~told, ~under_way)
        .distinct()
        .order_by(NoticeRow.workspace, NoticeRow.person)
        .limit(AT_ONCE)
    )
    for row in session.execute(found):
        _owe(session, Person(WorkspaceId(row.workspace), PersonId(row.person)), at=at)


def waiting(session: Session, person: Person) -> list[Waiting]:
    """All that waits for a person, oldest first: what was held back to keep the quiet."""
    return _found(session, NoticeRow.workspace == person.workspace, NoticeRow.person == person.id)


def hold(session: Session, errand: Errand, *, at: float) -> list[Waiting]:
    """An errand takes all that its person may hear now, oldest first, besides what it holds already.

    Nothing, where it is too soon: what waits is brought in its time (`bring`). Nothing, where its lease is another's by now.
    """
    if not outbox.holds(session, errand):
        return []
    person = Person(errand.workspace, PersonId(errand.lane))
    try:
        quiet.take_word(session, person, errand.id, at=at)
    except TooSoon:
        narrow(session, errand, to=[], gone=[], at=at)
        return []
    session.execute(update(NoticeRow).where(*_ready(person, at=at)).values(errand=errand.id))
    found = held(session, errand)
    if not found:
        quiet.give_back(session, errand.workspace, errand.id)
    return found


def held(session: Session, errand: Errand) -> list[Waiting]:
    """What an errand's message holds, oldest first."""
    return _found(session, *_held(errand))


def narrow(session: Session, errand: Errand, *, to: Collection[Waiting], gone: Collection[Waiting], at: float) -> bool:
    """What an errand's message will hold: `to`, with these bodies.

    Of `gone` there is nothing to say any more; what is left over waits on. Where nothing is said, what came meanwhile, by `at`,
    is owed at once.

    False where its lease has been lost to another.
    """
    if not outbox.holds(session, errand):
        return False
    if gone:
        _settle(session, *_held(errand), _among(gone))
    for one in to:  # what it says in the end, by ids
        named = (NoticeRow.kind == one.kind, NoticeRow.about == one.about)
        session.execute(update(NoticeRow).where(*_held(errand), *named).values(body=one.body))
    person = Person(errand.workspace, PersonId(errand.lane))
    has_come = not to and session.execute(select(NoticeRow.kind).where(*_ready(person, at=at)).limit(1)).first()
    session.execute(
        update(NoticeRow)
        .where(*_held(errand), ~_among(to))
        .values(
            errand=None, body=case((NoticeRow.again.is_not(None), NoticeRow.again), else_=NoticeRow.body), again=None
        )
    )
    if not to:
        quiet.give_back(session, errand.workspace, errand.id)
    if has_come and quiet.may_hear(session, person, at=at):
        _owe(session, person, at=at)
    return True


def said(session: Session, errand: Errand, *, at: float) -> None:
    """Its message stands in Slack, and all that it holds is said. What was owed anew meanwhile waits for the next."""
    _settle(session, *_held(errand))
    showing.touch(session, Person(errand.workspace, PersonId(errand.lane)), at=at)
    quiet.posted(session, errand.workspace, errand.id, at=at)


def forget(session: Session, errand: Errand) -> None:
    """Its person can't be written to: nothing waits for them, and nothing was said."""
    session.execute(delete(NoticeRow).where(NoticeRow.workspace == errand.workspace, NoticeRow.person == errand.lane))
    quiet.give_back(session, errand.workspace, errand.id)


def dropped(session: Session, errands: Select[str, str]) -> None:
    """These will never say what they hold; what was owed anew meanwhile waits."""
    _settle(session, tuple_(NoticeRow.workspace, NoticeRow.errand).in_(errands))


def _owe(session: Session, person: Person, *, at: float) -> None:
    """Owe the errand that says what waits, unless one waits that nobody has begun: that will do.

    It has no slot: what it holds must not be said twice, so one whose end is unknown stays so, whatever comes after it.
    """
    theirs = (Owed.workspace == person.workspace, Owed.kind == ERRAND, Owed.lane == person.id)
    waiting = select(Owed.id).where(*theirs, Owed.state == "waiting", Owed.lease.is_(None))
    if session.scalar(waiting.limit(1).with_for_update()) is None:  # locked: see `outbox`
        outbox.owe(session, person.workspace, ERRAND, lane=person.id, body={"person": person.id}, at=at)


def _settle(session: Session, *which: ColumnElement[bool]) -> None:
    """These are said, or needless; those that were owed anew while a message held them wait again."""
    session.execute(delete(NoticeRow).where(*which, NoticeRow.again.is_(None)))
    session.execute(update(NoticeRow).where(*which).values(errand=None, body=NoticeRow.again, again=None))


def _found(session: Session, *which: ColumnElement[bool]) -> list[Waiting]:
    order = (NoticeRow.owed_at, NoticeRow.kind, NoticeRow.about)
    return [_waiting(row) for row in session.execute(select(NoticeRow.__table__).where(*which).order_by(*order))]


def _ready(person: Person, *, at: float) -> tuple[ColumnElement[bool], ...]:
    theirs = (NoticeRow.workspace == person.workspace, NoticeRow.person == person.id)
    return *theirs, NoticeRow.errand.is_(None), NoticeRow.due <= at


def _held(errand: Errand) -> tuple[ColumnElement[bool], ...]:
    return NoticeRow.workspace == errand.workspace, NoticeRow.errand == errand.id


def _among(these: Collection[Waiting]) -> ColumnElement[bool]:
    return tuple_(NoticeRow.kind, NoticeRow.about).in_([(one.kind, one.about) for one in these])


def _waiting(row: Row[Any]) -> Waiting:
    person = Person(WorkspaceId(row.workspace), PersonId(row.person))
    return Waiting(person, row.kind, row.about, row.body, row.owed_at, row.due)
