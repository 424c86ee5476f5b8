"""Helped: by the card's button, by a reaction on the card, or on the message that was kept. Each person counts once."""

from __future__ import annotations

import pytest

from sandbox.records import Channel, Message
from sandbox.slack import Slack
from tests.again import again, last, send
from tests.conftest import BY_EITHER_DOOR, Bot
from tests.handlers.hearing.test_catching_up import gap
from tests.memory import Memory
from tests.sights import card_of, helped


async def shares(slack: Slack, pocket: Channel, memory: Memory, words: str = "A lesson.", who: str = "ben") -> Message:
    """Somebody shares; returns the card."""
    await slack.types(who, f"/share {words}", in_=pocket)
    await memory.settled()
    return card_of(slack, pocket, words)


@BY_EITHER_DOOR
async def test_each_person_counts_once_whichever_ways_they_used(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """Button and reactions, in any skin; taken back the same way, the other still counts."""
    card = await shares(slack, pocket, memory)
    answer = await slack.presses("cleo", "It helped me", on=card)
    assert "Noted" in answer.text
    await slack.reacts("cleo", "key", card)
    await slack.reacts("ana", "key", card)
    await memory.settled()
    assert helped(slack, card) == 2
    answer = await slack.presses("cleo", "It helped me", on=card)
    assert "Your 🔑 says so still" in answer.text
    await memory.settled()
    assert helped(slack, card) == 2
    await slack.unreacts("cleo", "key", card)
    await slack.unreacts("ana", "key", card)
    await memory.settled()
    assert helped(slack, card) == 0
    assert "cleo" not in slack.text_of(card)


async def test_pressing_again_takes_it_back_and_the_same_press_twice_does_not(
    slack: Slack, pocket: Channel, memory: Memory
) -> None:
    """A press that is delivered again is the same press."""
    card = await shares(slack, pocket, memory)
    await slack.presses("cleo", "It helped me", on=card)
    await again(slack, "block_actions")
    await memory.settled()
    assert helped(slack, card) == 1
    answer = await slack.presses("cleo", "It helped me", on=card)
    assert "does not count any more" in answer.text
    await memory.settled()
    assert helped(slack, card) == 0


async def test_ones_own_does_not_count(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """The button says so privately; a reaction of one's own is silently nothing, on card and message."""
    card = await shares(slack, pocket, memory)
    answer = await slack.presses("ben", "It helped me", on=card)
    assert "for others to say" in answer.text
    await slack.reacts("ben", "key", card)
    message = await slack.says("ben", "Kept", in_=pocket)
    await slack.reacts("ben", "key", message)
    await slack.reacts("ana", "bulb", message)
    await memory.settled()
    assert memory.rows("SELECT * FROM helps WHERE standing") == []
    assert helped(slack, card) == 0


async def test_bots_are_not_counted(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """Slack is asked once who it is; people count, bots don't."""
    slack.person("deploybot", bot=True)
    await slack.joins("deploybot", pocket)
    card = await shares(slack, pocket, memory)
    for who in ("deploybot", "ana"):
        await slack.reacts(who, "key", card)
    await memory.settled()
    assert helped(slack, card) == 1
    other = await shares(slack, pocket, memory, "Another.")
    for who in ("deploybot", "ana"):
        await slack.reacts(who, "key", other)
    await memory.settled()
    assert helped(slack, other) == 1
    asked = [call.args["user"] for call in slack.calls("users.info")]
    assert asked.count(slack.find_person("deploybot").id) == 1


async def test_a_reaction_on_what_is_no_learning_stores_nothing(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """Not of a message that nobody kept, nor of what the channel heard of its pocket, nor of another emoji."""
    message = await slack.says("ana", "Just talk", in_=pocket)
    announced = next(one for one in pocket.messages.values() if "made this channel" in one.text)
    card = await shares(slack, pocket, memory)
    for one, emoji in ((message, "key"), (announced, "key"), (card, "old_key"), (card, "heart")):
        await slack.reacts("cleo", emoji, one)
    await memory.settled()
    assert memory.rows("SELECT * FROM helps") == []
    assert slack.calls("reactions.get") == []


async def test_what_stood_before_it_was_kept_counts_from_then_on(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """The look at the message shows it; whoever takes it off later counts no more."""
    message = await slack.says("ben", "Useful", in_=pocket)
    for who in ("cleo", "ana"):
        await slack.reacts(who, "key", message)
    await slack.reacts("ana", "bulb", message)
    await memory.settled()
    assert {one["person"] for one in memory.rows("SELECT * FROM helps WHERE standing")} == {
        slack.find_person("cleo").id,
        slack.find_person("ana").id,
    }
    await slack.unreacts("cleo", "key", message)
    await memory.settled()
    assert [one["person"] for one in memory.rows("SELECT * FROM helps WHERE standing")] == [slack.find_person("ana").id]


async def test_the_order_is_slacks(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """A reaction that arrives after its removal, and one that is told twice, change nothing."""
    card = await shares(slack, pocket, memory)
    await slack.reacts("cleo", "key", card)
    added = last(slack, "event")
    await slack.unreacts("cleo", "key", card)
    for event_id in (added["event_id"], "Ev0ANOTHER"):
        assert (await send(slack, "event", {**added, "event_id": event_id})).status == 200
    await memory.settled()
    assert helped(slack, card) == 0


async def test_of_a_deleted_message_nothing_remains(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """Neither what it said, nor whom it helped."""
    message = await slack.says("ben", "Useful", in_=pocket)
    await slack.reacts("ana", "bulb", message)
    await memory.settled()
    await slack.reacts("cleo", "key", message)
    assert len(memory.rows("SELECT * FROM helps")) == 1
    await slack.deletes("ben", message)
    await memory.settled()
    assert memory.rows("SELECT * FROM helps") == []


async def test_an_emoji_of_the_pockets_own_counts_and_the_earlier_one_can_be_taken_off(
    slack: Slack, pocket: Channel, memory: Memory
) -> None:
    """What was given before the change stays until it is taken off."""
    card = await shares(slack, pocket, memory)
    await slack.reacts("cleo", "key", card)
    memory.run("UPDATE pockets SET helped_emoji = 'raised_hands'")
    await slack.reacts("ana", "raised_hands", card)
    await memory.settled()
    assert "🙌 helped 2" in slack.text_of(card)
    await slack.unreacts("cleo", "key", card)
    await slack.reacts("cleo", "key", card)
    await memory.settled()
    assert "🙌 helped 1" in slack.text_of(card)


async def test_a_stopped_pocket_takes_nothing_new_but_what_is_taken_back(
    slack: Slack, pocket: Channel, memory: Memory
) -> None:
    """By the button and by the reaction."""
    card = await shares(slack, pocket, memory)
    await slack.presses("cleo", "It helped me", on=card)
    await slack.reacts("cleo", "key", card)
    await slack.types("ana", "/outloud stop", in_=pocket)
    assert "no learning pocket any more" in (await slack.presses("ana", "It helped me", on=card)).text
    await slack.reacts("ana", "key", card)
    await slack.presses("cleo", "It helped me", on=card)
    await slack.unreacts("cleo", "key", card)
    await memory.settled()
    assert memory.rows("SELECT * FROM helps WHERE standing") == []


async def test_what_was_missed_is_caught_up_with(slack: Slack, bot: Bot, pocket: Channel, memory: Memory) -> None:
    """Given and taken off while Outloud was away: on a card of today, on one of long ago, on a kept message."""
    old = await shares(slack, pocket, memory, "Of long ago.")
    slack.clock.set(slack.clock.now() + 30 * 86400)
    card = await shares(slack, pocket, memory, "Of today.")
    message = await slack.says("ben", "Kept", in_=pocket)
    await slack.reacts("ana", "bulb", message)
    for one in (old, card, message):
        await slack.reacts("cleo", "key", one)
    await memory.settled()
    async with gap(slack, bot, memory):
        for one in (old, card, message):
            await slack.unreacts("cleo", "key", one)
            await slack.reacts("ana", "key::skin-tone-2", one)
    assert (helped(slack, old), helped(slack, card)) == (1, 1)
    standing = memory.rows("SELECT DISTINCT person FROM helps WHERE standing")
    assert [one["person"] for one in standing] == [slack.find_person("ana").id]


async def test_a_card_that_was_reacted_to_before_it_was_known_where_it_stands(
    slack: Slack, pocket: Channel, memory: Memory
) -> None:
    """Slack's answer is late: whoever reacted meanwhile counts all the same."""
    slack.fails("chat.postMessage", "delayed after", times=1, seconds=60)
    await slack.types("ben", "/share Seen early", in_=pocket)
    card = await slack.until(lambda: card_of(slack, pocket, "Seen early"), what="the card")
    await slack.reacts("cleo", "key", card)
    await slack.reacts("ana", "key", card)
    await slack.unreacts("ana", "key", card)
    assert [one["kind"] for one in memory.outbox()] == ["post card", "look whom it helped"]
    slack.mends()
    await memory.settled()
    assert helped(slack, card) == 1


@pytest.mark.parametrize("way", ["undo", "delete"])
async def test_of_what_is_gone_nothing_is_counted(slack: Slack, pocket: Channel, memory: Memory, way: str) -> None:
    """A late press on a card that is going says so."""
    answer = await slack.types("ben", "/share A lesson.", in_=pocket)
    await memory.settled()
    card = card_of(slack, pocket, "A lesson.")
    await slack.presses("cleo", "It helped me", on=card)
    pressed = last(slack, "block_actions")
    if way == "undo":
        assert answer.ephemeral
        await slack.presses("ben", "Undo", on=answer.ephemeral)
    else:
        form = (await slack.presses("ben", "Delete", on=card)).form
        assert form
        assert (await slack.submits("ben", form)).closed
        assert memory.rows("SELECT * FROM helps") == []
    await memory.settled()
    pressed["actions"][0]["action_ts"] = slack.world.new_ts()
    assert (await send(slack, "block_actions", pressed)).status == 200
    assert "not there any more" in slack.sees("cleo").ephemerals[-1].text
