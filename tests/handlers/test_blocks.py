"""Blocks: what people wrote, cut into sections that Slack takes, with nothing lost and code that stays code."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.blocks import SECTION_LIMIT, holding, paragraphs

PIECES = st.sampled_from(["a" * 1400, "word " * 250, "&" * 500, "```", "`", "\n", " ", "x", "``````"])


def sections(written: str) -> list[str]:
    """The mrkdwn of each section."""
    return [block["text"]["text"] for block in paragraphs(written)]


def joined(shown: list[str]) -> str:
    """What they say together: without the fences that were closed and opened again, and unescaped."""
    text = "\f".join(shown)
    text = re.sub(r"\n```\f```\n", "", text).replace("\f", "")
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


@given(st.lists(PIECES, min_size=1, max_size=12).map("".join))
def test_whatever_is_cut_is_whole_when_it_is_put_together(written: str) -> None:
    """Each section fits; between them nothing is lost, and nothing but fences is added."""
    shown = sections(written)
    assert all(0 < len(one) <= SECTION_LIMIT for one in shown)
    assert joined(shown) == written


@pytest.mark.parametrize("before", range(2985, 2996))
def test_a_fence_is_never_cut_in_two(before: int) -> None:
    """Wherever the cut would fall, each section has as many fences opened as closed."""
    written = "a" * before + "```code```"
    shown = sections(written)
    assert joined(shown) == written
    assert all(one.count("```") % 2 == 0 and not re.search(r"(?<!`)`{1,2}(?!`)", one) for one in shown)


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(
            st.sampled_from(["words", "why", "value", "block_id", "element", "initial_value"]), inner, max_size=3
        )
    ),
    max_leaves=8,
)


@given(st.lists(st.dictionaries(st.sampled_from(["block_id", "element"]), JUNK, max_size=2), max_size=2), JUNK)
def test_whatever_stands_in_a_form_that_is_closed_breaks_nothing(shown: list[Any], values: Any) -> None:
    """What is no text in a field of words was written by nobody."""
    assert isinstance(holding.written(shown, values), str)
    form = {"blocks": [{"type": "input", "block_id": "words", "element": {"type": "plain_text_input"}}]}
    assert [block["block_id"] for block in holding.filled(form, values)["blocks"]] == ["words"]
