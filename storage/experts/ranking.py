"""The ranking of people: who is to be asked first, from what speaks for each of them.

The source is Balog's document-centred model (K. Balog, L. Azzopardi, M. de Rijke, *Formal models for expert finding in enterprise
corpora*, SIGIR 2006, model 2): whoever stands behind the documents that answer a question is worth asking. Here

    score(p) = available(p) · (1 + PRIOR · recent(p)) · ( Σ_d relevance(d) · (1 + HELPED · log2(1 + helped(d))) · fade(age(d))
               + CLAIMED · fade(age(claim)) + EARNED · fade(age(yes)) + ENDORSED · Σ_e fade(age(e)) )

over the learnings d by p that were found for the question (relevance from 0 to 1, that of the best is 1; of what answers a
question that was found, that one's is added), and p's tags and endorsements e for its topics. `fade` halves with each half-life,
which is that of the pocket where the evidence is from; what is from none halves with half a year. A claim is as old as what its
person last did about it, what is earned as their yes to it. A question speaks for who answered it, and not for who asked
(`answered`). `available(p)` is less than 1 for who is away, or has had their questions for this week.

`recent(p)` is the prior: how much p helped others lately, of whatever topic, from 0 to 1, by what they shared (`helpfulness`):

    recent(p) = h(p) / max h,   h(p) = Σ_d (SHARED + log2(1 + helped(d))) · 0.5 ^ (age(d) / LATELY)

The score orders people, and is shown to none.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from storage.ids import LearningId, PersonId
from storage.places import pocket_settings

HALF_LIFE = pocket_settings.HALF_LIFE * pocket_settings.DAY
"""Seconds after which evidence weighs half: half a year, where its pocket does not say otherwise."""

A_DAY = pocket_settings.DAY

CLAIMED = 1.0
"""Their own word weighs as much as the learning that answers best: they want to be asked."""
EARNED = 1.0
"""Learnings of theirs on it helped three people, and they said yes."""
ENDORSED = 0.5
"""Two colleagues' word is worth their own."""
HELPED = 0.5
"""One person whom it helped makes a learning worth half as much again; each doubling of them as much more."""
PRIOR = 2.0
"""Who helped most lately weighs three times what who helped nobody does: they are there, and they answer.

It was measured on a chat (docs/benchmarks.md, *experts*): from 1 to 8 hardly anything changes; at 0 some is lost.
"""
SHARED = 0.1
"""What helped nobody, as far as is known, weighs a tenth of what helped one: it only tells who shares from who does not."""
LATELY = 90 * 86400.0
"""Seconds after which what one did says half as much of whether one is there: people change what they do by the quarter."""
UNAVAILABLE = 0.25
"""Who is away, or has had their questions for this week, stands behind whoever has a quarter of what speaks for them."""


@dataclass(frozen=True, slots=True)
class Document:
    """A learning that speaks for its author. `at`: when it was said, in seconds since 1970, UTC.

    `relevance`: how well it answers, and as much again for a question that it answers; each from 0 to 1.
    """

    id: LearningId
    author: PersonId
    relevance: float
    at: float
    helped: int = 0
    half_life: float = HALF_LIFE


@dataclass(frozen=True, slots=True)
class Given:
    """An endorsement that counts: by whom, and when (as above)."""

    giver: PersonId
    at: float
    half_life: float = HALF_LIFE


@dataclass(frozen=True, slots=True)
class Word:
    """What is said of a person, for a question's topics. `claimed`: those that they say themselves; `endorsed`: by whom.

    `claimed_at`, `earned_at`: since when, of the newest, as above; None: they are not.
    """

    person: PersonId
    claimed: tuple[str, ...] = ()
    claimed_at: float | None = None
    earned_at: float | None = None
    endorsed: tuple[Given, ...] = ()


@dataclass(frozen=True, slots=True)
class Ranked:
    """A person, what their score is, and what it came from: the learnings that weigh most first."""

    person: PersonId
    score: float
    documents: tuple[Document, ...] = ()
    word: Word | None = field(default=None)


def rank(
    documents: Iterable[Document],
    said: Collection[Word],
    *,
    at: float,
    recent: dict[PersonId, float] | None = None,
    unavailable: Collection[PersonId] = (),
) -> list[Ranked]:
    """Best first. `recent`: how much they helped others lately, from 0 to 1; who is not named there is taken as 0."""
    behind: dict[PersonId, list[tuple[float, Document]]] = {}
    for one in documents:
        weight = one.relevance * (1 + HELPED * math.log2(1 + one.helped)) * fade(at - one.at, one.half_life)
        behind.setdefault(one.author, []).append((weight, one))
    words = {word.person: word for word in said}
    found = []
    for person in {*behind, *words}:
        own = sorted(behind.get(person, ()), key=lambda pair: (-pair[0], pair[1].id))
        score = sum(weight for weight, _ in own) + _of_words(words.get(person), at=at)
        score *= 1 + PRIOR * (recent or {}).get(person, 0.0)
        score = lowered(score) if person in unavailable else score
        found.append(Ranked(person, score, tuple(one for _, one in own), words.get(person)))
    return sorted(found, key=lambda one: (-one.score, one.person))


def lowered(score: float) -> float:
    """The score of whoever is not available, once: who is away and has had their questions stands no lower than for one."""
    return score * UNAVAILABLE


def worth(helped: int) -> float:
    """What a learning that helped so many people says of how helpful its author is; each doubling of them as much more."""
    return SHARED + math.log2(1 + helped)


def fade(age: float, half_life: float = HALF_LIFE) -> float:
    """What is left of evidence after `age` seconds; of what is dated ahead of now, all."""
    return float(0.5 ** (max(0.0, age) / half_life))


def _of_words(word: Word | None, *, at: float) -> float:
    if word is None:
        return 0.0
    endorsed = sum(fade(at - one.at, one.half_life) for one in word.endorsed)
    claimed, earned = (0.0 if since is None else _of_tag(at - since) for since in (word.claimed_at, word.earned_at))
    return CLAIMED * claimed + EARNED * earned + ENDORSED * endorsed


def _of_tag(age: float) -> float:
    """What is left of a tag: by whole days, as who said it an hour earlier is not to be asked later for that."""
    return fade(age // A_DAY * A_DAY)
