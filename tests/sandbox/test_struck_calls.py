"""Calls of the Web API that are struck by a fault: what the caller sees, and whether they took effect."""

import asyncio
import time
from collections.abc import AsyncIterator

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.faults import Kind
from sandbox.slack import Slack


@pytest.fixture
async def client(slack: Slack) -> AsyncIterator[AsyncWebClient]:
    """A client that tries once, over one connection for all its calls."""
    async with aiohttp.ClientSession() as session:
        token = slack.world.app.bot_token
        yield AsyncWebClient(token, base_url=slack.api_url, session=session, timeout=5, retry_handlers=[])


def said(slack: Slack) -> list[str]:
    """What stands in #learning."""
    return [message.text for message in slack.find_channel("learning").messages.values()]


async def post(client: AsyncWebClient, slack: Slack, text: str) -> None:
    """Say something in #learning."""
    await client.chat_postMessage(channel=slack.find_channel("learning").id, text=text)


@pytest.mark.parametrize("status", [200, 500, 503])
@pytest.mark.parametrize("kind", ["error before", "error after"])
async def test_an_error_of_slacks_own(slack: Slack, client: AsyncWebClient, kind: Kind, status: int) -> None:
    """`internal_error` or `fatal_error`, as JSON; the call took effect, or did not."""
    slack.fails("chat.postMessage", kind, times=1, status=status)
    with pytest.raises(SlackApiError) as caught:
        await post(client, slack, "Once.")
    assert caught.value.response["error"] in {"internal_error", "fatal_error"}
    assert caught.value.response.status_code == status
    [call] = slack.calls()
    assert (said(slack), call.fault) == (["Once."] if kind == "error after" else [], kind)
    assert call.error == (None if kind == "error after" else caught.value.response["error"])


@pytest.mark.parametrize("status", [500, 502, 503, 504])
@pytest.mark.parametrize("kind", ["page before", "page after"])
async def test_a_proxys_page(slack: Slack, client: AsyncWebClient, kind: Kind, status: int) -> None:
    """It is no JSON; the call took effect, or did not."""
    slack.fails("chat.postMessage", kind, times=1, status=status)
    with pytest.raises(SlackApiError, match=rf"status: {status}\)\nThe server responded with: ({{}}|upstream)"):
        await post(client, slack, "Once.")
    [call] = slack.calls()
    assert said(slack) == (["Once."] if kind == "page after" else [])
    assert (call.fault, call.error) == (kind, None if kind == "page after" else kind)


@pytest.mark.parametrize("kind", ["dropped before", "dropped after"])
async def test_a_dropped_connection(
    slack: Slack, client: AsyncWebClient, kind: Kind, caplog: pytest.LogCaptureFixture
) -> None:
    """Closed without an answer; the call took effect, or did not; the next one is answered, and nothing is logged."""
    await client.auth_test()
    slack.fails("chat.postMessage", kind, times=1)
    with pytest.raises((aiohttp.ServerDisconnectedError, aiohttp.ClientOSError)):
        await post(client, slack, "Once.")
    call = slack.calls()[-1]
    assert said(slack) == (["Once."] if kind == "dropped after" else [])
    assert (call.fault, call.error) == (kind, None if kind == "dropped after" else kind)
    await client.auth_test()
    assert [record.getMessage() for record in caplog.records if record.name.startswith("uvicorn")] == []


async def test_what_fails_and_is_dropped_after_is_noted_with_slacks_own_error(
    slack: Slack, client: AsyncWebClient
) -> None:
    """Slack refused it, but nobody was told."""
    slack.fails("*", "dropped after")
    with pytest.raises(aiohttp.ClientError):
        await client.chat_postMessage(channel="C404", text="Where?")
    [call] = slack.calls()
    assert (call.fault, call.error) == ("dropped after", "channel_not_found")


@pytest.mark.parametrize(("seconds", "told"), [(None, "1"), (2.2, "3"), (0, "1")])
async def test_a_429_has_no_effect_and_says_when_to_come_again(
    slack: Slack, client: AsyncWebClient, seconds: float | None, told: str
) -> None:
    """`Retry-After` in whole seconds; nothing is counted: posts are paced one a second a channel, and the next one passes."""
    slack.fails("chat.postMessage", "429", times=1, seconds=seconds)
    with pytest.raises(SlackApiError) as caught:
        await post(client, slack, "Once.")
    assert caught.value.response["error"] == "ratelimited"
    assert (caught.value.response.status_code, caught.value.response.headers["Retry-After"]) == (429, told)
    await post(client, slack, "Then.")
    assert said(slack) == ["Then."]
    assert [(call.error, call.fault) for call in slack.calls()] == [("ratelimited", "429"), (None, None)]


async def test_a_delay_before_takes_effect_late_though_the_caller_has_gone(slack: Slack) -> None:
    """A client that gives up after 0.1 s sees nothing done, and then it is done."""
    token = slack.world.app.bot_token
    fields = {"channel": slack.find_channel("learning").id, "text": "At last."}
    slack.fails("chat.postMessage", "delayed before", times=1, seconds=0.4)
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=0.1)) as session:
        with pytest.raises(TimeoutError):
            await session.post(f"{slack.api_url}chat.postMessage", data=fields | {"token": token})
    assert said(slack) == []
    await slack.until(lambda: said(slack) == ["At last."])
    assert (slack.calls()[0].fault, slack.calls()[0].error) == ("delayed before", None)


async def test_a_delay_after_takes_effect_at_once_and_answers_late(slack: Slack, client: AsyncWebClient) -> None:
    """In real seconds, whatever the sandbox's clock does; mending lets it answer."""
    slack.clock.run(1000)
    slack.fails("chat.postMessage", "delayed after", times=2, seconds=0.3)
    began = time.monotonic()
    posting = asyncio.create_task(post(client, slack, "Now."))
    await slack.until(lambda: said(slack) == ["Now."])
    assert not posting.done()
    await posting
    assert time.monotonic() - began >= 0.3
    slack.mends()
    slack.fails("chat.postMessage", "delayed after", seconds=60)
    posting = asyncio.create_task(post(client, slack, "Again."))
    await slack.until(lambda: said(slack)[1:] == ["Again."])
    slack.mends()
    await asyncio.wait_for(posting, 1)


async def test_a_workspace_ends_though_calls_are_delayed() -> None:
    """They are answered, and it does not wait for their time."""
    async with Slack({}) as slack:
        client = AsyncWebClient(slack.world.app.bot_token, base_url=slack.api_url, retry_handlers=[])
        slack.fails("auth.test", "delayed before", seconds=60)
        asking = asyncio.create_task(client.auth_test())
        await slack.until(lambda: slack.world.faults.struck["delayed before"])
    assert (await asking)["ok"]


async def test_a_star_strikes_every_method_at_its_rate(slack: Slack, client: AsyncWebClient) -> None:
    """A part of all calls; a checker reads how many."""
    slack.fails("*", "429", rate=0.3)
    slack.fails("*", "error before", rate=0.2)
    for _ in range(25):
        for ask in (client.auth_test, client.conversations_list):
            try:
                await ask()
            except SlackApiError:
                continue
    struck = slack.world.faults.struck
    assert struck == {
        "429": sum(call.fault == "429" for call in slack.calls()),
        "error before": sum(call.fault == "error before" for call in slack.calls()),
    }
    assert {call.method for call in slack.calls() if call.fault} == {"auth.test", "conversations.list"}
    assert 15 <= struck.total() <= 35
    slack.mends()
    await client.auth_test()


@pytest.mark.parametrize(
    ("method", "kind", "sentence"),
    [
        ("chat.shout", "429", "“429” cannot strike “chat.shout”: that is no method of the Web API."),
        ("message", "429", "that is no method of the Web API."),
        ("emoji_changed", "repeated", "that is no event that the manifest names."),
        ("command", "repeated", "that is no event that the manifest names."),
        ("auth.test", "late", "that is no event that the manifest names, or interaction."),
    ],
)
async def test_a_fault_of_what_cannot_happen_is_refused(slack: Slack, method: str, kind: Kind, sentence: str) -> None:
    """It would strike nothing, and a test would pass for the wrong reason."""
    with pytest.raises(ValueError, match=sentence):
        slack.fails(method, kind)
