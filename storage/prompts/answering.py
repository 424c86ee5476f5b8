"""Answering by the form: it is posted in the thread for them, and is a learning of the round like any that is shared."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from storage.ids import LearningId, MessageRef, Person, RoundId
from storage.learned import discussion, learnings
from storage.learned.entries import NewLearning
from storage.learned.learnings import LearningView
from storage.places import pocket_settings
from storage.refusals import AnsweredAlready, AnsweredByForm, Gone, QuestionAnswered, RoundClosed

from . import answers, questions, rounds
from .rounds import RoundView


@dataclass(frozen=True, slots=True)
class NewAnswer:
    """What somebody answers by the form. `key` makes it one: the same key again is the same answer."""

    round: RoundId
    key: str
    words: str
    without_name: bool


def asked(session: Session, id: RoundId, *, by: Person) -> tuple[RoundView, LearningView | None, bool]:
    """What the form is opened with: the round, what they answered by it before, and whether a name may be left out.

    Raises `Gone`, `RoundClosed`, `AnsweredAlready` where they did so in the thread.
    """
    round = _require(session, id, by=by)
    given = answers.given(session, round, by.id)
    learning = learnings.find(session, by.workspace, given.learning) if given and given.learning else None
    before = learning if learning is not None and learning.is_live else None
    asked = questions.with_words(session, round)
    return asked, before, pocket_settings.of(session, round.place).names_optional


def answer(session: Session, new: NewAnswer, *, by: Person, at: float) -> LearningId:
    """Remember an answer by the form, and owe it to the thread. Asked again with the same key, it is an edit.

    Whoever asked is to hear of it, as of an answer in the thread.
    Raises as `asked` does, `AnsweredByForm` where another form of theirs did so, and what `learnings.share` raises.
    """
    round = _require(session, new.round, by=by, hold=True)
    _require_only(session, round, new, by=by)
    learning = learnings.share(
        session,
        NewLearning(key=new.key, place=round.place, words=new.words, kind=round.kind, without_name=new.without_name),
        by=by,
        tell=True,
        round=round.id,
        at=at,
    )
    answers.take_form(session, round, by.id, learning)
    if round.asked is not None:
        who = None if new.without_name else by.id
        discussion.answered_by_form(session, round.asked, learning, by=by, shown=who, at=at)
    return learning


def _require_only(session: Session, round: RoundView, new: NewAnswer, *, by: Person) -> None:
    """Of two forms that were open at once, the second is told of the first, and keeps its words."""
    given = answers.given(session, round, by.id)
    found = learnings.find(session, by.workspace, given.learning) if given and given.learning else None
    again = learnings.find_by_key(session, by.workspace, new.key)
    if found is not None and found.is_live and (again is None or again.id != found.id) and given and given.ts is None:
        raise AnsweredByForm(field="words")


def _closed(session: Session, round: RoundView) -> Gone | RoundClosed:
    """Of a round, its time is over; of a question, somebody said that it is answered, or it was taken back."""
    if round.asked is None:
        return RoundClosed(field="words")
    found = learnings.find(session, round.place.workspace, round.asked)
    return QuestionAnswered(field="words") if found is not None and found.is_live else Gone(field="words")


def _require(session: Session, id: RoundId, *, by: Person, hold: bool = False) -> RoundView:
    round = rounds.find(session, by.workspace, id)
    if round is None:
        raise Gone
    if not round.is_open:
        raise _closed(session, round)
    if hold:  # what they answered is read once nobody else can change it
        answers.hold(session, round, by.id)
    given = answers.given(session, round, by.id)
    if given is None or given.ts is None or answers.is_left_out(session, MessageRef(round.place, given.ts), by.id):
        return round
    found = learnings.find(session, by.workspace, given.learning) if given.learning else None
    if found is not None and found.is_live:
        raise AnsweredAlready(field="words", link=found.link)
    return round
