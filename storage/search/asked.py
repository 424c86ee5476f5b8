"""What somebody asked for, as they typed it: words, and what narrows them.

`#topic`, `from:@ana`, `in:#pocket`, `kind:idea`, `since:2026-01`, `"a phrase"` and `-word` narrow, however long the question is.
Of what was pasted, quotes, hashes and dashes are its own: several lines are that, and so is one long line where nothing has what
these narrow it to (docs/decisions/0178).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, tzinfo

from storage import markup
from storage.ids import ChannelId, PersonId
from storage.learned import topics
from storage.tables import KINDS

from . import since, tokens

LONGEST = 1500
"""Characters that are looked for: as many as *more* can carry along (Block Kit: 2,000 of a button's value)."""

SHORTEST = 3
"""Characters of a word that is left out by a hyphen: `-it` and `-X` are options."""

TEXT_FROM = 12
"""Words from whose next one on a line is a text: an error puts single words in quotes, too."""

_QUOTES = str.maketrans("“”„«»", '"""""')
_VALUE = rf"<[^<>]*>|\"[^\"]+\"|(?<=since:)(?:{since.SPACED})|(?<=kind:)working\s+on\b|[^\s\"]+"
_PARTS = re.compile(
    r'(?P<no>(?<!\S)-)?(?:"(?P<phrase>[^"]*)"'
    rf"|(?P<key>from|in|kind|since|topic):(?P<value>{_VALUE})"
    r"|(?<!\S)(?P<hash>\#[^\s\"<>]+|<\#[^<>]*>)(?!\S)"
    r"|(?P<word><[^<>]*>|[^\s\"]+))",
    re.IGNORECASE,
)
_KEYS = re.compile(r"\b(?P<key>from|in|kind|since|topic):", re.IGNORECASE)
_SIGNS = re.compile(r"[\"“”„«»<>]|(?<!\S)[-#]+")
"""What `understand` takes for more than words."""
_KINDS = {
    form: kind for kind in KINDS for one in [kind.replace(" ", "")] for form in (one, f"{one}s", f"{one[:-1]}ies")
}
"""How each kind may be called: in the plural, too."""


@dataclass(frozen=True, slots=True)
class Asked:
    """`words`: what is to be found. `names`: what narrows to pockets by name, which are resolved for whoever asks.

    `since` in seconds since 1970, UTC. `unknown`: what was meant to narrow, and says nothing: then nothing is found. `nobody`:
    what may have been meant to name somebody, and is words. `is_text`: it may have been pasted.
    """

    typed: str
    words: str = ""
    phrases: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    people: tuple[PersonId, ...] = ()
    places: tuple[ChannelId, ...] = ()
    names: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    since: float | None = None
    unknown: tuple[str, ...] = ()
    nobody: tuple[str, ...] = ()
    is_text: bool = False

    @property
    def narrows(self) -> bool:
        """Whether anything but words was said."""
        said = self.topics or self.people or self.places or self.names or self.kinds or self.unknown
        return bool(said) or self.since is not None

    @property
    def is_strict(self) -> bool:
        """Whether words must stand there exactly so; of a text, whether any sign in it narrows that may be its own."""
        return bool(self.phrases or (self.is_text and (self.without or self.topics)))

    @property
    def terms_without(self) -> tuple[str, ...]:
        """Of what is left out, what is one term."""
        return tuple(terms[0] for one in self.without if len(terms := tokens.terms(one)) == 1)

    @property
    def phrases_without(self) -> tuple[str, ...]:
        """Of that, what is more: the index knows no order, so it is looked for in the words themselves."""
        return tuple(one for one in self.without if len(tokens.terms(one)) > 1)

    @property
    def signs(self) -> tuple[str, ...]:
        """What is to be looked for, where it has no word in it: `=>`, `!=`."""
        if self.terms or self.narrows or self.without:
            return ()
        return tuple(filter(None, map(_signs, self.words.split())))

    @property
    def is_empty(self) -> bool:
        """Whether nothing in it can be looked for."""
        return not (self.terms or self.narrows or self.without or self.signs)

    @property
    def terms(self) -> tuple[str, ...]:
        """The terms of its words, those of phrases too, each once."""
        return tuple(dict.fromkeys(tokens.terms("\n".join([self.words, *self.phrases]))))

    @property
    def question(self) -> str:
        """What is to be asked of people, where nothing answers it: without what narrows; if that is all, its topics."""
        return " ".join([self.words, *self.phrases]).strip() or ", ".join(self.topics)

    @property
    def as_text(self) -> Asked:
        """The same, where its phrases are words like others; of a text, all whose signs may be its own."""
        if not self.is_text:
            return replace(self, words="\n".join([self.words, *self.phrases]), phrases=())
        words = "\n".join([self.words, *self.phrases, *self.without, *self.topics])
        return replace(self, words=words, phrases=(), without=(), topics=())


def as_words(text: str) -> str:
    """What somebody wrote to others, so that nothing in it narrows when it is looked for: as Slack's markup, as if typed."""
    plain = _KEYS.sub(r"\g<key> ", markup.plain(text))
    return markup.escape(" ".join(_SIGNS.sub(" ", plain).split()))


def understand(typed: str, *, me: PersonId, at: float, zone: tzinfo = UTC) -> Asked:
    """What was typed, in Slack's markup, by `me`, now (`at`, seconds since 1970, UTC), in whose `zone` days begin."""
    typed = _cut(typed.strip())
    plain = markup.plain(typed)
    if "\n" in typed:
        return Asked(typed, words=plain, is_text=True)
    found = Asked(typed, is_text=len(plain.split()) > TEXT_FROM)
    for part in _PARTS.finditer(typed.translate(_QUOTES)):
        found = _with(found, part, me=me, now=since.Now(at, zone))
    return replace(found, words=found.words.strip())


def _cut(typed: str) -> str:
    if len(typed) <= LONGEST:
        return typed
    room = typed[:LONGEST]
    return room.rsplit(None, 1)[0] if any(mark.isspace() for mark in room) else room


def _with(asked: Asked, part: re.Match[str], *, me: PersonId, now: since.Now) -> Asked:
    word, no = part["word"], bool(part["no"])
    if part["phrase"] is not None:
        return _with_phrase(asked, markup.plain(part["phrase"]).strip(), no=no)
    if part["key"] and not no:
        value = part["value"].strip('"')
        return _narrowed(asked, part["key"].lower(), value, me=me, now=now) or _more_words(asked, part[0])
    if part["hash"] and not no:
        topic = topics.as_one(markup.plain(part["hash"]).lstrip("#"))
        return replace(asked, topics=(*asked.topics, topic)) if topic else _more_words(asked, part[0])
    if no and word and _is_word(word) and tokens.terms(markup.plain(word)):
        return replace(asked, without=(*asked.without, markup.plain(word)))
    return _more_words(asked, part[0])


def _with_phrase(asked: Asked, phrase: str, *, no: bool) -> Asked:
    if not tokens.terms(phrase):
        return asked
    if no:
        return replace(asked, without=(*asked.without, phrase))
    is_its_own = asked.is_text and len(phrase.split()) == 1
    return _more_words(asked, phrase) if is_its_own else replace(asked, phrases=(*asked.phrases, phrase))


def _is_word(typed: str) -> bool:
    """Whether what stands behind a hyphen is to be left out; else it is a command's option, or a number, and is looked for."""
    return len(typed) >= SHORTEST and typed[0] not in "-0123456789"


def _more_words(asked: Asked, words: str) -> Asked:
    return replace(asked, words=f"{asked.words} {markup.plain(words)}")


def _narrowed(asked: Asked, key: str, value: str, *, me: PersonId, now: since.Now) -> Asked | None:
    """With what this narrows; None where it does not, and is words."""
    how: dict[str, Callable[[], Asked | None]] = {
        "from": lambda: _by(asked, value, me),
        "in": lambda: _in(asked, value),
        "kind": lambda: _of_kind(asked, value),
        "since": lambda: _since(asked, value, now),
        "topic": lambda: replace(asked, topics=(*asked.topics, topics.as_one(value))) if topics.as_one(value) else None,
    }
    return how[key]()


def _signs(word: str) -> str:
    return "".join(mark for mark in word if mark.isprintable())


def _by(asked: Asked, value: str, me: PersonId) -> Asked | None:
    named = markup.REFERENCE.fullmatch(value)
    if named and named[1] == "@":
        return replace(asked, people=(*asked.people, PersonId(named[2])))
    if value.lower().lstrip("@") == "me":
        return replace(asked, people=(*asked.people, me))
    if "@" in value:
        return _unknown(asked, "from", value)
    return _more_words(replace(asked, nobody=(*asked.nobody, f"from:{markup.plain(value)}")), f"from:{value}")


def _in(asked: Asked, value: str) -> Asked:
    named = markup.REFERENCE.fullmatch(value)
    if named and named[1] == "#":
        return replace(asked, places=(*asked.places, ChannelId(named[2])))
    return replace(asked, names=(*asked.names, markup.plain(value).lstrip("#").lower()))


def _of_kind(asked: Asked, value: str) -> Asked:
    kind = _KINDS.get(re.sub(r"[\W_]", "", value.lower()))
    return replace(asked, kinds=(*asked.kinds, kind)) if kind else _unknown(asked, "kind", value)


def _since(asked: Asked, value: str, now: since.Now) -> Asked:
    moment = since.moment(value.rstrip(".,;:!?)"), now)
    return _unknown(asked, "since", value) if moment is None else replace(asked, since=moment)


def _unknown(asked: Asked, key: str, value: str) -> Asked:
    return replace(asked, unknown=(*asked.unknown, f"{key}:{markup.plain(value)}"))
