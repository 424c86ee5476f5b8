"""First answers: before a round opens, its lead is asked for one, which is posted as theirs right after the prompt."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Row, delete, func, select, update
from sqlalchemy.orm import Session

from storage.db.upserts import Upsert
from storage.ids import ChannelId, Person, PersonId, Place, Ts, WorkspaceId
from storage.learned import entries, learnings
from storage.learned.entries import NewLearning
from storage.owed import outbox
from storage.places import catching_up
from storage.refusals import NotYours, Refusal, RoundOpened
from storage.tables import FirstAnswer

from . import answers, collecting, rounds
from .rounds import Asking, RoundView

USELESS_AFTER = 2 * 86400.0
"""Seconds after which a round that has not opened will not open any more: longer than any schedule's grace."""

_FIRST = select(func.min(FirstAnswer.opens_at)).where(FirstAnswer.unasked.is_(False))


@dataclass(frozen=True, slots=True)
class FirstAnswerView:
    """What a lead was asked, and what they wrote so far. `opens_at` in seconds since 1970, UTC."""

    key: str
    place: Place
    lead: PersonId
    question: str
    opens_at: float
    words: str
    unasked: bool


_ASK = Upsert(lambda insert: insert(FirstAnswer).on_conflict_do_nothing())


def ask(session: Session, asking: Asking, *, opens_at: float, at: float) -> None:
    """Owe the lead the question whether theirs is ready, for a round that opens at `opens_at`. Once for each key."""
    place = asking.place
    row = {"workspace": place.workspace, "key": asking.key, "channel": place.channel, "lead": asking.lead}
    if _ASK.run(session, **row, question=asking.question, kind=asking.kind, opens_at=opens_at):
        body = {"key": asking.key, "person": asking.lead}
        outbox.owe(session, place.workspace, "ask first", lane=asking.lead, body=body, at=at)


def find(session: Session, workspace: WorkspaceId, key: str) -> FirstAnswerView | None:
    """What waits under a round's key."""
    row = session.execute(select(FirstAnswer.__table__).where(*_is(workspace, key))).one_or_none()
    return _view(row) if row else None


def write(session: Session, key: str, words: str, *, by: Person) -> None:
    """The lead writes it, or writes it anew. Raises `RoundOpened`, `NotYours`, `NothingToShare`, `TooLong`."""
    found, words = _require(session, key, by=by), entries.words_checked(words)
    session.execute(update(FirstAnswer).where(*_is(found.place.workspace, key)).values(words=words))


def asked_of(session: Session, key: str, *, by: Person) -> FirstAnswerView:
    """What a lead was asked, for the form. Raises `RoundOpened`, `NotYours`."""
    return _require(session, key, by=by)


def moved(session: Session, workspace: WorkspaceId, key: str, *, opens_at: float) -> None:
    """Its round opens at another hour of that day."""
    session.execute(update(FirstAnswer).where(*_is(workspace, key)).values(opens_at=opens_at))


def corrected(session: Session, workspace: WorkspaceId, key: str, *, question: str) -> None:
    """Its round asks the same in other words by now: the bank's prompt was corrected."""
    session.execute(update(FirstAnswer).where(*_is(workspace, key)).values(question=question))


def stands(session: Session, round: RoundView, ts: Ts, *, at: float) -> None:
    """The prompt of a round stands in Slack at `ts`: the lead's first answer is owed behind it.

    What was written below it before that was known here is owed a reading.
    """
    rounds.stands(session, round, ts)
    if collecting.came_early(session, round, ts):
        catching_up.owe_thread(session, round.place, ts, at=at)
    found = find(session, round.place.workspace, round.key)
    if found is None:
        return
    if not found.words or found.question != round.question:
        _give_back(session, found, at=at)
        return
    new = NewLearning(key=f"first:{round.key}", place=round.place, words=found.words, kind=round.kind)
    lead = Person(round.place.workspace, found.lead)
    try:
        learning = learnings.share(session, new, by=lead, round=round.id, at=at)
    except Refusal:  # they left the channel since, say
        _give_back(session, found, at=at)
        return
    answers.take_form(session, round, lead.id, learning)
    _forget(session, found)


def unasked(session: Session, workspace: WorkspaceId, key: str, *, at: float) -> None:
    """A round does not open: whoever wrote its first answer gets their words back."""
    found = find(session, workspace, key)
    if found is not None:
        _give_back(session, found, at=at)


def tick(session: Session, *, at: float, limit: int = 100) -> None:
    """Give back what waits for rounds that did not open."""
    late = select(FirstAnswer.__table__).where(
        FirstAnswer.opens_at < at - USELESS_AFTER, FirstAnswer.unasked.is_(False)
    )
    for row in session.execute(late.limit(limit).with_for_update(skip_locked=True)).all():
        _give_back(session, _view(row), at=at)


def next_due(session: Session) -> float | None:
    """When `tick` has something to do next."""
    first = session.scalar(_FIRST)
    return None if first is None else first + USELESS_AFTER


def given_back(session: Session, *, workspace: WorkspaceId, key: str) -> None:
    """They have their words: nothing of it is kept here."""
    session.execute(delete(FirstAnswer).where(*_is(workspace, key)))


def _require(session: Session, key: str, *, by: Person) -> FirstAnswerView:
    found = find(session, by.workspace, key)
    if found is None or found.unasked:
        raise RoundOpened(field="words")
    if found.lead != by.id:
        raise NotYours
    return found


def _give_back(session: Session, found: FirstAnswerView, *, at: float) -> None:
    if not found.words:
        _forget(session, found)
        return
    session.execute(update(FirstAnswer).where(*_is(found.place.workspace, found.key)).values(unasked=True))
    body = {"key": found.key, "person": found.lead}
    outbox.owe(session, found.place.workspace, "give first answer back", lane=found.lead, body=body, at=at)


def _forget(session: Session, found: FirstAnswerView) -> None:
    given_back(session, workspace=found.place.workspace, key=found.key)


def _view(row: Row[tuple[object, ...]]) -> FirstAnswerView:
    return FirstAnswerView(
        key=row.key,
        place=Place(WorkspaceId(row.workspace), ChannelId(row.channel)),
        lead=PersonId(row.lead),
        question=row.question,
        opens_at=row.opens_at,
        words=row.words,
        unasked=row.unasked,
    )


def _is(workspace: WorkspaceId, key: str) -> tuple[ColumnElement[bool], ...]:
    return FirstAnswer.workspace == workspace, FirstAnswer.key == key
