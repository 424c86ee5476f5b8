"""Finding people: who stands for a topic or a question, and why, as far as whoever asks may know.

Learnings come by the search (`storage.search.looking`): those on a topic that was named, by any of its names, and those that
answer the words. As there, a hopeful look says of which channels Slack is to be asked before anything of it is shown.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from storage import markup, pocket_settings, topics, visibility
from storage.ids import ChannelId, LearningId, PersonId, Place, Ts, WorkspaceId
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
    LearningTopic,
    PersonRow,
    TopicAlias,
)
from storage.visibility import Viewer, visible

from . import findable, names, presence, tags, wishes
from .ranking import HALF_LIFE, Document, Given, Ranked, Word, rank

ON_TOPIC, ANSWERING = 200, 100
"""Learnings that are looked at: the newest on a topic that was named; those that answer the words best."""

MOST_WORDS = 60
"""Words of a question that are looked at for topics."""

LONGEST_TOPIC = 3
"""Words of a question that may be one topic together."""

CONSIDERED = 10
"""People who are looked at more closely: twice as many as are shown, as some may be gone."""

_PARTS = re.compile(r"[\s,;:!?()\"“”„«»]+")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question: its words, and the topics in it, each by all its names, with what it is called."""

    words: str
    names: dict[str, str]

    @property
    def topics(self) -> tuple[str, ...]:
        """What its topics are called."""
        return tuple(dict.fromkeys(self.names.values()))


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
    """Somebody who may be asked, and why. `is_full`: they have had their questions for this week."""

    person: PersonId
    score: float
    claimed: tuple[str, ...]
    endorsed_by: tuple[PersonId, ...]
    earned: bool
    learnings: tuple[LearningId, ...]
    is_full: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer(Checked):
    """Who may be asked, best first, and what of theirs whoever asks may open."""

    people: tuple[Found, ...] = ()
    opened: Mapping[LearningId, Evidence] = field(default_factory=dict)


def read(session: Session, workspace: WorkspaceId, words: str) -> Asked:
    """What is asked: all of it may be one topic; of more words, each and its neighbours may be one that somebody stands for."""
    parts = [part for part in _PARTS.split(words)[: MOST_WORDS + 1] if part]
    runs = [
        " ".join(parts[at : at + size]) for size in range(1, LONGEST_TOPIC + 1) for at in range(len(parts) - size + 1)
    ]
    maybe = [topic for topic in dict.fromkeys(topics.as_one(run) for run in runs) if topic]
    whole = [topic for topic in [topics.as_one(words)] if topic and len(parts) <= LONGEST_TOPIC]
    here = [
        select(ExpertTag.topic).where(
            ExpertTag.workspace == workspace,
            ExpertTag.topic.in_(maybe),
            ExpertTag.off_at.is_(None),
            or_(*(when.is_not(None) for when in (ExpertTag.claimed_at, ExpertTag.endorsed_at, ExpertTag.earned_at))),
            ~wishes.hidden(workspace, ExpertTag.person),
        ),
        select(TopicAlias.alias).where(TopicAlias.workspace == workspace, TopicAlias.alias.in_(maybe)),
        select(LearningTopic.topic).where(LearningTopic.workspace == workspace, LearningTopic.topic.in_(maybe)),
    ]
    known = {topic for one in here for topic in session.scalars(one.distinct())} if maybe else set()
    meant = [topic for topic in maybe if topic in known]
    return Asked(words, names.all_of(session, workspace, [*whole, *meant]))


def look(session: Session, viewer: Viewer, asked: Asked, *, at: float, hopeful: bool = False, shown: int) -> Answer:
    """Who may be asked, never `viewer` themselves: by what they may open, and what people say of each other.

    Whoever wants to be found by nobody is not found. `hopeful` as in `storage.search.finding`; `shown`: learnings of each person
    that may be shown.
    """
    if viewer.is_nobody:
        return Answer(could_not_check=viewer.kind == "unknown")
    if (
        hopeful and viewer.kind != "member" and viewer.channels is None
    ):  # whom they may be shown hangs on where they are
        return Answer(doubtful=frozenset(visibility.reach(session, viewer, hopeful=True).reads))
    search = Look(session, viewer, at, hopeful=hopeful)
    found = _answering(search, asked)
    people_ = _ranked(search, asked, found)
    ids = {id for one in people_ for id in one.learnings}
    doubtful = frozenset(one.channel for one, _ in found if one.learning in ids and not one.is_sure)
    first = [id for one in people_ for id in one.learnings[:shown]]
    return Answer(people=tuple(people_), opened={} if doubtful else opened(session, viewer, first), doubtful=doubtful)


def people(session: Session, asked: Asked, viewer: Viewer, *, at: float, limit: int = CONSIDERED) -> list[Found]:
    """Who may be asked, best first, by what `viewer` is known to see."""
    if viewer.is_nobody:
        return []
    search = Look(session, viewer, at)
    return _ranked(search, asked, _answering(search, asked), limit=limit)


def opened(session: Session, viewer: Viewer, among: Collection[LearningId]) -> dict[LearningId, Evidence]:
    """What they may open of these."""
    found = select(Learning).where(visible(viewer), Learning.id.in_(among))
    return {
        LearningId(row.id): Evidence(
            LearningId(row.id),
            Place(viewer.person.workspace, ChannelId(row.channel)),
            row.words if row.source_ts is None else markup.plain(row.words),
            row.link,
            Ts(row.card_ts) if row.card_ts else None,
        )
        for row in session.scalars(found)
    }


def _answering(search: Look, asked: Asked) -> list[tuple[Answering, float]]:
    """Learnings that speak for their authors, and how well each answers, from 0 to 1: the best does, and what is on topic."""
    found = dict[LearningId, tuple[Answering, float]]()
    answering = search.rank(Searched(asked.words, words=asked.words), limit=ANSWERING)
    best = max((one.why.match for one in answering), default=0.0)
    for one in answering:
        found[one.learning] = (one, one.why.match / best)
    if asked.names:
        on_topic = tuple(marks.on(topic) for topic in asked.names)
        for one in search.having(Wanted((on_topic,)), limit=ON_TOPIC):
            found[one.learning] = (one, 1.0)
    usable = [(one, much) for one, much in found.values() if not (one.without_name or one.is_out_of_date)]
    allowed = findable.allowed(search.session, search.viewer, {one.author for one, _ in usable})
    return [(one, much) for one, much in usable if one.author in allowed]


def _ranked(
    search: Look, asked: Asked, found: list[tuple[Answering, float]], *, limit: int = CONSIDERED
) -> list[Found]:
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
    among = list({*(one.author for one in documents), *(one.person for one in said)})
    full, recent = wishes.full(session, workspace, among, at=at), presence.of(search, among)
    ranked = rank(documents, said, at=at, recent=recent, unavailable=full)
    return [_found(one, is_full=one.person in full) for one in ranked[:limit]]


def _said(session: Session, asked: Asked, viewer: Viewer, half_lives: Mapping[ChannelId, float]) -> list[Word]:
    """What people say of themselves and of others, for these topics. A reaction says it in its pocket."""
    workspace = viewer.person.workspace
    mine = (ExpertTag.workspace == workspace, ExpertTag.topic.in_(asked.names), tags.holds())
    rows = session.execute(
        select(ExpertTag.person, ExpertTag.topic, ExpertTag.claimed_at, ExpertTag.endorsed_at, ExpertTag.earned_at)
        .where(*mine, findable.may_be_found(viewer, ExpertTag.person))
        .order_by(ExpertTag.person, ExpertTag.topic)
    ).all()
    listed = {(row.person, row.topic) for row in rows if row.endorsed_at is not None}
    of_given = (Endorsement.person, Endorsement.topic, Endorsement.giver, Endorsement.given_at, Endorsement.channel)
    given = select(*of_given).where(
        tags.counted(workspace),
        Endorsement.person.in_({person for person, _ in listed}),
        Endorsement.topic.in_(asked.names),
        *([] if viewer.kind == "member" else [findable.is_near(viewer, Endorsement.giver)]),
    )
    givers: dict[str, dict[PersonId, Given]] = {}
    for person, topic, giver, given_at, channel in session.execute(given.order_by(Endorsement.given_at)) if listed else ():
        if (person, topic) in listed:
            half_life = half_lives.get(ChannelId(channel), HALF_LIFE)
            givers.setdefault(person, {}).setdefault(PersonId(giver), Given(PersonId(giver), given_at, half_life))
    found: dict[str, Word] = {}
    for row in rows:
        old = found.get(row.person, Word(PersonId(row.person)))
        called = {asked.names[row.topic]: None} if row.claimed_at is not None else {}
        claimed, earned = tuple({**dict.fromkeys(old.claimed), **called}), old.earned or row.earned_at is not None
        found[row.person] = Word(old.person, claimed, earned, tuple(givers.get(row.person, {}).values()))
    return [word for word in found.values() if word.claimed or word.earned or word.endorsed]


def _helped(session: Session, workspace: WorkspaceId, among: list[str]) -> dict[str, int]:
    """How many people each of these helped; those that helped nobody are left out."""
    person = and_(PersonRow.workspace == Help.workspace, PersonRow.id == Help.person, PersonRow.is_bot.is_(False))
    found = (
        select(Help.learning, func.count(Help.person.distinct()).label("many"))
        .join(PersonRow, person)
        .where(Help.workspace == workspace, Help.learning.in_(among), Help.standing)
        .group_by(Help.learning)
    )
    return {row.learning: row.many for row in session.execute(found)} if among else {}


def _found(one: Ranked, *, is_full: bool) -> Found:
    word = one.word or Word(one.person)
    givers = tuple(one.giver for one in word.endorsed)
    ids = tuple(document.id for document in one.documents)
    return Found(one.person, one.score, word.claimed, givers, word.earned, ids, is_full)
