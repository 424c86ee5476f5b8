"""What messages, forms and Homes say to whoever reads them."""

from typing import Any

import pytest

from sandbox.reading import read, text_of
from sandbox.records import Ephemeral
from sandbox.slack import Slack
from tests.sandbox.parrot import plain


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a &lt;b&gt; &amp;amp; c", "a <b> &amp; c"),
        ("<@U123> <@U123|ana> <#C1|tips> <#C1>", "@U123 @ana #tips #C1"),
        ("<!channel> <!here|here> <!subteam^S1|@team>", "@channel @here @team"),
        ("<https://x.io|there> <https://x.io> <mailto:a@x.io|a@x.io>", "there https://x.io a@x.io"),
        ("<!date^1^{date}|yesterday>", "yesterday"),
        ("&lt;!channel&gt;", "<!channel>"),
        ("broken &lt <", "broken &lt <"),
    ],
)
def test_mrkdwn_is_read_as_slack_shows_it(text: str, shown: str) -> None:
    """Mentions and links by their words, entities as signs."""
    assert read(text) == shown


@pytest.mark.parametrize(
    ("block", "shown"),
    [
        ({"type": "header", "text": plain("*Not bold*")}, "*Not bold*"),
        ({"type": "section", "fields": [plain("one"), {"type": "mrkdwn", "text": "<https://x.io|two>"}]}, "one\ntwo"),
        ({"type": "image", "image_url": "https://x.io/a.png", "alt_text": "A cat"}, "[image: A cat]"),
        ({"type": "context", "elements": [plain("by"), {"type": "image", "alt_text": "ana"}]}, "by [image: ana]"),
        (
            {
                "type": "actions",
                "elements": [
                    {"type": "button", "text": plain("Go")},
                    {"type": "overflow", "options": [{"text": plain("Edit")}, {"text": plain("Delete")}]},
                    {"type": "users_select", "placeholder": plain("Somebody")},
                ],
            },
            "[Go] [Edit | Delete] [Somebody]",
        ),
        (
            {
                "type": "rich_text",
                "elements": [
                    {
                        "type": "rich_text_section",
                        "elements": [
                            {"type": "text", "text": "See "},
                            {"type": "link", "url": "https://x.io"},
                            {"type": "text", "text": " "},
                            {"type": "emoji", "name": "wave"},
                            {"type": "broadcast", "range": "here"},
                        ],
                    }
                ],
            },
            "See https://x.io :wave:@here\n",
        ),
    ],
)
def test_blocks_are_read_as_lines(block: dict[str, Any], shown: str) -> None:
    """They stand instead of the text."""
    assert text_of(Ephemeral("e", "C1", "U1", "1.0", "instead", blocks=[block])) == shown


def test_attachments_and_names_are_read_too(slack: Slack) -> None:
    """With the world, ids become names."""
    ana, channel = slack.find_person("ana"), slack.find_channel("learning")
    attachments = [
        {"title": "Told", "text": f"by <@{ana.id}>", "blocks": [{"type": "section", "text": plain("below")}]}
    ]
    words = Ephemeral("e", channel.id, ana.id, "1.0", f"In <#{channel.id}>", attachments=attachments)
    assert slack.text_of(words) == "In #learning\nTold\nby @ana\nbelow"
