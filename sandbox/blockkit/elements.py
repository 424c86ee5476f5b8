"""Block elements: buttons, menus, inputs. https://docs.slack.dev/reference/block-kit/block-elements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .objects import (
    ACTION_ID,
    ANY_OPTION,
    BLOCK_ID,
    CONFIRM,
    DISPATCH,
    FILTER,
    OPTION_GROUPS,
    OPTIONS,
    OVERFLOW_OPTION,
    PLACEHOLDER,
    PLAIN_OPTION,
    SLACK_FILE,
    TYPE,
    URL,
    WEB_URL,
    plain,
)
from .richtext import RICH_PARTS
from .rules import Check, Problem, Rule, Shape, exactly_one, flag, listed, number, one_of, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbox.records import Json

LONGEST_INPUT = 3000
MOST_SELECTED = 100
ID = text(50)
IDS = listed(ID, MOST_SELECTED, least=0)
DATE = text(10, pattern=r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", of="a date, YYYY-MM-DD")
TIME = text(5, pattern=r"([01]\d|2[0-3]):[0-5]\d", of="a time, HH:mm")
DECIMAL = text(50, pattern=r"-?\d+(\.\d+)?", of="a number as a string")


def _element(fields: dict[str, Rule], *required: str, checks: tuple[Check, ...] = ()) -> Shape:
    return Shape({"type": TYPE, "action_id": ACTION_ID} | fields, ("type", *required), checks)


def _offered(element: Json) -> list[object]:
    groups = element.get("option_groups") or []
    return [*(element.get("options") or []), *(option for group in groups for option in group["options"])]


def initial_is_offered(element: Json, at: str) -> Iterator[Problem]:
    """What is chosen at first is one of the options, with the same text and value."""
    chosen = element.get("initial_options") or []
    if element.get("initial_option"):
        chosen = [element["initial_option"]]
    if any(option not in _offered(element) for option in chosen):
        yield at, "initial option(s) must match one of the options"


def values_differ(element: Json, at: str) -> Iterator[Problem]:
    """No two options send the same value."""
    values = [option["value"] for option in _offered(element) if isinstance(option, dict)]
    if len(values) != len(set(values)):
        yield at, "options must have unique values"


def lengths_agree(element: Json, at: str) -> Iterator[Problem]:
    """`min_length` is not above `max_length`, and the initial value lies between."""
    least, most = element.get("min_length", 0), element.get("max_length", LONGEST_INPUT)
    if least > most:
        yield at, "min_length must be less than or equal to max_length"
    elif len(element.get("initial_value") or "") > most:
        yield f"{at}/initial_value", f"must be less than {most + 1} characters"


def not_too_many_chosen(element: Json, at: str) -> Iterator[Problem]:
    """No more is chosen at first than `max_selected_items` allows."""
    most = element.get("max_selected_items")
    if most and any(len(value) > most for name, value in element.items() if name.startswith("initial_")):
        yield at, "more items are selected than max_selected_items allows"


STATIC = (exactly_one("options", "option_groups"), values_differ, initial_is_offered)
FOCUS: dict[str, Rule] = {"focus_on_load": flag}
ASKS: dict[str, Rule] = FOCUS | {"confirm": CONFIRM}
MENU: dict[str, Rule] = ASKS | {"placeholder": PLACEHOLDER}
MULTI: dict[str, Rule] = MENU | {"max_selected_items": number(1, MOST_SELECTED)}
TYPED: dict[str, Rule] = FOCUS | {"placeholder": PLACEHOLDER, "dispatch_action_config": DISPATCH}
CHOICES: dict[str, Rule] = {"options": OPTIONS, "option_groups": OPTION_GROUPS}
EXTERNAL: dict[str, Rule] = {"min_query_length": number(0, LONGEST_INPUT)}
CONVERSATIONS: dict[str, Rule] = {"default_to_current_conversation": flag, "filter": FILTER}
SOME_OPTIONS = listed(PLAIN_OPTION, MOST_SELECTED)
LABEL = text(75)

BUTTON = _element(
    {
        "text": plain(75),
        "url": URL,
        "value": text(2000),
        "style": one_of("primary", "danger"),
        "confirm": CONFIRM,
        "accessibility_label": LABEL,
    },
    "text",
)
OVERFLOW = _element({"options": listed(OVERFLOW_OPTION, 5), "confirm": CONFIRM}, "options", checks=(values_differ,))
IMAGE = Shape(
    {"type": TYPE, "alt_text": text(2000), "image_url": WEB_URL, "slack_file": SLACK_FILE},
    ("type", "alt_text"),
    (exactly_one("image_url", "slack_file"),),
)

PICKERS: dict[str, Rule] = {
    "checkboxes": _element(
        ASKS | {"options": listed(ANY_OPTION, 10), "initial_options": listed(ANY_OPTION, 10)},
        "options",
        checks=(values_differ, initial_is_offered),
    ),
    "radio_buttons": _element(
        ASKS | {"options": listed(ANY_OPTION, 10), "initial_option": ANY_OPTION},
        "options",
        checks=(values_differ, initial_is_offered),
    ),
    "datepicker": _element(MENU | {"initial_date": DATE}),
    "timepicker": _element(MENU | {"initial_time": TIME, "timezone": text(50)}),
}
DATETIME: dict[str, Rule] = {"datetimepicker": _element(ASKS | {"initial_date_time": number(10**9, 10**10 - 1)})}

SELECTS: dict[str, Rule] = {
    "static_select": _element(MENU | CHOICES | {"initial_option": PLAIN_OPTION}, checks=STATIC),
    "external_select": _element(MENU | EXTERNAL | {"initial_option": PLAIN_OPTION}),
    "users_select": _element(MENU | {"initial_user": ID}),
    "conversations_select": _element(MENU | CONVERSATIONS | {"initial_conversation": ID, "response_url_enabled": flag}),
    "channels_select": _element(MENU | {"initial_channel": ID, "response_url_enabled": flag}),
    "multi_static_select": _element(
        MULTI | CHOICES | {"initial_options": SOME_OPTIONS}, checks=(*STATIC, not_too_many_chosen)
    ),
    "multi_external_select": _element(
        MULTI | EXTERNAL | {"initial_options": SOME_OPTIONS}, checks=(not_too_many_chosen,)
    ),
    "multi_users_select": _element(MULTI | {"initial_users": IDS}, checks=(not_too_many_chosen,)),
    "multi_conversations_select": _element(
        MULTI | CONVERSATIONS | {"initial_conversations": IDS}, checks=(not_too_many_chosen,)
    ),
    "multi_channels_select": _element(MULTI | {"initial_channels": IDS}, checks=(not_too_many_chosen,)),
}

RICH_INPUT: dict[str, Rule] = {
    "rich_text_input": _element(
        TYPED
        | {
            "initial_value": Shape(
                {"type": one_of("rich_text"), "elements": RICH_PARTS, "block_id": BLOCK_ID}, ("type",)
            )
        }
    )
}

INPUTS: dict[str, Rule] = {
    "plain_text_input": _element(
        TYPED
        | {
            "initial_value": text(LONGEST_INPUT, shortest=0),
            "multiline": flag,
            "min_length": number(0, LONGEST_INPUT),
            "max_length": number(1, LONGEST_INPUT),
        },
        checks=(lengths_agree,),
    ),
    "email_text_input": _element(TYPED | {"initial_value": text(LONGEST_INPUT, shortest=0)}),
    "url_text_input": _element(TYPED | {"initial_value": text(LONGEST_INPUT, shortest=0)}),
    "number_input": _element(
        TYPED | {"is_decimal_allowed": flag, "initial_value": DECIMAL, "min_value": DECIMAL, "max_value": DECIMAL},
        "is_decimal_allowed",
    ),
    "file_input": _element({"filetypes": listed(text(50), 100), "max_files": number(1, 10)}),
}

FEEDBACK = Shape(
    {"text": plain(75), "value": text(2000), "accessibility_label": LABEL},
    ("text", "value"),
)
CONTEXT_ACTIONS: dict[str, Rule] = {
    "feedback_buttons": _element(
        {"positive_button": FEEDBACK, "negative_button": FEEDBACK}, "positive_button", "negative_button"
    ),
    "icon_button": _element(
        {
            "icon": one_of("trash"),
            "text": plain(75),
            "value": text(2000),
            "confirm": CONFIRM,
            "accessibility_label": LABEL,
            "visible_to_user_ids": IDS,
        },
        "icon",
        "text",
    ),
}

IN_ACTIONS: dict[str, Rule] = {"button": BUTTON, "overflow": OVERFLOW} | PICKERS | DATETIME | SELECTS | RICH_INPUT
IN_SECTION: dict[str, Rule] = {"button": BUTTON, "overflow": OVERFLOW, "image": IMAGE} | PICKERS | SELECTS
IN_INPUT: dict[str, Rule] = PICKERS | DATETIME | SELECTS | RICH_INPUT | INPUTS
