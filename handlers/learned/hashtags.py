"""Hashtags in what people type after `/share`."""

from __future__ import annotations

import re

# Repetitions are possessive (`*+`): what one took it never gives back, so that no text costs more than its length.
# A topic begins after a space and holds a letter: `#42` is an issue, C# a language, `#a1b2c3` and `#fff` are colours.
_COLOUR = r"(?:(?=[a-f]*+\d)[0-9a-f]{3}(?:[0-9a-f]{3})?|([0-9a-f])\1{2}(?:\1{3})?)(?![^\s.,;:!?)'\u2019])"
_NO_LETTERS = r"(?:(?![\s'\u2019])[\W\d_])*+"
TAG = re.compile(
    rf"(?<!\S)#(?!{_COLOUR})(?={_NO_LETTERS}[^\W\d_])([^\s#!'\u2019][^\s'\u2019]*+)|<#[A-Z0-9]++\|([^<>]++)>",
    re.IGNORECASE,
)
CODE = re.compile(r"```.*?```|`[^`\n]*+`", re.DOTALL)
_SENTENCE_ENDS = (".", "!", "?", "\u2026", "\u3002")
_CLOSES = ")]}\"'*_~\u00bb\u2019\u201d"
"""What may stand between a sentence's end and its last word's."""


def split(typed: str) -> tuple[str, tuple[str, ...]]:
    """The words, and the topics in them; a channel that Slack's client made of a `#topic` counts as one of its name.

    Tags behind the end of a sentence, or on lines of their own, are no part of the words; but behind a colon they are what
    the sentence speaks of. Elsewhere they stay where they stand: nobody can tell "learned it on a #Friday" from a tag, and no
    word of anybody's may be lost. Where there is nothing but tags, there are no words. A tag ends at an apostrophe.
    """
    visible = CODE.sub(lambda code: "\0" * len(code.group()), typed)
    found = list(TAG.finditer(visible))
    end = len(typed.rstrip())
    for tag in reversed(found):
        if typed[tag.end() : end].strip():
            break
        end = tag.start()
    words = typed[:end] if _is_whole(typed[:end]) else typed
    return words.rstrip(), tuple((tag.group(2) or tag.group(3)).rstrip(".,;:!?)") for tag in found)


def _is_whole(words: str) -> bool:
    """Whether what follows is no part of the sentence: it ended, or its line did."""
    sentence = words.rstrip()
    if sentence.endswith(":"):
        return False
    new_line = "\n" in words[len(sentence) :]
    return not sentence or new_line or sentence.rstrip(_CLOSES).endswith(_SENTENCE_ENDS)
