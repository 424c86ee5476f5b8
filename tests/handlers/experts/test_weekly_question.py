"""The weekly question: all that waits is asked in the end, and what was said again is not asked about as if it were old."""

from __future__ import annotations

import re
import time

from sandbox.records import Channel
from sandbox.slack import Slack
from storage.experts import fading
from tests.conftest import Bot
from tests.memory import Memory
from tests.sights import card_of

from .test_who_knows import DAY, a_day_later


def topics_asked(slack: Slack, who: str) -> list[set[str]]:
    """Of each private word that somebody heard, the topics that it asks about."""
    return [set(re.findall(r"(topic\d)", slack.text_of(one))) for one in slack.sees(who).dms]


async def test_what_is_earned_waits_for_slack_to_say(slack: Slack, bot: Bot, pocket: Channel, memory: Memory) -> None:
    """Where Slack is silent just when it would be asked, it is asked once Slack speaks."""
    await slack.joins(slack.person("eve"), pocket)
    await slack.types("ben", "/share Descale often #kettles", in_=pocket)
    await memory.settled()
    card = slack.sees("ana").channel(pocket)[-1]
    for who in ("ana", "cleo", "eve"):
        await slack.presses(who, "card.helped", on=card)
    await memory.settled()
    slack.fails("users.info", "error before")
    bot.ahead += DAY + 60
    assert bot.outloud is not None
    await bot.outloud.bring_notices()
    await slack.until(lambda: slack.world.faults.struck.total() > 0)
    slack.mends()
    bot.ahead += 60
    await memory.settled()
    (asked,) = slack.sees("ben").dms
    assert "What you shared about *kettles* helped several people" in slack.text_of(asked)


async def test_what_is_over_is_asked_a_week_later(slack: Slack, bot: Bot, pocket: Channel, memory: Memory) -> None:
    """Five topics at once; the others in a second question, not before a week is over, and none of them twice."""
    for number in range(7):
        await slack.types("ben", f"/share Words {number} are here #topic{number}", in_=pocket)
    await memory.settled()
    for number in range(7):
        await slack.presses(
            "cleo", f"Endorse its author for topic{number}", on=card_of(slack, pocket, f"Words {number} are")
        )
    await a_day_later(bot, memory)
    assert topics_asked(slack, "ben") == [{f"topic{number}" for number in range(5)}]
    await a_day_later(bot, memory, days=6)
    assert len(topics_asked(slack, "ben")) == 1  # once a week at most
    await a_day_later(bot, memory, days=2)
    assert topics_asked(slack, "ben")[1:] == [{"topic5", "topic6"}]
    await a_day_later(bot, memory, days=9)
    assert len(topics_asked(slack, "ben")) == 2


async def test_what_was_said_again_is_not_old(slack: Slack, bot: Bot, pocket: Channel, memory: Memory) -> None:
    """A year after it was said first, but not after it was said last; and nobody is asked who wants not to be found."""
    await slack.types("ben", "/askme sql", in_=pocket)
    await slack.types("cleo", "/askme sql", in_=pocket)
    form = (await slack.types("cleo", "/askme", in_=pocket)).form
    assert form is not None
    assert (await slack.submits("cleo", form, {"choices": ["hidden"]})).closed
    bot.ahead += 360 * DAY
    assert "already" in (await slack.types("ben", "/askme SQL", in_=pocket)).text
    bot.ahead += 7 * DAY
    await bot.db.write(fading.bring, at=time.time() + bot.ahead)
    await a_day_later(bot, memory, days=0)
    assert slack.sees("ben").dms == slack.sees("cleo").dms == []
    bot.ahead += 360 * DAY
    await bot.db.write(fading.bring, at=time.time() + bot.ahead)
    await a_day_later(bot, memory, days=0)
    assert "*sql*" in slack.text_of(slack.sees("ben").dms[-1])
    assert slack.sees("cleo").dms == []
