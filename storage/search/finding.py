"""Finding: what somebody asked for, a page at a time, as they may see it, and what they meant where they mistyped.

Before anything of it is shown, Slack has to be asked what the viewer may read now (`handlers.slack.viewing.found`): a hopeful
look finds what they might see, and says of which channels Slack is to be asked (`doubtful`); looked at again, with what Slack
said, it holds what they do see.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, tzinfo

from sqlalchemy.orm import Session

from storage.ids import ChannelId, LearningId, Person
from storage.learned import learnings
from storage.learned.learnings import LearningView
from storage.visibility import Viewer

from . import asked as asking
from . import documents, linked, tokens, vocabulary
from .asked import Asked
from .looking import Look, Ranked
from .ranking import Why

PAGE = 5

SPOKEN = 7
"""Words from whose next one on it is a sentence: where a page answers that, only long words are corrected, and of one typo: a
sentence has words that nothing else has."""

CORRECTED = 3
"""Words that may be typos, at most: the longest of those that nothing has. A text is not corrected: it was not typed."""

RECENT = 90 * 86400.0
"""Seconds back to which the newest and the most helpful go."""

HELPFUL, LATEST = 3, 5
"""How many of each are shown."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A learning that was found, as its viewer may see it: where no name stands with it, it has no author but for themselves."""

    learning: LearningView
    score: float
    why: Why
    helped: int
    is_out_of_date: bool
    is_sure: bool
    also: tuple[LearningView, ...] = ()
    """Where it leads to, as far as they may see that: what was linked with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What is shown of what somebody looks for.

    `could_not_check`: Slack did not say in time whether some of it may be shown, and that is left out. `doubtful`: the channels
    that Slack is to be asked about before it is shown.
    """

    could_not_check: bool = False
    doubtful: frozenset[ChannelId] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Found(Checked):
    """A page of what was found. `more`: there is a next one. `corrected`: what was typed, and what was looked for instead.

    `loosened`: nothing has exactly what was asked for, and these come close. `first`: the number of the page's first.
    `besides`: what is left out. `is_cut`: it is the last page, but there are older ones that were not looked at.
    """

    asked: Asked
    hits: tuple[Hit, ...] = ()
    more: bool = False
    corrected: tuple[tuple[str, str], ...] = ()
    loosened: bool = False
    first: int = 0
    besides: LearningId | None = None
    is_cut: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Latest(Checked):
    """The most helpful and the newest, of late."""

    helpful: tuple[Hit, ...] = ()
    newest: tuple[Hit, ...] = ()


def find(
    session: Session,
    viewer: Viewer,
    asked: Asked,
    *,
    at: float,
    hopeful: bool = False,
    first: int = 0,
    page: int = PAGE,
    besides: LearningId | None = None,
) -> Found:
    """A page of what answers but `besides`, from the one numbered `first` on, now (`at`, seconds since 1970, UTC)."""
    look = Look(session, viewer, at, hopeful=hopeful)
    if asked.unknown or asked.is_empty:
        return Found(asked=asked, could_not_check=is_unknown(viewer))
    enough = first + page + (2 if besides else 1)
    all_, loosened = look.rank(asked, limit=enough), False
    asked, corrected, in_doubt = _corrected(look, asked, all_)
    if corrected:
        all_ = look.rank(asked, limit=enough)
    if not all_ and asked.is_strict:
        all_, loosened = look.rank(asked.as_text, limit=enough), True
    all_ = [one for one in all_ if one.learning != besides]
    here = all_[first : first + page]
    found, linked_from = _leading(look, here)
    return Found(
        asked=asked,
        hits=found,
        more=len(all_) > first + page,
        corrected=corrected,
        loosened=loosened and bool(here),
        could_not_check=is_unknown(viewer),
        doubtful=_doubtful(all_[: first + page + 1]) | in_doubt | linked_from,
        first=first,
        besides=besides,
        is_cut=look.is_cut and first + page >= len(all_),
    )


def latest(session: Session, viewer: Viewer, *, at: float, hopeful: bool = False) -> Latest:
    """The most helpful and the newest of the last 90 days."""
    look = Look(session, viewer, at, hopeful=hopeful)
    helpful = look.most_helpful(since=at - RECENT, limit=HELPFUL)
    there = {one.learning for one in helpful}
    newest = [one for one in look.newest(since=at - RECENT, limit=HELPFUL + LATEST) if one.learning not in there]
    shown, linked_from = _leading(look, [*helpful, *newest[:LATEST]])
    return Latest(
        helpful=tuple(one for one in shown if one.learning.id in there),
        newest=tuple(one for one in shown if one.learning.id not in there),
        could_not_check=is_unknown(viewer),
        doubtful=_doubtful([*helpful, *newest[:LATEST]]) | linked_from,
    )


def understand(typed: str, *, by: Person, at: float, zone: tzinfo = UTC) -> Asked:
    """What somebody typed: see `asked.understand`."""
    return asking.understand(typed, me=by.id, at=at, zone=zone)


def _corrected(
    look: Look, asked: Asked, found: Sequence[Ranked]
) -> tuple[Asked, tuple[tuple[str, str], ...], frozenset[ChannelId]]:
    """What was meant by the words that nothing of it holds, where the viewer may see something that holds that instead.

    And the channels that Slack is to be asked about before it is clear whether anything that they see holds a word.
    """
    words, corrected, in_doubt = asked.words.split(), list[tuple[str, str]](), set[ChannelId]()
    if asked.is_text:
        return asked, (), frozenset()
    is_answered = len(words) > SPOKEN and len(found) >= PAGE
    least, typos = (vocabulary.LONG, 1) if is_answered else (vocabulary.SHORTEST, vocabulary.TYPOS)
    strange = [
        at
        for at, word in enumerate(words)
        if len(word) >= least and (some := tokens.terms(word)) and look.seen.isdisjoint(some)
    ]
    for at in sorted(sorted(strange, key=lambda at: -len(words[at]))[:CORRECTED]):
        word = words[at]
        if perhaps := {look.perhaps[term] for term in tokens.terms(word) if term in look.perhaps}:
            in_doubt |= perhaps
        elif (meant := _meant(look, asked, word, typos)) is not None:
            term, best = meant
            words[at] = _spelled(look, best, term)
            corrected.append((word, words[at]))
            in_doubt |= _doubtful([best])
    return replace(asked, words=" ".join(words)) if corrected else asked, tuple(corrected), frozenset(in_doubt)


def _meant(look: Look, asked: Asked, word: str, typos: int) -> tuple[str, Ranked] | None:
    """The term that was meant by a word, and what holds it: the nearest, and then what most of what they see holds.

    What they do not see counts for nothing: it would tell of words that others wrote.
    """
    workspace, bare = look.viewer.person.workspace, word.strip(".,;:!?()'\"")
    near = vocabulary.near(look.session, workspace, bare, typos=typos)
    for terms in near:
        found = look.holding(asked, terms)
        sure = [one for one in found if one.is_sure] or found
        often = Counter(term for one in sure for term in one.why.terms)
        if often:
            term = min(often, key=lambda term: (-often[term], term))
            return term, next(one for one in sure if term in one.why.terms)
    return None


def _spelled(look: Look, one: Ranked, term: str) -> str:
    """How a document that they may see spells a term."""
    said = documents.of_learning(look.session, look.viewer.person.workspace, one.learning)
    text = said.text if said else ""
    return next((text[start:end] for (start, end), terms in tokens.pieces(text) if term in terms), term)


def hits(session: Session, viewer: Viewer, ranked: Sequence[Ranked]) -> tuple[Hit, ...]:
    """What was ranked, as its viewer sees it.

    What went this very moment is left out: PostgreSQL shows each statement what is there by then.
    """
    found = learnings.several(session, viewer.person.workspace, [one.learning for one in ranked])
    return tuple(_hit(found[one.learning], one, viewer) for one in ranked if one.learning in found)


def _leading(look: Look, ranked: Sequence[Ranked]) -> tuple[tuple[Hit, ...], frozenset[ChannelId]]:
    """The same, with where each leads to; and the channels that Slack is to be asked about for that."""
    found = hits(look.session, look.viewer, ranked)
    leads, doubtful = linked.to(look.session, look.viewer, [one.learning.id for one in found], hopeful=look.hopeful)
    return tuple(replace(one, also=leads.get(one.learning.id, ())) for one in found), doubtful


def _hit(found: LearningView, one: Ranked, viewer: Viewer) -> Hit:
    if found.without_name and found.author != viewer.person.id:
        found = replace(found, author=None)
    return Hit(found, one.score, one.why, one.helped, one.is_out_of_date, one.is_sure)


def _doubtful(found: Iterable[Ranked]) -> frozenset[ChannelId]:
    return frozenset(one.channel for one in found if not one.is_sure)


def is_unknown(viewer: Viewer) -> bool:
    """Whether Slack did not say who they are."""
    return viewer.is_active and viewer.kind == "unknown"
