"""Each number of Slack's Block Kit pages: taken at the limit, refused one beyond it."""

from collections.abc import Callable

import pytest

from sandbox.blocks import check_blocks, check_errors, check_view
from tests.sandbox.kit import Json, options, plain

Made = Callable[[int], Json]


def option(words: Json | None = None, value: str = "one") -> Json:
    """An option."""
    return {"text": words or plain(), "value": value}


def element(kind: str, **more: object) -> Json:
    """A row with one element."""
    return {"type": "actions", "elements": [{"type": kind} | more]}


def asked(kind: str, **more: object) -> Json:
    """An input with one element."""
    return {"type": "input", "label": plain(), "element": {"type": kind} | more}


def rich(part: Json) -> Json:
    """A rich text of one line."""
    line = {"type": "rich_text_section", "elements": [part]}
    return {"type": "rich_text", "elements": [line]}


def video(**more: object) -> Json:
    """A video."""
    url = "https://example.com/v"
    base = {"type": "video", "alt_text": "A film", "title": plain(), "thumbnail_url": url, "video_url": url}
    return base | more


def url(length: int) -> str:
    """An address of so many characters."""
    return "https://example.com/".ljust(length, "x")


IN_MESSAGES: list[tuple[str, int, Made]] = [
    ("option's text, in any text", 75, lambda n: element("radio_buttons", options=[option(plain("x" * n))])),
    ("option's value", 150, lambda n: element("static_select", options=[option(value="x" * n)])),
    (
        "option's description",
        75,
        lambda n: element("static_select", options=[option() | {"description": plain("x" * n)}]),
    ),
    ("overflow option's url", 3000, lambda n: element("overflow", options=[option() | {"url": url(n)}])),
    ("options", 100, lambda n: element("static_select", options=options(n))),
    (
        "option groups",
        100,
        lambda n: element("static_select", option_groups=[{"label": plain(), "options": [o]} for o in options(n)]),
    ),
    (
        "options of a group",
        100,
        lambda n: element("static_select", option_groups=[{"label": plain(), "options": options(n)}]),
    ),
    ("boxes", 10, lambda n: element("checkboxes", options=options(n))),
    ("radio buttons", 10, lambda n: element("radio_buttons", options=options(n))),
    ("placeholder", 150, lambda n: element("users_select", placeholder=plain("x" * n))),
    ("date picker's placeholder", 150, lambda n: element("datepicker", placeholder=plain("x" * n))),
    ("selected people", 100, lambda n: element("multi_users_select", initial_users=["U1"] * n)),
    ("max_selected_items", 100, lambda n: element("multi_channels_select", max_selected_items=n)),
    ("accessibility label", 75, lambda n: element("button", text=plain(), accessibility_label="x" * n)),
    ("image's alt text", 2000, lambda n: {"type": "image", "alt_text": "x" * n, "image_url": url(30)}),
    ("image's address", 3000, lambda n: {"type": "image", "alt_text": "x", "image_url": url(n)}),
    (
        "image's title",
        2000,
        lambda n: {"type": "image", "alt_text": "x", "image_url": url(30), "title": plain("x" * n)},
    ),
    ("markdown", 12_000, lambda n: {"type": "markdown", "text": "x" * n}),
    ("video's author", 49, lambda n: video(author_name="x" * n)),
    ("video's title", 199, lambda n: video(title=plain("x" * n))),
    ("video's description", 200, lambda n: video(description=plain("x" * n))),
    ("header's level", 6, lambda n: {"type": "header", "text": plain(), "level": n}),
    ("context's actions", 5, lambda n: {"type": "context_actions", "elements": [trash(k) for k in range(n)]}),
    ("indent of a list", 8, lambda n: {"type": "rich_text", "elements": [bullets(indent=n)]}),
    ("border of a list", 1, lambda n: {"type": "rich_text", "elements": [bullets(border=n)]}),
    ("types of a filter", 4, lambda n: element("conversations_select", filter={"include": ["im"] * n})),
    ("date's format", 255, lambda n: rich({"type": "date", "timestamp": 1, "format": "x" * n})),
    ("file's external_id", 255, lambda n: {"type": "file", "source": "remote", "external_id": "x" * n}),
]

IN_FORMS: list[tuple[str, int, Made]] = [
    ("label", 2000, lambda n: asked("plain_text_input") | {"label": plain("x" * n)}),
    ("hint", 2000, lambda n: asked("plain_text_input") | {"hint": plain("x" * n)}),
    ("initial value", 3000, lambda n: asked("plain_text_input", initial_value="x" * n)),
    ("initial value under max_length", 5, lambda n: asked("plain_text_input", max_length=5, initial_value="x" * n)),
    ("max_length", 3000, lambda n: asked("plain_text_input", max_length=n)),
    ("min_length", 3000, lambda n: asked("plain_text_input", min_length=n)),
    ("min_length under max_length", 7, lambda n: asked("plain_text_input", min_length=n, max_length=7)),
    ("files", 10, lambda n: asked("file_input", max_files=n)),
    ("options chosen", 2, lambda n: asked("multi_static_select", **chosen(n))),
]


def trash(number: int) -> Json:
    """A small button."""
    return {"type": "icon_button", "icon": "trash", "text": plain(), "action_id": str(number)}


def bullets(**more: object) -> Json:
    """A list of one line."""
    line = {"type": "rich_text_section", "elements": [{"type": "text", "text": "Hi"}]}
    return {"type": "rich_text_list", "style": "bullet", "elements": [line]} | more


def chosen(count: int) -> Json:
    """A menu of five, of which some are chosen, where two may be."""
    return {"options": options(5), "initial_options": options(count), "max_selected_items": 2}


@pytest.mark.parametrize(("limit", "made"), [row[1:] for row in IN_MESSAGES], ids=[row[0] for row in IN_MESSAGES])
def test_a_message_is_taken_at_the_limit_and_refused_beyond_it(limit: int, made: Made) -> None:
    """One place in Slack's documentation each."""
    assert check_blocks([made(limit)]) == []
    assert check_blocks([made(limit + 1)]) != []


@pytest.mark.parametrize(("limit", "made"), [row[1:] for row in IN_FORMS], ids=[row[0] for row in IN_FORMS])
def test_a_form_is_taken_at_the_limit_and_refused_beyond_it(limit: int, made: Made) -> None:
    """The same for what only forms have."""
    form = {"type": "modal", "title": plain(), "submit": plain()}
    assert check_view(form | {"blocks": [made(limit)]}) == []
    assert check_view(form | {"blocks": [made(limit + 1)]}) != []


@pytest.mark.parametrize(
    ("kind", "field", "good", "bad"),
    [
        ("datepicker", "initial_date", ["2026-01-31", "2026-12-01"], ["2026-13-01", "2026-1-1", "2026-01-32", ""]),
        ("timepicker", "initial_time", ["00:00", "19:05", "23:59"], ["24:00", "9:00", "12:60", "12:000"]),
        ("datetimepicker", "initial_date_time", [1_628_633_820], [162_863_382, 16_286_338_200, "1628633820", True]),
        ("external_select", "min_query_length", [0, 3], [-1, "3"]),
        ("channels_select", "initial_channel", ["C1"], [7, ""]),
        ("button", "style", ["primary", "danger"], ["default", ""]),
        ("multi_users_select", "initial_users", [[], ["U1"]], ["U1", [7]]),
        ("checkboxes", "focus_on_load", [True, False], ["true", 1]),
    ],
)
def test_a_field_has_its_format(kind: str, field: str, good: list[object], bad: list[object]) -> None:
    """Dates, times and numbers as Slack writes them."""
    needed: dict[str, Json] = {"button": {"text": plain()}, "checkboxes": {"options": options(1)}}
    base = needed.get(kind, {})
    assert [check_blocks([element(kind, **base, **{field: value})]) for value in good] == [[] for _ in good]
    assert all(check_blocks([element(kind, **base, **{field: value})]) for value in bad)


def test_one_input_may_have_the_focus() -> None:
    """Not two; one is fine."""
    form = {"type": "modal", "title": plain(), "submit": plain()}
    focused = [asked("plain_text_input", focus_on_load=True) for _ in range(2)]
    assert check_view(form | {"blocks": focused[:1]}) == []
    assert check_view(form | {"blocks": focused}) != []


def test_a_home_holds_a_hundred_blocks() -> None:
    """Not one more."""
    blocks = [{"type": "divider"}] * 101
    assert check_view({"type": "home", "blocks": blocks[:100], "external_id": ""}) == []
    assert check_view({"type": "home", "blocks": blocks}) != []


def test_an_error_under_an_input_has_2000_characters() -> None:
    """The longest there is room for."""
    form = {"blocks": [asked("plain_text_input") | {"block_id": "b"}]}
    assert check_errors(form, {"b": "x" * 2000}) == []
    assert check_errors(form, {"b": "x" * 2001}) != []
