"""Shortening: what a curator may leave of somebody's words. They may leave words out, and neither change nor add any."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from storage import markup
from storage.ids import Ts
from storage.learned import entries
from storage.learned.entries import MAX_WORDS
from storage.refusals import NotAShortening, NothingLeft

_PIECES = re.compile(r"\s+|\S+")
_WORDS = re.compile(rf"(?:{markup.REFERENCE.pattern}|\S)+")
"""A message's words: what Slack's markup holds together is one, though it reads as several."""

_PLAIN = re.compile(r"\S+")

_MARKS = ".,;:!?…()[]\"'“”„\u2018\u2019«»*_~`"
"""Signs of sentences and of formatting that may go, at a word's edges; the signs of C++ and -5 may not."""

MAX_NAMED = 40
"""Characters of what is no word of the author's that a refusal names."""

_LEFT_OUT = {"…", "...", "[…]", "[...]", "(…)", "(...)"}
"""What may stand where words were left out."""


Part = tuple[int, ...] | str
"""A place in a message's text: from and to, or, of how that reads, from and to again. Or what may stand between two places."""


@dataclass(frozen=True, slots=True)
class Shortened:
    """What remains, as its message has it; `is_whole`: nothing was left out. `parts`: of what it is made."""

    words: str
    is_whole: bool
    parts: tuple[Part, ...] = ()


def shown(whole: str) -> str:
    """A message's words as a form shows them."""
    return markup.plain(whole)


def beginning(whole: str) -> str:
    """As much of them as a form's field takes, cut behind a word."""
    text = shown(whole)
    if len(text) <= MAX_WORDS:
        return text
    cut = text[:MAX_WORDS]
    return cut.rsplit(None, 1)[0] if len(cut.split(None, 1)) > 1 else cut


def of(whole: str, kept: str) -> Shortened:
    """What a curator kept of a message's words, in its author's own spelling.

    A word may lose signs at its edges, so that a sentence can end earlier; signs of omission may stand between words. Raises
    `NotAShortening` where anything else is there that the author did not write in that order, `NothingLeft` where no word is.
    """
    if kept.split() == shown(whole).split():
        return Shortened(whole, is_whole=True)
    written = iter(list(_written(whole)))
    parts = list[Part]()
    for piece in _PIECES.findall(kept.strip()):
        if piece.isspace() or piece in _LEFT_OUT:
            parts.append(piece)
            continue
        found = next((said for said in written if _is_from(piece, said[1])), None)
        if found is None:
            raise NotAShortening(word=piece if len(piece) <= MAX_NAMED else f"{piece[:MAX_NAMED]}…", field="words")
        parts.append(_place_of(piece, *found))
    if not any(entries.has_words(_read(whole, part)) for part in parts if not isinstance(part, str)):
        raise NothingLeft(field="words")
    return Shortened(_joined(whole, parts), is_whole=False, parts=tuple(parts))


def to_hold(left: Shortened, *, edited: Ts | None) -> str:
    """What remains of a message that was `edited` last then, by places: to be held while its words may not be."""
    return json.dumps({"edited": edited, "parts": left.parts})


def held(cut: str, whole: str, *, edited: Ts | None) -> str | None:
    """What remains of a message by what was held; None where it was edited since: nobody has shortened what it says now."""
    told = json.loads(cut)
    return _joined(whole, told["parts"]) if told["edited"] == edited else None


def digest(whole: str) -> str:
    """By which a message's words are known again, without being held."""
    return hashlib.sha256(whole.encode()).hexdigest()


def _is_from(piece: str, said: str) -> bool:
    """Whether it is this word, or the word without signs at its edges."""
    return piece == said or (piece in said and bool(_core(piece)) and _core(piece) == _core(said))


def _written(whole: str) -> Iterator[tuple[tuple[int, ...], str]]:
    """Each word's place, and as a form shows it. Of what reads like something else there, the plain words."""
    found = list(_WORDS.finditer(whole))
    many = Counter(shown(one) for one in {one[0] for one in found})
    for one in found:
        read = shown(one[0])
        if many[read] == 1 and read.split() == [read]:
            yield one.span(), read
        else:
            yield from ((one.span() + word.span(), word[0]) for word in _PLAIN.finditer(read))


def _place_of(piece: str, place: tuple[int, ...], said: str) -> tuple[int, ...]:
    """Where in the message it stands, without the signs that it lost."""
    if piece == said:
        return place
    begins = (place[2] if len(place) > 2 else 0) + said.index(piece)  # noqa: PLR2004 -- from and to, and again
    return (*place[:2], begins, begins + len(piece))


def _read(whole: str, place: Sequence[int]) -> str:
    """What stands at a place, in Slack's spelling."""
    text = whole[place[0] : place[1]]
    return markup.escape(shown(text)[place[2] : place[3]]) if place[2:] else text


def _joined(whole: str, parts: Sequence[Part]) -> str:
    return "".join(part if isinstance(part, str) else _read(whole, part) for part in parts)


def _core(word: str) -> str:
    return word.strip(_MARKS)
