"""Pieces of Block Kit, as small as Slack takes them."""

from typing import Any

Json = dict[str, Any]


def plain(words: str = "Words") -> Json:
    """A plain text."""
    return {"type": "plain_text", "text": words}


def mrkdwn(words: object = "*Words*") -> Json:
    """A text with markup."""
    return {"type": "mrkdwn", "text": words}


def options(count: int, words: str = "One") -> list[Json]:
    """So many different options."""
    return [{"text": plain(words), "value": str(number)} for number in range(count)]


def button(**more: object) -> Json:
    """A button."""
    return {"type": "button", "text": plain(), "action_id": "press"} | more


def section(**more: object) -> Json:
    """A section."""
    return {"type": "section", "text": mrkdwn()} | more


def actions(*elements: Json) -> Json:
    """A row of elements."""
    return {"type": "actions", "elements": list(elements)}


def select(**more: object) -> Json:
    """A menu of two options."""
    return {"type": "static_select", "action_id": "pick", "options": options(2)} | more


def entry(element: Json | None = None, **more: object) -> Json:
    """An input block."""
    words = {"type": "plain_text_input", "action_id": "words"}
    return {"type": "input", "block_id": "b", "label": plain(), "element": element or words} | more


def modal(*blocks: Json, **more: object) -> Json:
    """A form."""
    return {"type": "modal", "title": plain("Title"), "submit": plain("Send"), "blocks": list(blocks)} | more


def home(*blocks: Json) -> Json:
    """A Home."""
    return {"type": "home", "blocks": list(blocks)}


CONFIRM = {"title": plain(), "text": plain(), "confirm": plain(), "deny": plain()}
IMAGE = {"type": "image", "alt_text": "A picture", "image_url": "https://example.com/a.png"}
DIVIDER = {"type": "divider"}


def confirm(**more: object) -> Json:
    """A row with a button that asks back."""
    return actions(button(confirm=CONFIRM | more))
