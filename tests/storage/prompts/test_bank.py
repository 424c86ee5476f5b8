"""The bank that ships: its size, its limits, and drawing from it."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.prompts import bank, days_off, drawing
from storage.prompts.bank import Written
from storage.prompts.refusals import TooManyPrompts
from tests.storage.prompts.stage import Stage

PROMPTS = [prompt for theme in bank.themes().values() for prompt in theme.prompts]


def test_there_are_fifteen_themes_and_seventy_five_prompts() -> None:
    """Five or more of each; ids and questions are each one's own."""
    assert len(bank.themes()) == 15
    assert all(len(theme.prompts) >= 5 for theme in bank.themes().values())
    assert len({prompt.id for prompt in PROMPTS}) == len({prompt.question for prompt in PROMPTS}) == len(PROMPTS) >= 75


def test_each_is_one_question_of_under_25_words() -> None:
    """That ends in its only question mark."""
    for prompt in PROMPTS:
        assert len(prompt.question.split()) < 25, prompt.id
        assert prompt.question.count("?") == 1, prompt.id
        assert prompt.question.endswith("?"), prompt.id


def test_each_has_an_answer_of_two_sentences_and_a_line_on_when_to_use_it() -> None:
    """Short enough for anybody to write one as good."""
    for prompt in PROMPTS:
        sentences = [one for one in re.split(r"(?<=[.?!”])\s+(?=[A-Z“0-9])", prompt.example) if one]
        assert 1 <= len(sentences) <= 2, (prompt.id, sentences)
        assert len(prompt.example) <= 200, prompt.id
        assert 0 < len(prompt.use) <= 100, prompt.id
        assert "\n" not in prompt.use, prompt.id


@given(st.sets(st.text(min_size=1, max_size=3), min_size=1, max_size=8), st.booleans(), st.integers(1, 30))
def test_nothing_is_drawn_twice_before_all_was_drawn_once(cards: set[str], shuffled: bool, many: int) -> None:  # noqa: FBT001
    """And never twice in a row, where there is more than one."""
    deck, drawn = list[str](), list[str]()
    for number in range(many):
        card, deck = drawing.draw(
            deck, sorted(cards), shuffled=shuffled, seed=str(number), last=drawn[-1] if drawn else ""
        )
        drawn.append(card)
    size = len(cards)
    assert all(
        len(set(drawn[start : start + size])) == len(drawn[start : start + size]) for start in range(0, many, size)
    )
    assert size == 1 or all(one != other for one, other in pairwise(drawn))


def test_a_question_that_is_added_to_a_list_is_asked_in_the_same_round_of_it() -> None:
    """Where it stands; what was taken out is not asked."""
    assert drawing.added(["c", "d"], "abcd", "abxd", shuffled=False, seed="s", has_begun=True) == ["x", "d"]
    assert drawing.added([], "ab", "abx", shuffled=False, seed="s", has_begun=True) == ["x"]
    assert drawing.added([], "ab", "abx", shuffled=False, seed="s", has_begun=False) == []


def test_regions_are_found_by_name_and_code() -> None:
    """Whole countries first."""
    assert days_off.regions_like("german")[0].code == "DE"
    assert [one.code for one in days_off.regions_like("DE-BY")] == ["DE-BY"]
    assert len(days_off.regions_like("")) == 100
    assert not days_off.is_known("KP-1")


def test_no_more_than_the_limit_are_taken_up(stage: Stage) -> None:
    """A suggestion is taken up as a prompt is added."""
    for number in range(bank.MAX_PROMPTS):
        bank.add(stage.session, stage.place, Written(f"Question {number}?"), by=stage.ana, at=1.0)
    bank.suggest(stage.session, stage.place, Written("One more?"), by=stage.ana, at=2.0)
    (one,) = bank.own(stage.session, stage.place, "suggested")
    with pytest.raises(TooManyPrompts):
        bank.set_state(stage.session, one.prompt.id, "live", by=stage.ana)
