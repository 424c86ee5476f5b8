"""What an emoji is called, and which names are one emoji: as characters they can be compared (docs/decisions/0014)."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from pathlib import Path

_TONES_AND_STYLE = re.compile("[\U0001f3fb-\U0001f3ff\ufe0f]")
_NAME = re.compile(r"[\w+'-]{1,100}")
_FLAG = re.compile(r"flag-([a-z]{2})")
_REGIONAL_A = 0x1F1E6


@lru_cache(maxsize=4096)
def same(name: str) -> str:
    """A reaction's name in a form in which aliases and skin tones are one: the character, or a custom emoji's own name.

    Slack appends skin tones (`wave::skin-tone-3`), and knows many emoji by several names (`+1` is `thumbsup`).
    """
    base = name.split("::", 1)[0]
    found = _slacks_own().get(base) or _flag(base) or _emojized(base)
    return found.strip(":") if found.isascii() else _TONES_AND_STYLE.sub("", found)


def is_standard(name: str) -> bool:
    """Whether it is one of those that every workspace has, as far as can be known here."""
    return same(name) in _by_character()


def shown(name: str) -> str:
    """How Slack shows it in a text: the character, or a custom emoji's name between colons."""
    return _by_character().get(same(name)) or f":{same(name)}:"


def typed(text: str) -> str | None:
    """The name of the emoji that somebody typed: `:name:`, the name, or the character itself. None: it is none of them."""
    bare = text.strip().strip(":")
    character = _TONES_AND_STYLE.sub("", bare)
    if character in _by_character():
        return _name_of(character)
    name = bare.lower().split("::", 1)[0]
    return name if _NAME.fullmatch(name) else None


@cache
def _slacks_own() -> dict[str, str]:
    lines = Path(__file__).with_name("emoji_names.txt").read_text(encoding="utf-8").splitlines()
    pairs = [line.split(" ", 1) for line in lines if line and not line.startswith("#")]
    return {pair[0]: pair[1] for pair in pairs}


def _flag(name: str) -> str:
    """The flag of a country: two letters of a kind of their own."""
    letters = _FLAG.fullmatch(name)
    return "".join(chr(_REGIONAL_A + ord(one) - ord("a")) for one in letters[1]) if letters else ""


def _emojized(name: str) -> str:
    """As the package `emoji` knows it; the name between colons where it does not."""
    import emoji  # noqa: PLC0415 -- all emoji there are, by all their names: not before somebody reacts

    return emoji.emojize(f":{name}:", language="alias")


@cache
def _by_character() -> dict[str, str]:
    """Each standard emoji, by its character without skin tone and style: as it is shown."""
    import emoji  # noqa: PLC0415 -- see `_emojized`

    qualified = emoji.STATUS["fully_qualified"]
    plain = [one for one, facts in emoji.EMOJI_DATA.items() if facts["status"] == qualified]
    return {_TONES_AND_STYLE.sub("", one): one for one in reversed(plain) if not _has_tone(one)}


def _has_tone(character: str) -> bool:
    return any("\U0001f3fb" <= mark <= "\U0001f3ff" for mark in character)


def _name_of(character: str) -> str:
    """A name that leads back to this character: Slack's own names are others' in a few cases."""
    import emoji  # noqa: PLC0415 -- see `_emojized`

    facts = emoji.EMOJI_DATA[_by_character()[character]]
    names = [*_slacks_own(), *(name.strip(":") for name in (*facts.get("alias", ()), facts["en"]))]
    return next((name for name in names if same(name) == character), character)
