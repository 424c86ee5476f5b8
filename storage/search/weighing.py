"""Weighing: how often words are used in what somebody may see; and, found on the way there, what holds the rarest of them.

What others wrote where they don't read counts for nothing: no order, no bold word and no hint may tell of it. So nothing is
counted for a workspace. The newest that they see are a sample, and the words that are common there are weighed by it. What holds
any of the others is the next sample; and so on, until all that holds what is left is there, and is counted. Which part of
everything each sample stands for (its *share*) is known from the one before it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from itertools import islice

from .candidates import Wanted

ALL = 400
"""Documents that are looked for, at most, to have all that hold some words."""

SAMPLE = 100
"""Of these, the newest, by which words are weighed where there are more."""

KEPT = 0.25
"""The rarest words that together stand in no more than this part of a sample are looked for by themselves."""

UNSEEN = 0.5
"""Documents of a sample that what is in none of them counts for."""

EACH, COMMON = 20, 100
"""How many documents are taken along with each word that is common in a sample; and with the last one, if it is, too."""

Find = Callable[[Wanted, int], Sequence[int]]
"""The numbers of so many of the newest documents that hold what is wanted."""

Read = Callable[[Sequence[int]], Sequence[tuple[str, int]]]
"""The terms of these, the newest first, apart by spaces; and how many they are."""


@dataclass(frozen=True, slots=True)
class Size:
    """How many documents somebody sees, about, and how many terms one has on average; 0: that was not looked at."""

    many: float
    length: float


@dataclass(frozen=True, slots=True)
class Weighed:
    """In how many documents each term stands, about, of how many. `numbers`: of documents that hold any of them.

    `common`: the terms of which there are more documents than were looked at.
    """

    many: dict[str, float]
    size: Size
    numbers: frozenset[int]
    common: frozenset[str] = frozenset()

    @property
    def rarest(self) -> list[str]:
        """The terms, the rarest first."""
        return sorted(self.many, key=lambda term: self.many[term])


@dataclass(frozen=True, slots=True)
class _Sample:
    """Documents that hold something. `is_all`: nothing else does.

    `read`: of the newest, or of all, which of the wanted terms each holds, and how many terms it has.
    """

    numbers: Sequence[int]
    read: tuple[tuple[frozenset[str], int], ...]
    share: float
    is_all: bool

    def often(self, term: str) -> int:
        """How many of those that were read hold a term."""
        return sum(term in held for held, _ in self.read)

    def newest(self, terms: Collection[str], many: int) -> set[int]:
        """The newest of those that were read, so many at most, that hold any of these."""
        pairs = zip(self.numbers, self.read, strict=False)
        return {*islice((number for number, (held, _) in pairs if not held.isdisjoint(terms)), many)}

    def share_of(self, terms: Collection[str]) -> float:
        """Which part of everything holds any of these."""
        holding = sum(not held.isdisjoint(terms) for held, _ in self.read)
        least = 0.0 if self.is_all else UNSEEN
        return self.share * max(holding, least) / max(len(self.read), 1)

    def rare(self, terms: Collection[str]) -> list[str]:
        """Those of them that are to be looked for by themselves: one at least."""
        kept, room = list[str](), KEPT * len(self.read)
        for often, term in sorted((self.often(term), term) for term in terms):
            room -= often
            if kept and room < 0:
                break
            kept.append(term)
        return kept


def weigh(find: Find, read: Read, wanted: Wanted, terms: Collection[str]) -> Weighed:
    """How often each of these terms stands in what is wanted."""
    if len(terms) == 1:
        return _alone(find, wanted, *terms)
    sample = _sampled(find(wanted, ALL), read, frozenset(terms), share=1.0)
    length = sum(length for _, length in sample.read) / max(len(sample.read), 1)
    numbers = sample.newest(terms, len(sample.read)) if sample.is_all else set[int]()
    left, shares, many, common = [*terms], dict[str, float](), float(len(sample.numbers)), set[str]()
    while left and not sample.is_all:
        rare = sample.rare(left)
        usual = {*left} - {*rare}
        shares |= {term: sample.share_of([term]) for term in usual}
        numbers = numbers.union(*(sample.newest([term], EACH) for term in usual))
        share, found = sample.share_of(rare), find(wanted.and_any(*rare), ALL)
        left, common, many = rare, common | usual, max(many, len(found) / share)
        if len(rare) == 1 and len(found) == ALL:  # it is common, too
            shares, common, left = shares | {rare[0]: share}, common | {*rare}, []
            numbers |= {*found[:COMMON]}
        else:
            sample = _sampled(found, read, frozenset(rare), share=share)
            numbers |= {*(found if sample.is_all else ())}
    shares |= {term: sample.share_of([term]) for term in left}
    return Weighed(
        {term: shares[term] * many for term in terms}, Size(many, length), frozenset(numbers), frozenset(common)
    )


def _alone(find: Find, wanted: Wanted, term: str) -> Weighed:
    """One word is not weighed against any other."""
    found = find(wanted.and_any(term), ALL)
    is_all = len(found) < ALL
    taken, common = (found, frozenset[str]()) if is_all else (found[:COMMON], frozenset({term}))
    return Weighed({term: float(len(found))}, Size(2.0 * len(found), 0.0), frozenset(taken), common)


def _sampled(found: Sequence[int], read: Read, wanted: frozenset[str], *, share: float) -> _Sample:
    is_all = len(found) < ALL
    held = read(found if is_all else found[:SAMPLE])
    return _Sample(found, tuple((wanted.intersection(terms.split()), length) for terms, length in held), share, is_all)
