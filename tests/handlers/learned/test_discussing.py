"""Discussion is the card's thread: its author hears that somebody answered, privately and at most once a day."""

from __future__ import annotations

from sandbox.records import Channel, Message
from sandbox.slack import Slack
from tests.again import last, send
from tests.conftest import Bot
from tests.memory import Memory
from tests.sights import card_of


async def shares(slack: Slack, pocket: Channel, memory: Memory, words: str = "A lesson.") -> Message:
    """Ben shares; returns the card."""
    await slack.types("ben", f"/share {words}", in_=pocket)
    await memory.settled()
    return card_of(slack, pocket, words)


async def test_an_author_hears_that_somebody_answered_with_a_link(
    slack: Slack, pocket: Channel, memory: Memory
) -> None:
    """Who, what, where; several answers before they hear are one word."""
    card = await shares(slack, pocket, memory)
    reply = await slack.says("cleo", "How did you find that?", in_=pocket, thread=card)
    await memory.settled()
    (note,) = slack.sees("ben").dms
    assert slack.text_of(note) == "@cleo answered a learning that you shared in #learning."
    assert slack.world.permalink(reply) in str(note.blocks)
    assert "How did you find that?" not in str(memory.rows("SELECT * FROM notices"))


async def test_at_most_once_a_day_and_then_of_all_that_came(
    slack: Slack, bot: Bot, pocket: Channel, memory: Memory
) -> None:
    """Ten answers to two cards on one day: one message at once, and one the next day."""
    first, second = await shares(slack, pocket, memory), await shares(slack, pocket, memory, "Another.")
    for number in range(5):
        for card in (first, second):
            await slack.says("cleo", f"Answer {number}", in_=pocket, thread=card)
    await memory.settled()
    assert len(slack.sees("ben").dms) == 1
    assert bot.outloud
    bot.ahead = 86400 + 60
    await bot.outloud.bring_notices()
    await memory.settled()
    assert len(slack.sees("ben").dms) == 2
    assert "answered" in slack.text_of(slack.sees("ben").dms[-1])
    assert memory.rows("SELECT * FROM notices") == []


async def test_ones_own_answer_a_bots_and_talk_elsewhere_tell_nobody(
    slack: Slack, pocket: Channel, memory: Memory
) -> None:
    """Nor does a reply below anybody's message, or below what the channel heard of its pocket."""
    slack.person("deploybot", bot=True)
    await slack.joins("deploybot", pocket)
    card = await shares(slack, pocket, memory)
    announced = next(one for one in pocket.messages.values() if "made this channel" in one.text)
    message = await slack.says("ana", "Talk", in_=pocket)
    for who, below in (("ben", card), ("deploybot", card), ("cleo", announced), ("cleo", message)):
        await slack.says(who, "A reply", in_=pocket, thread=below)
    await slack.says("cleo", "Not in a thread", in_=pocket)
    await memory.settled()
    assert memory.rows("SELECT * FROM notices") == []
    assert slack.sees("ben").dms == []
    assert slack.sees("ana").dms == []


async def test_an_author_without_a_name_hears_too_and_nobody_else_learns_of_it(
    slack: Slack, pocket: Channel, memory: Memory
) -> None:
    """The word goes to them alone."""
    form = (await slack.types("ben", "/share", in_=pocket)).form
    assert form
    await slack.submits("ben", form, {"words": "A secret.", "name": "Without my name"})
    await memory.settled()
    await slack.says("cleo", "Me too", in_=pocket, thread=card_of(slack, pocket, "A secret."))
    await memory.settled()
    assert ["@cleo answered" in slack.text_of(one) for one in slack.sees("ben").dms] == [True]
    assert slack.sees("cleo").dms == []
    assert slack.sees("ana").dms == []


async def test_of_a_card_that_is_gone_nothing_is_said(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """Taken back before the author heard: there is nothing to say any more."""
    card = await shares(slack, pocket, memory)
    memory.run("UPDATE learnings SET state = 'deleted', words = '', why = ''")
    await slack.says("cleo", "Too late", in_=pocket, thread=card)
    await memory.settled()
    assert slack.sees("ben").dms == []


async def next_day(bot: Bot, memory: Memory) -> None:
    """When what was held back for the quiet is said."""
    bot.ahead += 86400 + 60
    assert bot.outloud
    await bot.outloud.bring_notices()
    await memory.settled()


async def test_of_an_answer_that_was_deleted_before_they_heard_nothing_is_said(
    slack: Slack, bot: Bot, pocket: Channel, memory: Memory
) -> None:
    """Of the next one instead, where there is one that stands; whichever Slack tells first, the answer or that it is gone."""
    first, second, third = [await shares(slack, pocket, memory, words) for words in ("First.", "Second.", "Third.")]
    await slack.says("cleo", "Heard at once.", in_=pocket, thread=first)
    await memory.settled()
    gone = await slack.says("cleo", "Never mind.", in_=pocket, thread=second)
    memory.run(
        "DELETE FROM deliveries WHERE id LIKE :reply", reply=f"answer:%{gone.ts}"
    )  # as if it were told last of all
    await slack.deletes("cleo", gone)
    one, two, stays = [await slack.says(who, "Or so?", in_=pocket, thread=third) for who in ("cleo", "ana", "ana")]
    again = last(slack, "event")
    for who, answer in (("ana", two), ("cleo", one)):
        await slack.deletes(who, answer)
    assert (await send(slack, "event", again | {"event_id": "EvAGAIN"})).status == 200
    late = again["event"] | {"ts": gone.ts, "thread_ts": second.ts, "user": gone.user}
    assert (await send(slack, "event", again | {"event_id": "EvLATE", "event": late})).status == 200
    await next_day(bot, memory)
    _, note = slack.sees("ben").dms
    assert slack.text_of(note) == "@ana answered a learning that you shared in #learning."
    assert slack.world.permalink(stays) in str(note.blocks)
    await next_day(bot, memory)
    assert len(slack.sees("ben").dms) == 2


async def test_an_answer_that_is_told_of_again_is_said_once(
    slack: Slack, bot: Bot, pocket: Channel, memory: Memory
) -> None:
    """Slack delivers it anew, under another id, when its author has heard of it: nothing is left to say the next day."""
    card = await shares(slack, pocket, memory)
    await slack.says("cleo", "How did you find that?", in_=pocket, thread=card)
    payload = last(slack, "event")
    assert payload["event"]["type"] == "message"
    await memory.settled()
    assert (await send(slack, "event", payload | {"event_id": "EvAGAIN"})).status == 200
    assert memory.rows("SELECT * FROM notices") == []
    bot.ahead = 86400 + 60
    assert bot.outloud
    await bot.outloud.bring_notices()
    await memory.settled()
    assert len(slack.sees("ben").dms) == 1


async def test_an_answer_that_is_also_sent_to_the_channel_is_told_of(
    slack: Slack, pocket: Channel, memory: Memory
) -> None:
    """It stands in the thread all the same. One below somebody's own message tells nobody."""
    card = await shares(slack, pocket, memory)
    reply = await slack.says("cleo", "How did you find that?", in_=pocket, thread=card, broadcast=True)
    talk = await slack.says("ana", "Talk", in_=pocket)
    await slack.says("cleo", "More talk", in_=pocket, thread=talk, broadcast=True)
    await memory.settled()
    (note,) = slack.sees("ben").dms
    assert slack.text_of(note) == "@cleo answered a learning that you shared in #learning."
    assert slack.world.permalink(reply) in str(note.blocks)
    assert slack.sees("ana").dms == []
