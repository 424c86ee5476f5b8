"""Closeness: what was there before that says nearly the same as a learning, as somebody may see it.

Two are as close as what both hold weighs, of all that either holds: the resemblance of Broder (On the resemblance and
containment of documents, 1997), over terms, each by its weight in a search (`ranking.weights`), so that words which stand
everywhere make nothing alike. What is measured so is what a search for its words finds first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from storage.ids import LearningId
from storage.learned import links
from storage.prompts import asked
from storage.visibility import Viewer

from . import documents, finding, tokens
from .asked import Asked
from .documents import Said
from .finding import Checked, Hit
from .looking import Look, Ranked

CLOSE = 0.6
"""From which resemblance on something is told.

Of 5,000 messages of five words or more of a real chat (Racket's, 2018), each beside all that were said before it, 37 are told
from 0.6 on, and of these some 30 say the same. From 0.5 on it would be 75: what is added shares a frame, a link or a name
("Timing: 99 ms" and "Timing: 19356 ms"), or asks what the other answers. From 0.7 on, 18: half of those that say the same would
be missed.
"""

LOOKED_AT = 30
"""Of how many that a search finds first the words are compared: what says nearly the same holds nearly all that is looked for."""

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
    own = frozenset(tokens.terms(said.text)) if said is not None else frozenset[str]()
    if said is None or not own:
        return Nearest()
    look = Look(session, viewer, at, hopeful=hopeful)
    found = look.rank(Asked(said.text, words=said.text), limit=LOOKED_AT)
    best = _best(look, own, _before(session, said, found))
    if best is None:
        return Nearest(could_not_check=finding.is_unknown(viewer))
    hits = finding.hits(session, viewer, [best])
    return Nearest(hit=hits[0] if hits else None, doubtful=frozenset() if best.is_sure else frozenset({best.channel}))


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


def _best(look: Look, own: frozenset[str], found: Sequence[Ranked]) -> Ranked | None:
    """The one that resembles what holds these terms most, if that is enough."""
    held = documents.terms_of(look.session, look.viewer.person.workspace, [one.learning for one in found])
    alike = [one for one in found if one.learning in held]
    alike.sort(key=lambda one: -len(own & held[one.learning]) / len(own | held[one.learning]))
    few = alike[:WEIGHED]
    terms = own.union(*(held[one.learning] for one in few))
    weight = look.weights(terms)

    def resemblance(one: Ranked) -> float:
        other = held[one.learning]
        return sum(weight[term] for term in own & other) / sum(weight[term] for term in own | other)

    best = max(few, key=resemblance, default=None)
    return best if best is not None and resemblance(best) >= CLOSE else None
