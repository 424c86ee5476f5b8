"""Composition objects: texts, options, confirmations and the like.

https://docs.slack.dev/reference/block-kit/composition-objects
"""

from __future__ import annotations

from .rules import Rule, Shape, at_least_one, exactly_one, flag, listed, one_of, text, typed

TYPE = text(50)

URL = text(3000, pattern=r"[a-z][a-z0-9+.\-]*:\S+", of="a URL")
WEB_URL = text(3000, pattern=r"https?://\S+", of="a URL of http or https")
BLOCK_ID = ACTION_ID = text(255)


def plain(longest: int, *, shortest: int = 1) -> Rule:
    """A `plain_text` object, where no other text may stand."""
    shape = Shape({"type": TYPE, "text": text(longest, shortest=shortest), "emoji": flag}, ("type", "text"))
    return typed({"plain_text": shape}, "text type")


def any_text(longest: int, *, shortest: int = 1) -> Rule:
    """A `plain_text` or `mrkdwn` object."""
    words = text(longest, shortest=shortest)
    shapes = {
        "plain_text": Shape({"type": TYPE, "text": words, "emoji": flag}, ("type", "text")),
        "mrkdwn": Shape({"type": TYPE, "text": words, "verbatim": flag}, ("type", "text")),
    }
    return typed(shapes, "text type")


PLACEHOLDER = plain(150)

CONFIRM = Shape(
    {
        "title": plain(100),
        "text": any_text(300),
        "confirm": plain(30),
        "deny": plain(30),
        "style": one_of("primary", "danger"),
    },
    ("title", "text", "confirm", "deny"),
)


def option(words: Rule, *, url: bool = False) -> Rule:
    """An option: `words` is the rule of its text and description, `url` is for overflow menus only."""
    fields = {"text": words, "value": text(150), "description": words}
    return Shape(fields | ({"url": URL} if url else {}), ("text", "value"))


PLAIN_OPTION = option(plain(75))
ANY_OPTION = option(any_text(75))
OVERFLOW_OPTION = option(plain(75), url=True)

OPTIONS = listed(PLAIN_OPTION, 100)
OPTION_GROUPS = listed(Shape({"label": plain(75), "options": OPTIONS}, ("label", "options")), 100)

FILTER = Shape(
    {
        "include": listed(one_of("im", "mpim", "private", "public"), 4),
        "exclude_external_shared_channels": flag,
        "exclude_bot_users": flag,
    },
    checks=(at_least_one("include", "exclude_external_shared_channels", "exclude_bot_users"),),
)

DISPATCH = Shape({"trigger_actions_on": listed(one_of("on_enter_pressed", "on_character_entered"), 2)})

SLACK_FILE = Shape({"id": text(255), "url": WEB_URL}, checks=(exactly_one("id", "url"),))
