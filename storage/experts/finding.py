"""Finding people: who stands for a topic or a question, and why, as far as whoever asks may know.

Learnings come by the search (`storage.search.looking`): those on a topic that was named, by any of its names, and those that
answer the words. As there, a hopeful look says of which channels Slack is to be asked before anything of it is shown.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, and_, bindparam, func, select
from sqlalchemy.orm import Session

from storage import markup, visibility
from storage.db.among import among
from storage.ids import ChannelId, LearningId, PersonId, Place, Ts, WorkspaceId
from storage.places import pocket_settings
from storage.search import marks
from storage.search.asked import Asked as Searched
from storage.search.candidates import Wanted
from storage.search.finding import Checked
from storage.search.looking import Look
from storage.search.looking import Ranked as Answering
from storage.tables import (
    Endorsement,
    ExpertTag,
    Help,
    Learning,
    PersonRow,
)
from storage.visibility import Viewer, visible

from . import answered, earned, findable, helpfulness, questions, tags, wishes
from .questions import Asked
from .ranking import HALF_LIFE, Document, Given, Ranked, Word, lowered, rank

ON_TOPIC, ANSWERING = 200, 100
"""Learnings that are looked at: the newest on a topic that was named; those that answer the words best."""

CONSIDERED = 30
"""People who may be looked at more closely, of whom Slack is asked how they are: some may be gone, or away."""


Speaking = Answering | answered.Given
"""A learning that speaks for its author."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A learning that whoever asks may open."""

    id: LearningId
    place: Place
    words: str
    link: str | None
    card_ts: Ts | None


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody who may be asked, and why. `is_full`: they have had their questions for this week; `is_away`: they say so."""

    person: PersonId
    score: float
    claimed: tuple[str, ...]
    endorsed_by: tuple[PersonId, ...]
    earned: bool
    learnings: tuple[LearningId, ...]
    is_full: bool = False
    is_away: bool = False

    @property
    def reasons(self) -> bool:
        """Whether anything speaks for them."""
        return bool(self.claimed or self.endorsed_by or self.earned or self.learnings)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer(Checked):
    """Who may be asked, best first, and what of theirs whoever asks may open. `asked`: how the question was understood."""

    asked: Asked
    people: tuple[Found, ...] = ()
    opened: Mapping[LearningId, Evidence] = field(default_factory=dict)


def look(session: Session, viewer: Viewer, words: str, *, at: float, hopeful: bool = False, shown: int) -> Answer:
    """Who may be asked, never `viewer` themselves: by what they may open, and what people say of each other.

    Whoever wants to be found by nobody is not found. `hopeful` as in `storage.search.finding`; `shown`: learnings of each person
    that may be shown.
    """
    if viewer.is_nobody:
        return Answer(asked=questions.unread(words), could_not_check=viewer.kind == "unknown")
    if (
        hopeful and viewer.kind != "member" and viewer.channels is None
    ):  # whom they may be shown hangs on where they are
        reach = visibility.reach(session, viewer, hopeful=True)
        return Answer(asked=questions.unread(words), doubtful=frozenset(reach.reads))
    search = Look(session, viewer, at, hopeful=hopeful)
    asked = questions.read(search, words)
    found = _answering(search, asked)
    people_ = _ranked(search, asked, found)
    ids = {id for one in people_ for id in one.learnings}
    doubtful = asked.doubtful | {one.channel for one, _ in found if one.learning in ids and not one.is_sure}
    first = [id for one in people_ for id in one.learnings[:shown]]
    seen = {} if doubtful else opened(session, viewer, first)
    return Answer(asked=asked, people=tuple(people_), opened=seen, doubtful=doubtful)


def people(session: Session, viewer: Viewer, words: str, *, at: float, limit: int = CONSIDERED) -> list[Found]:
    """Who may be asked, best first, by what `viewer` is known to see."""
    if viewer.is_nobody:
        return []
    search = Look(session, viewer, at)
    asked = questions.read(search, words)
    return _ranked(search, asked, _answering(search, asked), limit=limit)


def in_order(found: Collection[Found], away: Collection[PersonId]) -> list[Found]:
    """The same people, best first, now that it is known who is away: that is asked of Slack, and so comes last."""
    told = [_away(one) if one.person in away else one for one in found]
    return sorted(told, key=lambda one: (-one.score, one.person))


def _away(one: Found) -> Found:
    return replace(one, is_away=True, score=one.score if one.is_full else lowered(one.score))


def opened(session: Session, viewer: Viewer, ids: Collection[LearningId]) -> dict[LearningId, Evidence]:
    """What they may open of these."""
    values = visibility.values(viewer) | {"ids": sorted(ids)}
    return {
        LearningId(row.id): Evidence(
            LearningId(row.id),
            Place(viewer.person.workspace, ChannelId(row.channel)),
            row.words if row.source_ts is None else markup.plain(row.words),
            row.link,
            Ts(row.card_ts) if row.card_ts else None,
        )
        for row in session.execute(_opened(visibility.shape(viewer)), values)
    }


@lru_cache
def _opened(shape: visibility.Shape) -> Select[*tuple[Any, ...]]:
    shown = (Learning.__table__.c[name] for name in ("id", "channel", "words", "source_ts", "link", "card_ts"))
    found = select(*shown).where(visible(visibility.prepared(shape)), among(Learning.id, "ids"))
    return found.order_by(Learning.id)  # PostgreSQL gives them in the order of whatever way it chose to find them


def _answering(search: Look, asked: Asked) -> list[tuple[Speaking, float]]:
    """Learnings that speak for their authors, and how well each answers: from 0 to 1, the best does, and what is on topic.

    A question speaks for who answered it: each answer, as well as the question does, besides how well it does itself.
    """
    found = dict[LearningId, tuple[Answering, float]]()
    answering = search.rank(Searched(asked.words, words=asked.words), limit=ANSWERING)
    best = max((one.why.match for one in answering), default=0.0)
    for one in answering:
        found[one.learning] = (one, one.why.match / best)
    if asked.names:
        on_topic = tuple(marks.on(topic) for topic in asked.names)
        for one in search.having(Wanted((on_topic,)), limit=ON_TOPIC):
            found[one.learning] = (one, 1.0)
    of_now = {id: pair for id, pair in found.items() if not pair[0].is_out_of_date}
    questions = {id: much for id, (one, much) in of_now.items() if one.kind == "question"}
    speaking: dict[LearningId, tuple[Speaking, float]] = {
        id: pair for id, pair in of_now.items() if not (pair[0].without_name or id in questions)
    }
    for answer in answered.to(search, questions):
        before, much = speaking.get(answer.learning, (answer, 0.0))
        speaking[answer.learning] = (before, much + questions[answer.question])
    allowed = findable.allowed(search.session, search.viewer, {one.author for one, _ in speaking.values()})
    return [(one, much) for one, much in speaking.values() if one.author in allowed]


def _ranked(search: Look, asked: Asked, found: list[tuple[Speaking, float]], *, limit: int = CONSIDERED) -> list[Found]:
    session, viewer, at = search.session, search.viewer, search.at
    workspace = viewer.person.workspace
    half_lives = pocket_settings.half_lives(session, workspace)
    said = _said(session, asked, viewer, half_lives)
    whom = _helped(session, workspace, [one.learning for one, _ in found])
    documents = [
        Document(
            one.learning,
            one.author,
            much,
            one.said_at,
            whom.get(one.learning, 0),
            half_lives.get(one.channel, HALF_LIFE),
        )
        for one, much in found
    ]
    them = {*(one.author for one in documents), *(one.person for one in said)}
    full, recent = wishes.full(session, workspace, them, at=at), helpfulness.of(search, them)
    ranked = rank(documents, said, at=at, recent=recent, unavailable=full)
    return [_found(one, is_full=one.person in full) for one in ranked[:limit]]


def _said(session: Session, asked: Asked, viewer: Viewer, half_lives: Mapping[ChannelId, float]) -> list[Word]:
    """What people say of themselves and of others, for these topics. A reaction says it in its pocket."""
    shape, values = visibility.shape(viewer), visibility.values(viewer) | {"topics": sorted(asked.names)}
    rows = session.execute(_standing(shape), values).all() if asked.names else []
    listed = {(row.person, row.topic) for row in rows if row.endorsed_at is not None}
    values |= {"people": sorted({person for person, _ in listed})}
    by_evidence = earned.by_evidence(
        session, viewer, asked.names, {PersonId(row.person) for row in rows if row.earned_at is not None}
    )
    givers: dict[str, dict[PersonId, Given]] = {}
    for person, topic, giver, given_at, channel in session.execute(_given(shape), values) if listed else ():
        if (person, topic) in listed:
            half_life = half_lives.get(ChannelId(channel), HALF_LIFE)
            givers.setdefault(person, {}).setdefault(PersonId(giver), Given(PersonId(giver), given_at, half_life))
    found: dict[str, Word] = {}
    for row in rows:
        old = found.get(row.person, Word(PersonId(row.person)))
        is_claimed = row.claimed_at is not None
        has_earned = (row.person, asked.names[row.topic]) in by_evidence
        called = {asked.names[row.topic]: None} if is_claimed else {}
        found[row.person] = Word(
            old.person,
            tuple({**dict.fromkeys(old.claimed), **called}),
            _newest(old.claimed_at, row.touched_at if is_claimed else None),
            _newest(old.earned_at, row.earned_at if has_earned else None),
            tuple(givers.get(row.person, {}).values()),
        )
    return [word for word in found.values() if word.claimed or word.earned_at is not None or word.endorsed]


def _newest(*times: float | None) -> float | None:
    return max((time for time in times if time is not None), default=None)


@lru_cache
def _standing(shape: visibility.Shape) -> Select[*tuple[Any, ...]]:
    viewer = visibility.prepared(shape)
    said = (ExpertTag.claimed_at, ExpertTag.endorsed_at, ExpertTag.earned_at, ExpertTag.touched_at)
    here = (ExpertTag.workspace == viewer.person.workspace, among(ExpertTag.topic, "topics"), tags.holds())
    found = select(ExpertTag.person, ExpertTag.topic, *said)
    return found.where(*here, findable.may_be_found(viewer, ExpertTag.person)).order_by(
        ExpertTag.person, ExpertTag.topic
    )


@lru_cache
def _given(shape: visibility.Shape) -> Select[*tuple[Any, ...]]:
    viewer, one = visibility.prepared(shape), Endorsement
    of_these = (among(one.person, "people"), among(one.topic, "topics"), tags.counted(viewer.person.workspace))
    near = [] if viewer.kind == "member" else [findable.is_near(viewer, one.giver)]
    found = select(one.person, one.topic, one.giver, one.given_at, one.channel).where(*of_these, *near)
    return found.order_by(one.given_at, one.giver, one.channel)


_HELPED = (
    select(Help.learning, func.count(Help.person.distinct()).label("many"))
    .join(
        PersonRow,
        and_(PersonRow.workspace == Help.workspace, PersonRow.id == Help.person, PersonRow.is_bot.is_(False)),
    )
    .where(Help.workspace == bindparam("of_workspace"), among(Help.learning, "ids"), Help.standing)
    .group_by(Help.learning)
)


def _helped(session: Session, workspace: WorkspaceId, ids: list[str]) -> dict[str, int]:
    """How many people each of these helped; those that helped nobody are left out."""
    values = {"of_workspace": workspace, "ids": sorted(ids)}
    return {row.learning: row.many for row in session.execute(_HELPED, values)} if ids else {}


def _found(one: Ranked, *, is_full: bool) -> Found:
    word = one.word or Word(one.person)
    givers = tuple(one.giver for one in word.endorsed)
    ids = tuple(document.id for document in one.documents)
    return Found(one.person, one.score, word.claimed, givers, word.earned_at is not None, ids, is_full)
