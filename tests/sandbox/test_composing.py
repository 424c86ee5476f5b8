"""What people write comes as rich text beside its text, as Slack's client sends it."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.blocks import check_blocks
from sandbox.composing import composed
from sandbox.slack import Slack
from tests.sandbox.parrot import Parrot


def said(text: str, **style: bool) -> dict[str, Any]:
    """A piece of text."""
    return {"type": "text", "text": text} | ({"style": style} if style else {})


def section(*elements: dict[str, Any]) -> dict[str, Any]:
    """A paragraph."""
    return {"type": "rich_text_section", "elements": list(elements)}


COMPOSED: dict[str, tuple[str, list[dict[str, Any]]]] = {
    "plain": ("Hello, you", [section(said("Hello, you"))]),
    "lines": ("One.\nTwo: 10:30:20.", [section(said("One.\nTwo: 10:30:20."))]),
    "entities": ("a &lt; b &amp;amp; c", [section(said("a < b &amp; c"))]),
    "people and places": (
        "<@U1> in <#C1|tips>, <#C2> <!here> <!subteam^S1|@team>",
        [
            section(
                {"type": "user", "user_id": "U1"},
                said(" in "),
                {"type": "channel", "channel_id": "C1"},
                said(", "),
                {"type": "channel", "channel_id": "C2"},
                said(" "),
                {"type": "broadcast", "range": "here"},
                said(" "),
                {"type": "usergroup", "usergroup_id": "S1"},
            )
        ],
    ),
    "links": (
        "<https://x.io/?a=1&amp;b=2> <mailto:a@x.io|a@x.io>",
        [
            section(
                {"type": "link", "url": "https://x.io/?a=1&b=2"},
                said(" "),
                {"type": "link", "url": "mailto:a@x.io", "text": "a@x.io"},
            )
        ],
    ),
    "emoji": ("Well :bulb: :nosuch:", [section(said("Well "), {"type": "emoji", "name": "bulb"}, said(" :nosuch:"))]),
    "styles": (
        "*bold* _slanted_ ~gone~ `a &lt; b` snake_case_name 2*3*4",
        [
            section(
                said("bold", bold=True),
                said(" "),
                said("slanted", italic=True),
                said(" "),
                said("gone", strike=True),
                said(" "),
                said("a < b", code=True),
                said(" snake_case_name 2*3*4"),
            )
        ],
    ),
    "a quote": (
        "So it says:\n&gt; Be <b>\n&gt; brave\nYes.".replace("<b>", "&lt;b&gt;"),
        [
            section(said("So it says:\n")),
            {"type": "rich_text_quote", "elements": [said("Be <b>\nbrave")]},
            section(said("Yes.")),
        ],
    ),
    "code": (
        "Run:\n```\ngo &lt;https://x.io&gt; *now*\n```\nDone",
        [
            section(said("Run:\n")),
            {"type": "rich_text_preformatted", "elements": [said("go <https://x.io> *now*")], "border": 0},
            section(said("Done")),
        ],
    ),
    "lists": (
        "Steps\n1. first\n2. second\n• any\n    ◦ below",
        [
            section(said("Steps\n")),
            {
                "type": "rich_text_list",
                "elements": [section(said("first")), section(said("second"))],
                "style": "ordered",
                "indent": 0,
                "border": 0,
            },
            {"type": "rich_text_list", "elements": [section(said("any"))], "style": "bullet", "indent": 0, "border": 0},
            {
                "type": "rich_text_list",
                "elements": [section(said("below"))],
                "style": "bullet",
                "indent": 1,
                "border": 0,
            },
        ],
    ),
}


@pytest.mark.parametrize(("text", "elements"), COMPOSED.values(), ids=COMPOSED)
def test_text_is_composed_as_slacks_client_does(text: str, elements: list[dict[str, Any]]) -> None:
    """Nothing is escaped in rich text; and Slack would take it."""
    (block,) = composed(text, at="1.000001")
    assert block["elements"] == elements
    assert check_blocks([block]) == []


async def test_an_app_hears_what_people_write_as_rich_text_too(slack: Slack, parrot: Parrot) -> None:
    """When it is written and edited; not of a file alone, nor of what an app writes as text."""
    message = await slack.says("ana", "a < b & @ben", in_="learning")
    await slack.edits("ana", message, "a > b")
    await slack.says("ana", "", in_="learning", files=["plan.pdf"])
    written, edited, file = [body["event"] for body in parrot.heard]
    ben = {"type": "user", "user_id": slack.find_person("ben").id}
    assert written["text"] == f"a &lt; b &amp; <@{ben['user_id']}>"
    assert written["blocks"][0]["elements"] == [section(said("a < b & "), ben)]
    assert edited["message"]["blocks"][0]["elements"] == [section(said("a > b"))]
    assert edited["previous_message"]["blocks"] == written["blocks"]
    assert "blocks" not in file
