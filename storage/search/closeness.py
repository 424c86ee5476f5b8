"""Closeness: what was there before that says nearly the same as a learning, as somebody may see it.

Two are as close as what both hold weighs, of all that either holds: the resemblance of Broder (On the resemblance and
containment of documents, 1997), over terms, each by its weight in a search (`ranking.weights`), so that words which stand
everywhere make nothing alike. What is measured so is what a search for its words finds first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from storage.ids import LearningId, Person, WorkspaceId
from storage.learned import links
from storage.prompts import asked
from storage.visibility import Viewer

from . import candidates, documents, finding, ranking, tokens, vocabulary
from .candidates import Scope, Wanted
from .documents import Said
from .finding import Checked, Hit
from .looking import Ranked

CLOSE = 0.6
"""From which resemblance on something is told.

Of 5,000 messages of five words or more of a real chat (Racket's, 2018), each beside all that were said before it, 37 are told
from 0.6 on, and of these some 30 say the same. From 0.5 on it would be 75: what is added shares a frame, a link or a name
("Timing: 99 ms" and "Timing: 19356 ms"), or asks what the other answers. From 0.7 on, 18: half of those that say the same would
be missed.
"""

LOOKED_AT = 30
"""Of how many that a search finds first the words are compared: what says nearly the same holds nearly all that is looked for."""

LOOKED_THROUGH = 100
"""Documents that hold a rare word of it: where there are more, they are ranked at once."""

ROUNDING = 1e-9
"""By which sums of weights may differ that are the same."""

WEIGHED = 5
"""Of how many of them the words are weighed: those that have most of them in common."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Nearest(Checked):
    """The nearest of what is close enough, if anything is."""

    hit: Hit | None = None


def nearest(session: Session, viewer: Viewer, id: LearningId, *, at: float, hopeful: bool = False) -> Nearest:
    """What says nearly the same as this learning, and was said before it, now (`at`, seconds since 1970, UTC).

    What is out of date is not, nor is an open question; what it is linked with already needs no telling.
    """
    said = documents.of_learning(session, viewer.person.workspace, id)
    own = _terms(said)
    return _nearest(session, viewer, said, own, at=at, hopeful=hopeful) if said is not None and own else Nearest()


def _nearest(session: Session, viewer: Viewer, said: Said, own: frozenset[str], *, at: float, hopeful: bool) -> Nearest:
    found = finding.ranked(session, viewer, said.text, at=at, hopeful=hopeful, limit=LOOKED_AT)
    best = _best(session, viewer.person.workspace, own, _before(session, said, found))
    if best is None:
        return Nearest(could_not_check=finding.is_unknown(viewer))
    hits = finding.hits(session, viewer, [best])
    return Nearest(hit=hits[0] if hits else None, doubtful=frozenset() if best.is_sure else frozenset({best.channel}))


def is_there(session: Session, person: Person, id: LearningId, *, at: float) -> bool:
    """Whether anything is close to it that this person might see, whoever they are and wherever they are.

    It is not to be shown: it tells whether Slack is to be asked for more.
    """
    said = documents.of_learning(session, person.workspace, id)
    own = _terms(said)
    if said is None or not own or not _may_be(session, said, own):
        return False
    anybody = Viewer(person, "member", since=at, until=at)
    return _nearest(session, anybody, said, own, at=at, hopeful=True).hit is not None


def _may_be(session: Session, said: Said, own: frozenset[str]) -> bool:
    """Whether any document at all holds so much of what these terms weigh that it may be close; mostly none does.

    What is close holds `CLOSE` of that weight at least. So it holds one at least of the rarest that weigh more together than
    it may lack (the filter by a prefix of Chaudhuri and others, A primitive operator for similarity joins, 2006).
    """
    workspace = said.place.workspace
    weight = ranking.weights(own, vocabulary.many(session, workspace, own), vocabulary.size(session, workspace))
    enough = CLOSE * sum(weight.values()) * (1 - ROUNDING)
    rarest, without = list[str](), sum(weight.values())
    for term in sorted(own, key=lambda term: -weight[term]):
        if without < enough:
            break
        rarest.append(term)
        without -= weight[term]
    numbers = candidates.find(session, Scope(workspace), Wanted((tuple(rarest),)), limit=LOOKED_THROUGH)
    if len(numbers) == LOOKED_THROUGH:
        return True
    held = documents.terms_at(session, numbers)
    return any(id != said.id and sum(weight[term] for term in own & terms) >= enough for id, terms in held.items())


def _terms(said: Said | None) -> frozenset[str]:
    return frozenset(tokens.terms(said.text)) if said is not None else frozenset()


def _before(session: Session, said: Said, found: Sequence[Ranked]) -> list[Ranked]:
    workspace, ids = said.place.workspace, [one.learning for one in found]
    left_out = {*links.of(session, workspace, said.id), *asked.open_among(session, workspace, ids)}
    return [
        one
        for one in found
        if (one.said_at, one.learning) < (said.said_at, said.id)
        and not one.is_out_of_date
        and one.learning not in left_out
    ]


def _best(session: Session, workspace: WorkspaceId, own: frozenset[str], found: Sequence[Ranked]) -> Ranked | None:
    """The one that resembles what holds these terms most, if that is enough."""
    held = documents.terms_of(session, workspace, [one.learning for one in found])
    alike = [one for one in found if one.learning in held]
    alike.sort(key=lambda one: -len(own & held[one.learning]) / len(own | held[one.learning]))
    few = alike[:WEIGHED]
    terms = own.union(*(held[one.learning] for one in few))
    many = vocabulary.many(session, workspace, terms)
    weight = ranking.weights(terms, many, vocabulary.size(session, workspace))

    def resemblance(one: Ranked) -> float:
        other = held[one.learning]
        return sum(weight[term] for term in own & other) / sum(weight[term] for term in own | other)

    best = max(few, key=resemblance, default=None)
    return best if best is not None and resemblance(best) >= CLOSE else None
