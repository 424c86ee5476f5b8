"""Who is in a large channel: read page by page, so that no page has to wait for all the others."""

from __future__ import annotations

import time
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from handlers.hearing import presence
from sandbox.records import Channel
from sandbox.slack import Slack
from storage.places import channels
from tests.conftest import Bot
from tests.handlers.elsewhere import place_of, write
from tests.memory import Memory


@pytest.fixture(autouse=True)
def few_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is large, here."""
    monkeypatch.setattr(presence, "PEOPLE_A_PAGE", 3)


async def crowd(slack: Slack, memory: Memory, *, size: int = 7) -> Channel:
    """A pocket with Ana, and so many people besides."""
    names = [slack.person(f"p{number}").name for number in range(size)]
    channel = slack.channel("large", members=("ana", *names))
    await slack.types("ana", "/outloud start Learn together", in_=channel)
    await memory.settled()
    return channel


def there(memory: Memory, channel: Channel) -> set[str]:
    """Who is in it, as far as is remembered."""
    return {
        row["person"] for row in memory.rows("SELECT * FROM memberships WHERE standing") if row["channel"] == channel.id
    }


async def test_everybody_in_a_large_channel_is_known(slack: Slack, memory: Memory) -> None:
    """By as many calls as it has pages, each an errand of its own."""
    channel = await crowd(slack, memory)
    assert there(memory, channel) == set(channel.members)
    assert len(slack.calls("conversations.members")) == 3
    assert memory.outbox() == []


async def test_who_left_unheard_is_gone_after_the_last_page_only(
    slack: Slack, bot: Bot, memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Until then nobody can say so."""
    channel = await crowd(slack, memory)
    await bot.stop()
    memory.run("UPDATE memberships SET person = 'U0GONE' WHERE person = :one", one=slack.find_person("p3").id)
    await write(memory, channels.owe_members, place_of(channel), at=time.time())
    seen, listed = list[set[str]](), channels.listed

    def look_before(*args: Any, **kwargs: Any) -> None:
        seen.append(there(memory, channel))
        listed(*args, **kwargs)

    monkeypatch.setattr(channels, "listed", look_before)
    await bot.start()
    await memory.settled()
    assert ["U0GONE" in one for one in seen] == [True, True, True]
    assert there(memory, channel) == set(channel.members)


async def test_where_slack_forgot_the_page_it_is_read_from_the_beginning(
    slack: Slack, pocket: Channel, memory: Memory
) -> None:
    """A cursor does not live for ever (docs.slack.dev/apis/web-api/pagination)."""
    calls = len(slack.calls("conversations.members"))
    late = channels.More("long gone", "list members", time.time())
    await write(memory, channels.listed, place_of(pocket), [], asked_at=time.time(), more=late)
    await slack.until(lambda: len(slack.calls("conversations.members")) > calls + 1, what="the list from the beginning")
    await memory.settled()
    assert there(memory, pocket) == set(pocket.members)


async def test_where_slack_forgets_every_page_it_is_left_at_what_was_listed(
    slack: Slack, memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is begun anew a few times, and not for ever."""
    members = AsyncWebClient.conversations_members
    asked = list[str]()

    async def forget(self: AsyncWebClient, *, cursor: str, **more: Any) -> AsyncSlackResponse:
        asked.append(cursor)
        return await members(self, cursor="bmV2ZXI=" if cursor else "", **more)

    monkeypatch.setattr(AsyncWebClient, "conversations_members", forget)
    channel = await crowd(slack, memory)
    assert memory.outbox() == []
    assert [bool(cursor) for cursor in asked] == [False, True] * (presence.MOST_BEGINNINGS + 1)
    assert len(there(memory, channel)) >= 3


async def test_a_new_list_takes_the_place_of_one_that_was_begun(
    slack: Slack, pocket: Channel, bot: Bot, memory: Memory
) -> None:
    """It may lack who came since; what it listed counts all the same."""
    assert slack.calls("conversations.members")
    await bot.stop()
    more = channels.More("bmV4dDoz", "list members again", time.time())
    await write(memory, channels.listed, place_of(pocket), [], asked_at=1.0, more=more)
    await write(memory, channels.owe_members, place_of(pocket), at=time.time())
    (waiting,) = memory.outbox()
    assert waiting["kind"] == "list members"
    assert "cursor" not in str(waiting["body"])
