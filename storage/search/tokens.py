"""Tokens: how a text becomes the terms by which it is found. One tokenizer feeds both engines, so that both find the same.

Words are compared without case, accents and English endings. What programmers write is kept whole and in parts: `foo-bar`,
`snake_case`, `camelCase`, `node.js`, `/etc/hosts`, `c++`, `c#`, `.net`. Scripts that part no words are taken in pairs of
characters, as Lucene's CJKBigramFilter does, and singly, for whoever types one. Emoji are terms, too.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

import Stemmer

from storage import emoji_names

VERSION = 2
"""Raised whenever the same text gives other terms: what was indexed before is indexed anew."""

LONGEST = 64
"""Characters of a term: longer ones, as of addresses, are found by their parts."""

MOST = 4000
"""Terms of one text: a message of Slack's largest size, 40,000 characters, has more only where it is no prose."""

_UNPARTED = (
    "\u0e00-\u0e7f\u0e80-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3005\u3040-\u30ff\u3130-\u318f\u3400-\u4dbf"
    "\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\U00020000-\U0003ffff"
)
"""Chinese, Japanese and Korean; Thai, Lao, Burmese and Khmer: their words are not parted by spaces, or by more than that."""

_EMOJI = "\u00a9\u00ae\u2122\u2190-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001f1e5\U0001f200-\U0001f3fa\U0001f400-\U0001faff"
_LETTER = "(?:[^\\W_]|[\u0900-\u0963\u0966-\u0dff])"
"""Letters and digits; those of India together with their marks."""

_JOINT = r"[.\-/:@&'’‘ʼ´+#=\\~_]{1,3}"  # noqa: RUF001
"""What stands within a word of a program, an address or a path."""

_PIECE = re.compile(
    r":(?=[a-z0-9+-])[\w+'-]{1,99}:(?!\w)"
    rf"|[\U0001f1e6-\U0001f1ff]{{2}}|[{_EMOJI}]"
    rf"|(?:(?<![\w.)\]])\.(?=[^\W\d_]))?{_LETTER}+(?:{_JOINT}{_LETTER}+)*(?:\+\+|\#(?!\w))?"
)
_UNPARTED_RUN = re.compile(rf"[{_UNPARTED}]+")
_CHUNK = re.compile(r"\S+")
_JOINTS = re.compile(_JOINT)
_SIGNED = re.compile(r"(?<![^\W_])(?:[^\W_]+\+\+(?!\+)|[a-z]#)(?![^\W\d_])")
"""`c++` in `C++17` and `C++/Rust`, `c#` in `ASP.NET/C#`; no `repo#` in `repo#12`."""
_APART = re.compile(r"[^\w]+")
_CAMEL = re.compile(r"(?<=[^\W\d_A-Z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][^\W\d_A-Z])")
_UNSEEN = re.compile(
    "[\u00ad\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f"
    "\ufe00-\ufe0f\ufeff\U0001f3fb-\U0001f3ff]"
)
"""Marks that many leave out when they type, invisible characters, and the skin tones and styles of emoji."""

_ACCENTS = re.compile("[\u0300-\u036f]")
_QUOTES = str.maketrans("’‘ʼ`´", "'''''")  # noqa: RUF001 -- the apostrophes that keyboards make
_local = threading.local()


def terms(text: str) -> list[str]:
    """The terms of a text, in its order, each as often as it occurs; at most `MOST`. Slack's markup is read as plain before."""
    found: list[str] = []
    for chunk in (text if text.isascii() else _prepared(text)).split():
        found += _known(chunk) if len(chunk) <= LONGEST else _of_chunk(chunk)
        if len(found) >= MOST:
            return found[:MOST]
    return found


def pieces(text: str) -> Iterator[tuple[tuple[int, int], tuple[str, ...]]]:
    """Each word of a text, where it stands there, from and to, and its terms: for what is shown, as it was written."""
    for chunk in _CHUNK.finditer(text):
        for start, end in _split(chunk[0]):
            yield (chunk.start() + start, chunk.start() + end), _known(_prepared(chunk[0][start:end]))


def fold(text: str) -> str:
    """A text in the form in which it is compared: without case, accents and what nobody sees."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFKC", _ACCENTS.sub("", unicodedata.normalize("NFKD", _prepared(text).casefold())))


def stem(word: str) -> str:
    """A word of a text, folded, without its English ending."""
    return _stems([word])[0]


def whole_words(text: str) -> frozenset[str]:
    """The words of a text, folded, and without their endings: as they stand between spaces and signs, and no parts of them.

    Of what is no word, and of scripts that part none, it is the terms.
    """
    found = set[str]()
    for (start, end), some in pieces(text):
        word = fold(_prepared(text[start:end]))
        apart = [one for one in _APART.split(word) if one]
        found |= {word, *_stems([word.replace("'", ""), *apart])} if parts_words(word[:1]) else {*some}
    return frozenset(found)


def parts_words(mark: str) -> bool:
    """Whether a character is a word's, of a script that parts words."""
    return mark.isalnum() and not _UNPARTED_RUN.match(mark)


def matching(text: str, wanted: frozenset[str]) -> list[tuple[int, int]]:
    """Where the words of a text stand that have one of the wanted terms: from and to, in order."""
    found = list[tuple[int, int]]()
    for (start, end), some in pieces(text):
        if wanted.isdisjoint(some):
            continue
        found += _within(text, start, end, wanted) if _UNPARTED_RUN.match(text, start) else [(start, end)]
    return found


def _within(text: str, start: int, end: int, wanted: frozenset[str]) -> list[tuple[int, int]]:
    """The characters of a run without spaces that the wanted terms are made of."""
    folded = fold(text[start:end])
    if len(folded) != end - start:
        return [(start, end)]
    marked = [False] * len(folded)
    for term in wanted:
        at = folded.find(term)
        while at >= 0:
            marked[at : at + len(term)] = [True] * len(term)
            at = folded.find(term, at + 1)
    edges = [at for at in range(len(marked) + 1) if (at < len(marked) and marked[at]) != (at > 0 and marked[at - 1])]
    return [(start + from_, start + to) for from_, to in zip(edges[::2], edges[1::2], strict=True)]


def _prepared(text: str) -> str:
    """The same in one spelling, with its case: of letters in full or half width, of apostrophes, without what nobody sees."""
    if text.isascii():
        return text
    return _UNSEEN.sub("", unicodedata.normalize("NFKC", text.translate(_QUOTES)).translate(_QUOTES))


def _of_chunk(chunk: str) -> tuple[str, ...]:
    """The terms of what stands between two spaces."""
    return tuple(term for start, end in _split(chunk) for term in _of_piece(chunk[start:end]))


_known = lru_cache(maxsize=65536)(_of_chunk)
"""Most words are said over and over."""


def _split(chunk: str) -> Iterator[tuple[int, int]]:
    """The words within, each from and to; where scripts meet without a space, each run by itself."""
    at = 0
    if not chunk.isascii():
        for run in _UNPARTED_RUN.finditer(chunk):
            yield from (found.span() for found in _PIECE.finditer(chunk, at, run.start()))
            yield run.span()
            at = run.end()
    yield from (found.span() for found in _PIECE.finditer(chunk, at))


def _of_piece(piece: str) -> list[str]:
    if piece[0] == ":" and piece[-1] == ":" and len(piece) > 1:
        return [_named(piece[1:-1])]
    if _UNPARTED_RUN.match(piece):
        return _pairs(fold(piece))
    return _of_word(piece)


def _of_word(word: str) -> list[str]:
    if word.isascii() and word.isalpha() and (word.islower() or word[1:].islower()):
        return [one[:LONGEST] for one in _stems([word.lower()])]  # most words
    whole = fold(word)
    if not whole:
        return []
    segments = _JOINTS.split(word.strip(".+#'"))
    if len(segments) == 1 and whole == fold(segments[0]):
        return _unique([*_stems([whole]), *_humps(word)])
    if "'" in word and len(segments) == 2:  # noqa: PLR2004 -- one apostrophe
        return _with_apostrophe(whole, [fold(one) for one in segments])
    parts = [one for segment in segments if len(segment) > 1 for one in (*_stems([fold(segment)]), *_humps(segment))]
    parts += [one for one in _SIGNED.findall(whole) if one != whole]
    joined = ["".join(fold(one) for one in segments)] if "-" in word and len(segments) == 2 else []  # noqa: PLR2004
    return _unique([whole, *parts, *_stems(joined)])


def _with_apostrophe(whole: str, segments: list[str]) -> list[str]:
    """`don't` is `dont`, too; `l'équipe` is found by its noun, and `Ana's` by the name."""
    if segments[1] == "s":
        return _stems([segments[0]])
    long = [one for one in segments if len(one) > 3]  # noqa: PLR2004 -- an article, or what is left of a "not", is shorter
    return _unique([*_stems([whole.replace("'", "")]), *_stems(long)])


def _humps(segment: str) -> list[str]:
    """The parts of `camelCase`."""
    humps = _CAMEL.split(segment)
    return _stems([fold(one) for one in humps if len(one) > 1]) if len(humps) > 1 else []


def _pairs(run: str) -> list[str]:
    if len(run) == 1:
        return [run]
    return [*(run[at : at + 2] for at in range(len(run) - 1)), *run]


def _named(name: str) -> str:
    """An emoji by its name, as Slack's messages have it: the character, or a custom one's name between colons."""
    same = emoji_names.same(name)
    return f":{same}:" if same.isascii() else fold(same)


def _stems(words: list[str]) -> list[str]:
    """Snowball's English stems, in C: its object is not to be used by two threads."""
    stemmer = getattr(_local, "stemmer", None)
    if stemmer is None:
        stemmer = _local.stemmer = Stemmer.Stemmer("english")
    found: list[str] = stemmer.stemWords(words)
    return found


def _unique(found: list[str]) -> list[str]:
    return list(dict.fromkeys(one for one in found if 0 < len(one) <= LONGEST))
