"""Hashtags: what becomes a topic, and that no word is lost for it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.hashtags import split

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
        ("#only #tags", "#only #tags", ("only", "tags")),
        ("今日学んだ。 #学び", "今日学んだ。", ("学び",)),
    ],
)
def test_a_topic_is_found_and_the_words_stay(typed: str, words: str, topics: tuple[str, ...]) -> None:
    """Only tags behind the end of a sentence, or on lines of their own, leave the words."""
    assert split(typed) == (words, topics)


@given(st.text(alphabet=st.one_of(WRITABLE, st.sampled_from("# .\n`<|>")), max_size=80))
def test_whatever_is_typed_no_word_is_lost(typed: str) -> None:
    """The words are what was typed, or its beginning; and what is cut off holds nothing but topics."""
    words, topics = split(typed)
    assert typed.startswith(words)
    cut = typed[len(words) :].split()
    assert len(cut) <= len(topics)
    assert all(one.startswith(("#", "<#")) for one in cut)
