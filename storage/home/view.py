"""What stands in somebody's Home: their own, and of others only what `visibility` lets them see now. All of it is bounded."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from itertools import zip_longest

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from storage import people, visibility
from storage.experts import tags, unclaimed, wishes
from storage.ids import ChannelId, LearningId, PersonId, Place
from storage.learned import drafts, helps, learnings
from storage.learned.drafts import Draft
from storage.learned.learnings import LearningView
from storage.places import leads, pocket_settings, pockets
from storage.places.pockets import PocketName
from storage.prompts import questions
from storage.prompts.questions import Question
from storage.tables import Answer, Channel, Help, Learning, PersonRow, Pocket, Round, Schedule
from storage.visibility import Viewer

DAY = 86400.0
WEEK = 7 * DAY
LATELY = 2 * WEEK
"""Seconds in which something is new."""

MOST_INVITED = 10
"""Topics that somebody is invited to stand for."""

MOST_POCKETS, MOST = 12, 5
"""Pockets, and of everything else, that are shown: with their buttons they fit into the hundred blocks of a Home."""


@dataclass(frozen=True, slots=True)
class Pulse:
    """How a pocket is, for those who lead it.

    Learned in these seven days and in those before; answers to its prompts in these; when it asks next (seconds since 1970, UTC).
    """

    learned: int
    before: int
    answered: int
    next_at: float | None


@dataclass(frozen=True, slots=True)
class HomePocket:
    """A pocket that they are in. `new`: what others learned there in seven days. `pulse`: to those who lead it.

    `unclaimed`: topics of it that nobody stands for yet, as far as they may know.
    """

    pocket: PocketName
    noun: str
    new: int
    pulse: Pulse | None
    unclaimed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """A learning, what its pocket calls one, and how many people it helped."""

    learning: LearningView
    noun: str
    helped: int


@dataclass(frozen=True, slots=True)
class Mine:
    """What they shared, and what is kept of theirs: how many, how many people it helped in all, and the newest."""

    shared: int
    kept: int
    helped: int
    newest: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Home:
    """All of it. `more_pockets`, `more_drafts`: there are more than are shown. `questions`: open ones that they could answer.

    `topics`: what they may be asked about; `is_hidden`: they want nobody to find them for it.
    `is_unchecked`: Slack did not say in time what else they may see.
    """

    pockets: tuple[HomePocket, ...]
    more_pockets: bool
    mine: Mine
    drafts: tuple[Draft, ...]
    more_drafts: bool
    new: tuple[Entry, ...]
    questions: tuple[Question, ...]
    topics: tuple[str, ...]
    is_hidden: bool
    is_never_kept: bool
    may_start: bool
    is_unchecked: bool

    @property
    def invited(self) -> tuple[str, ...]:
        """Unclaimed topics of pockets that others lead, each one's first: they are invited to stand for one, unless they hide."""
        each = [one.unclaimed for one in self.pockets if one.pulse is None and not self.is_hidden]
        return tuple(dict.fromkeys(topic for row in zip_longest(*each) for topic in row if topic))[:MOST_INVITED]


def candidates(viewer: Viewer) -> ColumnElement[bool]:
    """For `visibility.needs`: the pockets that they are in, and wherever something of their own is."""
    return or_(and_(visibility.inside(viewer), _is_pocket()), visibility.holding(Learning.author == viewer.person.id))


def whom_to_ask(session: Session, viewer: Viewer, *, at: float) -> list[PersonId]:
    """Of whom Slack is to be asked whether they are in a channel with a guest, before `of` says for what nobody stands."""
    if viewer.kind == "member":
        return []
    found = pockets.of_viewer(session, viewer, limit=MOST_POCKETS)
    return unclaimed.whom_to_ask(session, viewer, [one.channel for one in found], at=at)


def of(session: Session, viewer: Viewer, *, at: float, near: Collection[PersonId] = frozenset()) -> Home:
    """What stands there for this viewer, at `at` (seconds since 1970, UTC). `near`: of `whom_to_ask`, those who are."""
    found = pockets.of_viewer(session, viewer, limit=MOST_POCKETS + 1)
    shown, mine = found[:MOST_POCKETS], drafts.of(session, viewer.person)
    ids = [one.channel for one in shown]
    counts, missing = _counts(session, viewer, ids, at=at), unclaimed.of(session, viewer, ids, at=at, near=near)
    new = _entries(session, viewer, _new(viewer, [one.channel for one in found], at=at))
    return Home(
        pockets=tuple(_pocket(session, viewer, one, counts, missing[one.channel], at=at) for one in shown),
        more_pockets=len(found) > MOST_POCKETS,
        mine=_mine(session, viewer),
        drafts=tuple(mine[:MOST]),
        more_drafts=len(mine) > MOST,
        new=new,
        questions=tuple(questions.open_questions(session, viewer, limit=MOST, to_answer=True)),
        topics=tuple(tag.topic for tag in tags.of(session, viewer.person)),
        is_hidden=wishes.of(session, viewer.person).hidden,
        is_never_kept=people.never_keeps(session, viewer.person),
        may_start=viewer.kind == "member" and viewer.is_active,
        is_unchecked=_is_unchecked(session, viewer, ids),
    )


def _pocket(
    session: Session,
    viewer: Viewer,
    one: PocketName,
    counts: dict[str, tuple[int, int, int]],
    missing: list[str],
    *,
    at: float,
) -> HomePocket:
    place = Place(viewer.person.workspace, one.channel)
    learned, before, by_others = counts.get(one.channel, (0, 0, 0))
    pulse = None
    is_full = viewer.kind == "member" and viewer.is_active
    stands_in = is_full and not leads.there(session, place)
    if leads.may(session, place, replace(viewer.person, stands_in=stands_in)):
        pulse = Pulse(learned, before, _answered(session, place, at=at), _next_at(session, place))
    return HomePocket(one, pocket_settings.noun_of(session, place), by_others, pulse, tuple(missing[:MOST_INVITED]))


def _counts(session: Session, viewer: Viewer, ids: list[ChannelId], *, at: float) -> dict[str, tuple[int, int, int]]:
    """Of each channel: learned in these seven days, in those before, and by others in these."""
    this_week = Learning.said_at >= at - WEEK
    found = (
        select(
            Learning.channel,
            func.count().filter(this_week).label("learned"),
            func.count().filter(~this_week).label("before"),
            func.count().filter(this_week, Learning.author != viewer.person.id).label("by_others"),
        )
        .where(visibility.visible(viewer), Learning.channel.in_(ids), Learning.said_at >= at - 2 * WEEK)
        .group_by(Learning.channel)
    )
    return {row.channel: (row.learned, row.before, row.by_others) for row in session.execute(found)}


def _answered(session: Session, place: Place, *, at: float) -> int:
    """How many answers its prompts of seven days have."""
    found = (
        select(func.count())
        .select_from(Answer)
        .join(Round, and_(Round.workspace == Answer.workspace, Round.id == Answer.round))
        .join(Learning, and_(Learning.workspace == Answer.workspace, Learning.id == Answer.learning))
        .where(visibility.shown_in(place), Round.opened_at >= at - WEEK)
    )
    return session.scalar(found) or 0


def _next_at(session: Session, place: Place) -> float | None:
    here = (Schedule.workspace == place.workspace, Schedule.channel == place.channel, Schedule.state == "live")
    return session.scalar(select(func.min(Schedule.next_at)).where(*here))


def _mine(session: Session, viewer: Viewer) -> Mine:
    own = (visibility.visible(viewer), Learning.author == viewer.person.id)
    kept = Learning.source_ts.is_not(None)
    many = session.execute(select(func.count().filter(~kept), func.count().filter(kept)).where(*own)).one()
    helped = (
        select(func.count(Help.person.distinct()))
        .join(Learning, and_(Learning.workspace == Help.workspace, Learning.id == Help.learning))
        .join(PersonRow, and_(PersonRow.workspace == Help.workspace, PersonRow.id == Help.person))
        .where(*own, Help.standing, PersonRow.is_bot.is_(False), Help.person != viewer.person.id)
    )
    newest = _entries(session, viewer, and_(*own))
    return Mine(many[0], many[1], session.scalar(helped) or 0, newest)


def _new(viewer: Viewer, ids: list[ChannelId], *, at: float) -> ColumnElement[bool]:
    """What others learned lately in their pockets."""
    return and_(
        visibility.visible(viewer),
        Learning.channel.in_(ids),
        Learning.author != viewer.person.id,
        Learning.said_at >= at - LATELY,
    )


def _entries(session: Session, viewer: Viewer, which: ColumnElement[bool]) -> tuple[Entry, ...]:
    """The newest of these."""
    workspace = viewer.person.workspace
    ids = session.scalars(select(Learning.id).where(which).order_by(Learning.said_at.desc(), Learning.id).limit(MOST))
    found = [one for id in ids.all() if (one := learnings.find(session, workspace, LearningId(id))) is not None]
    helped = helps.counts(session, found[0].place, [one.id for one in found]) if found else {}
    return tuple(Entry(one, pocket_settings.noun_of(session, one.place), helped.get(one.id, 0)) for one in found)


def _is_unchecked(session: Session, viewer: Viewer, ids: list[ChannelId]) -> bool:
    if not viewer.is_active:
        return False
    if viewer.kind == "unknown" or viewer.channels is None:
        return True
    theirs = or_(Learning.author == viewer.person.id, Learning.channel.in_(ids))
    return session.scalar(select(Learning.id).where(visibility.unchecked(viewer), theirs).limit(1)) is not None


def _is_pocket() -> ColumnElement[bool]:
    here = (Pocket.workspace == Channel.workspace, Pocket.channel == Channel.id)
    return exists(select(Pocket.channel).where(*here, Pocket.stopped_at.is_(None)))
