"""Which names of a reaction are one emoji."""

from functools import lru_cache

import emoji


@lru_cache(maxsize=4096)
def same_emoji(name: str) -> str:
    """A reaction's name in a form in which aliases and skin tones are one: the character, or a custom emoji's own name.

    Slack appends skin tones (`wave::skin-tone-3`), and knows many emoji by several names (`+1` is `thumbsup`).
    """
    base = name.split("::", 1)[0]
    return emoji.emojize(f":{base}:", language="alias").strip(":")
