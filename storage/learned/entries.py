"""What somebody enters of a learning, tidied and checked before anything is remembered."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace

from storage.ids import Place
from storage.refusals import NothingToShare, TooLong, UnknownKind
from storage.tables import KINDS

from . import topics

_SIGNS = re.compile(r":[\w+'-]+:|<[@!#][^<>]*>|[0-9]\ufe0f?\u20e3")
"""An emoji by its name (its skin tone, too), a mention as Slack writes it, a keycap: each holds letters that say nothing."""

MAX_WORDS = 3000
"""Characters: what a form's field takes (Block Kit)."""


@dataclass(frozen=True, slots=True)
class NewLearning:
    """What somebody wants to share. `key` makes it one: the same key again is the same learning."""

    key: str
    place: Place
    words: str
    why: str = ""
    kind: str = "learning"
    topics: tuple[str, ...] = ()
    without_name: bool = False


def has_words(text: str) -> bool:
    """Whether anything in it can be seen: no space, no control or invisible format character."""
    return any(unicodedata.category(mark)[0] not in "ZC" for mark in text)


def has_more_than_signs(text: str) -> bool:
    """Whether it has a letter or digit beside mentions and emoji, by name (`:tada:`) or as characters."""
    return any(unicodedata.category(mark)[0] in "LN" for mark in _SIGNS.sub("", text))


def words_checked(written: str) -> str:
    """What somebody wrote, tidied. Raises `NothingToShare`, `TooLong`, for the field of the words."""
    words = written.strip()
    if not has_words(words):
        raise NothingToShare(field="words")
    return _short_enough(words, field="words")


def checked(new: NewLearning) -> NewLearning:
    """The same, tidied. Raises `NothingToShare`, `TooLong`, `UnknownKind`, and what `topics.normalise_all` raises."""
    words, why = words_checked(new.words), _short_enough(new.why.strip(), field="why")
    if new.kind not in KINDS:
        raise UnknownKind(kinds=", ".join(KINDS), field="kind")
    return replace(new, words=words, why=why if has_words(why) else "", topics=topics.normalise_all(list(new.topics)))


def _short_enough(text: str, *, field: str) -> str:
    if len(text) > MAX_WORDS:
        raise TooLong(length=len(text), limit=MAX_WORDS, field=field)
    return text
