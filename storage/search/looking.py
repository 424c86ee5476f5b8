"""Looking: the documents that hold what is wanted, ranked, for one viewer. `finding` makes pages of it.

Candidates come by the index, while words are weighed (`weighing`): all that hold the rarest words, however old; the newest with
each common one; and those with common ones together. So a rare word outranks newness, and a common one costs no more than its
newest few.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache, partial, reduce
from itertools import combinations
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import Row, Select, bindparam, exists, func, select, true
from sqlalchemy.orm import Session

from storage import visibility
from storage.db.among import among
from storage.experts import names
from storage.ids import ChannelId, LearningId, PersonId, Place
from storage.tables import Channel, Document, Help, Learning, Outdated, PersonRow
from storage.visibility import Viewer

from . import candidates, documents, exactly, function_words, marks, ranking, tokens, weighing
from .asked import Asked
from .candidates import Wanted
from .exactly import Exactly
from .ranking import Why

RARE, TOGETHER, PAIRED, NEWEST = 400, 80, 180, 40
"""How many documents are looked at: of what only narrows; with all common words; with two of the rarest three; with any that
may be meant."""

ALL = 5
"""Words, the rarest, that are looked for together: what holds these of a sentence holds all of it, or comes close."""

TERMS = 40
"""Terms that are looked for, the rarest of what was asked: a pasted page has hundreds."""

HELPFUL = 100
"""Of how many of the best it is asked whom they helped."""

A_DAY = 86400.0

NOTHING = weighing.Size(1.0, 1.0)
"""Where nothing is weighed."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """A document that was found. `is_sure`: the viewer may see it by what Slack said lately; else Slack has to be asked first.

    `author` wrote it; `without_name`: nobody is to know. `said_at` in seconds since 1970, UTC.
    """

    learning: LearningId
    channel: ChannelId
    author: PersonId
    without_name: bool
    said_at: float
    is_sure: bool
    is_out_of_date: bool
    why: Why
    helped: int = 0
    kind: str = "learning"

    @property
    def score(self) -> float:
        """How well it answers: comparable within one answer."""
        return self.why.score


@dataclass
class Look:
    """A viewer looks, now (`at`, seconds since 1970, UTC). `hopeful`: also at what they may see only if Slack says so."""

    session: Session
    viewer: Viewer
    at: float
    hopeful: bool = False
    size: weighing.Size = NOTHING
    """How much of what was looked for last they see, about."""
    is_cut: bool = False
    """Whether more holds it than was looked at."""
    seen: set[str] = field(default_factory=set)
    """Of the terms that were looked for, those that stand in anything that was found, and that the viewer sees."""
    perhaps: dict[str, ChannelId] = field(default_factory=dict)
    """Those that stand in what they might see, and from where that is."""

    @cached_property
    def where(self) -> candidates.Scope:
        """Where there is anything for them."""
        reach = visibility.reach(self.session, self.viewer, hopeful=self.hopeful)
        beyond = partial(visibility.beyond, self.session, self.viewer, hopeful=self.hopeful)
        return candidates.scope(self.viewer, reach, beyond)

    def rank(self, asked: Asked, *, limit: int = RARE) -> list[Ranked]:
        """What answers, best first."""
        wanted, exact, weight = self.narrowed(asked), exactly.of(asked), dict[str, float]()
        if asked.terms:
            weighed = weighing.weigh(self._find, self._read, wanted, asked.terms)
            rarest = weighed.rarest[:TERMS]
            weight, self.size = ranking.weights(rarest, weighed.many, weighed.size), weighed.size
            numbers = weighed.numbers | self._together(wanted, rarest, weighed.common)
            self.is_cut = not function_words.all_but(asked.terms).isdisjoint(weighed.common)
        else:
            numbers = frozenset(self._find(wanted, RARE))
            self.is_cut = len(numbers) == RARE
        if exact and not asked.signs:
            some = wanted if asked.phrases or not asked.terms else wanted.and_any(*asked.terms)
            likely = self._find(exact.likely(some), RARE)
            numbers, self.is_cut = numbers | {*self._find(some, RARE), *likely}, len(likely) == RARE
        rows = self.rows(numbers)
        if not self.size.length:
            self.size = replace(self.size, length=sum(row.length for row in rows) / max(len(rows), 1))
        scored = self._scored(self._exactly(rows, exact) if exact else rows, weight)
        return self._best(scored, weight, limit=limit)

    def weights(self, terms: Collection[str]) -> dict[str, float]:
        """What each of these is worth."""
        weighed = weighing.weigh(self._find, self._read, Wanted(), [*terms])
        return ranking.weights(terms, weighed.many, weighed.size)

    def narrowed(self, asked: Asked) -> Wanted:
        """What each document is to hold, by what narrows."""
        groups = [self._on(topic) for topic in asked.topics]
        if asked.people:
            groups.append(tuple(marks.signed_by(person) for person in asked.people))
        if asked.kinds:
            groups.append(tuple(marks.of_kind(kind) for kind in asked.kinds))
        if asked.places or asked.names:
            workspace = self.viewer.person.workspace
            channels = (*asked.places, *self._named(asked.names))
            groups.append(tuple(marks.of_channel(Place(workspace, one)) for one in channels) or (marks.NOWHERE,))
        for phrase in asked.phrases:
            groups += [(term,) for term in tokens.terms(phrase)[:TERMS]]
        since = None if asked.since is None else documents.number_at(asked.since)
        return Wanted(tuple(groups), since=since)

    def rows(self, numbers: Iterable[int]) -> Sequence[Row[*tuple[Any, ...]]]:
        """These documents, as far as the viewer sees them, or might."""
        found = _rows(visibility.shape(self.viewer), hopeful=self.hopeful)
        values = visibility.values(self.viewer) | {"numbers": sorted(set(numbers))}
        return self.session.connection().execute(found, values).all() if values["numbers"] else []

    def holding(self, asked: Asked, terms: Sequence[str]) -> list[Ranked]:
        """The newest documents that hold any of these terms."""
        if not terms:
            return []
        wanted = replace(self.narrowed(asked).and_any(*terms), without=asked.terms_without)
        rows = self.rows(candidates.find(self.session, self.where, wanted, limit=NEWEST))
        weight = dict.fromkeys(terms, 1.0)
        return [_ranked(one, weight) for one in self._scored(rows, weight)[:NEWEST]]

    def having(self, wanted: Wanted, *, limit: int) -> list[Ranked]:
        """The newest documents that hold what is wanted."""
        rows = self.rows(candidates.find(self.session, self.where, wanted, limit=limit))
        return [_ranked(one, {}) for one in self._scored(rows, {})[:limit]]

    def newest(self, *, since: float, limit: int) -> list[Ranked]:
        """The newest of all."""
        return self.having(Wanted(since=documents.number_at(since)), limit=limit)

    def most_helpful(self, *, since: float, limit: int) -> list[Ranked]:
        """Those that helped most people since a moment."""
        many = func.count(Help.person.distinct())
        sees = visibility.hoped(self.viewer) if self.hopeful else visibility.visible(self.viewer)
        learning = (Learning.workspace == Help.workspace) & (Learning.id == Help.learning)
        best = (
            select(Help.learning)
            .join(Learning, learning)
            .join(PersonRow, (PersonRow.workspace == Help.workspace) & (PersonRow.id == Help.person))
            .where(sees, Help.event_ts >= f"{since:.6f}", *_counts(Help.person != Learning.author))
            .group_by(Help.learning)
            .order_by(many.desc(), Help.learning)
            .limit(limit)
        )
        ids = self.session.scalars(best).all()
        workspace = self.viewer.person.workspace
        numbers = select(Document.number).where(Document.workspace == workspace, Document.learning.in_(ids))
        scored = self._scored(self.rows(self.session.scalars(numbers).all()), {})
        found: dict[str, Scored] = {one.id: one for one in scored}
        helped = self._helped([one.id for one in scored])
        return [_ranked(found[id], {}, helped=helped.get(found[id].id, 0)) for id in ids if id in found]

    def _on(self, topic: str) -> tuple[str, ...]:
        """The marks of a topic by all its names: leads say which topics are one, for everybody in the workspace."""
        called = names.all_of(self.session, self.viewer.person.workspace, [topic])
        return tuple(marks.on(name) for name in sorted({topic, *called}))

    def _named(self, called: Sequence[str]) -> list[ChannelId]:
        """The channels of these names that the viewer reads: of any other, it is as if there were none."""
        if not called:
            return []
        here = (Channel.workspace == self.viewer.person.workspace, Channel.name.in_(called))
        reads = visibility.reach(self.session, self.viewer, hopeful=self.hopeful).reads
        return [ChannelId(id) for id in self.session.scalars(select(Channel.id).where(*here)) if id in reads]

    def _find(self, wanted: Wanted, limit: int) -> Sequence[int]:
        return candidates.find(self.session, self.where, wanted, limit=limit)

    def _read(self, numbers: Sequence[int]) -> Sequence[tuple[str, int]]:
        rows = self.session.connection().execute(_READ, {"numbers": [*numbers]}) if numbers else ()
        return [(row.terms, row.length) for row in rows]

    def _exactly(self, rows: Sequence[Row[*tuple[Any, ...]]], exact: Exactly) -> list[Row[*tuple[Any, ...]]]:
        """Those of them whose words hold what they must, as they must."""
        texts = documents.texts_of(self.session, self.viewer.person.workspace, [LearningId(row.id) for row in rows])
        return [row for row in rows if row.id in texts and exact.holds(texts[row.id])]

    def _together(self, wanted: Wanted, rarest: Sequence[str], common: Collection[str]) -> set[int]:
        """What holds several of the common terms; what holds any that is rarer is there already."""
        few = [term for term in rarest if term in common][:ALL]
        if len(few) < 2:  # noqa: PLR2004 -- together
            return set()
        numbers = {*self._find(wanted.and_all(*few), TOGETHER)}
        if len(few) > 2:  # noqa: PLR2004 -- else the two are all
            two_of_three = reduce(lambda one, pair: one.and_any(*pair), combinations(few[:3], 2), wanted)
            numbers |= {*self._find(two_of_three, PAIRED)}
        return numbers

    def _scored(self, rows: Sequence[Row[*tuple[Any, ...]]], weight: dict[str, float]) -> list[Scored]:
        """The best of these first, by all but whom they helped. Where nothing is wanted of their words, the newest.

        What holds no more of a question than its "how" and "the" does not answer it.
        """
        scored, telling = [], function_words.all_but(weight)
        for row in rows:
            _, words, length, id, channel, _, _, said_at, _, is_old, is_sure = row
            match, terms = ranking.match(words, length, weight, self.size) if weight else (1.0, ())
            if is_sure:
                self.seen.update(terms)
            else:
                self.perhaps |= dict.fromkeys(terms, ChannelId(channel))
            if match > 0 and not (weight and telling.isdisjoint(terms)):
                age, old = ranking.age((self.at - said_at) / A_DAY), ranking.out_of_date(is_it=is_old)
                scored.append(Scored(-match * age * old, -said_at, id, row, match, terms, age, old))
        scored.sort(key=itemgetter(0, 1, 2))
        return scored

    def _best(self, scored: list[Scored], weight: dict[str, float], *, limit: int) -> list[Ranked]:
        """The same, by whom they helped as well. Of what is far behind, it is not asked: it would not come to the front."""
        helped = self._helped([one.id for one in scored[:HELPFUL]])
        first = [one._replace(least=one.least * ranking.helped(helped.get(one.id, 0))) for one in scored[:HELPFUL]]
        first.sort(key=itemgetter(0, 1, 2))
        best = [*first, *scored[HELPFUL:]][:limit]
        return [_ranked(one, weight, helped=helped.get(one.id, 0)) for one in best]

    def _helped(self, ids: list[LearningId]) -> dict[LearningId, int]:
        values = {"of_workspace": self.viewer.person.workspace, "ids": ids}
        found = self.session.connection().execute(_HELPED, values) if ids else ()
        return {LearningId(id): many for id, many in found}


class Scored(NamedTuple):
    """A document, as it is put in order: the least first, by the negative of its score, then the newest."""

    least: float
    newest: float
    id: LearningId
    row: Row[*tuple[Any, ...]]
    match: float
    terms: tuple[str, ...]
    age: float
    out_of_date: float


def _ranked(one: Scored, weight: dict[str, float], *, helped: int = 0) -> Ranked:
    row, telling = one.row, ranking.telling(one.terms, weight)
    return Ranked(
        learning=one.id,
        channel=ChannelId(row.channel),
        author=PersonId(row.author),
        without_name=row.without_name,
        said_at=row.said_at,
        is_sure=bool(row.is_sure),
        is_out_of_date=bool(row.is_old),
        why=Why(one.match, one.terms, telling, ranking.helped(helped), one.age, one.out_of_date),
        helped=helped,
        kind=row.kind,
    )


@lru_cache
def _rows(shape: visibility.Shape, *, hopeful: bool) -> Select[*tuple[Any, ...]]:
    viewer = visibility.prepared(shape)
    is_old = exists().where(Outdated.workspace == Learning.workspace, Outdated.learning == Learning.id)
    sees = visibility.visible(viewer)
    return (
        select(
            *(Document.__table__.c[name] for name in ("number", "terms", "length")),
            *(Learning.__table__.c[name] for name in ("id", "channel", "author", "without_name", "said_at", "kind")),
            is_old.label("is_old"),
            (sees if hopeful else true()).label("is_sure"),
        )
        .join_from(Document, Learning, (Learning.workspace == Document.workspace) & (Learning.id == Document.learning))
        .where(among(Document.number, "numbers"), visibility.hoped(viewer) if hopeful else sees)
    )


def _counts(of_others: Any) -> tuple[Any, ...]:  # noqa: ANN401 -- SQLAlchemy's own
    return Help.standing, PersonRow.is_bot.is_(False), of_others


_READ = (
    select(Document.terms, Document.length).where(among(Document.number, "numbers")).order_by(Document.number.desc())
)
_HELPED = (
    select(Help.learning, func.count(Help.person.distinct()).label("many"))
    .join(Learning, (Learning.workspace == Help.workspace) & (Learning.id == Help.learning))
    .join(PersonRow, (PersonRow.workspace == Help.workspace) & (PersonRow.id == Help.person))
    .where(Help.workspace == bindparam("of_workspace"), among(Help.learning, "ids"))
    .where(*_counts(Help.person != Learning.author))
    .group_by(Help.learning)
)
