"""Each limit of Block Kit: what Slack refuses is refused with its reason, and what stands at the limit is not."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.errors import SlackObjectFormationError

from sandbox.blocks import check_blocks, check_options, check_view
from tests.sandbox.kit import (
    CONFIRM,
    DIVIDER,
    IMAGE,
    Json,
    actions,
    button,
    confirm,
    entry,
    modal,
    mrkdwn,
    options,
    plain,
    section,
    select,
)

GOOD_MESSAGES: list[list[Json]] = [
    [],
    [DIVIDER] * 50,
    [section(text=mrkdwn("x" * 3000))],
    [section(fields=[mrkdwn("x" * 2000)] * 10)],
    [{"type": "section", "fields": [plain()]}],
    [{"type": "header", "text": plain("x" * 150)}],
    [{"type": "context", "elements": [mrkdwn()] * 9 + [IMAGE]}],
    [actions(*[button(action_id=str(number)) for number in range(25)])],
    [actions(button(text=plain("x" * 75), value="x" * 2000, url="https://example.com/" + "x" * 2980))],
    [actions(button(action_id="x" * 255, style="danger", confirm=CONFIRM))],
    [section(accessory=button()), section(accessory=IMAGE), section(accessory=select())],
    [section(block_id="x" * 255)],
    [actions(select(options=options(100), initial_option=options(100)[99]))],
    [actions({"type": "overflow", "options": options(5)})],
    [actions({"type": "radio_buttons", "options": [{"text": mrkdwn(), "value": "1"}]})],
    [IMAGE | {"title": plain()}, {"type": "image", "alt_text": "A picture", "slack_file": {"id": "F1"}}],
    [confirm(title=plain("x" * 100), text=mrkdwn("x" * 300), confirm=plain("x" * 30), deny=plain("x" * 30))],
    [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "Hi"}]}]}],
    [{"type": "markdown", "text": "**Hi**"}],
]

BAD_MESSAGES: list[tuple[str, Any, str]] = [
    ("no list", {"type": "divider"}, "must be an array [json-pointer:/blocks]"),
    ("no object", ["divider"], "must be an object [json-pointer:/blocks/0]"),
    ("no type", [{}], "missing required field: type [json-pointer:/blocks/0]"),
    ("51 blocks", [DIVIDER] * 51, "no more than 50 items allowed [json-pointer:/blocks]"),
    ("unknown type", [{"type": "banner"}], "unsupported block: banner [json-pointer:/blocks/0/type]"),
    ("unknown field", [DIVIDER | {"colour": 1}], "invalid additional property: colour [json-pointer:/blocks/0]"),
    ("input in a message", [entry()], "unsupported block: input [json-pointer:/blocks/0/type]"),
    ("empty section", [{"type": "section"}], "must have one of: text, fields"),
    ("section's text", [section(text=mrkdwn("x" * 3001))], "must be less than 3001 characters"),
    ("empty text", [section(text=mrkdwn(""))], "must be more than 0 characters [json-pointer:/blocks/0/text/text]"),
    ("text of a number", [section(text=mrkdwn(7))], "must be a string"),
    ("bare text", [section(text="Hi")], "must be an object [json-pointer:/blocks/0/text]"),
    ("11 fields", [section(fields=[mrkdwn()] * 11)], "no more than 10 items allowed"),
    ("no fields", [section(fields=[])], "must provide at least 1 item"),
    ("a field's text", [section(fields=[mrkdwn("x" * 2001)])], "must be less than 2001 characters"),
    ("emoji in mrkdwn", [section(text=mrkdwn() | {"emoji": True})], "invalid additional property: emoji"),
    ("verbatim in plain", [section(text=plain() | {"verbatim": True})], "invalid additional property: verbatim"),
    ("header's text", [{"type": "header", "text": plain("x" * 151)}], "must be less than 151 characters"),
    ("header in mrkdwn", [{"type": "header", "text": mrkdwn()}], "unsupported text type: mrkdwn"),
    ("11 in a context", [{"type": "context", "elements": [mrkdwn()] * 11}], "no more than 10 items allowed"),
    ("empty context", [{"type": "context", "elements": []}], "must provide at least 1 item"),
    ("button in a context", [{"type": "context", "elements": [button()]}], "unsupported context element: button"),
    ("26 actions", [actions(*[button(action_id=str(n)) for n in range(26)])], "no more than 25 items allowed"),
    ("no actions", [actions()], "must provide at least 1 item"),
    ("image in actions", [actions(IMAGE)], "unsupported element: image"),
    ("text input in actions", [actions({"type": "plain_text_input", "action_id": "a"})], "unsupported element"),
    ("button's text", [actions(button(text=plain("x" * 76)))], "must be less than 76 characters"),
    ("button in mrkdwn", [actions(button(text=mrkdwn()))], "unsupported text type: mrkdwn"),
    ("button without text", [actions({"type": "button"})], "missing required field: text"),
    ("button's value", [actions(button(value="x" * 2001))], "must be less than 2001 characters"),
    ("button's url", [actions(button(url="https://" + "x" * 3000))], "must be less than 3001 characters"),
    ("button's url is none", [actions(button(url="nonsense"))], "must be a URL"),
    ("button's style", [actions(button(style="red"))], "must be one of: primary, danger"),
    ("action_id", [actions(button(action_id="x" * 256))], "must be less than 256 characters"),
    ("action_id twice", [actions(button(), button())], "action_id `press` already exists"),
    ("block_id", [section(block_id="x" * 256)], "must be less than 256 characters"),
    ("block_id twice", [section(block_id="b"), section(block_id="b")], "block_id `b` already exists"),
    ("confirm's title", [confirm(title=plain("x" * 101))], "must be less than 101 characters"),
    ("confirm's text", [confirm(text=plain("x" * 301))], "must be less than 301 characters"),
    ("confirm's yes", [confirm(confirm=plain("x" * 31))], "must be less than 31 characters"),
    ("confirm's no", [confirm(deny=plain("x" * 31))], "must be less than 31 characters"),
    ("confirm's title in mrkdwn", [confirm(title=mrkdwn())], "unsupported text type: mrkdwn"),
    ("101 options", [actions(select(options=options(101)))], "no more than 100 items allowed"),
    ("no options", [actions(select(options=[]))], "must provide at least 1 item"),
    ("neither options", [actions({"type": "static_select"})], "must have exactly one of: options, option_groups"),
    (
        "both options",
        [actions(select(option_groups=[{"label": plain(), "options": options(1)}]))],
        "must have exactly one of: options, option_groups",
    ),
    (
        "a group's label",
        [actions({"type": "static_select", "option_groups": [{"label": plain("x" * 76), "options": options(1)}]})],
        "must be less than 76 characters",
    ),
    ("option's text", [actions(select(options=options(1, "x" * 76)))], "must be less than 76 characters"),
    ("option's value", [actions(select(options=[{"text": plain(), "value": "x" * 151}]))], "less than 151"),
    ("option's url in a menu", [actions(select(options=[options(1)[0] | {"url": "https://a.b"}]))], "property: url"),
    ("option in mrkdwn", [actions(select(options=[{"text": mrkdwn(), "value": "1"}]))], "unsupported text type"),
    ("same values", [actions(select(options=options(1) * 2))], "options must have unique values"),
    ("initial option", [actions(select(initial_option=options(3)[2]))], "must match one of the options"),
    ("placeholder", [actions(select(placeholder=plain("x" * 151)))], "must be less than 151 characters"),
    ("6 in an overflow", [actions({"type": "overflow", "options": options(6)})], "no more than 5 items allowed"),
    ("11 radios", [actions({"type": "radio_buttons", "options": options(11)})], "no more than 10 items allowed"),
    ("11 boxes", [actions({"type": "checkboxes", "options": options(11)})], "no more than 10 items allowed"),
    ("a bad date", [actions({"type": "datepicker", "initial_date": "1.2.2026"})], "must be a date"),
    ("a bad time", [actions({"type": "timepicker", "initial_time": "25:00"})], "must be a time"),
    (
        "too many chosen",
        [
            actions(
                {
                    "type": "multi_static_select",
                    "options": options(3),
                    "initial_options": options(3),
                    "max_selected_items": 2,
                }
            )
        ],
        "more items are selected than max_selected_items allows",
    ),
    ("image's alt text", [IMAGE | {"alt_text": "x" * 2001}], "must be less than 2001 characters"),
    ("image without alt text", [{"type": "image", "image_url": "https://a.b/c"}], "missing required field: alt_text"),
    ("image without picture", [{"type": "image", "alt_text": "A"}], "must have exactly one of: image_url, slack_file"),
    ("input as accessory", [section(accessory={"type": "plain_text_input"})], "unsupported accessory"),
    ("a list of nothing", [{"type": "rich_text", "elements": [{"type": "rich_text_list"}]}], "missing required field"),
]


@pytest.mark.parametrize("blocks", GOOD_MESSAGES, ids=str)
def test_blocks_at_their_limits_are_taken(blocks: list[Json]) -> None:
    """What Slack's documentation allows is allowed, up to the last character."""
    assert check_blocks(blocks) == []


@pytest.mark.parametrize(("blocks", "reason"), [bad[1:] for bad in BAD_MESSAGES], ids=[bad[0] for bad in BAD_MESSAGES])
def test_blocks_over_a_limit_are_refused_with_the_place_and_reason(blocks: list[Json], reason: str) -> None:
    """One sentence in Slack's manner for what is wrong."""
    wrong = check_blocks(blocks)
    assert any(reason in sentence for sentence in wrong), wrong
    assert all(sentence.startswith("[ERROR] ") for sentence in wrong)


def test_suggestions_are_options_or_groups_of_them() -> None:
    """An answer to a menu that asks: up to 100 options, or groups; none is fine."""
    assert check_options({"options": []}) == []
    assert check_options({"options": options(100)}) == []
    assert check_options({"option_groups": [{"label": plain(), "options": options(2)}]}) == []
    assert "no more than 100" in check_options({"options": options(101)})[0]
    assert "less than 76" in check_options({"options": options(1, "x" * 76)})[0]
    assert "exactly one of" in check_options({})[0]
    assert "additional property" in check_options({"options": [], "error": 1})[0]
    assert "must be an object" in check_options([])[0]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["type", "text", "elements", "element", "options", "blocks", "fields", "accessory", "value"]
            ),
            inner | st.sampled_from(["section", "actions", "button", "plain_text", "modal", "input", "static_select"]),
            max_size=5,
        )
    ),
    max_leaves=15,
)


@given(JSON)
def test_no_json_at_all_is_too_strange_to_be_judged(value: Any) -> None:
    """Whatever comes, the answer is a list of sentences."""
    assert all(isinstance(sentence, str) for sentence in check_blocks(value) + check_options(value))
    if isinstance(value, dict):
        assert isinstance(check_view(value | {"type": "modal"}), list)


@given(st.integers(0, 3100), st.sampled_from(["text", "fields"]))
def test_a_sections_text_is_taken_up_to_its_limit_and_not_beyond(length: int, where: str) -> None:
    """3,000 characters of text, 2,000 of a field, at least one of each."""
    words = mrkdwn("x" * length)
    block = {"type": "section", "text": words} if where == "text" else {"type": "section", "fields": [words]}
    assert (check_blocks([block]) == []) == (1 <= length <= (3000 if where == "text" else 2000))


def test_slack_sdks_own_validators_judge_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """What our tables let pass, and they don't, is refused."""

    class Refused:
        def __init__(self, **_: object) -> None: ...

        def to_dict(self) -> None:
            raise SlackObjectFormationError("says the SDK")

    with monkeypatch.context() as strict:
        strict.setattr("sandbox.blocks.Block.parse", lambda _block: Refused())
        seen_nowhere_else = DIVIDER | {"block_id": "refused"}  # what was judged once is not judged anew
        assert check_blocks([seen_nowhere_else]) == ["[ERROR] says the SDK [json-pointer:/blocks/0]"]
    monkeypatch.setattr("sandbox.blocks.SdkView", Refused)
    assert check_view(modal(DIVIDER)) == ["[ERROR] says the SDK [json-pointer:/view]"]
