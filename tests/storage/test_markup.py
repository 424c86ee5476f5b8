"""Slack's markup is read as people read it: nothing that Slack would act on is left, and nothing that they wrote is lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage import markup
from storage.ids import PersonId

ANA = PersonId("UANA")
PIECES = st.sampled_from(
    ["<@UANA>", "<@UX|xen>", "<!channel>", "<#C1>", "<https://a.example|b c>", "&lt;", "&amp;", "a ", "\n"]
)


@pytest.mark.parametrize(
    ("written", "read", "read_by_name"),
    [
        ("Ask <@UANA>!", "Ask @somebody!", "Ask @Ana!"),
        ("Ask <@UX|xen>", "Ask @xen", "Ask @xen"),
        ("Ask <@UX|@xen>", "Ask @xen", "Ask @xen"),
        ("Ask <@UX>", "Ask @somebody", "Ask @UX"),
        ("in <#C1|learning>, <#C2>", "in #learning, #a-channel", "in #learning, #C2"),
        ("<!here> <!subteam^S1|@team> <!subteam^S1>", "@here @team @subteam", "@here @team @subteam"),
        ("<!date^1^{date}|then>", "then", "then"),
        ("<https://a.example|this>, <https://a.example>", "this (https://a.example), https://a.example", None),
        ("<mailto:a@b.c|a@b.c> <https://a?b&amp;c>", "a@b.c https://a?b&c", None),
        ("1 &lt; 2 &amp;&amp; 3 &gt; 2", "1 < 2 && 3 > 2", None),
        ("&lt;@UANA&gt; &amp;lt;", "<@UANA> &lt;", None),
        ("a < b", "a < b", None),
    ],
)
def test_it_reads_as_in_slack(written: str, read: str, read_by_name: str | None) -> None:
    """With people's names, where somebody knows them."""
    assert markup.plain(written) == read
    assert markup.plain(written, {ANA: "Ana"}) == (read_by_name or read)


@given(st.text())
def test_what_is_escaped_is_read_as_it_was(text: str) -> None:
    """And escaping leaves nothing that Slack acts on."""
    assert markup.plain(markup.escape(text)) == text
    assert "<" not in markup.escape(text)
    assert ">" not in markup.escape(text)


@given(st.lists(PIECES).map("".join))
def test_what_a_message_holds_mentions_nobody_when_it_is_shown_again(written: str) -> None:
    """Read, and escaped once."""
    shown = markup.escape(markup.plain(written))
    assert markup.people(shown) == []
    assert "<" not in shown
    assert "UANA" not in shown


def test_whom_it_mentions() -> None:
    """People alone, and only where Slack would act on it."""
    assert markup.people("<@UANA> <@UX|xen> <#C1> <!here> &lt;@UZ&gt;") == ["UANA", "UX"]
