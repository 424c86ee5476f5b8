"""Whatever comes in through the front door, signed: a clear answer or a clean 4xx, and nothing crashes or is half done."""

from __future__ import annotations

import asyncio
import copy
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sandbox.records import Channel
from sandbox.slack import Slack
from tests.again import last, send
from tests.memory import Memory

JUNK: st.SearchStrategy[Any] = (
    st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.lists(st.none(), max_size=2) | st.just({})
)
KINDS = ("command", "view_submission", "block_actions", "block_suggestion", "event")


async def _payloads(slack: Slack, pocket: Channel) -> dict[str, dict[str, Any]]:
    """One real payload of each kind, as the sandbox's people produced it."""
    form = (await slack.types("ben", "/share", in_=pocket)).form
    assert form is not None
    await slack.suggests("ben", form, "topics", "x")
    await slack.submits("ben", form, {"words": "From the form"})
    message = await slack.says("ana", "To be kept", in_=pocket)
    await slack.reacts("ben", "bulb", message)
    answer = await slack.types("ben", "/share At once", in_=pocket)
    assert answer.ephemeral is not None
    await slack.presses("ben", "Add details", on=answer.ephemeral)
    return {kind: last(slack, kind) for kind in KINDS}


@pytest.fixture
async def real(slack: Slack, pocket: Channel, memory: Memory) -> dict[str, dict[str, Any]]:
    """Real payloads, after everything that they caused has been done."""
    payloads = await _payloads(slack, pocket)
    await memory.settled()
    return payloads


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # it is the parsing that is tried, not SQL
async def test_a_payload_with_a_field_missing_is_answered_cleanly(
    slack: Slack, real: dict[str, dict[str, Any]], memory: Memory, caplog: pytest.LogCaptureFixture
) -> None:
    """Each field of each payload, left out in turn: 2xx with words, or 4xx; never a 5xx, never a traceback."""
    with caplog.at_level(logging.ERROR):
        for kind, payload in real.items():
            for path in _paths(payload):
                broken = copy.deepcopy(payload)
                _drop(broken, path)
                reply = await send(slack, kind, broken)
                assert 200 <= reply.status < 500, (kind, path, reply)
                assert "Traceback" not in reply.body
    assert [record.getMessage() for record in caplog.records if record.exc_info] == []
    assert {one.words for one in memory.learnings()} == {"From the form", "To be kept", "At once"}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(choice=st.data())
async def test_a_payload_with_junk_in_it_is_answered_cleanly(
    slack: Slack, real: dict[str, dict[str, Any]], choice: st.DataObject
) -> None:
    """A value of another type anywhere in a real payload."""
    kind = choice.draw(st.sampled_from(KINDS))
    broken = copy.deepcopy(real[kind])
    path = choice.draw(st.sampled_from(_paths(broken)))
    _put(broken, path, choice.draw(st.text(max_size=20) if kind == "command" else JUNK))
    reply = await send(slack, kind, broken)
    assert 200 <= reply.status < 500, (kind, path, reply)


async def test_an_unknown_command_action_form_or_event_harms_nobody(
    slack: Slack, real: dict[str, dict[str, Any]], memory: Memory
) -> None:
    """What a newer manifest may name: acknowledged, and nothing more."""
    changes: list[tuple[str, tuple[str | int, ...], Any]] = [
        ("command", ("command",), "/dance"),
        ("block_actions", ("actions", 0, "action_id"), "dance"),
        ("view_submission", ("view", "callback_id"), "dance"),
        ("block_suggestion", ("action_id",), "dance"),
        ("event", ("event", "type"), "dance"),
    ]
    before = memory.learnings(state=None)
    for kind, path, value in changes:
        payload = copy.deepcopy(real[kind])
        _put(payload, path, value)
        assert (await send(slack, kind, payload)).status == 200, kind
    assert memory.learnings(state=None) == before
    assert (await send(slack, "event", {"type": "party", "team_id": slack.world.team_id})).status == 404


async def test_what_nobody_answers_is_logged_without_its_words(
    slack: Slack, real: dict[str, dict[str, Any]], caplog: pytest.LogCaptureFixture
) -> None:
    """Its name, where it looks like one."""
    press = copy.deepcopy(real["block_actions"])
    with caplog.at_level(logging.INFO):
        for name in ("dance.now", "Dance with Ben"):
            press["actions"][0]["action_id"] = name
            assert (await send(slack, "block_actions", press)).status == 200
    said = [record.getMessage() for record in caplog.records if record.name == "handlers.routing"]
    assert [line.rpartition(": ")[2] for line in said] == ["dance.now", "of an unusual name"]


async def test_a_form_whose_fields_have_no_proper_names_is_400(slack: Slack, real: dict[str, dict[str, Any]]) -> None:
    """It was none of ours: there is no field to say anything at."""
    form = copy.deepcopy(real["view_submission"])
    form["view"]["state"]["values"] = {}
    for block in form["view"]["blocks"]:
        block["block_id"] = ["no", "name"]
    assert (await send(slack, "view_submission", form)).status == 400


async def test_a_delivery_for_another_workspace_changes_nothing(
    slack: Slack, real: dict[str, dict[str, Any]], memory: Memory
) -> None:
    """Signed as it is: Outloud is not installed there."""
    before = memory.learnings(state=None)
    event = copy.deepcopy(real["event"])
    event["team_id"] = event["authorizations"][0]["team_id"] = "T0ELSEWHERE"
    assert (await send(slack, "event", {**event, "event_id": "Ev0ELSEWHERE"})).status == 200
    assert memory.learnings(state=None) == before


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # it is the parsing that is tried, not SQL
@pytest.mark.parametrize("fields", [[], ["pocket"], "pocket", 7, [["pocket", {}]]], ids=repr)
@pytest.mark.parametrize("within", ["values", "state"])
async def test_a_form_whose_fields_are_no_table_is_answered_cleanly(
    slack: Slack, real: dict[str, dict[str, Any]], caplog: pytest.LogCaptureFixture, within: str, fields: object
) -> None:
    """It is looked at once more where it is refused, and may name a channel by an id of before: that look breaks at nothing."""
    broken = real["view_submission"]
    broken["view"]["state"] = {"values": fields} if within == "values" else fields
    with caplog.at_level(logging.ERROR):
        reply = await send(slack, "view_submission", broken)
    assert 200 <= reply.status < 500
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # it is the answer that is tried, not SQL
@pytest.mark.parametrize("hangs_up", [True, False])
async def test_what_was_undone_is_acknowledged_though_its_answer_can_not_be_brought(
    slack: Slack, real: dict[str, dict[str, Any]], memory: Memory, *, hangs_up: bool
) -> None:
    """Slack hangs up on the answer, or names no address for it: the work is done all the same, and is not called failed."""
    press = copy.deepcopy(real["block_actions"])
    press["actions"][0]["action_id"] = "share.undo"

    async def hang_up(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    async with await asyncio.start_server(hang_up, "127.0.0.1", 0) as nobody:
        port = nobody.sockets[0].getsockname()[1]
        press["response_url"] = f"http://127.0.0.1:{port}/response" if hangs_up else "nowhere"
        reply = await send(slack, "block_actions", press)
    assert reply.status == 200
    assert "At once" not in {one.words for one in memory.learnings()}


def _paths(payload: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Every place in a payload that holds something."""
    return [path for path in _walk(payload, path) if path]


def _walk(payload: Any, path: tuple[str | int, ...]) -> Iterator[tuple[str | int, ...]]:
    yield path
    inside = payload.items() if isinstance(payload, dict) else enumerate(payload) if isinstance(payload, list) else ()
    for place, value in inside:
        yield from _walk(value, (*path, place))


def _drop(payload: Any, path: tuple[str | int, ...]) -> None:
    for place in path[:-1]:
        payload = payload[place]
    del payload[path[-1]]


def _put(payload: Any, path: tuple[str | int, ...], value: Any) -> None:
    for place in path[:-1]:
        payload = payload[place]
    payload[path[-1]] = value


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("block_actions", {"blocks": [None, 7]}),
        ("block_actions", {"blocks": [{"block_id": 7}]}),
        ("block_actions", {"blocks": "none"}),
        ("message_action", {"text": ["x"]}),
        ("message_action", {"text": {"type": "plain_text"}}),
    ],
    ids=str,
)
async def test_a_message_that_is_none_is_400(
    slack: Slack, real: dict[str, dict[str, Any]], pocket: Channel, kind: str, message: dict[str, Any]
) -> None:
    """Below which something was pressed, or in whose menu: nothing is done, and no code is asked that relies on it."""
    if kind == "message_action":
        await slack.uses("ben", "Find similar", await slack.says("ana", "To be found", in_=pocket))
    payload = copy.deepcopy(last(slack, kind) if kind == "message_action" else real[kind])
    payload["message"] = (payload.get("message") or {}) | message
    assert (await send(slack, kind, payload)).status == 400


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_press_that_says_not_where_it_was_is_answered_in_a_form(
    slack: Slack, real: dict[str, dict[str, Any]], memory: Memory, caplog: pytest.LogCaptureFixture
) -> None:
    """Nothing leads back to a message without a `response_url`: what was done is said all the same."""
    payload = copy.deepcopy(real["block_actions"])
    payload["actions"][0]["action_id"] = "share.undo"
    del payload["response_url"]
    payload["trigger_id"] = slack.world.new_trigger(payload["user"]["id"])
    (shared,) = [one for one in memory.learnings() if one.id == payload["actions"][0]["value"]]
    assert (await send(slack, "block_actions", payload)).status == 200
    assert shared.id not in [one.id for one in memory.learnings()]
    (form,) = [one for one in slack.world.views.values() if "Taken back" in slack.text_of(one)]
    assert form.user == payload["user"]["id"]
    assert not [one for one in caplog.records if one.levelno >= logging.ERROR]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_words_of_no_form_are_answered_cleanly(
    slack: Slack, real: dict[str, dict[str, Any]], caplog: pytest.LogCaptureFixture
) -> None:
    """Somebody types, it says, and not where: there is nothing to hold."""
    payload = copy.deepcopy(real["block_actions"])
    payload["actions"][0]["action_id"] = "words"
    payload.pop("view", None)
    assert 200 <= (await send(slack, "block_actions", payload)).status < 500
    assert not [one for one in caplog.records if one.levelno >= logging.ERROR]
