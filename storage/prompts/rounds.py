"""Rounds: one asking of one question in a pocket. It opens, is answered in its thread, and closes.

Who asks (a schedule's occurrence, or a lead who asks now) calls `open` in its own transaction; what somebody asks of a pocket
is a learning, and its card stands for its round (`asked`). The day before, a schedule may
have its lead asked for the first answer (`first_answers.ask`). What falls due afterwards is `closing`'s.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from math import inf
from typing import Any
from urllib.parse import parse_qs, urlsplit

from sqlalchemy import ColumnElement, Row, bindparam, func, select, update
from sqlalchemy.orm import Session

from storage.db.upserts import Upsert
from storage.ids import ChannelId, LearningId, MessageRef, PersonId, Place, RoundId, Ts, WorkspaceId, new_round_id
from storage.owed import outbox
from storage.tables import Answer, Learning, Round

from . import clock

LATELY = 10
"""Closed rounds whose prompts are looked at where a channel was closed for a while: more than close meanwhile."""


@dataclass(frozen=True, slots=True)
class Asking:
    """What is to be asked. `key` makes it one: `key_of` a schedule and its local date, or the press that asked now.

    `kind`: of the learnings that answers are. `lead`: who scheduled it, or asks now. Times in seconds since 1970, UTC;
    `nudges_at` is None where nobody is reminded.
    """

    key: str
    place: Place
    question: str
    lead: PersonId
    closes_at: float
    kind: str = "learning"
    schedule: str | None = None
    nudges_at: float | None = None


@dataclass(frozen=True, slots=True)
class RoundView:
    """A round as it stands. `ts` is its prompt's, or its question's card's, once posted. Times in seconds since 1970, UTC.

    `asked`: the learning that it asks, where somebody asked it; then `question` is empty, and it never closes by itself: its
    `closes_at` is infinite. `opened_ts`: when it was opened again, in Slack's order; `closed_ts` is then when it had been closed.
    """

    id: RoundId
    key: str
    place: Place
    schedule: str | None
    question: str
    kind: str
    lead: PersonId
    opened_at: float
    closes_at: float
    nudges_at: float | None
    closed_at: float | None
    closed_ts: Ts | None
    ts: Ts | None
    asked: LearningId | None = None
    opened_ts: Ts | None = None

    @property
    def is_open(self) -> bool:
        """Whether it takes answers."""
        return self.closed_at is None

    def takes(self, ts: Ts) -> bool:
        """Whether what was written at `ts` was written while it was open: Slack may tell of it later."""
        if self.closed_at is not None:
            return ts <= (self.closed_ts or "0")
        return self.opened_ts is None or not (self.closed_ts or "0") < ts < self.opened_ts


_OPEN = Upsert(lambda insert: insert(Round).on_conflict_do_nothing(index_elements=["workspace", "key"]))
_ONE = select(Round.__table__).where(Round.workspace == bindparam("of_workspace"), Round.id == bindparam("of_id"))
_BY_KEY = select(Round.__table__).where(Round.workspace == bindparam("of_workspace"), Round.key == bindparam("of_key"))
_BY_THREAD = select(Round.__table__).where(
    Round.workspace == bindparam("of_workspace"),
    Round.channel == bindparam("of_channel"),
    Round.ts == bindparam("of_ts"),
)


def key_of(schedule: str, date: str) -> str:
    """The key of the round that a schedule opens on a local date (ISO 8601)."""
    return f"schedule:{schedule}:{date}"


def date_of(round: RoundView) -> str:
    """The local date on which a schedule opened a round: its key says so."""
    return round.key.rpartition(":")[2]


def open(session: Session, asking: Asking, *, at: float) -> RoundId:
    """Open a round, and owe its prompt to the channel. The same key again is the same round, and changes nothing."""
    place, id = asking.place, new_round_id()
    is_new = _OPEN.run(
        session,
        workspace=place.workspace,
        id=id,
        key=asking.key,
        channel=place.channel,
        schedule=asking.schedule,
        question=asking.question,
        kind=asking.kind,
        lead=asking.lead,
        opened_at=at,
        closes_at=asking.closes_at,
        nudges_at=asking.nudges_at,
    )
    if not is_new:
        return RoundId(session.execute(_BY_KEY, {"of_workspace": place.workspace, "of_key": asking.key}).one().id)
    outbox.owe(session, place.workspace, "post round", lane=place.channel, body={"round": id}, at=at)
    clock.look_anew(session)
    return id


def is_answer(session: Session, workspace: WorkspaceId, learning: LearningId) -> bool:
    """Whether a learning is somebody's answer in a round: it stands in a thread, where nothing is asked anew."""
    found = select(Answer.person).where(Answer.workspace == workspace, Answer.learning == learning)
    return session.scalar(found.limit(1)) is not None


def find(session: Session, workspace: WorkspaceId, id: RoundId) -> RoundView | None:
    """A round, whatever became of it."""
    row = session.execute(_ONE, {"of_workspace": workspace, "of_id": id}).one_or_none()
    return view(row) if row else None


def find_by_key(session: Session, workspace: WorkspaceId, key: str) -> RoundView | None:
    """The round that was opened under this key, if one was."""
    row = session.execute(_BY_KEY, {"of_workspace": workspace, "of_key": key}).one_or_none()
    return view(row) if row else None


def of_thread(session: Session, place: Place, ts: Ts) -> RoundView | None:
    """The round whose prompt stands at `ts`; None: another message of Outloud's does."""
    values = {"of_workspace": place.workspace, "of_channel": place.channel, "of_ts": ts}
    row = session.execute(_BY_THREAD, values).one_or_none()
    return view(row) if row else None


def is_awaited(session: Session, place: Place) -> bool:
    """Whether a round is open in this channel whose prompt is not known to stand: it may stand all the same."""
    return session.scalar(select(Round.id).where(*_awaited(place)).limit(1)) is not None


def await_prompt(session: Session, place: Place) -> bool:
    """The same; until this transaction ends, nobody notes where that prompt stands."""
    awaited = select(Round.id).where(*_awaited(place)).order_by(Round.id)  # locks are taken in one order
    return bool(session.scalars(awaited.with_for_update(key_share=True)).all())  # answers, which refer to it, go on


def stands_before(session: Session, place: Place, ts: Ts) -> bool:
    """Whether a round is open in this channel whose prompt is older than `ts`."""
    found = select(Round.id).where(
        Round.workspace == place.workspace, Round.channel == place.channel, Round.ts < ts, Round.closed_at.is_(None)
    )
    return session.scalar(found.limit(1)) is not None


def before(session: Session, round: RoundView) -> RoundView | None:
    """The round of the same schedule before this one."""
    if round.schedule is None:
        return None
    found = (
        select(Round.__table__)
        .where(
            Round.workspace == round.place.workspace,
            Round.channel == round.place.channel,
            Round.schedule == round.schedule,
            Round.opened_at < round.opened_at,
            Round.ts.is_not(None),
        )
        .order_by(Round.opened_at.desc())
        .limit(1)
    )
    row = session.execute(found).one_or_none()
    return view(row) if row else None


def stands(session: Session, round: RoundView, ts: Ts) -> None:
    """Its prompt stands in Slack at `ts`."""
    session.execute(update(Round).where(*_is(round)).values(ts=ts))


def close(session: Session, round: RoundView, *, at: float, closed_ts: Ts | None = None) -> None:
    """It takes no answers any more that were written after `closed_ts`."""
    closed = {"closed_at": func.coalesce(Round.closed_at, at), "closed_ts": closed_ts}
    session.execute(update(Round).where(*_is(round)).values(**closed))


def prompt_deleted(session: Session, message: MessageRef, *, event_ts: Ts, at: float) -> None:
    """A message is gone from Slack. Where it was the prompt of an open round, that is over, and nothing is said of it."""
    round = of_thread(session, message.place, message.ts)
    if round is not None and round.is_open:
        close(session, round, at=at, closed_ts=event_ts)


def owe_refresh(session: Session, round: RoundView, *, at: float) -> None:
    """Owe its prompt, or its question's card, the state that the round will have when that is sent."""
    if round.asked is not None:
        owe_card(session, round.place, round.asked, at=at)
        return
    outbox.owe(
        session,
        round.place.workspace,
        "refresh round",
        lane=round.place.channel,
        body={"round": round.id},
        slot=f"round:{round.id}",
        at=at,
    )


def lately_closed(session: Session, place: Place) -> list[RoundView]:
    """Of a channel, the prompts that stand there and were closed last."""
    newest = (
        select(*Round.__table__.c)
        .where(
            Round.workspace == place.workspace,
            Round.channel == place.channel,
            Round.ts.is_not(None),
            Round.asked.is_(None),
            Round.closed_at.is_not(None),
        )
        .order_by(Round.closed_at.desc(), Round.id)
        .limit(LATELY)
    )
    return [view(row) for row in session.execute(newest)]


def owe_card(session: Session, place: Place, learning: LearningId, *, at: float) -> None:
    """Owe a learning's card the state that it will have when that is sent."""
    body, slot = {"learning": learning}, f"card:{learning}"
    outbox.owe(session, place.workspace, "refresh card", lane=place.channel, body=body, slot=slot, at=at)


def follow(session: Session, workspace: WorkspaceId, learning: LearningId, *, at: float) -> None:
    """A learning says something else, or nothing any more: the prompt of a closed round that carries it follows.

    It may be an answer, or something that somebody kept besides, in the prompt's thread.
    """
    answered = (
        select(Round.__table__)
        .join(Answer, (Answer.workspace == Round.workspace) & (Answer.round == Round.id))
        .where(Answer.workspace == workspace, Answer.learning == learning)
    )
    found = {row.id: view(row) for row in session.execute(answered)}
    if (round := _of_its_thread(session, workspace, learning)) is not None:
        found[round.id] = round
    for round in found.values():
        if not round.is_open:
            owe_refresh(session, round, at=at)


def _of_its_thread(session: Session, workspace: WorkspaceId, learning: LearningId) -> RoundView | None:
    """The round in whose thread it stands: its link says in which (docs.slack.dev/reference/methods/chat.getPermalink)."""
    its = select(Learning.channel, Learning.link).where(Learning.workspace == workspace, Learning.id == learning)
    row = session.execute(its).one_or_none()
    with suppress(ValueError):  # no link of Slack's
        thread = parse_qs(urlsplit((row and row.link) or "").query).get("thread_ts")
        return of_thread(session, Place(workspace, ChannelId(row.channel)), Ts(thread[0])) if row and thread else None
    return None


def view(row: Row[Any]) -> RoundView:
    """A row of the table, frozen."""
    return RoundView(
        id=RoundId(row.id),
        key=row.key,
        place=Place(WorkspaceId(row.workspace), ChannelId(row.channel)),
        schedule=row.schedule,
        question=row.question,
        kind=row.kind,
        lead=PersonId(row.lead),
        opened_at=row.opened_at,
        closes_at=inf if row.closes_at is None else row.closes_at,
        nudges_at=row.nudges_at,
        closed_at=row.closed_at,
        closed_ts=Ts(row.closed_ts) if row.closed_ts else None,
        ts=Ts(row.ts) if row.ts else None,
        asked=LearningId(row.asked) if row.asked else None,
        opened_ts=Ts(row.opened_ts) if row.opened_ts else None,
    )


def _awaited(place: Place) -> tuple[ColumnElement[bool], ...]:
    here = (Round.workspace == place.workspace, Round.channel == place.channel)
    return (*here, Round.ts.is_(None), Round.closed_at.is_(None))


def _is(round: RoundView) -> tuple[ColumnElement[bool], ...]:
    return Round.workspace == round.place.workspace, Round.id == round.id
