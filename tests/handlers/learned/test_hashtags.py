"""Hashtags: what becomes a topic, and that no word is lost for it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.learned import hashtags
from handlers.learned.hashtags import split

WRITABLE = st.characters(codec="utf-8")


@pytest.mark.parametrize(
    ("typed", "words", "topics"),
    [
        ("WAL helps. #sqlite #Python", "WAL helps.", ("sqlite", "Python")),
        ("WAL helps!\n#sqlite", "WAL helps!", ("sqlite",)),
        ("WAL helps #sqlite", "WAL helps #sqlite", ("sqlite",)),
        ("Never merge on a #Friday", "Never merge on a #Friday", ("Friday",)),
        ("Our #incident-review was short. #sre.", "Our #incident-review was short.", ("incident-review", "sre")),
        ("Issue #42 and C# are no topics.", "Issue #42 and C# are no topics.", ()),
        ("The colour is #a1b2c3 or #fff.", "The colour is #a1b2c3 or #fff.", ()),
        ("Start it with `#!/bin/bash #x`. #!/bin/sh", "Start it with `#!/bin/bash #x`. #!/bin/sh", ()),
        ("I like it. #C# #c++ #.net", "I like it.", ("C#", "c++", ".net")),
        ("Read it. <#C123|how-to>", "Read it.", ("how-to",)),
        ("```\n#include <x.h>\n``` #c", "```\n#include <x.h>\n``` #c", ("c",)),
        ("#only #tags", "", ("only", "tags")),
        (" <#C123|only> ", "", ("only",)),
        ("I like these channels: #python", "I like these channels: #python", ("python",)),
        ("I like these:\n#python\n#go", "I like these:\n#python\n#go", ("python", "go")),
        ("Ask first; #etiquette", "Ask first; #etiquette", ("etiquette",)),
        ("It helps (a lot) #sqlite", "It helps (a lot) #sqlite", ("sqlite",)),
        ("It helps (a lot.) #sqlite", "It helps (a lot.)", ("sqlite",)),
        ("They said: “it is *fine.*” #sre", "They said: “it is *fine.*”", ("sre",)),
        ("We use #python's GIL.", "We use #python's GIL.", ("python",)),
        ("That was #python\u2019s fault. #go's", "That was #python\u2019s fault. #go's", ("python", "go")),
        ("The #fff's are white. #'x", "The #fff's are white. #'x", ()),
        ("今日学んだ。 #学び", "今日学んだ。", ("学び",)),
    ],
)
def test_a_topic_is_found_and_the_words_stay(typed: str, words: str, topics: tuple[str, ...]) -> None:
    """Only tags behind the end of a sentence, or on lines of their own, leave the words; and those before any word."""
    assert split(typed) == (words, topics)


@given(st.text(alphabet=st.one_of(WRITABLE, st.sampled_from("# .\n`<|>")), max_size=80))
def test_whatever_is_typed_no_word_is_lost(typed: str) -> None:
    """The words are what was typed, or its beginning; and what is cut off holds nothing but topics."""
    loses_nothing(typed)


def loses_nothing(typed: str) -> None:
    """Check it."""
    words, topics = split(typed)
    assert typed.startswith(words)
    cut = typed[len(words) :].split()
    assert len(cut) <= len(topics)
    assert all(one.startswith(("#", "<#")) for one in cut)


PIECES = ("\n", " ", "#", "#a", "<#C1|", "<#", "`", "``", "```", "`a", "'", "0", "#0", "f", ".", "x", "\u3000", ":")


@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=3).map("".join), st.sampled_from(["", "y", "\n", ". #b"]))
@settings(max_examples=30)
def test_nothing_is_lost_of_forty_thousand_characters_of_one_thing(piece: str, end: str) -> None:
    """Whatever is repeated; where each step began anew at the next character, this would last minutes."""
    loses_nothing(f"x {piece * (40_000 // len(piece))}{end}")


@pytest.mark.parametrize("pattern", [hashtags.TAG, hashtags.CODE])
def test_no_repetition_gives_back_what_it_took(pattern: re.Pattern[str]) -> None:
    """So the work grows with the text, and no faster: every repetition without an end is possessive, or stops at the first."""
    without_classes = re.sub(r"\[[^\]]*\]", "C", pattern.pattern.replace(r"\|", "P"))
    assert re.findall(r"(?<![*+?{(])[*+](?![+?])|\{\d+,\}", without_classes) == []
