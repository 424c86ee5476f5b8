"""Whether Slack would take these blocks, this view, these options, these errors: each place that is wrong, and why.

Two judges: the tables of `sandbox.blockkit`, after Slack's documentation, and the validators of slack_sdk. Every answer
is a list of sentences in Slack's manner, `[ERROR] reason [json-pointer:/blocks/0/text]`, empty where nothing is wrong.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View as SdkView

from .blockkit.layout import SURFACES
from .blockkit.objects import OPTION_GROUPS, OPTIONS, plain
from .blockkit.rules import Problem, Shape, anything, exactly_one, flag, listed, one_of, text
from .forms import block_elements

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .records import Json

TITLE = plain(24)
META = {"private_metadata": text(3000, shortest=0), "callback_id": text(255, shortest=0)}
EXTERNAL_ID = {"external_id": text(255, shortest=0)}

MODAL = Shape(
    META
    | EXTERNAL_ID
    | {
        "type": one_of("modal"),
        "title": TITLE,
        "submit": TITLE,
        "close": TITLE,
        "blocks": anything,
        "clear_on_close": flag,
        "notify_on_close": flag,
        "submit_disabled": flag,
    },
    ("type", "title", "blocks"),
)
HOME = Shape(META | EXTERNAL_ID | {"type": one_of("home"), "blocks": anything}, ("type", "blocks"))

SUGGESTIONS = Shape(
    {"options": listed(anything, 100, least=0), "option_groups": listed(anything, 100, least=0)},
    checks=(exactly_one("options", "option_groups"),),
)


def check_blocks(blocks: object, surface: str = "message", *, at: str = "/blocks") -> list[str]:
    """What is wrong with the blocks of a `surface`: `message`, `modal` or `home`."""
    problems = list(SURFACES[surface](blocks, at))
    if not problems and isinstance(blocks, list):
        problems = [*_between(blocks, at), *_by_sdk(blocks, at)]
    return [_sentence(*problem) for problem in problems]


def check_view(view: Mapping[str, Any]) -> list[str]:
    """What is wrong with a form or a Home, its blocks too."""
    kind = view.get("type")
    shape = {"modal": MODAL, "home": HOME}.get(str(kind))
    if shape is None:
        return [_sentence("/view/type", "must be one of: modal, home")]
    problems = [_sentence(*problem) for problem in shape(dict(view), "/view")]
    wrong = problems + check_blocks(view.get("blocks", []), str(kind), at="/view/blocks")
    if wrong:
        return wrong
    inputs = [block for block in view["blocks"] if block["type"] == "input"]
    if kind == "modal" and inputs and not view.get("submit"):
        return [_sentence("/view", "submit is required when there is an input block")]
    return [_sentence(*problem) for problem in _view_by_sdk(view)]


def check_options(answer: object) -> list[str]:
    """What is wrong with an answer to a `block_suggestion`: `options` or `option_groups`, at most 100.

    https://docs.slack.dev/reference/interaction-payloads/block_suggestion-payload
    """
    problems = list(SUGGESTIONS(answer, ""))
    if not problems and isinstance(answer, dict):
        name, rule = ("options", OPTIONS) if answer.get("options") is not None else ("option_groups", OPTION_GROUPS)
        problems = list(rule(answer[name], f"/{name}")) if answer[name] else []
    return [_sentence(*problem) for problem in problems]


def check_errors(view: Mapping[str, Any], errors: object) -> list[str]:
    """What is wrong with `errors` of a `response_action: errors`: each key the block_id of an input, each a sentence.

    https://docs.slack.dev/surfaces/modals#displaying_errors
    """
    if not isinstance(errors, dict) or not errors:
        return [_sentence("/errors", "must be an object with at least one error")]
    inputs = {block.get("block_id") for block in view.get("blocks", []) if block.get("type") == "input"}
    problems = [(f"/errors/{key}", "is not the block_id of an input block") for key in errors if key not in inputs]
    for key, words in errors.items():
        problems += text(2000)(words, f"/errors/{key}")
    return [_sentence(*problem) for problem in problems]


def _between(blocks: list[Json], at: str) -> Iterator[Problem]:
    """What holds between blocks: unique ids, one focus."""
    ids = [block["block_id"] for block in blocks if block.get("block_id")]
    for repeated in sorted({block_id for block_id in ids if ids.count(block_id) > 1}):
        yield at, f"block_id `{repeated}` already exists"
    for number, block in enumerate(blocks):
        actions = [element["action_id"] for element in block_elements(block) if element.get("action_id")]
        for repeated in sorted({action_id for action_id in actions if actions.count(action_id) > 1}):
            yield f"{at}/{number}", f"action_id `{repeated}` already exists for block_id"
    if sum(bool(element.get("focus_on_load")) for block in blocks for element in block_elements(block)) > 1:
        yield at, "only one element can have focus_on_load set to true"


def _by_sdk(blocks: list[Json], at: str) -> Iterator[Problem]:
    for number, block in enumerate(blocks):
        if reason := _sdk_says(json.dumps(block)):
            yield f"{at}/{number}", reason


@lru_cache(maxsize=4096)  # an app says much the same over and over, and this judge is slow
def _sdk_says(block: str) -> str:
    """What is wrong with it; empty where nothing is."""
    parsed = Block.parse(json.loads(block))
    try:
        if parsed is not None:
            parsed.to_dict()
    except SlackObjectFormationError as error:
        return str(error)
    return ""


def _view_by_sdk(view: Mapping[str, Any]) -> Iterator[Problem]:
    try:
        SdkView(**view).to_dict()
    except SlackObjectFormationError as error:
        yield "/view", str(error)


def _sentence(at: str, reason: str) -> str:
    return f"[ERROR] {reason} [json-pointer:{at}]"
