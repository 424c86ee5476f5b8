"""Forms and Homes: what Slack refuses is refused with its reason, and what stands at the limit is not."""

import pytest

from sandbox.blocks import check_errors, check_view
from tests.sandbox.kit import DIVIDER, Json, button, entry, home, modal, mrkdwn, plain, section, select


def words_input(**more: object) -> Json:
    """An input of words."""
    return entry({"type": "plain_text_input", "action_id": "words"} | more)


def focused(block_id: str) -> Json:
    """An input that wants the focus."""
    return words_input(focus_on_load=True) | {"block_id": block_id}


BAD_VIEWS: list[tuple[str, Json, str]] = [
    ("no type", {"title": plain()}, "must be one of: modal, home [json-pointer:/view/type]"),
    ("no title", {"type": "modal", "blocks": [DIVIDER]}, "missing required field: title"),
    ("title", modal(DIVIDER, title=plain("x" * 25)), "must be less than 25 characters [json-pointer:/view/title/text]"),
    ("title in mrkdwn", modal(DIVIDER, title=mrkdwn()), "unsupported text type"),
    ("submit", modal(DIVIDER, submit=plain("x" * 25)), "must be less than 25 characters"),
    ("close", modal(DIVIDER, close=plain("x" * 25)), "must be less than 25 characters"),
    ("private_metadata", modal(DIVIDER, private_metadata="x" * 3001), "must be less than 3001 characters"),
    ("callback_id", modal(DIVIDER, callback_id="x" * 256), "must be less than 256 characters"),
    ("unknown field", modal(DIVIDER, hash="1"), "invalid additional property: hash"),
    ("no blocks", modal(), "must provide at least 1 item"),
    ("101 blocks", modal(*[DIVIDER] * 101), "no more than 100 items allowed [json-pointer:/view/blocks]"),
    ("an input without submit", modal(entry(), submit=None), "submit is required"),
    ("markdown in a form", modal({"type": "markdown", "text": "Hi"}), "unsupported block: markdown"),
    ("same block_id", modal(entry(), entry()), "block_id `b` already exists"),
    ("label", modal(entry(label=plain("x" * 2001))), "must be less than 2001 characters"),
    ("label in mrkdwn", modal(entry(label=mrkdwn())), "unsupported text type: mrkdwn"),
    ("hint", modal(entry(hint=plain("x" * 2001))), "must be less than 2001 characters"),
    ("a button in an input", modal(entry(button())), "unsupported input element: button"),
    ("max_length", modal(words_input(max_length=3001)), "must be between 1 and 3000"),
    ("min_length", modal(words_input(min_length=-1)), "must be between 0 and 3000"),
    ("min over max", modal(words_input(min_length=5, max_length=4)), "min_length must be less than or equal"),
    ("initial value", modal(words_input(max_length=3, initial_value="four")), "must be less than 4 characters"),
    ("two in focus", modal(focused("a"), focused("c")), "only one element can have focus_on_load"),
    ("a Home's submit", home(DIVIDER) | {"submit": plain()}, "invalid additional property: submit"),
    ("a Home's title", home(DIVIDER) | {"title": plain()}, "invalid additional property: title"),
]

GOOD_VIEWS: list[Json] = [
    modal(*[DIVIDER] * 100, title=plain("x" * 24), submit=plain("x" * 24), close=plain("x" * 24)),
    modal(DIVIDER, private_metadata="x" * 3000, callback_id="x" * 255, notify_on_close=True, clear_on_close=True),
    modal(words_input(min_length=1, max_length=3000, multiline=True, placeholder=plain("x" * 150))),
    modal(entry({"type": "multi_external_select", "action_id": "a", "min_query_length": 0})),
    modal(entry(select())),
    modal(DIVIDER, submit=None),
    home(*[DIVIDER] * 100),
    home(entry(dispatch_action=True)),
]


@pytest.mark.parametrize("view", GOOD_VIEWS, ids=str)
def test_views_at_their_limits_are_taken(view: Json) -> None:
    """Forms and Homes, up to the last character."""
    assert check_view(view) == []


@pytest.mark.parametrize(("view", "reason"), [bad[1:] for bad in BAD_VIEWS], ids=[bad[0] for bad in BAD_VIEWS])
def test_views_over_a_limit_are_refused_with_the_place_and_reason(view: Json, reason: str) -> None:
    """One sentence in Slack's manner for what is wrong."""
    wrong = check_view(view)
    assert any(reason in sentence for sentence in wrong), wrong


def test_errors_stand_at_the_inputs_of_the_form() -> None:
    """`response_action: errors` names block_ids of inputs, with a sentence each."""
    form = modal(entry(), section(block_id="s"))
    assert check_errors(form, {"b": "Say what you learned."}) == []
    assert "not the block_id of an input block" in check_errors(form, {"s": "No."})[0]
    assert "not the block_id of an input block" in check_errors(form, {"words": "No."})[0]
    assert "more than 0 characters" in check_errors(form, {"b": ""})[0]
    assert "at least one error" in check_errors(form, {})[0]
