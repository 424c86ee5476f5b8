"""Questions: what somebody asked a pocket, for whoever may see it. It is open until who asked, or a lead, says it is answered."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, Select, and_, exists, func, select
from sqlalchemy.orm import Session, aliased

from storage.ids import LearningId, Person, Place, RoundId, Ts, WorkspaceId
from storage.learned import changes, learnings
from storage.learned.learnings import LearningView
from storage.places import catching_up
from storage.tables import Answer, Channel, Learning, Pocket, Round
from storage.visibility import Viewer, shown_in, visible

from . import answers, asked, collecting, rounds
from .answers import AnswerView
from .rounds import RoundView

_OPEN = (Round.asked.is_not(None), Round.closed_at.is_(None), Round.ts.is_not(None))

SHOWN = 10
"""Open questions that one is shown at once."""


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody asked, and how many answers stand."""

    learning: LearningView
    round: RoundView
    answers: int


@dataclass(frozen=True, slots=True)
class Standing:
    """How a question stands on its card. `came`: the answers, once it is answered."""

    round: RoundView
    came: tuple[AnswerView, ...] = ()


def standing(session: Session, learning: LearningView) -> Standing | None:
    """How it stands; None: it is no question that was asked."""
    round = asked.by(session, learning.place.workspace, learning.id) if learning.kind == "question" else None
    if round is None:
        return None
    return Standing(round, () if round.is_open else tuple(answers.of_round(session, round)))


def stands(session: Session, workspace: WorkspaceId, id: LearningId, ts: Ts, *, at: float) -> None:
    """A learning's card stands at `ts`: if it asks, it is answered below that.

    What was written there before that was known here is owed a reading.
    """
    round = asked.by(session, workspace, id)
    if round is not None:
        rounds.stands(session, round, ts)
        if collecting.came_early(session, round, ts):
            catching_up.owe_thread(session, round.place, ts, at=at)


def is_on_its_way(session: Session, round: RoundView) -> bool:
    """Whether a question's card is still to be posted: what answers it stands below that, also where it is closed by then."""
    if round.asked is None or round.ts is not None:
        return False
    found = learnings.find(session, round.place.workspace, round.asked)
    return found is not None and found.is_live


def answered(session: Session, id: LearningId, *, by: Person, pressed: Ts, at: float) -> None:
    """Who asked, or a lead, says at `pressed`, in Slack's time, that it is answered: its card says so, with what came.

    Raises `NotYoursToChange`, `Gone`; said twice, it is said once.
    """
    round = _changeable(session, id, by=by)
    if round is not None and round.is_open:
        rounds.close(session, round, at=at, closed_ts=pressed)
        rounds.owe_refresh(session, round, at=at)


def reopened(session: Session, id: LearningId, *, by: Person, pressed: Ts, at: float) -> None:
    """It is not answered after all, as is said at `pressed`: it takes answers again. Raises as `answered` does."""
    round = _changeable(session, id, by=by)
    if round is not None and not round.is_open:
        asked.reopen(session, by.workspace, id, opened_ts=pressed)
        rounds.owe_refresh(session, round, at=at)


def with_words(session: Session, round: RoundView) -> RoundView:
    """A round with what it asks, whoever asked it; empty where that was taken back."""
    if round.asked is None:
        return round
    found = learnings.find(session, round.place.workspace, round.asked)
    return replace(round, question=found.words if found is not None else "")


def open_questions(
    session: Session, viewer: Viewer, *, limit: int = SHOWN, to_answer: bool = False, place: Place | None = None
) -> list[Question]:
    """The open questions that somebody may see, in pockets that are at work, the newest first.

    `to_answer`: only those that they could answer: others', in pockets that they are in, which they have not answered yet.
    `place`: only of this pocket. What has to be asked of Slack before: `visibility.needs`, of `asked_somewhere`.
    """
    conditions = [visible(viewer)]
    if place is not None:
        conditions.append(Learning.channel == place.channel)
    if to_answer:
        conditions += [Learning.channel.in_(viewer.channels or ()), Learning.author != viewer.person.id]
        conditions.append(~_has_answered(viewer.person))
    return _questions(session, _open(*conditions).order_by(Round.opened_at.desc(), Round.id).limit(limit))


def asked_somewhere(workspace: WorkspaceId) -> ColumnElement[bool]:
    """For `visibility.needs`: the channels where a question is open."""
    return exists().where(Round.workspace == workspace, Round.channel == Channel.id, *_OPEN)


def open_in(session: Session, place: Place, *, limit: int = SHOWN) -> list[Question]:
    """The open questions of a pocket, the newest first, for what is posted there."""
    return _questions(session, _open(shown_in(place)).order_by(Round.opened_at.desc(), Round.id).limit(limit))


def _changeable(session: Session, id: LearningId, *, by: Person) -> RoundView | None:
    changes.changeable(session, id, by=by)
    return asked.by(session, by.workspace, id)


def _open(*conditions: ColumnElement[bool]) -> Select[str, str, str | None]:
    """Those that stand on a card, and take answers."""
    pocket = exists().where(
        Pocket.workspace == Round.workspace, Pocket.channel == Round.channel, Pocket.stopped_at.is_(None)
    )
    return (
        select(Round.workspace, Round.id, Round.asked)
        .join(Learning, and_(Learning.workspace == Round.workspace, Learning.id == Round.asked))
        .where(*_OPEN, pocket, *conditions)
    )


def _questions(session: Session, found: Select[str, str, str | None]) -> list[Question]:
    shown = []
    for row in session.execute(found).all():
        round = rounds.find(session, WorkspaceId(row.workspace), RoundId(row.id))
        said = learnings.find(session, WorkspaceId(row.workspace), LearningId(row.asked or ""))
        if round is not None and said is not None:
            shown.append(Question(said, round, _count(session, round)))
    return shown


def _count(session: Session, round: RoundView) -> int:
    """How many answers stand: what its channel may be shown."""
    found = (
        select(func.count())
        .select_from(Answer)
        .join(Learning, and_(Learning.workspace == Answer.workspace, Learning.id == Answer.learning))
        .where(Answer.workspace == round.place.workspace, Answer.round == round.id, shown_in(round.place))
    )
    return session.scalar(found) or 0


def _has_answered(person: Person) -> ColumnElement[bool]:
    theirs, said = aliased(Answer), aliased(Learning)
    return exists().where(
        theirs.workspace == Round.workspace,
        theirs.round == Round.id,
        theirs.person == person.id,
        said.workspace == theirs.workspace,
        said.id == theirs.learning,
        said.state == "live",
    )
