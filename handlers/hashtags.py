"""Hashtags in what people type after `/share`."""

from __future__ import annotations

import re

# `#42` is an issue and `C#` a language: a topic begins after a space, and has something in it besides digits.
_TAG = r"(?:(?<!\S)#(?=[^\s#]*[^\W\d_])([^\s#]+)|<#[A-Z0-9]+\|([^>]+)>)"
_ANY = re.compile(_TAG)
_LAST = re.compile(rf"(?:\s*{_TAG})+\s*$")


def split(typed: str) -> tuple[str, tuple[str, ...]]:
    """The words, and the topics in them. Those at the end are no part of the words; others stay where they stand.

    A channel that Slack's client made of a `#topic` counts as the topic of its name.
    """
    found = tuple((plain or channel).rstrip(".,;:!?") for plain, channel in _ANY.findall(typed))
    return _LAST.sub("", typed).rstrip(), found
