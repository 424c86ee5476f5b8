"""Where a direct message is, Slack is asked once, and at its pace; and anew where nothing can be said there any more."""

from __future__ import annotations

import json
from unittest.mock import AsyncMock

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot import directs
from sandbox.records import Channel
from sandbox.slack import Slack
from storage.ids import WorkspaceId
from storage.owed import pacing
from storage.owed.limits import Pace
from tests.bot.wire import Fault, Page, Wire
from tests.conftest import Bot
from tests.memory import Memory

WAITS = 1.0

pytestmark = pytest.mark.usefixtures("wire")


async def rests(slack: Slack, bot: Bot, method: str) -> float:
    """Nobody calls it for a second of theirs. Returns until when, by Slack's clock."""
    workspace, until = WorkspaceId(slack.world.team_id), slack.world.clock.now() + WAITS * bot.pace
    await bot.db.write(pacing.rest, workspace, method, seconds=WAITS, pace=Pace("a test", bot.pace))
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


async def test_of_many_people_those_who_were_written_to_last_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """And a channel need not be asked about."""
    monkeypatch.setattr(directs, "MOST", 2)
    here, slack = WorkspaceId("T1"), AsyncWebClient()
    monkeypatch.setattr(
        slack, "conversations_open", AsyncMock(side_effect=lambda users: {"channel": {"id": f"D{users}"}})
    )
    known = directs.Directs(slack)
    assert [await known.ask(here, to) for to in ("U1", "W2", "C9")] == ["DU1", "DW2", "C9"]
    assert known.remembered(here, "U1") == "DU1"
    await known.ask(here, "U3")
    assert [known.remembered(here, to) for to in ("U1", "W2", "U3", "C9")] == ["DU1", None, "DU3", "C9"]
    assert known.remembered(WorkspaceId("T2"), "U1") is None
