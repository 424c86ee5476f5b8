"""Ranking: which of the documents that were found comes first, and why.

BM25 (Robertson and Zaragoza, The Probabilistic Relevance Framework, 2009, formula 3.15, with the idf of Lucene, which is never
negative, raised to `RARITY`), over terms; then what helped more, what is newer, and what is not out of date. They were chosen on
a chat's questions and answers (docs/benchmarks.md, *relevance*), where there is little between them and the usual 1.5 and 0.75.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from . import function_words
from .weighing import Size

K1 = 2.0
B = 0.9

RARITY = 1.5
"""The power of a term's idf: a question in a sentence holds many words that are neither rare nor telling, and together they would
outweigh the one that is. Between 1.2 and 2 it hardly matters which."""

BESIDE = 100
"""Documents that are counted beside those which somebody sees, as if each held all function words and no other: where they see
five, what stands in four of these is no common word."""

TELLING = 0.2
"""Of the weight of the rarest term that was asked for: terms of less tell little."""

HELPED = 0.12
"""By how much its score grows with each doubling of those whom it helped: ten lift it by 40 %, which no stray word does."""

OLD_AFTER = 2 * 365.0
"""Days after which age has taken half of what it takes."""

AGE_TAKES = 0.2
"""What age takes at the most: the one old, exactly right learning stays first."""

OUT_OF_DATE = 0.4
"""What is left of the score of one that is out of date: it stands behind its like."""


@dataclass(frozen=True, slots=True)
class Why:
    """Why a document stands where it stands: its match, the terms that matched, and what that was multiplied by.

    `telling`: of the terms, those that tell it from others; not "the", where there is anything better.
    """

    match: float
    terms: tuple[str, ...]
    telling: tuple[str, ...] = ()
    helped: float = 1.0
    age: float = 1.0
    out_of_date: float = 1.0

    @property
    def score(self) -> float:
        """All of it together."""
        return self.match * self.helped * self.age * self.out_of_date


def weights(terms: Iterable[str], many: Mapping[str, float], size: Size) -> dict[str, float]:
    """What each term is worth: the rarer, the more."""

    def worth(term: str) -> float:
        often = many.get(term, 0.0) + (BESIDE if term in function_words.TERMS else 0)
        return _idf(size.many + BESIDE, often)

    return {term: worth(term) for term in terms}


def match(terms: str, length: int, weight: Mapping[str, float], size: Size) -> tuple[float, tuple[str, ...]]:
    """How well a document matches, and the terms by which it does; `weight` is what each wanted term is worth."""
    often: dict[str, int] = {}
    for term in terms.split():
        if term in weight:
            often[term] = often.get(term, 0) + 1
    room = K1 * (1 - B + B * length / (size.length or 1.0))
    return sum(weight[term] * many * (K1 + 1) / (many + room) for term, many in often.items()), tuple(often)


def telling(terms: Iterable[str], weight: Mapping[str, float]) -> tuple[str, ...]:
    """Those of the terms that tell a document from others, the rarest first."""
    least = TELLING * max(weight.values(), default=0.0)
    return tuple(sorted((term for term in terms if weight[term] >= least), key=lambda term: -weight[term]))


def helped(many: int) -> float:
    """What it is multiplied by that helped so many people."""
    return 1 + HELPED * math.log2(1 + many)


def age(days: float) -> float:
    """What it is multiplied by that was said so many days ago."""
    return 1 - AGE_TAKES * (1 - math.exp2(-max(days, 0.0) / OLD_AFTER))


def out_of_date(*, is_it: bool) -> float:
    """What it is multiplied by."""
    return OUT_OF_DATE if is_it else 1.0


def _idf(all_: float, many: float) -> float:
    many = min(max(many, 1.0), all_)
    return math.pow(math.log(1 + (all_ - many + 0.5) / (many + 0.5)), RARITY)
