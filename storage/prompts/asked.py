"""Asked: a question that somebody asks a pocket is a learning of that kind, and its card stands for a round.

So it is answered as prompts are, below its card or by the form, and changes, goes and is seen as whatever else was shared.
What is done with such a round is here; who may say that it is answered, and who sees it, is in `questions`.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, bindparam, exists, select, update
from sqlalchemy.orm import Session

from storage.db.upserts import Upsert
from storage.ids import LearningId, PersonId, Place, Ts, WorkspaceId, new_round_id
from storage.tables import Learning, Round

from . import rounds
from .rounds import RoundView

_BY = select(Round.__table__).where(
    Round.workspace == bindparam("of_workspace"), Round.asked == bindparam("of_learning")
)

_ASK = Upsert(lambda insert: insert(Round).on_conflict_do_nothing(index_elements=["workspace", "key"]))


def ask(session: Session, place: Place, learning: LearningId, *, by: PersonId, ts: Ts | None = None, at: float) -> None:
    """This learning of somebody's is asked, and stands at `ts`, once it does. Asked before, it takes answers again."""
    is_new = _ASK.run(
        session,
        workspace=place.workspace,
        id=new_round_id(),
        key=f"question:{learning}",
        channel=place.channel,
        question="",
        asked=learning,
        kind="learning",
        lead=by,
        opened_at=at,
        ts=ts,
    )
    if not is_new:
        reopen(session, place.workspace, learning)


def reopen(session: Session, workspace: WorkspaceId, learning: LearningId, *, opened_ts: Ts | None = None) -> None:
    """It takes answers again that are written from `opened_ts` on: what was written while it was closed stays chat."""
    again = {"closed_at": None, "opened_ts": opened_ts}
    session.execute(update(Round).where(*_asks(workspace, learning)).values(**again))


def no_more(session: Session, workspace: WorkspaceId, learning: LearningId, *, at: float) -> None:
    """It was taken back, or is of another kind now: it is asked no more, if it was."""
    is_open = (*_asks(workspace, learning), Round.closed_at.is_(None))
    session.execute(update(Round).where(*is_open).values(closed_at=at, closed_ts=None))


def by(session: Session, workspace: WorkspaceId, learning: LearningId) -> RoundView | None:
    """The round that a learning asks; None: it was never asked."""
    row = session.execute(_BY, {"of_workspace": workspace, "of_learning": learning}).one_or_none()
    return rounds.view(row) if row else None


def open_among(session: Session, workspace: WorkspaceId, ids: Collection[LearningId]) -> set[LearningId]:
    """Which of these learnings are questions that nobody said are answered."""
    is_open = exists().where(
        Round.workspace == Learning.workspace, Round.asked == Learning.id, Round.closed_at.is_(None)
    )
    here = (Learning.workspace == workspace, Learning.id.in_(ids), Learning.kind == "question")
    return {LearningId(id) for id in session.scalars(select(Learning.id).where(*here, is_open))}


def is_one() -> ColumnElement[bool]:
    """The condition for a statement that selects from `Learning`: it is a question, and was asked."""
    found = exists().where(Round.workspace == Learning.workspace, Round.asked == Learning.id)
    return (Learning.kind == "question") & found


def _asks(workspace: WorkspaceId, learning: LearningId) -> tuple[ColumnElement[bool], ...]:
    return Round.workspace == workspace, Round.asked == learning
