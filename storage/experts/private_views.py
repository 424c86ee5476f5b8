"""Private views: a question that people are asked, for who asked it, and for somebody who is asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, select
from sqlalchemy.orm import Session

from storage.ids import AskedId, ChannelId, LearningId, Person, PersonId, Place, Ts, WorkspaceId
from storage.places import channels, pocket_settings, pockets
from storage.refusals import Gone, NotYours
from storage.tables import AskedPerson, AskedQuestion

from . import wishes
from .refusals import NotAskedAnyMore


@dataclass(frozen=True, slots=True)
class QuestionView:
    """A question as it stands, for who asked. `asked`: those who are asked now, and are found still; `answered_by`: who did.

    `question` and `learning`: what it, and its answer, became in the pocket. Times in seconds since 1970, UTC.
    """

    id: AskedId
    place: Place
    asker: Person
    words: str
    without_name: bool
    to_pocket: bool
    state: str
    due_at: float
    asked: tuple[PersonId, ...]
    answered_by: PersonId | None
    answer: str
    may_share: str
    question: LearningId | None
    learning: LearningId | None
    helped: bool


@dataclass(frozen=True, slots=True)
class AskedView:
    """A question, for somebody who is or was asked: `state` is theirs, `ended` the question's. `asker`: None without a name.

    `ts`: where it stands in their direct message. `may_hear`: it is to be said to them, as far as they wish and the pocket is
    at work. `may_share`: they are in it, so that an answer of theirs could become a learning there; `names_optional`: also
    without their name. `helped`: who asked says so.
    """

    id: AskedId
    place: Place
    asker: PersonId | None
    words: str
    due_at: float
    ended: str
    state: str
    ts: Ts | None
    may_hear: bool
    may_share: bool
    names_optional: bool
    helped: bool

    @property
    def waits(self) -> bool:
        """Whether an answer of theirs is waited for."""
        return self.ended == "open" and self.state == "asked"


def find(session: Session, workspace: WorkspaceId, id: AskedId, *, lock: bool = False) -> QuestionView | None:
    """A question, whatever became of it. `lock`: nobody else changes it before this transaction ends."""
    statement = select(AskedQuestion.__table__).where(*of(workspace, id))
    row = session.execute(statement.with_for_update() if lock else statement).one_or_none()
    return _view(session, row) if row else None


def own(session: Session, id: AskedId, *, by: Person, lock: bool = False) -> QuestionView:
    """A question of their own. Raises `Gone`, `NotYours`. `lock` as in `find`."""
    found = find(session, by.workspace, id, lock=lock)
    if found is None:
        raise Gone
    if found.asker != by:
        raise NotYours
    return found


def asked_of(session: Session, id: AskedId, person: Person) -> AskedView | None:
    """A question, for somebody who is asked or was; None: it is gone, or they never were."""
    question = find(session, person.workspace, id)
    mine = session.execute(select(AskedPerson.__table__).where(*of_person(person, id))).one_or_none()
    if question is None or mine is None or mine.state == "next":
        return None
    is_live = pockets.is_live(session, question.place)
    return AskedView(
        id=id,
        place=question.place,
        asker=None if question.without_name else question.asker.id,
        words=question.words,
        due_at=question.due_at,
        ended=question.state,
        state=mine.state,
        ts=Ts(mine.ts) if mine.ts else None,
        may_hear=is_live and not wishes.of(session, person).hidden,
        may_share=is_live and channels.membership(session, question.place, person) is True,
        names_optional=pocket_settings.of(session, question.place).names_optional,
        helped=question.helped,
    )


def waiting_for(session: Session, id: AskedId, *, by: Person) -> AskedView:
    """The same, to be answered. Raises `NotAskedAnyMore`."""
    found = asked_of(session, id, by)
    if found is None or not found.waits:
        raise NotAskedAnyMore
    return found


def of(workspace: WorkspaceId, id: AskedId) -> tuple[ColumnElement[bool], ...]:
    """The condition of a question."""
    return AskedQuestion.workspace == workspace, AskedQuestion.id == id


def of_person(person: Person, id: AskedId) -> tuple[ColumnElement[bool], ...]:
    """The condition of somebody who is asked one."""
    here = AskedPerson.workspace == person.workspace
    return here, AskedPerson.question == id, AskedPerson.person == person.id


def _view(session: Session, row: Row[Any]) -> QuestionView:
    """A row of the table, frozen, with who is asked."""
    these = (AskedPerson.workspace == row.workspace, AskedPerson.question == row.id)
    hides = wishes.hidden(row.workspace, AskedPerson.person).label("hides")
    who = session.execute(
        select(AskedPerson.person, AskedPerson.state, hides).where(*these).order_by(AskedPerson.turn)
    ).all()
    answered = [PersonId(one.person) for one in who if one.state == "answered"]
    return QuestionView(
        id=AskedId(row.id),
        place=Place(WorkspaceId(row.workspace), ChannelId(row.channel)),
        asker=Person(WorkspaceId(row.workspace), PersonId(row.asker)),
        words=row.words,
        without_name=row.without_name,
        to_pocket=row.to_pocket,
        state=row.state,
        due_at=row.due_at,
        asked=tuple(PersonId(one.person) for one in who if one.state == "asked" and not one.hides),
        answered_by=answered[0] if answered else None,
        answer=row.answer,
        may_share=row.may_share,
        question=LearningId(row.question) if row.question else None,
        learning=LearningId(row.learning) if row.learning else None,
        helped=row.helped,
    )
