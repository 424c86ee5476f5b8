"""What a closed prompt carries: within Block Kit's limits for one answer and for two hundred."""

from __future__ import annotations

import pytest

from handlers import blocks, words
from handlers.blocks.rounds import LINES, Line
from sandbox.blocks import check_blocks
from storage.ids import ChannelId, PersonId, Place, RoundId, Ts, WorkspaceId
from storage.prompts.rounds import RoundView

LINK = "https://a-rather-long-name-of-a-company.slack.com/archives/C0123456789/p1700000000000000?thread_ts=1700000000.000000"
ROUND = RoundView(
    id=RoundId("r"),
    key="k",
    place=Place(WorkspaceId("T1"), ChannelId("C1")),
    schedule=None,
    question="&" * 3000,
    kind="learning",
    lead=PersonId("U1"),
    opened_at=1.0,
    closes_at=2.0,
    nudges_at=1.5,
    closed_at=2.0,
    closed_ts=Ts("2.0"),
    ts=Ts("1.0"),
)


@pytest.mark.parametrize("words", ["Short", "&" * 4000, "`" * 4000, "x\n" * 300])
@pytest.mark.parametrize("many", [1, 50, 51, 200])
def test_any_number_of_answers_fits(many: int, words: str) -> None:
    """A line each, with its link; what does not fit is counted."""
    shown = blocks.rounds.closed(ROUND, [Line(words, PersonId("U0123456789"), LINK)] * many, answered=many)
    assert check_blocks(shown, "message") == []
    said = "\n".join(block["text"]["text"] for block in shown if block["type"] == "section")
    carried = said.count("read it")
    assert 0 < carried <= min(many, LINES)
    assert (f"and {many - carried} more in the thread" in said) == (carried < many)
    if len(words) < 100:
        assert carried == min(many, LINES)


def test_an_open_prompt_fits() -> None:
    """With all that it may carry."""
    assert check_blocks(blocks.rounds.opened(ROUND, noun="x" * 24, last="Last time two answered."), "message") == []


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("*bold* _italic_, ~gone~ and *_both_*!", "bold italic, gone and both!"),
        ("Set read_only_mode, 2*3 and 2 * 3 ~ 6", "Set read_only_mode, 2*3 and 2 * 3 ~ 6"),
        ("See https://a.example/b_c/d~e", "See https://a.example/b_c/d~e"),
        ("```\ncode\n``` and `more`", "''' code ''' and 'more'"),
    ],
)
def test_a_line_loses_signs_of_formatting_and_no_others(written: str, shown: str) -> None:
    """Those within a word are the word's own."""
    assert words.rounds.line(written, None, None) == f"•  {shown}  · somebody"
