"""Answers: whose first answer in a round is which message or learning, and which of them their authors left out.

What becomes of an answer is `collecting`'s; this knows only who gave it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, bindparam, exists, select, update
from sqlalchemy.orm import Session, aliased

from storage.db.upserts import Upsert
from storage.ids import LearningId, MessageRef, Person, PersonId, RoundId, Ts, WorkspaceId
from storage.learned import learnings
from storage.learned.learnings import LearningView
from storage.tables import Answer, Learning, LeftOut, Round
from storage.visibility import shown_in

from .rounds import RoundView


@dataclass(frozen=True, slots=True)
class Given:
    """Somebody's first answer in a round. `ts`: their reply in its thread; None for one by the form, or a deleted one."""

    round: RoundId
    person: PersonId
    ts: Ts | None
    learning: LearningId | None


@dataclass(frozen=True, slots=True)
class AnswerView:
    """An answer that stands. `ts` is its message in the thread: theirs, or Outloud's for one by the form, once posted."""

    learning: LearningView
    ts: Ts | None


def _leave_out(insert):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 -- the dialect's own builder
    statement = insert(LeftOut)
    return statement.on_conflict_do_update(
        index_elements=["workspace", "channel", "message_ts", "person"],
        set_={"event_ts": statement.excluded.event_ts, "standing": statement.excluded.standing},
        where=statement.excluded.event_ts > LeftOut.event_ts,
    )


_TAKE = Upsert(lambda insert: insert(Answer).on_conflict_do_nothing())
_LEAVE_OUT = Upsert(_leave_out)
_MESSAGE = (
    Answer.workspace == bindparam("of_workspace"),
    Answer.channel == bindparam("of_channel"),
    Answer.message_ts == bindparam("of_ts"),
)
_IS_LEFT_OUT = exists().where(
    LeftOut.workspace == Answer.workspace,
    LeftOut.channel == Answer.channel,
    LeftOut.message_ts == Answer.message_ts,
    LeftOut.person == Answer.person,
    LeftOut.standing,
)
_STANDS = select(Answer.person).where(*_MESSAGE, ~_IS_LEFT_OUT)
_OF_MESSAGE = select(Answer.__table__).where(*_MESSAGE)
_KIND = (
    select(Round.kind).join(Answer, (Answer.workspace == Round.workspace) & (Answer.round == Round.id)).where(*_MESSAGE)
)


def take(session: Session, round: RoundView, author: PersonId, ts: Ts) -> tuple[bool, Ts | None]:
    """A reply that `author` wrote at `ts`: whether it is their first answer, and the later one that was held to be it so far.

    After a deletion only what is written from then on may be; after one by the form, only where that was taken back.
    """
    if _TAKE.run(session, **_row(round, author), message_ts=ts):
        return True, None
    old = session.execute(select(Answer.__table__).where(*_of(round, author)).with_for_update()).one()
    if ts <= old.after_ts or (old.message_ts is not None and ts >= old.message_ts):
        return False, None
    if old.message_ts is None and _is_live(session, round.place.workspace, old.learning):
        return False, None
    session.execute(update(Answer).where(*_of(round, author)).values(message_ts=ts, learning=None))
    return True, old.message_ts


def hold(session: Session, round: RoundView, author: PersonId) -> None:
    """Nobody else says what `author` answers in this round before this transaction ends: two forms may be sent at once."""
    _TAKE.run(session, **_row(round, author))
    session.execute(select(Answer.person).where(*_of(round, author)).with_for_update())


def take_form(session: Session, round: RoundView, author: PersonId, learning: LearningId) -> None:
    """What `author` answered by the form is their answer, whatever was before."""
    if not _TAKE.run(session, **_row(round, author), learning=learning):
        session.execute(update(Answer).where(*_of(round, author)).values(message_ts=None, learning=learning))


def became(session: Session, round: RoundView, author: PersonId, learning: LearningId) -> None:
    """Their first reply became this learning."""
    session.execute(update(Answer).where(*_of(round, author)).values(learning=learning))


def given(session: Session, round: RoundView, person: PersonId) -> Given | None:
    """Somebody's answer in a round, whatever became of it."""
    row = session.execute(select(Answer.__table__).where(*_of(round, person))).one_or_none()
    return _given(row) if row else None


def of_message(session: Session, message: MessageRef, *, lock: bool = False) -> Given | None:
    """Whose first answer a message is. `lock`: nobody else says what they answered; before its learning, in one order."""
    row = session.execute(_OF_MESSAGE.with_for_update() if lock else _OF_MESSAGE, _key(message)).one_or_none()
    return _given(row) if row else None


def stands(session: Session, message: MessageRef) -> bool:
    """Whether a message is somebody's first answer, and not left out."""
    return session.connection().scalar(_STANDS, _key(message)) is not None


def kind_of(session: Session, message: MessageRef) -> str:
    """The kind of learning that a message becomes: the prompt's, for an answer."""
    return session.connection().scalar(_KIND, _key(message)) or "learning"


def is_left_out(session: Session, message: MessageRef, person: PersonId) -> bool:
    """Whether their ❌ stands on it."""
    found = select(LeftOut.standing).where(
        LeftOut.workspace == message.place.workspace,
        LeftOut.channel == message.place.channel,
        LeftOut.message_ts == message.ts,
        LeftOut.person == person,
    )
    return session.scalar(found) is True


def leave_out(session: Session, message: MessageRef, person: PersonId, *, standing: bool, event_ts: Ts) -> bool:
    """Their ❌ was put on it, or taken off. False when something later is known already."""
    row = {"workspace": message.place.workspace, "channel": message.place.channel, "message_ts": message.ts}
    return _LEAVE_OUT.run(session, **row, person=person, event_ts=event_ts, standing=standing)


def gone(session: Session, message: MessageRef, *, event_ts: Ts) -> bool:
    """A message was deleted at `event_ts`. Whether it was an answer: what its author writes from then on may be one."""
    left = (
        update(Answer)
        .where(
            Answer.workspace == message.place.workspace,
            Answer.channel == message.place.channel,
            Answer.message_ts == message.ts,
        )
        .values(message_ts=None, learning=None, after_ts=event_ts)
        .returning(Answer.person)
    )
    return bool(session.execute(left).all())


def of_round(session: Session, round: RoundView) -> list[AnswerView]:
    """The answers that stand, the first one first: what the round's channel may be shown."""
    found = (
        select(Answer.learning, Answer.message_ts)
        .join(Learning, (Learning.workspace == Answer.workspace) & (Learning.id == Answer.learning))
        .where(Answer.workspace == round.place.workspace, Answer.round == round.id, shown_in(round.place))
        .order_by(Learning.said_at, Learning.id)
    )
    return _views(session, round, found)


def kept_besides(session: Session, round: RoundView) -> list[AnswerView]:
    """What somebody kept in its thread besides the answers, the first one first: what the round's channel may be shown.

    Slack's own link to a reply says in which thread it stands (docs.slack.dev/reference/methods/chat.getPermalink).
    """
    if round.ts is None:
        return []
    found = (
        select(Learning.id, Learning.source_ts)
        .where(
            shown_in(round.place),
            Learning.said_at > float(round.ts),
            Learning.link.contains(f"thread_ts={round.ts}", autoescape=True),
            ~exists().where(Answer.workspace == Learning.workspace, Answer.learning == Learning.id),
        )
        .order_by(Learning.said_at, Learning.id)
    )
    return _views(session, round, found)


def _views(session: Session, round: RoundView, found: Select[*tuple[Any, ...]]) -> list[AnswerView]:
    """These learnings, each with the message of the thread where it stands."""
    stand = {LearningId(id): ts for id, ts in session.execute(found)}
    shown = learnings.several(session, round.place.workspace, [*stand])
    return [AnswerView(shown[id], ts or shown[id].card_ts) for id, ts in stand.items() if id in shown]


def has_answered(session: Session, round: RoundView, person: PersonId) -> bool:
    """Whether an answer of theirs stands."""
    found = given(session, round, person)
    return found is not None and _is_live(session, round.place.workspace, found.learning)


def newcomers(session: Session, round: RoundView) -> tuple[PersonId, ...]:
    """Who answered in this pocket for the first time, with their name; not the one who asked. The first one first."""
    earlier, said = aliased(Answer), aliased(Learning)
    found = (
        _others(round)
        .where(
            Learning.without_name.is_(False),
            ~exists().where(
                earlier.workspace == Answer.workspace,
                earlier.channel == Answer.channel,
                earlier.person == Answer.person,
                earlier.round != Answer.round,
                said.workspace == earlier.workspace,
                said.id == earlier.learning,
                said.said_at < Learning.said_at,
                # else it could be told from this that they had answered without their name
                said.without_name.is_(False),
            ),
        )
        .order_by(Learning.said_at, Learning.id)
    )
    return tuple(PersonId(person) for person in session.scalars(found))


def has_others(session: Session, round: RoundView) -> bool:
    """Whether an answer stands beside the asker's own."""
    return session.scalar(_others(round).limit(1)) is not None


def _others(round: RoundView) -> Select[str]:
    """Who answered, beside the asker, with what is live."""
    return (
        select(Answer.person)
        .join(Learning, (Learning.workspace == Answer.workspace) & (Learning.id == Answer.learning))
        .where(
            Answer.workspace == round.place.workspace,
            Answer.round == round.id,
            Answer.person != round.lead,
            Learning.state == "live",
        )
    )


def by_card(session: Session, message: MessageRef, person: Person) -> LearningId | None:
    """The answer of theirs by the form whose card this message is."""
    found = (
        select(Learning.id)
        .join(Answer, (Answer.workspace == Learning.workspace) & (Answer.learning == Learning.id))
        .where(
            Learning.workspace == person.workspace,
            Learning.author == person.id,
            Learning.channel == message.place.channel,
            Learning.card_ts == message.ts,
        )
    )
    id = session.scalar(found)
    return LearningId(id) if id else None


def _is_live(session: Session, workspace: WorkspaceId, learning: str | None) -> bool:
    if learning is None:
        return False
    state = session.scalar(select(Learning.state).where(Learning.workspace == workspace, Learning.id == learning))
    return state in ("live", "pending")


def _given(row: Row[tuple[object, ...]]) -> Given:
    learning = LearningId(row.learning) if row.learning else None
    return Given(RoundId(row.round), PersonId(row.person), Ts(row.message_ts) if row.message_ts else None, learning)


def _row(round: RoundView, author: PersonId) -> dict[str, str]:
    return {"workspace": round.place.workspace, "round": round.id, "person": author, "channel": round.place.channel}


def _of(round: RoundView, person: PersonId) -> tuple[ColumnElement[bool], ...]:
    return Answer.workspace == round.place.workspace, Answer.round == round.id, Answer.person == person


def _key(message: MessageRef) -> dict[str, str]:
    place = message.place
    return {"of_workspace": place.workspace, "of_channel": place.channel, "of_ts": message.ts}
