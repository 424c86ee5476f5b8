"""Hashtags in what people type after `/share`."""

from __future__ import annotations

import re

# A topic begins after a space and holds a letter: `#42` is an issue, C# a language, `#a1b2c3` and `#fff` are colours.
_COLOUR = r"(?:(?=[0-9a-f]*\d)[0-9a-f]{3}(?:[0-9a-f]{3})?|([0-9a-f])\1{2}(?:\1{3})?)(?![^\s.,;:!?)])"
_TAG = re.compile(rf"(?<!\S)#(?!{_COLOUR})(?=[^\s]*[^\W\d_])([^\s#!][^\s]*)|<#[A-Z0-9]+\|([^>]+)>", re.IGNORECASE)
_CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
_ENDS_A_SENTENCE = re.compile(r"(?:[.!?\u2026:;)\u3002]|\n)\s*$")


def split(typed: str) -> tuple[str, tuple[str, ...]]:
    """The words, and the topics in them; a channel that Slack's client made of a `#topic` counts as one of its name.

    Tags behind the end of a sentence, or on lines of their own, are no part of the words. Elsewhere they stay where they
    stand: nobody can tell "learned it on a #Friday" from a tag, and no word of anybody's may be lost.
    """
    visible = _CODE.sub(lambda code: "\0" * len(code.group()), typed)
    found = list(_TAG.finditer(visible))
    end = len(typed.rstrip())
    for tag in reversed(found):
        if typed[tag.end() : end].strip():
            break
        end = tag.start()
    words = typed[:end]
    if not (words.strip() and _ENDS_A_SENTENCE.search(words)):
        words = typed
    return words.rstrip(), tuple((tag.group(2) or tag.group(3)).rstrip(".,;:!?)") for tag in found)
