"""What leads hear of their schedules without having asked, and what others may suggest."""

from __future__ import annotations

import time

import pytest

from sandbox.api import chat
from sandbox.api.access import seen
from sandbox.api.method import Asked
from sandbox.records import Channel, SlackError
from sandbox.slack import Slack
from tests.conftest import Bot
from tests.memory import Memory

LINE = "/prompts weekly wed 10:00 What did we learn?"
HOUR = 3600.0


def heard(slack: Slack, who: str = "ana") -> str:
    """All that somebody was told privately."""
    return "\n".join(slack.text_of(one) for one in slack.sees(who).dms)


async def quiet_is_over(memory: Memory, bot: Bot) -> None:
    """A day has passed: whoever heard something may hear more."""
    memory.run("DELETE FROM unasked")
    assert bot.outloud is not None
    await bot.outloud.bring_notices()
    await memory.settled()


def states(memory: Memory) -> list[tuple[str, str]]:
    """Each schedule's state, and why it rests."""
    return [(row["state"], row["rests"]) for row in memory.rows("SELECT state, rests FROM schedules")]


async def test_an_archived_channels_schedules_pause_and_can_go_on_when_it_is_back(
    slack: Slack, pocket: Channel, memory: Memory, bot: Bot
) -> None:
    """Its leads are told once, and offered once to resume; then they ask again."""
    await slack.types("ana", LINE, in_=pocket)
    await slack.archives("ana", pocket)
    await memory.settled()
    assert states(memory) == [("resting", "archived")]
    assert heard(slack).count("is paused, because the channel was archived") == 1
    await slack.unarchives("ana", pocket)
    await memory.settled()
    await quiet_is_over(memory, bot)
    assert states(memory) == [("resting", "back")]
    assert heard(slack).count("shall it go on?") == 1
    await slack.presses("ana", "Resume them", on=slack.sees("ana").dms[-1])
    assert states(memory) == [("live", "")]
    assert "1 schedule goes on" in heard(slack)
    assert memory.rows("SELECT due FROM schedules")[0]["due"] > time.time()


async def test_a_removed_bot_and_a_stopped_pocket_pause_it_too(
    slack: Slack, pocket: Channel, memory: Memory, bot: Bot
) -> None:
    """And back in it, or started again, its lead is asked."""
    await slack.types("ana", LINE, in_=pocket)
    await slack.removes("ana", slack.app, pocket)
    await memory.settled()
    assert states(memory) == [("resting", "removed")]
    await slack.invites("ana", slack.app, pocket)
    await memory.settled()
    assert states(memory) == [("resting", "back")]
    await slack.types("ana", "/outloud stop", in_=pocket)
    assert states(memory) == [("resting", "stopped")]
    await slack.types("ana", "/outloud start Again", in_=pocket)
    await memory.settled()
    assert states(memory) == [("resting", "back")]
    await quiet_is_over(memory, bot)
    assert heard(slack).count("shall it go on?") == 1
    board = (await slack.types("ana", "/prompts", in_=pocket)).form
    assert board is not None
    assert "It is one again: resume it." in slack.text_of(board)
    await slack.presses("ana", "Resume", on=board)
    assert states(memory) == [("live", "")]


async def test_what_was_missed_its_lead_hears_of_and_nobody_else(
    slack: Slack, pocket: Channel, memory: Memory, bot: Bot
) -> None:
    """Away past the grace: nothing is posted, and the lead hears which day it was."""
    await slack.types("ana", LINE, in_=pocket)
    late = time.time() - 13 * HOUR
    memory.run("UPDATE schedules SET next_at = :at, next_on = '2026-11-25', due = :at, first_at = NULL", at=late)
    assert bot.outloud is not None
    await bot.outloud.tick()
    await memory.settled()
    assert "could not ask in" in heard(slack)
    assert "on 25 Nov 2026" in heard(slack)
    assert "What did we learn?" not in str(slack.sees("ben").texts(pocket))
    assert heard(slack, "ben") == ""
    assert [row["state"] for row in memory.rows("SELECT state FROM occurrences")] == ["missed"]


async def test_a_theme_without_a_prompt_left_pauses_and_its_lead_hears_it_once(
    slack: Slack, pocket: Channel, memory: Memory, bot: Bot
) -> None:
    """What is missing and what to do; it announces no next times, and asks again once there is a prompt and it is resumed."""
    await slack.types("ana", LINE, in_=pocket)
    memory.run("UPDATE schedules SET source = 'theme', theme = 'ours', questions = '[]', grace = 99999999")
    assert bot.outloud is not None
    for _ in range(2):
        memory.run("UPDATE schedules SET due = next_at, first_at = NULL WHERE state = 'live'")
        bot.ahead += 8 * 24 * HOUR
        await bot.outloud.tick()
        await memory.settled()
        await quiet_is_over(memory, bot)
    assert heard(slack).count("there is no prompt left in the bank's _Our own_") == 1
    assert states(memory) == [("resting", "empty")]
    board = (await slack.types("ana", "/prompts", in_=pocket)).form
    assert board is not None
    assert "no prompt is left in it" in slack.text_of(board)
    assert "Next " not in slack.text_of(board)
    await slack.types("ana", "/prompts suggest Who helped you?", in_=pocket)
    memory.run("UPDATE prompts SET state = 'live'")
    await slack.presses("ana", "Resume", on=board)
    bot.ahead += 7 * 24 * HOUR
    await bot.outloud.tick()
    await memory.settled()
    assert "Who helped you?" in str(slack.sees("ben").texts(pocket))


async def test_a_prompt_that_slack_refuses_its_lead_hears_of_and_what_is_scheduled_pauses(
    slack: Slack, pocket: Channel, memory: Memory, bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once, with Slack's reason; the channel is looked at. Once Outloud may post there, it is asked on the same day after all."""

    def where(asked: Asked, channel: str) -> Channel:
        if channel == pocket.id:
            raise SlackError("restricted_action_read_only_channel")
        return seen(asked, channel)

    await slack.types("ana", LINE, in_=pocket)
    await slack.types("ana", "/prompts weekly thu What else?", in_=pocket)
    monkeypatch.setattr(chat, "seen", where)
    memory.run("UPDATE schedules SET due = next_at, first_at = NULL, grace = 99999999")
    bot.ahead += 8 * 24 * HOUR
    assert bot.outloud is not None
    looks = len(slack.calls("conversations.info"))
    await bot.outloud.tick()
    await memory.settled()
    assert heard(slack).count("Slack lets Outloud post nothing there (`restricted_action_read_only_channel`)") == 1
    assert states(memory) == [("resting", "refused")] * 2
    assert len(slack.calls("conversations.info")) > looks
    await quiet_is_over(memory, bot)
    assert heard(slack).count("post nothing there") == 1
    monkeypatch.setattr(chat, "seen", seen)
    memory.run("UPDATE schedules SET state = 'removed' WHERE CAST(rule AS TEXT) LIKE '%[3]%'")
    board = (await slack.types("ana", "/prompts", in_=pocket)).form
    assert board is not None
    assert "Resume it when it may" in slack.text_of(board)
    await slack.presses("ana", "Resume", on=board)
    assert ("live", "") in states(memory)


async def test_anybody_may_suggest_a_prompt_and_its_leads_decide(
    slack: Slack, pocket: Channel, memory: Memory, bot: Bot
) -> None:
    """By a line, or by the form; taken up, it is in the bank, and a theme may ask it."""
    assert "Thank you" in (await slack.types("ben", "/prompts suggest What <!here> puzzled you?", in_=pocket)).text
    await memory.settled()
    assert "@ben suggests a prompt" in heard(slack)
    assert "What &lt;!here&gt; puzzled you?" in slack.sees("ana").dms[-1].text
    await slack.presses("ana", "Take it up", on=slack.sees("ana").dms[-1])
    assert [row["state"] for row in memory.rows("SELECT state FROM prompts")] == ["live"]
    await slack.types("cleo", "/prompts", in_=pocket)
    form = (await slack.presses("cleo", "Suggest a prompt", on=slack.sees("cleo").ephemerals[-1])).form
    assert form is not None
    assert "has that question" in str(
        (await slack.submits("cleo", form, {"question": "What <!here> puzzled you?"})).errors
    )
    await slack.submits("cleo", form, {"question": "What else?", "theme": "stuck on"})
    await memory.settled()
    await quiet_is_over(memory, bot)
    await slack.presses("ana", "Decline", on=slack.sees("ana").dms[-1])
    assert sorted(row["state"] for row in memory.rows("SELECT state FROM prompts")) == ["live", "retired"]


async def test_what_is_over_does_not_go_on(slack: Slack, bot: Bot, pocket: Channel, memory: Memory) -> None:
    """Its only date went by while the channel was archived."""
    await slack.types("ana", "/prompts once tomorrow 10:00 What did we learn?", in_=pocket)
    await slack.archives("ana", pocket)
    await memory.settled()
    bot.ahead = 5 * 86400.0
    await slack.unarchives("ana", pocket)
    await memory.settled()
    await quiet_is_over(memory, bot)
    await slack.presses("ana", "Resume them", on=slack.sees("ana").dms[-1])
    assert "1 schedule goes on" not in heard(slack)
