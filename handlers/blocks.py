"""Block Kit, from values: pure functions that never query. Limits are Slack's (docs.slack.dev/reference/block-kit)."""

from __future__ import annotations

from typing import Any

from storage import topics
from storage.learnings import MAX_WORDS, LearningView
from storage.topics import MAX_TOPICS

from . import hashtags, words

Block = dict[str, Any]

SECTION_LIMIT = 3000
OPTION_LIMIT = 75
FENCE = "```\n"

WITH_NAME, NO_NAME = "as me", "without name"
"""What the form says of whose name stands with it."""


def plain(text: str) -> Block:
    """A text that Slack shows as it is."""
    return {"type": "plain_text", "text": text, "emoji": True}


def section(mrkdwn: str) -> Block:
    """A paragraph. `verbatim`: names of channels and people in it are not made into links or pings."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": mrkdwn, "verbatim": True}}


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


def card(learning: LearningView) -> list[Block]:
    """What a pocket sees of a learning."""
    about = [words.by_author(learning.author, without_name=learning.without_name)]
    if learning.kind != "learning":
        about.append(words.KIND_NAMES[learning.kind])
    context: list[Block] = [{"type": "mrkdwn", "text": "  ·  ".join(about), "verbatim": True}]
    if left := _topics_to_show(learning):
        context.append(plain("".join(f"·  #{topic}  " for topic in left).rstrip()))
    why = paragraphs(learning.why, before=f"*{words.WHY}* ") if learning.why else []
    return [*paragraphs(learning.words), *why, {"type": "context", "elements": context}]


def shared(learning: str) -> list[Block]:
    """What somebody sees, privately, right after sharing."""
    return [
        section(words.SHARED),
        actions(
            button(words.ADD_DETAILS, "share.details", learning),
            button(words.UNDO, "share.undo", learning),
        ),
    ]


def words_back(text: str, learning: LearningView) -> list[Block]:
    """What somebody sees whose learning could not be shown: why, and all that they wrote."""
    why = [section(f"*{words.WHY}*"), *as_typed(learning.why)] if learning.why else []
    return [section(text), *as_typed(learning.words), *why]


def kept_undone(text: str, learning: str) -> list[Block]:
    """What an author sees after a no or a yes of theirs: *never keep mine* stays within reach."""
    return [section(text), actions(button(words.NEVER_KEEP, "kept.never", learning))]


def never_kept(text: str, learning: str, *, still_kept: int) -> list[Block]:
    """What an author sees after *never keep mine*: a way on, and a way back."""
    on = [button(words.TAKE_ALL_BACK, "kept.take_all_back", learning)] if still_kept else []
    return [section(text), actions(*on, button(words.KEEP_AGAIN, "kept.allow", learning))]


def share_form(*, metadata: str, pocket: Block) -> Block:
    """The form to share; `pocket` is the option of the channel that it was opened in."""
    menu = {
        "type": "external_select",
        "action_id": "pocket",
        "initial_option": pocket,
        "min_query_length": 0,
        "placeholder": plain(words.FIELD_POCKET_PLACEHOLDER),
    }
    fields = [*_learning_fields(), _input("pocket", words.FIELD_POCKET, menu), _name_field(without_name=False)]
    return _form("share", words.FORM_TITLE, words.FORM_SHARE, metadata, fields)


def details_form(learning: LearningView, *, metadata: str) -> Block:
    """The form to add details to what was shared already."""
    fields = [*_learning_fields(learning), _name_field(without_name=learning.without_name)]
    return _form("details", words.DETAILS_TITLE, words.FORM_SAVE, metadata, fields)


def message_form(text: str) -> Block:
    """A form that only says something, to somebody who acted in a form or in Home."""
    return {
        "type": "modal",
        "title": plain(words.NOT_DONE),
        "close": plain(words.CLOSE),
        "blocks": [section(words.safe(text))],
    }


def _topics_to_show(learning: LearningView) -> list[str]:
    """The topics that don't stand as hashtags in the words already."""
    there = {topics.as_one(tag) for tag in hashtags.split(learning.words)[1]}
    return [topic for topic in learning.topics if topic not in there]


def _learning_fields(learning: LearningView | None = None) -> list[Block]:
    kinds = [option(name, kind) for kind, name in words.KIND_NAMES.items()]
    kind = learning.kind if learning else "learning"
    chosen = [option(topic, topic) for topic in (learning.topics if learning else ())]
    return [
        _input("words", words.FIELD_WORDS, _text_field("words", learning.words if learning else "", focus=True)),
        _input("why", words.FIELD_WHY, _text_field("why", learning.why if learning else ""), optional=True),
        _input(
            "topics",
            words.FIELD_TOPICS,
            {
                "type": "multi_external_select",
                "action_id": "topics",
                "min_query_length": 0,
                "max_selected_items": MAX_TOPICS,
                "placeholder": plain(words.FIELD_TOPICS_PLACEHOLDER),
                **({"initial_options": chosen} if chosen else {}),
            },
            optional=True,
        ),
        _input(
            "kind",
            words.FIELD_KIND,
            {
                "type": "static_select",
                "action_id": "kind",
                "options": kinds,
                "initial_option": option(words.KIND_NAMES[kind], kind),
            },
        ),
    ]


def _name_field(*, without_name: bool) -> Block:
    choices = [option(words.AS_ME, WITH_NAME), option(words.WITHOUT_NAME, NO_NAME)]
    radio = {
        "type": "radio_buttons",
        "action_id": "name",
        "options": choices,
        "initial_option": choices[1 if without_name else 0],
    }
    return _input("name", words.FIELD_NAME, radio, hint=words.FIELD_NAME_HINT)


def _text_field(name: str, initial: str, *, focus: bool = False) -> Block:
    field: Block = {"type": "plain_text_input", "action_id": name, "multiline": True, "max_length": MAX_WORDS}
    if focus:
        field |= {"focus_on_load": True, "placeholder": plain(words.FIELD_WORDS_PLACEHOLDER)}
    return field | ({"initial_value": initial} if initial else {})


def _input(name: str, label: str, element: Block, *, optional: bool = False, hint: str = "") -> Block:
    block = {"type": "input", "block_id": name, "label": plain(label), "element": element, "optional": optional}
    return block | ({"hint": plain(hint)} if hint else {})


def _form(callback: str, title: str, submit: str, metadata: str, fields: list[Block]) -> Block:
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
