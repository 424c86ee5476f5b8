"""Exactly: what must stand there as it was typed, and what must not, looked for in the words themselves.

The index knows no order, and no word from a part of one: what it leads to is read. The runs of terms spare the reading of most.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property

from . import tokens
from .asked import Asked
from .candidates import Wanted


@dataclass(frozen=True)
class Exactly:
    """What of a question is to be looked for in the words themselves."""

    phrases: tuple[str, ...]
    phrases_without: tuple[str, ...]
    words_without: tuple[str, ...]
    signs: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.phrases or self.phrases_without or self.words_without or self.signs)

    def holds(self, text: str) -> bool:
        """Whether a text holds what it must, and nothing that it must not."""
        folded = _folded(text)
        if any(sign not in text for sign in self.signs) or not all(one.search(folded) for one in self._wanted):
            return False
        if any(one.search(folded) for one in self._unwanted):
            return False
        return not self.words_without or tokens.whole_words(text).isdisjoint(self.words_without)

    def likely(self, wanted: Wanted) -> Wanted:
        """What the index is to lead to, so that most of it holds."""
        runs = tuple(map(_run, self.phrases))
        return replace(
            wanted, without=self.words_without, runs=runs, runs_without=tuple(map(_run, self.phrases_without))
        )

    @cached_property
    def _wanted(self) -> list[re.Pattern[str]]:
        return [_standing(phrase) for phrase in self.phrases]

    @cached_property
    def _unwanted(self) -> list[re.Pattern[str]]:
        return [_standing(phrase) for phrase in self.phrases_without]


def of(asked: Asked) -> Exactly:
    """What of this is to be looked for so."""
    return Exactly(asked.phrases, asked.phrases_without, asked.terms_without, asked.signs)


def _standing(phrase: str) -> re.Pattern[str]:
    """A phrase, from a word's beginning to a word's end; where scripts part no words, anywhere."""
    said = _folded(phrase)
    before, after = (
        r"(?<!\w)" if tokens.parts_words(said[:1]) else "",
        r"(?!\w)" if tokens.parts_words(said[-1:]) else "",
    )
    return re.compile(f"{before}{re.escape(said)}{after}")


def _folded(text: str) -> str:
    return " ".join(tokens.fold(text).split())


def _run(phrase: str) -> str:
    """Its terms as they stand in a document that holds it."""
    return f" {' '.join(tokens.terms(phrase))} "
