"""Private endings: what nobody answered in two working days goes to its pocket, if who asked said so; else they hear it.

`tick` is called by the clock, and costs by what is due.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, delete, func, literal, select, update
from sqlalchemy.orm import Session

from storage.ids import AskedId, LearningId, Person, WorkspaceId
from storage.learned import learnings
from storage.learned.entries import NewLearning
from storage.owed import outbox
from storage.refusals import Refusal
from storage.tables import AskedQuestion

from . import private_questions, private_views
from .private_views import QuestionView, of

AT_ONCE = 50
"""Questions that end in one go: the writer is everybody's."""

KEPT = 30 * 86400.0
"""Seconds for which it is remembered that something was asked, once it is over: so long what stands in Slack can be pressed."""

_OPEN = AskedQuestion.state == literal("open", literal_execute=True)
"""Written out: with a value that is given, a plan that PostgreSQL keeps can't use the index of those that are open."""

_NEXT_DUE = select(func.min(AskedQuestion.due_at)).where(_OPEN)


def tick(session: Session, *, at: float) -> bool:
    """End what is due. Returns whether there may be more."""
    ready = (
        select(AskedQuestion.workspace, AskedQuestion.id)
        .where(*_is_due(at))
        .order_by(AskedQuestion.due_at, AskedQuestion.id)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)  # SQLite, which has one writer, leaves it out
    )
    rows = session.execute(ready).all()
    for row in rows:
        question = private_views.find(session, WorkspaceId(row.workspace), AskedId(row.id))
        if question is not None:
            _over(session, question, at=at)
    return len(rows) == AT_ONCE


def next_due(session: Session) -> float | None:
    """When `tick` has something to do next (seconds since 1970, UTC); None: never, as things are."""
    return session.scalar(_NEXT_DUE)


def said(session: Session, workspace: WorkspaceId, id: AskedId) -> None:
    """Who asked has heard that nobody answered, with their words: nothing of these is kept here."""
    session.execute(update(AskedQuestion).where(*of(workspace, id)).values(words=""))


def forget_old(session: Session, *, at: float) -> int:
    """Forget what was over a month ago, with who was asked. Returns how many."""
    old = delete(AskedQuestion).where(AskedQuestion.ended_at < at - KEPT)
    return session.connection().execute(old).rowcount


def _is_due(at: float) -> tuple[ColumnElement[bool], ...]:
    return _OPEN, AskedQuestion.due_at <= at


def _over(session: Session, question: QuestionView, *, at: float) -> None:
    asker = question.asker
    learning = _pass_on(session, question, at=at) if question.to_pocket else None
    if learning is not None:
        private_questions.end(session, question, "passed on", at=at, question=learning, words="")
    else:
        private_questions.end(session, question, "unanswered", at=at)
    body = {"question": question.id, "person": asker.id}
    outbox.owe(session, asker.workspace, "say unanswered", lane=asker.id, body=body, at=at)


def _pass_on(session: Session, question: QuestionView, *, at: float) -> LearningId | None:
    """The pocket is asked; None: it takes nothing of theirs any more. That is known before anything is written."""
    asker = Person(question.asker.workspace, question.asker.id)
    new = NewLearning(
        f"asked:{question.id}", question.place, question.words, kind="question", without_name=question.without_name
    )
    try:
        return learnings.share(session, new, by=asker, at=at)
    except Refusal:
        return None
