"""Shortening: only what is made of the author's words in their order is one."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from storage.ids import Ts
from storage.kept import shortening
from storage.learned import entries
from storage.refusals import NotAShortening, NothingLeft

WORDS = st.text(st.sampled_from("abc.,&<> \n"), max_size=40)


def in_slack(text: str) -> str:
    """As Slack has it in messages."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


@given(WORDS, st.lists(st.booleans(), min_size=40, max_size=40))
def test_whatever_is_left_of_a_message_is_a_shortening(said: str, left: list[bool]) -> None:
    """Any of its words, in their order; they come back in Slack's spelling."""
    kept = " ".join(word for word, stays in zip(said.split(), left, strict=False) if stays)
    assume(entries.has_words(kept))
    found = shortening.of(in_slack(said), kept)
    assert found.words == (in_slack(said) if found.is_whole else in_slack(kept))
    assert found.is_whole == (kept.split() == said.split())


@given(WORDS, WORDS)
def test_what_is_taken_for_a_shortening_is_made_of_the_authors_words(said: str, kept: str) -> None:
    """By a plain search for each word behind the one before."""
    try:
        shortening.of(in_slack(said), kept)
    except (NotAShortening, NothingLeft):
        return
    rest = iter(said.split())
    for word in kept.split():
        assert any(word in one for one in rest), word


@pytest.mark.parametrize(
    ("said", "kept", "words"),
    [
        ("Well, it works, mostly.", "it works.", None),
        ("Well, it works, mostly.", "it works", "it works"),
        ("Well, it *works*, mostly.", "it works … mostly.", "it works … mostly."),
        ("one two\nthree", "one\n\nthree", "one\n\nthree"),
        ("C++ is fine", "C is fine", None),
        ("It is -5 degrees", "It is 5", None),
        ("Ask <@U1> please", "Ask @somebody", "Ask <@U1>"),
        ("Ask <@U1>, please", "Ask @somebody", "Ask @somebody"),
        ("Ask <@U1> or <@U2> today", "Ask … @somebody", "Ask … @somebody"),
        ("Read <https://a.example/?b&amp;c|this page> now", "Read this page", "Read this page"),
        ("See <https://a.example/?b&amp;c> now", "See https://a.example/?b&c", "See <https://a.example/?b&amp;c>"),
        ("Say &lt;@U1&gt; now", "Say <@U1>", "Say &lt;@U1&gt;"),
        ("Ask <@U1> please", "Ask <@U1>", None),
        ("Do not", "do not", None),
        ("a a b", "a b a", None),
        ("don't", "dont", None),
    ],
)
def test_a_word_may_lose_the_signs_at_its_edges_and_no_more(said: str, kept: str, words: str | None) -> None:
    """So that a sentence can end earlier; C++ stays C++."""
    if words is None:
        with pytest.raises(NotAShortening):
            shortening.of(said, kept)
    else:
        assert shortening.of(said, kept).words == words


def test_a_long_message_begins_in_the_form_with_as_many_words_as_fit() -> None:
    """Cut behind a word; of one endless word, as much as fits."""
    assert shortening.beginning("word " * 700) == "word " * 598 + "word"
    assert shortening.beginning("&amp;" * 4000) == "&" * 3000
    assert shortening.beginning("short &lt;3") == "short <3"


@given(st.lists(st.sampled_from(["a", "(b).", "&amp;c", "&lt;d", "<@U1>,", "<#C1|ab cd>"]), min_size=2), st.data())
def test_what_is_held_by_places_is_what_was_left(written: list[str], data: st.DataObject) -> None:
    """Cut anew from the same message it is the same; held are numbers, space and signs of omission."""
    said = " ".join(written)
    words = shortening.shown(said).split()
    chosen = data.draw(st.lists(st.sampled_from(range(len(words))), unique=True, min_size=1).map(sorted))
    kept = data.draw(st.sampled_from(["\n", " … "])).join(words[one].strip("(.),") for one in chosen)
    left = shortening.of(said, kept)
    assume(not left.is_whole)
    cut = shortening.to_hold(left, edited=None)
    assert shortening.held(cut, said, edited=None) == left.words
    assert shortening.held(cut, said, edited=Ts("2.0")) is None
    assert not set(cut.replace('"edited": null', "").replace('"parts"', "")) & set("abcd<@UC")
