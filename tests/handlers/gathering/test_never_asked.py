"""Prompts that came up, and never stood in Slack: past their grace they are not posted, and their lead hears of it."""

from __future__ import annotations

import time

from sandbox.records import Channel
from sandbox.slack import Slack
from tests.conftest import Bot
from tests.memory import Memory


async def come_due_while_slack_is_away(slack: Slack, bot: Bot, pocket: Channel, memory: Memory) -> None:
    """It is claimed, and its prompt can't be posted."""
    await slack.types("ana", "/prompts weekly wed 10:00 What did we learn?", in_=pocket)
    slack.fails("chat.postMessage", "error before")
    memory.run("UPDATE schedules SET next_at = :now, due = :now, first_at = NULL", now=time.time())
    assert bot.outloud is not None
    await bot.outloud.tick()
    await slack.until(lambda: slack.calls("chat.postMessage"))


async def test_a_prompt_that_was_claimed_is_not_posted_past_its_grace(
    slack: Slack, bot: Bot, pocket: Channel, memory: Memory
) -> None:
    """Thirty hours late is not twelve."""
    await come_due_while_slack_is_away(slack, bot, pocket, memory)
    bot.ahead = 30 * 3600.0
    slack.mends()
    await memory.settled()
    assert not any("What did we learn?" in text for text in slack.sees("ben").texts(pocket))
    assert [row["state"] for row in memory.rows("SELECT state FROM occurrences")] == ["missed"]
    assert "could not ask in" in slack.text_of(slack.sees("ana").dms[-1])


async def test_a_prompt_that_never_stood_its_lead_hears_of(
    slack: Slack, bot: Bot, pocket: Channel, memory: Memory
) -> None:
    """Slack was away until its round was over."""
    await come_due_while_slack_is_away(slack, bot, pocket, memory)
    bot.ahead = 6 * 86400.0
    assert bot.outloud is not None
    await bot.outloud.tick()
    slack.mends()
    await bot.outloud.tick()
    await memory.settled()
    memory.run("DELETE FROM unasked")
    await bot.outloud.bring_notices()
    await memory.settled()
    assert any("What did we learn?" in slack.text_of(one) for one in slack.sees("ana").dms)
    assert [row["state"] for row in memory.rows("SELECT state FROM occurrences")] == ["missed"]
