"""Envelopes: what Slack sends passes, and what would make Bolt fail does not."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.request.payload_utils import to_action, to_command, to_event, to_options, to_shortcut, to_view

from bot.envelope import check
from bot.rejections import Malformed, Unknown
from tests.bot.doorstep import COMMAND, EVENT, FORM_SENT, GENUINE, MESSAGE_SHORTCUT, PRESS, SHORTCUT, SUGGESTION

EVENTS_OF_MANY_SHAPES: list[dict[str, Any]] = [
    {
        "type": "message",
        "channel": "C1",
        "user": "U1",
        "text": "hi",
        "ts": "1.1",
        "team": "T1",
        "channel_type": "channel",
    },
    {"type": "message", "subtype": "bot_message", "channel": "C1", "bot_id": "B1", "user": None, "text": ""},
    {
        "type": "message",
        "subtype": "message_changed",
        "channel": "C1",
        "message": {"type": "message", "user": "U1", "text": "new", "edited": {"user": "U1", "ts": "1.2"}, "ts": "1.1"},
        "previous_message": {"type": "message", "user": "U1", "text": "old", "ts": "1.1", "thread_ts": "1.0"},
    },
    {
        "type": "message",
        "subtype": "message_deleted",
        "channel": "C1",
        "previous_message": {"bot_id": None, "files": []},
    },
    {"type": "message", "subtype": "pinned_item", "channel": "C1", "item_type": "F", "item": {}},
    {"type": "reaction_added", "user": "U1", "reaction": "bulb", "item": {"type": "file", "file": "F1"}},
    {
        "type": "star_added",
        "user": "U1",
        "item": {"type": "message", "channel": "C1", "message": {"user": "U1", "text": "x"}},
    },
    {"type": "team_join", "user": {"id": "U1", "team_id": "T1", "profile": {"team": "T1"}, "enterprise_user": {}}},
    {"type": "user_change", "user": {"id": "U1", "team_id": "T1", "is_restricted": True}, "cache_ts": 1},
    {"type": "channel_rename", "channel": {"id": "C1", "name": "new", "created": 1}},
    {"type": "channel_created", "channel": {"id": "C1", "name": "new", "created": 1, "creator": "U1"}},
    {"type": "channel_shared", "channel": "C1", "connected_team_id": "E1"},
    {"type": "channel_id_changed", "old_channel_id": "C1", "new_channel_id": "C2"},
    {
        "type": "member_joined_channel",
        "user": "U1",
        "channel": "C1",
        "channel_type": "C",
        "team": "T1",
        "inviter": "U2",
    },
    {"type": "app_home_opened", "user": "U1", "channel": "D1", "tab": "home", "view": {"id": "V1", "team_id": "T1"}},
    {"type": "app_mention", "user": "U1", "user_team": "E1", "team": "T1", "channel": "C1", "text": "<@U9> hi"},
    {"type": "tokens_revoked", "tokens": {"oauth": ["U1"], "bot": ["U9"]}},
    {"type": "app_uninstalled"},
    {"type": "file_shared", "channel_id": "C1", "file_id": "F1", "user_id": "U1", "file": {"id": "F1"}},
]


@pytest.mark.parametrize(
    "event", EVENTS_OF_MANY_SHAPES, ids=lambda event: f"{event['type']} {event.get('subtype', '')}"
)
@pytest.mark.parametrize("shared", [False, True])
def test_events_of_every_shape_pass(event: dict[str, Any], *, shared: bool) -> None:
    """A person or a channel is an id in one event and an object in the next. Shared channels take other roads in Bolt."""
    payload = EVENT | {
        "event": event,
        "is_ext_shared_channel": shared,
        "context_team_id": "T1",
        "context_enterprise_id": None,
    }
    assert check(payload) == f"event {event['type']}"
    AsyncBoltRequest(body=payload, mode="socket_mode")


@pytest.mark.parametrize(
    ("payload", "what"),
    [
        (EVENT, "event reaction_added"),
        (COMMAND, "command /share"),
        (PRESS, "block_actions"),
        (FORM_SENT, "view_submission"),
        (FORM_SENT | {"type": "view_closed"}, "view_closed"),
        (SUGGESTION, "block_suggestion"),
        (SHORTCUT, "shortcut"),
        (MESSAGE_SHORTCUT, "message_action"),
        ({"type": "url_verification", "challenge": "x"}, "url_verification"),
        ({"type": "app_rate_limited", "team_id": "T1", "minute_rate_limited": 1}, "app_rate_limited"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_kind_is_known_by_a_name_that_a_log_may_hold(payload: dict[str, Any], what: str) -> None:
    """The type, and of an event or a command which one; never its words."""
    assert check(payload) == what


@pytest.mark.parametrize("name", ["/Share my secret", "/" + "x" * 100, "/a\nlog line", "/café"])
def test_an_unusual_name_is_kept_out_of_the_log(name: str) -> None:
    """A name is somebody's words too, unless it looks like a name."""
    assert check(COMMAND | {"command": name}) == "command of an unusual name"


@pytest.mark.parametrize(
    ("payload", "missing"),
    [
        (EVENT, "event"),
        (EVENT, "event_id"),
        (COMMAND, "team_id"),
        (COMMAND, "user_id"),
        (PRESS, "actions"),
        (PRESS, "user"),
        (FORM_SENT, "view"),
        (FORM_SENT, "user"),
        (SUGGESTION, "action_id"),
        (SUGGESTION, "value"),
        (SHORTCUT, "callback_id"),
        (MESSAGE_SHORTCUT, "message"),
        (MESSAGE_SHORTCUT, "channel"),
        ({"type": "url_verification", "challenge": "x"}, "challenge"),
    ],
)
def test_a_missing_field_is_named(payload: dict[str, Any], missing: str) -> None:
    """Each kind says what it cannot do without; empty is missing too."""
    without = {name: value for name, value in payload.items() if name != missing}
    for wrong in (without, payload | {missing: None}, payload | {missing: []}):
        with pytest.raises(Malformed, match=f"“{missing}”"):
            check(wrong)


@pytest.mark.parametrize(
    "kind", ["interactive_message", "dialog_submission", "workflow_step_edit", "function_executed", ""]
)
def test_an_unknown_type_is_unknown(kind: str) -> None:
    """Also Slack's old kinds, which nothing here answers."""
    with pytest.raises(Unknown):
        check({"type": kind, "callback_id": "x"})


@pytest.mark.parametrize("payload", [{}, {"type": None}, {"type": []}, {"type": {}}, {"type": 1}, {"text": "command"}])
def test_a_payload_without_a_type_is_malformed(payload: dict[str, Any]) -> None:
    """Only a command has none."""
    with pytest.raises(Malformed, match="no type"):
        check(payload)


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("team", 1),
        ("user", 1),
        ("channel", ["id"]),
        ("enterprise", ["id"]),
        ("authorizations", [1]),
        ("authorizations", {"a": 1}),
        ("response_urls", None),
        ("response_urls", [1]),
        ("view", ["app_installed_team_id"]),
        ("is_ext_shared_channel", "perhaps"),
    ],
)
def test_what_would_make_bolt_fail_is_malformed(field: str, wrong: object) -> None:
    """Types that it relies on, and a null where a list must be."""
    with pytest.raises(Malformed, match=f"“{field}”"):
        check(SHORTCUT | {field: wrong})


@pytest.mark.parametrize(
    "wrong",
    [
        {"user_team": 1},
        {"thread_ts": 1.5},
        {"item": {"channel": 1}},
        {"item": ["channel"]},
        {"message": {"user": 1}},
        {"previous_message": {"user": 1}},
        {"assistant_thread": {"channel": 1}},
    ],
)
def test_what_is_wrong_deep_within_an_event_is_malformed(wrong: dict[str, Any]) -> None:
    """Bolt looks for the person and the channel there, too."""
    with pytest.raises(Malformed, match="“event”"):
        check(EVENT | {"event": {"type": "message"} | wrong})


def test_a_number_instead_of_an_object_would_make_bolt_fail() -> None:
    """Why there are envelopes at all: when this fails, Bolt has become more careful."""
    with pytest.raises(TypeError):
        AsyncBoltRequest(body=PRESS | {"team": 1}, mode="socket_mode")


def places(value: object, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a payload: the keys and indices that lead there."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in pairs:
        yield (*path, key)
        yield from places(inner, (*path, key))


LOOKED_AT = [
    "team",
    "user",
    "channel",
    "enterprise",
    "authorizations",
    "event",
    "message",
    "previous_message",
    "item",
    "view",
]
LOOKED_AT += [
    "type",
    "thread_ts",
    "response_urls",
    "actions",
    "assistant_thread",
    "function_data",
    "is_ext_shared_channel",
]
strange: st.SearchStrategy[object] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.text(max_size=3),
    st.just([]),
    st.just({}),
    st.just([1]),
    st.just([[]]),
    st.just(["id"]),
) | st.dictionaries(
    st.sampled_from([*LOOKED_AT, "id", "team_id", "enterprise_id"]), st.integers() | st.just([]) | st.none()
)


@settings(max_examples=300, deadline=None)
@given(
    data=st.data(), payload=st.sampled_from([*GENUINE, *(EVENT | {"event": event} for event in EVENTS_OF_MANY_SHAPES)])
)
def test_what_passes_never_makes_bolt_fail(data: st.DataObject, payload: dict[str, Any]) -> None:
    """A genuine payload with strange things in some of its places: refused here, or read by Bolt without a word."""
    mutated = copy.deepcopy(payload)
    for _ in range(data.draw(st.integers(1, 3))):
        *path, last = data.draw(st.sampled_from(list(places(mutated))))
        inside: Any = mutated
        for step in path:
            inside = inside[step]
        if isinstance(inside, dict) and data.draw(st.booleans()):
            last = data.draw(st.sampled_from(LOOKED_AT))
        inside[last] = copy.deepcopy(data.draw(strange))  # or two places would be one
    try:
        check(mutated)
    except (Malformed, Unknown):
        return
    AsyncBoltRequest(body=mutated, mode="socket_mode")
    for reader in (to_event, to_command, to_action, to_options, to_shortcut, to_view):
        reader(mutated)
