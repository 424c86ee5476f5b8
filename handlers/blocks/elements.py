"""The elements that all of it is made of, and how long text is cut."""

from __future__ import annotations

from typing import Any

from handlers import words
from storage.learned.entries import MAX_WORDS

Block = dict[str, Any]

SECTION_LIMIT = 3000
OPTION_LIMIT = 75
FENCE = "```\n"


def plain(text: str) -> Block:
    """A text that Slack shows as it is."""
    return {"type": "plain_text", "text": text, "emoji": True}


def mrkdwn(text: str) -> Block:
    """A text with Slack's formatting. `verbatim`: names of channels and people in it are not made into links or pings."""
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def section(text: str) -> Block:
    """A paragraph of mrkdwn."""
    return {"type": "section", "text": mrkdwn(text)}


def context(*elements: Block | str) -> Block:
    """A small line; what is no element yet is mrkdwn."""
    return {"type": "context", "elements": [mrkdwn(one) if isinstance(one, str) else one for one in elements]}


def together(lines: list[str]) -> list[str]:
    """As many lines as fit into a section, and then the next."""
    texts = [""]
    for one in lines:
        if len(texts[-1]) + 1 + len(one) > SECTION_LIMIT:
            texts.append("")
        texts[-1] = f"{texts[-1]}\n{one}" if texts[-1] else one
    return texts


def paragraphs(written: str, *, before: str = "") -> list[Block]:
    """What people wrote, however long, as one section or several; `before` is our own mrkdwn in front of it.

    A block of code that does not fit into one is closed there, and opened again in the next.
    """
    blocks, rest, fence = [], written, ""
    while rest:
        piece = _fitting(rest, SECTION_LIMIT - len(before) - 2 * len(FENCE))
        inside = (fence + piece).count(FENCE.strip()) % 2 == 1 and len(piece) < len(rest)
        blocks.append(section(before + fence + words.safe(piece) + ("\n" + FENCE.strip() if inside else "")))
        before, rest, fence = "", rest[len(piece) :], FENCE if inside else ""
    return blocks


def as_typed(written: str) -> list[Block]:
    """What people typed, as it is, in as many sections as it takes: 40,000 characters, Slack's longest text, are 14."""
    pieces = [written[start : start + SECTION_LIMIT] for start in range(0, len(written), SECTION_LIMIT)]
    return [{"type": "section", "text": {**plain(piece), "emoji": False}} for piece in pieces if piece.strip()]


def button(text: str, action: str, value: str, *, danger: bool = False) -> Block:
    """A button that carries `value`."""
    style = {"style": "danger"} if danger else {}
    return {"type": "button", "text": plain(text), "action_id": action, "value": value, **style}


def actions(*buttons: Block) -> Block:
    """A row of buttons."""
    return {"type": "actions", "elements": list(buttons)}


def option(text: str, value: str) -> Block:
    """One choice of a menu."""
    return {"text": plain(words.shorten(text, OPTION_LIMIT)), "value": value}


def message_form(text: str) -> Block:
    """A form that only says something, to somebody who acted in a form or in Home."""
    return {
        "type": "modal",
        "title": plain(words.NOT_DONE),
        "close": plain(words.CLOSE),
        "blocks": [section(words.safe(text))],
    }


def telling_form(said: list[Block]) -> Block:
    """A form that says what was done, or shows what was asked for, to somebody in their Home."""
    return {"type": "modal", "title": plain(words.NAME), "close": plain(words.CLOSE), "blocks": said}


def text_field(name: str, initial: str = "", *, placeholder: str = "", focus: bool = False) -> Block:
    """A field of several lines. `initial` is what stands in it; with `focus`, whoever opens the form begins there."""
    box: Block = {"type": "plain_text_input", "action_id": name, "multiline": True, "max_length": MAX_WORDS}
    if focus:
        box["focus_on_load"] = True
    if placeholder:
        box["placeholder"] = plain(placeholder)
    return box | ({"initial_value": initial} if initial else {})


def field(name: str, label: str, element: Block, *, optional: bool = False, hint: str = "") -> Block:
    """A field of a form, which is found by its name in what is sent."""
    block = {"type": "input", "block_id": name, "label": plain(label), "element": element, "optional": optional}
    return block | ({"hint": plain(hint)} if hint else {})


def telling(input: Block) -> Block:
    """The same field of text, which tells what stands in it while somebody types."""
    told = {"dispatch_action_config": {"trigger_actions_on": ["on_character_entered"]}}
    return {**input, "dispatch_action": True, "element": {**input["element"], **told}}


def form(callback: str, title: str, submit: str, metadata: str, fields: list[Block]) -> Block:
    """A form. `metadata` is what it carries along unseen."""
    return {
        "type": "modal",
        "callback_id": callback,
        "title": plain(title),
        "submit": plain(submit),
        "close": plain(words.FORM_CANCEL),
        "private_metadata": metadata,
        "blocks": fields,
    }


def _fitting(written: str, limit: int) -> str:
    """As much of the beginning as fits into `limit` once it is escaped, cut behind a space where there is one.

    A run of backticks stays whole, unless it alone is too long: half of a code block's would begin or end nothing.
    """
    if len(words.safe(written)) <= limit:
        return written
    size = end = 0
    for end, mark in enumerate(written):  # noqa: B007 -- where it ends is what is looked for
        size += len(words.safe(mark))
        if size > limit:
            break
    space = max(written.rfind(mark, 0, end) for mark in (" ", "\n"))
    if space > 0:
        return written[: space + 1]
    run = len(written[:end].rstrip("`"))
    return written[:run] if written[end] == "`" and run > 0 else written[:end]
