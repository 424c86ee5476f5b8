"""Where a direct message is, Slack is asked once, and at its pace; and anew where nothing can be said there any more."""

from __future__ import annotations

import json
from unittest.mock import AsyncMock

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot import directs
from bot.worker import AT_ONCE
from sandbox.records import Channel
from sandbox.slack import Slack
from storage.ids import WorkspaceId
from storage.owed import pacing
from storage.owed.limits import Pace
from tests.bot.wire import Fault, Page, Wire
from tests.conftest import Bot
from tests.memory import Memory
from tests.sights import cards

WAITS = 1.0

pytestmark = pytest.mark.usefixtures("wire")


async def rests(slack: Slack, bot: Bot, method: str, seconds: float = WAITS) -> float:
    """Nobody calls it for so long. Returns until when, by Slack's clock."""
    workspace, until = WorkspaceId(slack.world.team_id), slack.world.clock.now() + seconds * bot.pace
    await bot.db.write(pacing.rest, workspace, method, seconds=seconds, pace=Pace("a test", bot.pace))
    return until


async def keeps(slack: Slack, pocket: Channel, memory: Memory, words: str) -> None:
    """Ben keeps something, and is to hear what that does, as if he never had before."""
    memory.run("UPDATE people SET told_keep_at = NULL")
    await slack.reacts("ben", "bulb", await slack.says("ana", words, in_=pocket))


def opened(slack: Slack) -> list[str]:
    """Whose direct messages Outloud asked Slack for, in order of their names."""
    return sorted(slack.find_person(str(one.args["users"])).name for one in slack.calls("conversations.open"))


async def test_who_is_written_to_again_is_not_looked_up_again(
    slack: Slack, bot: Bot, pocket: Channel, memory: Memory
) -> None:
    """And what it takes counts among Slack's limits, which all processes share."""
    until = await rests(slack, bot, "conversations.open")
    for words in ("One", "Two"):
        await keeps(slack, pocket, memory, words)
        await memory.settled()
    assert len(slack.sees("ben").dms) == 2
    assert opened(slack) == ["ana", "ben"]
    assert all(one.at >= until for one in slack.calls("conversations.open"))
    (book,) = memory.rows("SELECT calls FROM paces WHERE name = 'conversations.open'")
    calls = json.loads(book["calls"]) if isinstance(book["calls"], str) else book["calls"]
    assert len(calls) == 2


@pytest.mark.parametrize("code", ["is_archived", "channel_not_found"])
async def test_where_a_direct_message_takes_nothing_any_more_slack_is_asked_anew(
    slack: Slack, pocket: Channel, memory: Memory, wire: Wire, code: str
) -> None:
    """It says where it is now, or why it can't be: by that somebody is known to be out of reach."""
    await keeps(slack, pocket, memory, "One")
    await memory.settled()
    wire.fails(
        "chat.postMessage",
        Fault(reaches=False, page=Page(200, json.dumps({"ok": False, "error": code}), "application/json")),
    )
    await keeps(slack, pocket, memory, "Two")
    await memory.settled()
    assert len(slack.sees("ben").dms) == 2
    assert opened(slack) == ["ana", "ben", "ben"]
    assert memory.outbox() == []


async def test_many_first_words_hold_no_card_up(slack: Slack, bot: Bot, pocket: Channel, memory: Memory) -> None:
    """More people are to be written to than calls are made at once, and Slack is not to be asked where: a card goes on."""
    many = [slack.person(f"curator{number}") for number in range(AT_ONCE + 8)]
    for one in many:
        await slack.invites("ana", one, pocket)
    message = await slack.says("ana", "Worth it", in_=pocket)
    await memory.settled()
    until = await rests(slack, bot, "conversations.open", seconds=8 * WAITS)  # what they do takes a slow machine four
    for one in many:
        await slack.reacts(one, "bulb", message)
    await slack.types("ben", "/share At once", in_=pocket)
    await slack.until(lambda: cards(slack, "cleo", pocket), what="the card")
    assert slack.clock.now() < until
    await memory.settled()
    assert [len(slack.sees(one).dms) for one in many] == [1] * len(many)


async def test_of_many_people_the_last_are_remembered_for_an_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    """And a channel need not be asked about."""
    monkeypatch.setattr(directs, "MOST", 2)
    here, slack = WorkspaceId("T1"), AsyncWebClient()
    monkeypatch.setattr(
        slack, "conversations_open", AsyncMock(side_effect=lambda users: {"channel": {"id": f"D{users}"}})
    )
    known, now = directs.Directs(slack), [100.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    assert [await known.ask(here, to) for to in ("U1", "W2", "C9")] == ["DU1", "DW2", "C9"]
    assert known.remembered(here, "U1") == "DU1"
    await known.ask(here, "U3")
    assert [known.remembered(here, to) for to in ("U1", "W2", "U3", "C9")] == [None, "DW2", "DU3", "C9"]
    assert known.remembered(WorkspaceId("T2"), "U1") is None
    now[0] += directs.HOLD_FOR
    assert [known.remembered(here, to) for to in ("U1", "U3", "C9")] == [None, None, "C9"]
