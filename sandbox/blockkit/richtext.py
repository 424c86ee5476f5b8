"""Rich text: https://docs.slack.dev/reference/block-kit/blocks/rich-text-block."""

from __future__ import annotations

from .objects import TYPE, URL
from .rules import Rule, Shape, flag, listed, number, one_of, text, typed

ID = text(50)
MANY = 1000

STYLES: dict[str, Rule] = dict.fromkeys(
    ("bold", "italic", "strike", "code", "underline", "highlight", "client_highlight", "unlink"), flag
)
STYLE = Shape(STYLES)


def inline(fields: dict[str, Rule], *required: str) -> Shape:
    """A piece of a line, which may be bold and so on."""
    common: dict[str, Rule] = {"type": TYPE, "style": STYLE}
    return Shape(common | fields, ("type", *required))


INLINE = typed(
    {
        "text": inline({"text": text(40_000)}, "text"),
        "link": inline({"url": URL, "text": text(40_000), "unsafe": flag}, "url"),
        "emoji": inline({"name": text(255), "unicode": text(255), "skin_tone": number(1, 6)}, "name"),
        "user": inline({"user_id": ID}, "user_id"),
        "usergroup": inline({"usergroup_id": ID}, "usergroup_id"),
        "channel": inline({"channel_id": ID}, "channel_id"),
        "team": inline({"team_id": ID}, "team_id"),
        "broadcast": inline({"range": one_of("here", "channel", "everyone")}, "range"),
        "date": inline(
            {"timestamp": number(0, 10**11), "format": text(255), "url": URL, "fallback": text(255)},
            "timestamp",
            "format",
        ),
        "color": inline({"value": text(50)}, "value"),
    },
    "rich text element",
)

LINES = listed(INLINE, MANY, least=0)
SECTION = Shape({"type": TYPE, "elements": LINES}, ("type", "elements"))

RICH_PART = typed(
    {
        "rich_text_section": SECTION,
        "rich_text_list": Shape(
            {
                "type": TYPE,
                "style": one_of("bullet", "ordered"),
                "elements": listed(typed({"rich_text_section": SECTION}), MANY),
                "indent": number(0, 8),
                "offset": number(0, 10**6),
                "border": number(0, 1),
            },
            ("type", "style", "elements"),
        ),
        "rich_text_preformatted": Shape(
            {"type": TYPE, "elements": LINES, "border": number(0, 1), "language": text(50)}, ("type", "elements")
        ),
        "rich_text_quote": Shape({"type": TYPE, "elements": LINES, "border": number(0, 1)}, ("type", "elements")),
    },
    "rich text element",
)
RICH_PARTS = listed(RICH_PART, MANY)
