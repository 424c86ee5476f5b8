"""Commands, buttons, menus and shortcuts: what the app is sent, and what the person then sees."""

import asyncio
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.elements import Impossible
from sandbox.records import Message
from sandbox.slack import NeverHappened, Slack
from tests.sandbox.parrot import MANIFEST, SIZES, Parrot, plain, running


@pytest.mark.usefixtures("parrot")
async def test_a_command_is_answered_privately(slack: Slack) -> None:
    """Only who typed it sees the answer."""
    answer = await slack.types("ana", "/echo  two  words ", in_="learning")
    assert answer.text == "You said two  words\n[Again]"
    assert answer.ephemeral in slack.sees("ana").ephemerals
    assert slack.sees("ben").ephemerals == []
    assert (answer.failed, answer.form, answer.message) == ("", None, None)


async def test_a_command_carries_slacks_fields(slack: Slack, parrot: Parrot) -> None:
    """All that Slack documents, as a form."""
    await slack.types("ana", "/echo hello", in_="learning")
    [command] = parrot.heard
    ana, channel = slack.find_person("ana"), slack.find_channel("learning")
    assert (
        command.items()
        >= {
            "team_id": "T0SANDBOX",
            "team_domain": "acme",
            "channel_id": channel.id,
            "channel_name": "learning",
            "user_id": ana.id,
            "user_name": "ana",
            "command": "/echo",
            "text": "hello",
            "api_app_id": slack.world.app.id,
            "is_enterprise_install": "false",
        }.items()
    )
    assert command["response_url"].startswith(f"{slack.world.base_url}/response/")
    assert command["trigger_id"] in slack.world.triggers


async def test_where_a_command_is_typed_is_named_as_slack_names_it(slack: Slack, parrot: Parrot) -> None:
    """A direct message and a private channel keep their names to themselves."""
    slack.channel("secret", private=True, members=["ana"])
    for where in ("secret", "ben", slack.app):
        await slack.types("ana", "/echo hello", in_=where)
    names = [command["channel_name"] for command in parrot.heard]
    assert names == ["privategroup", "directmessage", "directmessage"]


async def test_names_in_a_command_become_ids_only_where_the_manifest_says_so(slack: Slack, parrot: Parrot) -> None:
    """`should_escape` is the manifest's; signs come as entities either way."""
    await slack.types("ana", "/echo @ben <&> #learning", in_="learning")
    assert parrot.heard[0]["text"] == "@ben &lt;&amp;&gt; #learning"
    answer = await slack.types("ana", "/escaped @ben #learning", in_="learning")
    ben, channel = slack.find_person("ben"), slack.find_channel("learning")
    assert answer.ephemeral
    assert answer.ephemeral.text == f"`<@{ben.id}|ben> <#{channel.id}|learning>`"


@pytest.mark.usefixtures("parrot")
async def test_an_unknown_command_never_reaches_the_app(slack: Slack) -> None:
    """Slack's client says so."""
    answer = await slack.types("ana", "/share words", in_="learning")
    assert answer.failed == "/share is not a valid command."
    assert slack.courier.deliveries == []


async def test_a_command_that_is_not_answered_in_time_says_so(slack: Slack, parrot: Parrot) -> None:
    """It is not sent again."""
    parrot.held = asyncio.Event()
    typing = asyncio.create_task(slack.types("ana", "/echo hello", in_="learning"))
    await slack.until(lambda: parrot.retries)
    slack.clock.move(3)
    answer = await typing
    assert (
        answer.failed == "/echo failed because the app did not respond. Please try again or contact the app developer."
    )
    assert answer.error == "operation_timeout"
    assert [delivery.state for delivery in slack.courier.deliveries] == ["failed"]


async def test_a_command_that_the_app_fails_says_so(slack: Slack, parrot: Parrot) -> None:
    """Whatever the status, and where nobody listens."""
    parrot.statuses = [500]
    first = await slack.types("ana", "/echo hello", in_="learning")
    slack.app_url = ""
    second = await slack.types("ana", "/echo hello", in_="learning")
    assert {first.failed, second.failed} == {'/echo failed with the error "dispatch_failed"'}
    assert len(parrot.retries) == 1


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        ({"blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}}]}, "invalid_blocks"),
        ({"text": "x" * 40_001}, "msg_too_long"),
        ({"text": "Loud.", "response_type": "everywhere"}, "invalid_arguments"),
    ],
)
async def test_an_answer_that_no_message_may_be_is_a_failure(
    slack: Slack, parrot: Parrot, reply: dict[str, Any], error: str
) -> None:
    """What is acked is checked like any message."""
    parrot.reply = reply
    answer = await slack.types("ana", "/echo hello", in_="learning")
    assert answer.failed == f'/echo failed with the error "{error}"'
    assert slack.sees("ana").ephemerals == []


async def test_a_command_may_be_answered_with_text_with_nothing_or_to_all(slack: Slack, parrot: Parrot) -> None:
    """Plain words are private; `in_channel` is a message of the app; an empty ack shows nothing."""
    parrot.reply = "Just <words>."
    assert (await slack.types("ana", "/echo hello", in_="learning")).text == "Just words."
    parrot.reply = {"text": "To all.", "response_type": "in_channel"}
    answer = await slack.types("ana", "/echo hello", in_="learning")
    assert answer.message
    assert (answer.text, slack.sees("ben").texts("learning")) == ("To all.", ["To all."])
    parrot.reply = ""
    assert str(await slack.types("ana", "/echo hello", in_="learning")) == "(nothing)"


async def test_nobody_types_into_a_channel_from_outside(slack: Slack) -> None:
    """Nor without a slash, nor when deactivated."""
    with pytest.raises(Impossible, match="ben is not in #attic"):
        await slack.types("ben", "/echo hello", in_="attic")
    with pytest.raises(Impossible, match="begins with a slash"):
        await slack.types("ana", "echo", in_="attic")
    await slack.deactivates("ana")
    with pytest.raises(Impossible, match="ana is deactivated"):
        await slack.types("ana", "/echo hello", in_="attic")


async def test_a_home_is_opened(slack: Slack, parrot: Parrot) -> None:
    """The app hears of it, with the Home that stands."""
    assert await slack.opens_home("ana") is None
    client = AsyncWebClient(token=slack.world.app.bot_token, base_url=slack.api_url)
    view = {"type": "home", "blocks": [{"type": "actions", "elements": [_button("Again")]}]}
    await client.views_publish(user_id=slack.find_person("ana").id, view=view)
    home = await slack.opens_home("ana")
    assert home
    await slack.presses("ana", "Again", on=home)
    first, second, pressed = [delivery.payload for delivery in slack.courier.deliveries]
    assert ("view" in first["event"], second["event"]["view"]["id"]) == (False, home.id)
    assert [body["event"]["type"] for body in parrot.heard[:2]] == ["app_home_opened"] * 2
    assert (pressed["container"], pressed["view"]["type"]) == ({"type": "view", "view_id": home.id}, "home")


async def test_an_app_without_interactivity_hears_no_button() -> None:
    """The person reads that it is not configured."""
    settings = {"interactivity": {"is_enabled": False}}
    async with Slack(MANIFEST | {"settings": settings}) as slack, running(slack) as parrot:
        slack.person("ana")
        answer = await slack.uses("ana", "order")
        assert answer.failed == "This app is not configured to handle interactive responses."
        assert parrot.retries == []


async def test_a_button_replaces_what_it_was_pressed_on(slack: Slack, parrot: Parrot) -> None:
    """An ephemeral changes through its response_url; the payload names it without its words."""
    answer = await slack.types("ana", "/echo hello", in_="learning")
    assert answer.ephemeral
    pressed = await slack.presses("ana", "Again", on=answer.ephemeral)
    assert pressed.text == "Said again."
    assert pressed.ephemeral is answer.ephemeral
    body = parrot.heard[1]
    assert body["container"] == {
        "type": "message",
        "message_ts": answer.ephemeral.ts,
        "channel_id": slack.find_channel("learning").id,
        "is_ephemeral": True,
    }
    assert "message" not in body
    assert body["channel"]["name"] == "learning"
    [action] = body["actions"]
    assert (action["action_id"], action["value"], action["type"]) == ("again", "1", "button")
    assert body["user"]["username"] == "ana"


@pytest.mark.usefixtures("parrot")
async def test_nobody_presses_what_they_do_not_see(slack: Slack) -> None:
    """Another's private words; a message of a channel they are not in; a button that is not there."""
    answer = await slack.types("ana", "/echo hello", in_="learning")
    assert answer.ephemeral
    with pytest.raises(Impossible, match="ben cannot see"):
        await slack.presses("ben", "Again", on=answer.ephemeral)
    message = await _posts(slack, [{"type": "actions", "elements": [_button("One")]}])
    with pytest.raises(Impossible, match="cleo cannot see"):
        await slack.presses("cleo", "One", on=message)
    with pytest.raises(Impossible, match=r"There is no “Two” here\. There is: “One”, “one”"):
        await slack.presses("ana", "Two", on=message)


@pytest.mark.usefixtures("parrot")
async def test_two_buttons_of_one_name_must_be_told_apart(slack: Slack) -> None:
    """By their action_ids."""
    actions = [_button("Yes") | {"action_id": "first"}, _button("Yes") | {"action_id": "second"}]
    message = await _posts(slack, [{"type": "actions", "elements": actions}])
    with pytest.raises(Impossible, match="2 times"):
        await slack.presses("ana", "Yes", on=message)
    await slack.presses("ana", "second", on=message)
    assert slack.courier.deliveries[-1].payload["actions"][0]["action_id"] == "second"


@pytest.mark.parametrize(
    ("element", "what", "value", "sent"),
    [
        ({"type": "overflow", "options": SIZES}, "Large", None, {"selected_option": SIZES[1]}),
        ({"type": "static_select", "options": SIZES}, "it", "small", {"selected_option": SIZES[0]}),
        ({"type": "radio_buttons", "options": SIZES}, "Small", None, {"selected_option": SIZES[0]}),
        ({"type": "checkboxes", "options": SIZES}, "Large", None, {"selected_options": [SIZES[1]]}),
        ({"type": "datepicker"}, "it", "2026-12-24", {"selected_date": "2026-12-24"}),
        ({"type": "timepicker"}, "it", "10:00", {"selected_time": "10:00"}),
    ],
)
@pytest.mark.usefixtures("parrot")
async def test_each_menu_sends_its_choice_in_slacks_shape(
    slack: Slack, element: dict[str, Any], what: str, value: str | None, sent: dict[str, Any]
) -> None:
    """Named by its words, its value, or by the menu's action_id with a value."""
    message = await _posts(slack, [{"type": "actions", "block_id": "b", "elements": [element | {"action_id": "it"}]}])
    await slack.presses("ana", what, on=message, value=value)
    payload = slack.courier.deliveries[-1].payload
    assert (
        payload["actions"][0].items() >= {"action_id": "it", "block_id": "b", "type": element["type"], **sent}.items()
    )
    assert payload["message"]["ts"] == message.ts


@pytest.mark.usefixtures("parrot")
async def test_people_and_channels_are_chosen_by_name(slack: Slack) -> None:
    """Their ids are sent."""
    elements = [
        {"type": "users_select", "action_id": "who"},
        {"type": "multi_conversations_select", "action_id": "where"},
    ]
    message = await _posts(slack, [{"type": "actions", "elements": elements[:1]}, _section(elements[1])])
    await slack.presses("ana", "who", on=message, value="ben")
    await slack.presses("ana", "where", on=message, value=["learning"])
    sent = [delivery.payload["actions"][0] for delivery in slack.courier.deliveries[-2:]]
    assert sent[0]["selected_user"] == slack.find_person("ben").id
    assert sent[1]["selected_conversations"] == [slack.find_channel("learning").id]


async def test_a_button_that_fails_says_so(slack: Slack, parrot: Parrot) -> None:
    """In the words that Slack shows beside it."""
    message = await _posts(slack, [{"type": "actions", "elements": [_button("One")]}])
    parrot.statuses = [500]
    answer = await slack.presses("ana", "One", on=message)
    assert answer.failed == "This app responded with Status Code 500."
    parrot.held = asyncio.Event()
    pressing = asyncio.create_task(slack.presses("ana", "One", on=message))
    await slack.until(lambda: len(parrot.retries) == 2)
    slack.clock.move(3)
    assert (await pressing).failed == "Operation timed out. Apps need to respond within three seconds."


@pytest.mark.usefixtures("parrot")
async def test_shortcuts_are_those_of_the_manifest(slack: Slack) -> None:
    """One on a message carries it; a global one has no channel; others there are none."""
    message = await slack.says("ana", "Keep me.", in_="learning")
    await slack.uses("ben", "Keep this", message)
    await slack.uses("ben", "order")
    kept, ordered = [delivery.payload for delivery in slack.courier.deliveries if delivery.kind != "event"]
    assert (kept["type"], kept["callback_id"], kept["message"]["text"]) == ("message_action", "keep", "Keep me.")
    assert kept["channel"]["id"] == message.channel
    assert kept["response_url"]
    assert (ordered["type"], "channel" in ordered, "response_url" in ordered) == ("shortcut", False, False)
    with pytest.raises(Impossible, match="no global shortcut called keep"):
        await slack.uses("ben", "keep")


async def test_waiting_in_vain_shows_what_stands_instead(slack: Slack, parrot: Parrot) -> None:
    """What people see, and what went wrong."""
    parrot.statuses = [500]
    await slack.types("ana", "/echo hello", in_="learning")
    await slack.says("ana", "Here I stand.", in_="learning")
    with pytest.raises(
        NeverHappened, match=r"(?s)a card did not happen within 0 s.*Here I stand.*command /echo: failed"
    ):
        await slack.until(lambda: slack.sees("ana").dms[0], within=0, what="a card")


def _button(words: str) -> dict[str, Any]:
    return {"type": "button", "action_id": words.lower(), "text": plain(words)}


def _section(accessory: dict[str, Any]) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": "Choose"}, "accessory": accessory}


async def _posts(slack: Slack, blocks: list[dict[str, Any]]) -> Message:
    """A message of the app."""
    client = AsyncWebClient(token=slack.world.app.bot_token, base_url=slack.api_url)
    channel = slack.find_channel("learning")
    posted = await client.chat_postMessage(channel=channel.id, text="Choose", blocks=blocks)
    await slack.settled()
    return channel.messages[posted["ts"]]
