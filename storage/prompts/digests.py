"""The weekly digest of a pocket: when it is posted, and what a pocket learned in a period.

It holds learnings of that very channel alone, which every member of it may see.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, delete, func, or_, select, update
from sqlalchemy.orm import Session

from storage.db.upserts import Upsert
from storage.ids import ChannelId, LearningId, Person, Place, WorkspaceId
from storage.learned import helps, learnings
from storage.learned.learnings import LearningView
from storage.owed import outbox
from storage.places import channels, leads, pocket_settings, pockets
from storage.tables import Answer, Digest, Learning, Round
from storage.visibility import shown_in

from . import asked, clock, questions, rounds
from .digest_times import When, next_after
from .questions import Question
from .rounds import RoundView

DAY = 86400.0
WEEK = 7 * DAY
WEEKS = 12
"""How far back the picture looks."""

SHOWN = 10
"""Learnings that a digest names; the others are counted."""

MOST_HELPFUL = 3
"""Learnings that a digest says helped most."""

AT_ONCE = 100

_NEXT_DUE = select(func.min(Digest.next_at))


@dataclass(frozen=True, slots=True)
class Asked:
    """A prompt that was asked, or a question that is answered, and how many answers stand."""

    round: RoundView
    answers: int


@dataclass(frozen=True, slots=True)
class Contents:
    """What a pocket learned from `since` until `until` (seconds since 1970, UTC).

    `learned`: the newest first, at most `SHOWN`, of `many`. `helped`: what helped most people in that time, and how
    many each. `asked`: only what was answered. `open`: what people asked and nobody has answered for good, whenever that was, the
    newest first. `weeks`: how many were learned in
    each of the last `WEEKS` weeks, the one that ends at `until` last.
    """

    place: Place
    since: float
    until: float
    learned: tuple[LearningView, ...]
    many: int
    helped: tuple[tuple[LearningView, int], ...]
    asked: tuple[Asked, ...]
    open: tuple[Question, ...]
    weeks: tuple[int, ...]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to tell: an open question of an earlier time alone is no news."""
        is_new = any(one.round.opened_at >= self.since for one in self.open)
        return not (self.many or self.helped or self.asked or is_new)


def _turn_on(insert):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 -- the dialect's own builder
    statement = insert(Digest)
    news = {name: statement.excluded[name] for name in ("weekday", "clock", "zone", "next_at")}
    return statement.on_conflict_do_update(index_elements=["workspace", "channel"], set_=news)


_TURN_ON = Upsert(_turn_on)


def turn_on(session: Session, place: Place, when: When, *, by: Person, at: float) -> None:
    """A lead wants it weekly. Raises `NotAPocket`, `NotALead`, `UnknownTime`."""
    pockets.require(session, place)
    leads.require(session, place, by)
    zone = pocket_settings.of(session, place).timezone
    next_at = next_after(when, zone, after=at)
    row = {"workspace": place.workspace, "channel": place.channel, "weekday": when.weekday, "clock": when.clock}
    _TURN_ON.run(session, **row, zone=zone, since=at - WEEK, next_at=next_at)
    clock.look_anew(session)


def turn_off(session: Session, place: Place, *, by: Person) -> None:
    """A lead wants it no more. Raises `NotALead`."""
    leads.require(session, place, by)
    session.execute(delete(Digest).where(*_in(place)))


def when_of(session: Session, place: Place) -> When | None:
    """When it is posted; None: never."""
    row = session.execute(select(Digest.weekday, Digest.clock).where(*_in(place))).one_or_none()
    return When(row.weekday, row.clock) if row else None


def tick(session: Session, *, at: float) -> bool:
    """Owe those that are due. Of a time that was missed by a day nothing is made up for. Returns whether there may be more."""
    due = (
        select(Digest.__table__).where(Digest.next_at <= at).order_by(Digest.next_at, Digest.channel).limit(AT_ONCE)
    ).with_for_update(skip_locked=True)  # SQLite, which has one writer, leaves it out
    rows = session.execute(due).all()
    for row in rows:
        _owe(session, row, at=at)
    return len(rows) == AT_ONCE


def next_due(session: Session) -> float | None:
    """When `tick` has something to do next (seconds since 1970, UTC)."""
    return session.scalar(_NEXT_DUE)


def owe_post(session: Session, *, workspace: WorkspaceId, body: Mapping[str, Any], file: str | None, at: float) -> None:
    """It is to be posted, with its picture (`file`: Slack's id of it) or without one. `body` is that of its drawing."""
    told = {name: body[name] for name in ("channel", "since", "until")} | ({"file": file} if file else {})
    slot = f"digest post:{body['channel']}"
    outbox.owe(session, workspace, "post digest", lane=body["channel"], body=told, slot=slot, at=at)


def contents(session: Session, place: Place, *, since: float, until: float) -> Contents:
    """What this pocket learned in a period."""
    here = (shown_in(place), ~asked.is_one(), Learning.said_at >= since, Learning.said_at < until)
    newest = select(Learning.id).where(*here).order_by(Learning.said_at.desc(), Learning.id).limit(SHOWN)
    found = [learnings.find(session, place.workspace, LearningId(id)) for id in session.scalars(newest).all()]
    return Contents(
        place=place,
        since=since,
        until=until,
        learned=tuple(one for one in found if one is not None),
        many=session.scalar(select(func.count()).select_from(Learning).where(*here)) or 0,
        helped=_helped(session, place, since=since),
        asked=_asked(session, place, since=since, until=until),
        open=tuple(questions.open_in(session, place, limit=SHOWN)),
        weeks=_weeks(session, place, until=until),
    )


def _helped(session: Session, place: Place, *, since: float) -> tuple[tuple[LearningView, int], ...]:
    found = helps.most(session, place, since=since, limit=MOST_HELPFUL)
    learned = [(learnings.find(session, place.workspace, id), many) for id, many in found]
    return tuple((one, many) for one, many in learned if one is not None)


def _asked(session: Session, place: Place, *, since: float, until: float) -> tuple[Asked, ...]:
    many = func.count()
    found = (
        select(Round.__table__, many.label("answers"))
        .join(Answer, (Answer.workspace == Round.workspace) & (Answer.round == Round.id))
        .join(Learning, (Learning.workspace == Answer.workspace) & (Learning.id == Answer.learning))
        .where(
            Round.workspace == place.workspace,
            Round.channel == place.channel,
            _in_period(since, until),
            shown_in(place),
        )
        .group_by(*Round.__table__.c)
        .having(_has_news(since))
        .order_by(Round.opened_at, Round.id)
        .limit(SHOWN)
    )
    told = [(questions.with_words(session, rounds.view(row)), row.answers) for row in session.execute(found).all()]
    return tuple(Asked(round, answers) for round, answers in told if round.question)


def _in_period(since: float, until: float) -> ColumnElement[bool]:
    """What somebody asked counts when it was said to be answered; a prompt when it was asked, and when it closed."""
    was_asked = and_(Round.asked.is_(None), Round.opened_at >= since, Round.opened_at < until)
    return or_(was_asked, and_(Round.closed_at >= since, Round.closed_at < until))


def _has_news(since: float) -> ColumnElement[bool]:
    """Of a prompt that an earlier digest told of: whether somebody has answered it since."""
    return or_(Round.asked.is_not(None), func.max(Learning.said_at) >= since)


def _weeks(session: Session, place: Place, *, until: float) -> tuple[int, ...]:
    begins = until - WEEKS * WEEK
    said = select(Learning.said_at).where(
        shown_in(place), ~asked.is_one(), Learning.said_at >= begins, Learning.said_at < until
    )
    weeks = [0] * WEEKS
    for at in session.scalars(said):
        weeks[min(int((at - begins) // WEEK), WEEKS - 1)] += 1
    return tuple(weeks)


def _owe(session: Session, row: Row[tuple[object, ...]], *, at: float) -> None:
    place = Place(WorkspaceId(row.workspace), ChannelId(row.channel))
    zone = pocket_settings.of(session, place).timezone
    when = When(row.weekday, row.clock)
    is_late = at - row.next_at > DAY
    next_at = next_after(when, zone, after=at)
    since = row.since if is_late else at
    session.execute(update(Digest).where(*_in(place)).values(next_at=next_at, zone=zone, since=since))
    if is_late or not pockets.is_live(session, place) or channels.is_archived(session, place):
        return
    body = {"channel": place.channel, "since": max(row.since, at - 2 * WEEK), "until": at}
    slot = f"digest:{place.channel}"
    outbox.owe(session, place.workspace, "draw digest", lane=place.channel, body=body, slot=slot, at=at)


def _in(place: Place) -> tuple[ColumnElement[bool], ...]:
    return Digest.workspace == place.workspace, Digest.channel == place.channel
