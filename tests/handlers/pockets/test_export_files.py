"""An export's text: words stand in it as words, whatever they are."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.pockets import export_files
from storage.ids import ChannelId, LearningId, PersonId, Place, WorkspaceId
from storage.places.exports import Exported, Head, Position

HEAD = Head(Place(WorkspaceId("T1"), ChannelId("C1")), "learning", "Fewer *surprises*", "tip", "Europe/Berlin")
ANA = PersonId("UANA")
TEXT = st.characters(exclude_categories=["Cs"], exclude_characters="\x00")
"""What a database can hold."""


def one(words: str, *, is_slacks: bool = False, why: str = "") -> Exported:
    """A learning that says this."""
    at = Position(1_700_000_000.0, LearningId("L1"))
    return Exported(at, ANA, "learning", words, why, ("sqlite",), "https://a.slack.com/archives/C1/p1", is_slacks)


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "\n=1", "\uff1d1+1", "\u200b=1", '=HYPERLINK("http://a","b")'],
)
def test_no_cell_is_a_formula(text: str) -> None:
    """An apostrophe stands before it."""
    (_, row) = csv.reader(
        io.StringIO(export_files.csv_head() + export_files.csv_entry(one(text), HEAD, {}), newline="")
    )
    assert row[3].startswith("'")
    assert row[3][1:] == text


@given(st.text(TEXT, min_size=1), st.text("=+-@'\",\r\n;x"))
def test_each_row_is_read_back_as_it_was(words: str, why: str) -> None:
    """But for the apostrophe."""
    written = export_files.csv_head() + export_files.csv_entry(one(words, why=why), HEAD, {})
    (_, row) = csv.reader(io.StringIO(written, newline=""))
    assert len(row) == len(export_files.COLUMNS)
    assert row[3] in (words, f"'{words}")
    assert row[4] in (why, f"'{why}")
    assert not row[3].lstrip().startswith(("=", "+", "-", "@"))


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("# Title", "> \\# Title"),
        ("- item", "> \\- item"),
        ("1. item", "> 1\\. item"),
        ("===", "> \\==="),
        ("[a](javascript:x)", "> \\[a\\](javascript:x)"),
        ("<img src=x onerror=alert(1)>", "> \\<img src=x onerror=alert(1)\\>"),
        ("a & b &lt;", "> a &amp; b &amp;lt;"),
        ("`code` *b* _i_ ~s~ | pipe", "> \\`code\\` \\*b\\* \\_i\\_ \\~s\\~ \\| pipe"),
        ("    four", "> \u00a0\u00a0\u00a0\u00a0four"),
        ("one\n\ntwo", "> one  \n>   \n> two"),
    ],
)
def test_markdown_shows_words_as_they_are(words: str, shown: str) -> None:
    """No heading, list, link, code or tag of theirs."""
    assert shown in export_files.markdown_entry(one(words), HEAD, {ANA: "Ana"})


@given(st.text(min_size=1))
def test_every_line_of_words_stays_within_the_quotation(words: str) -> None:
    """Nothing that somebody wrote begins a line of its own."""
    text = export_files.markdown_entry(one(words), HEAD, {ANA: "Ana"})
    body = text.split("\n\n", 1)[1].rsplit("\n\\#sqlite", 1)[0]
    assert all(line.startswith("> ") for line in body.split("\n") if line)


def test_slacks_own_signs_are_read() -> None:
    """In a kept message, not in what somebody typed into the form."""
    written = (
        "Ask <@UANA>, <@UX|xen>, in <#C1|learning>: <https://a.example|this>, <https://b.example> &lt;b&gt; <!here>"
    )
    read = "Ask @Ana, @xen, in #learning: this (https://a.example), https://b.example <b> @here"
    assert export_files.plain(one(written, is_slacks=True), {ANA: "Ana"}) == read
    assert export_files.plain(one(written), {ANA: "Ana"}) == written
