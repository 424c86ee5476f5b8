"""Blocks, and on which surface each may stand. https://docs.slack.dev/reference/block-kit/blocks."""

from __future__ import annotations

from .elements import CONTEXT_ACTIONS, IMAGE, IN_ACTIONS, IN_INPUT, IN_SECTION
from .objects import BLOCK_ID, SLACK_FILE, TYPE, WEB_URL, any_text, plain
from .richtext import RICH_PARTS
from .rules import Check, Rule, Shape, at_least_one, exactly_one, flag, listed, number, one_of, text, typed

LONGEST_CONTEXT = 2000
"""Slack documents no limit of a text in a context; a field's is the nearest one it does document."""


def _block(fields: dict[str, Rule], *required: str, checks: tuple[Check, ...] = ()) -> Shape:
    return Shape({"type": TYPE, "block_id": BLOCK_ID} | fields, ("type", *required), checks)


CONTEXT_PART = typed(
    {
        "image": IMAGE,
        "plain_text": any_text(LONGEST_CONTEXT),
        "mrkdwn": any_text(LONGEST_CONTEXT),
    },
    "context element",
)

EVERYWHERE: dict[str, Rule] = {
    "section": _block(
        {
            "text": any_text(3000),
            "fields": listed(any_text(2000), 10),
            "accessory": typed(IN_SECTION, "accessory"),
            "expand": flag,
        },
        checks=(at_least_one("text", "fields"),),
    ),
    "divider": _block({}),
    "header": _block({"text": plain(150), "level": number(1, 6)}, "text"),
    "image": _block(
        {"alt_text": text(2000), "title": plain(2000), "image_url": WEB_URL, "slack_file": SLACK_FILE},
        "alt_text",
        checks=(exactly_one("image_url", "slack_file"),),
    ),
    "context": _block({"elements": listed(CONTEXT_PART, 10)}, "elements"),
    "actions": _block({"elements": listed(typed(IN_ACTIONS, "element"), 25)}, "elements"),
    "rich_text": _block({"elements": RICH_PARTS}, "elements"),
    "video": _block(
        {
            "alt_text": text(2000),
            "title": plain(199),
            "title_url": WEB_URL,
            "thumbnail_url": WEB_URL,
            "video_url": WEB_URL,
            "author_name": text(49),
            "description": plain(200),
            "provider_icon_url": WEB_URL,
            "provider_name": text(50),
        },
        "alt_text",
        "title",
        "thumbnail_url",
        "video_url",
    ),
}
INPUT: dict[str, Rule] = {
    "input": _block(
        {
            "label": plain(2000),
            "element": typed(IN_INPUT, "input element"),
            "dispatch_action": flag,
            "hint": plain(2000),
            "optional": flag,
        },
        "label",
        "element",
    )
}
IN_MESSAGE: dict[str, Rule] = EVERYWHERE | {
    "context_actions": _block({"elements": listed(typed(CONTEXT_ACTIONS, "element"), 5)}, "elements"),
    "markdown": _block({"text": text(12_000)}, "text"),
    "file": _block({"external_id": text(255), "source": one_of("remote")}, "external_id", "source"),
}

SURFACES: dict[str, Rule] = {
    "message": listed(typed(IN_MESSAGE, "block"), 50, least=0),
    "modal": listed(typed(EVERYWHERE | INPUT, "block"), 100),
    "home": listed(typed(EVERYWHERE | INPUT, "block"), 100),
}
"""The blocks of a surface; their number: 50 in a message, 100 in a form or a Home."""
