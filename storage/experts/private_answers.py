"""Private answers: the first one wins, and who asked hears it alone; it becomes a learning in the pocket if both want that."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from storage.ids import AskedId, LearningId, Person, Ts
from storage.learned import entries, helps, learnings
from storage.learned.entries import NewLearning
from storage.owed import outbox
from storage.places import channels, pocket_settings, pockets
from storage.prompts import answering, asked, rounds
from storage.prompts.answering import NewAnswer
from storage.refusals import AlreadyUndone, Gone
from storage.tables import MAY_SHARE, AskedPerson, AskedQuestion, Help

from . import private_questions, private_views
from .private_views import QuestionView, of, of_person
from .refusals import AnswererLeft, AnswerNotShared, NotAskedAnyMore

NO, WITH_NAME, WITHOUT_NAME = MAY_SHARE


def answer(session: Session, id: AskedId, written: str, may_share: str, *, by: Person, at: float) -> bool:
    """Somebody who is asked answers. Whether theirs is the answer: False where another's came before, or its time is over.

    `may_share`: one of `MAY_SHARE`. The same person's again changes nothing. Raises `NotAskedAnyMore` for who was never asked,
    or would rather not; `NothingToShare`, `TooLong`, `NamesStand`.
    """
    words = entries.words_checked(written)
    question = private_views.find(session, by.workspace, id, lock=True)
    mine = private_views.asked_of(session, id, by)
    if question is None or mine is None or mine.state == "declined":
        raise NotAskedAnyMore
    if not mine.waits:
        return question.answered_by == by.id
    pocket_settings.require_name(session, question.place, without_name=may_share == WITHOUT_NAME)
    may = may_share if may_share in MAY_SHARE and channels.membership(session, question.place, by) is True else NO
    session.execute(update(AskedPerson).where(*of_person(by, id)).values(state="answered"))
    private_questions.end(session, question, "answered", at=at, answer=words, may_share=may)
    body = {"question": id, "person": question.asker.id}
    outbox.owe(session, by.workspace, "give asked answer", lane=question.asker.id, body=body, at=at)
    return True


def helped(session: Session, id: AskedId, *, by: Person, event_ts: Ts, at: float) -> None:
    """*It helped me*: whoever answered sees so; it counts for the learning, once the answer is one. Raises `Gone`, `NotYours`."""
    found = _answered(session, id, by=by)
    if found.helped:
        return
    session.execute(update(AskedQuestion).where(*of(by.workspace, id)).values(helped=True))
    _helps(session, found, event_ts=event_ts, at=at)
    if found.answered_by is not None:
        private_questions.owe_refresh(session, Person(by.workspace, found.answered_by), id, at=at)


def share(session: Session, id: AskedId, *, by: Person, event_ts: Ts, at: float) -> QuestionView:
    """Who asked wants it, too: the question stands in the pocket, answered, with the answer below it as a learning.

    Raises `Gone`, `NotYours`, `AnswerNotShared`, `AnswererLeft`, and what `learnings.share` raises.
    """
    found = _answered(session, id, by=by)
    if found.learning is not None:
        return found
    if found.may_share == NO or found.answered_by is None:
        raise AnswerNotShared
    answerer = Person(by.workspace, found.answered_by)
    _require(session, found, answerer)
    said = NewLearning(f"asked:{id}", found.place, found.words, kind="question", without_name=found.without_name)
    question = learnings.share(session, said, by=by, at=at)
    round = asked.by(session, by.workspace, question)
    if round is None:
        raise Gone
    given = NewAnswer(round.id, f"answered:{id}", found.answer, without_name=found.may_share == WITHOUT_NAME)
    learning = answering.answer(session, given, by=answerer, at=at)
    rounds.close(session, round, at=at)
    values = {"question": question, "learning": learning, "words": "", "answer": ""}  # they stand in the learnings now
    session.execute(update(AskedQuestion).where(*of(by.workspace, id)).values(**values))
    shared = private_views.own(session, id, by=by)
    if shared.helped:
        _helps(session, shared, event_ts=event_ts, at=at)
    return shared


def leave(session: Session, id: AskedId, *, by: Person) -> None:
    """Who asked would rather leave it between the two: the words are forgotten. Raises `Gone`, `NotYours`, `AnswerNotShared`."""
    found = _answered(session, id, by=by)
    if found.learning is not None:
        raise AnswerNotShared
    session.execute(update(AskedQuestion).where(*of(by.workspace, id)).values(may_share=NO, words="", answer=""))


def unshare(session: Session, id: AskedId, *, by: Person, at: float) -> None:
    """*Undo* of who asked: both wanted it, and one does not any more. Raises `Gone`, `NotYours`, `AlreadyUndone`."""
    found = private_views.own(session, id, by=by, lock=True)
    if found.question is None or found.learning is None or found.answered_by is None:
        raise Gone
    answerer = Person(by.workspace, found.answered_by)
    gone = [_withdraw(session, one, by=who, at=at) for one, who in ((found.question, by), (found.learning, answerer))]
    if not any(gone):
        raise AlreadyUndone


def _withdraw(session: Session, id: LearningId, *, by: Person, at: float) -> bool:
    learning = learnings.find(session, by.workspace, id)
    if learning is None or not learning.is_live:
        return False
    learnings.withdraw(session, id, by=by, at=at)
    return True


def _answered(session: Session, id: AskedId, *, by: Person) -> QuestionView:
    found = private_views.own(session, id, by=by, lock=True)
    if found.state != "answered":
        raise Gone
    return found


def _require(session: Session, question: QuestionView, answerer: Person) -> None:
    """All that may be refused, before anything is written."""
    pockets.require_share(session, question.place, question.asker)
    pocket_settings.require_name(session, question.place, without_name=question.without_name)
    pocket_settings.require_name(session, question.place, without_name=question.may_share == WITHOUT_NAME)
    if channels.membership(session, question.place, answerer) is not True:
        raise AnswererLeft


def _helps(session: Session, question: QuestionView, *, event_ts: Ts, at: float) -> None:
    """It counts for the learning, where that stands; on its card they may have said so already."""
    workspace = question.asker.workspace
    learning = learnings.find(session, workspace, question.learning) if question.learning else None
    if learning is None or not learning.is_live:
        return
    mine = (Help.workspace == workspace, Help.learning == learning.id, Help.person == question.asker.id)
    if session.scalar(select(Help.standing).where(*mine, Help.message_ts == helps.BUTTON)) is not True:
        helps.press(session, learning.id, by=question.asker, event_ts=event_ts, at=at)
