"""After a gap: what happened while Outloud could not hear is read from Slack, and counts as if it had been told."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot import endings
from sandbox.records import Channel
from sandbox.slack import Slack
from storage.ids import MessageRef, Ts
from storage.kept import keeps
from storage.owed.quiet import DAY
from storage.places import catching_up
from storage.places.catching_up import Gap
from storage.refusals import Unavailable
from tests.conftest import Bot
from tests.handlers.elsewhere import place_of, write
from tests.memory import Memory
from tests.sights import card_of


@asynccontextmanager
async def gap(slack: Slack, bot: Bot, memory: Memory) -> AsyncIterator[None]:
    """Outloud is away for an hour, and Slack has given up on what happens meanwhile."""
    await bot.stop()
    slack.app_url = ""
    memory.run("UPDATE workspaces SET alive_at = alive_at - 3600")
    yield
    read = len(slack.calls(HISTORY))  # after another gap
    await bot.start()
    await slack.until(lambda: memory.rows("SELECT * FROM outbox WHERE kind LIKE 'c%'") or slack.calls(HISTORY)[read:])
    await memory.settled()


HISTORY = "conversations.history"


async def test_keeps_that_were_given_and_taken_back_meanwhile_count(
    slack: Slack, bot: Bot, pocket: Channel, memory: Memory
) -> None:
    """A message from before, one from meanwhile, a reply; one keep of two, and the only one, are taken back."""
    old = await slack.says("ana", "From before.", in_=pocket)
    both = await slack.says("ana", "Kept by two.", in_=pocket)
    one = await slack.says("ana", "Kept by one.", in_=pocket)
    for who, message in (("ben", both), ("cleo", both), ("ben", one)):
        await slack.reacts(who, "bulb", message)
    await memory.settled()
    async with gap(slack, bot, memory):
        new = await slack.says("cleo", "From meanwhile.", in_=pocket)
        reply = await slack.says("ben", "A reply.", in_=pocket, thread=old)
        for who, message in (("ben", old), ("ana", new), ("cleo", reply)):
            await slack.reacts(who, "bulb::skin-tone-2", message)
        await slack.unreacts("ben", "bulb", one)
        await slack.unreacts("cleo", "bulb", both)
    found = {learning.words: learning.curators for learning in memory.learnings()}
    ana, ben, cleo = (slack.find_person(name).id for name in ("ana", "ben", "cleo"))
    assert found == {"From before.": {ben}, "Kept by two.": {ben}, "From meanwhile.": {ana}, "A reply.": {cleo}}
    marked = {message.text for message in pocket.messages.values() if "books" in message.reactions}
    assert marked == set(found)


async def test_endorsements_by_reactions_meanwhile_count(
    slack: Slack, bot: Bot, pocket: Channel, memory: Memory
) -> None:
    """On a card: one that was given, and one that was taken off, also where it was the last thing that was heard."""
    await slack.types("ben", "/share Batch mode copies #alembic", in_=pocket)
    await memory.settled()
    card = card_of(slack, pocket, "Batch")
    await slack.reacts("cleo", "mortar_board", card)
    await memory.settled()
    async with gap(slack, bot, memory):
        await slack.unreacts("cleo", "mortar_board", card)
        await slack.reacts("ana", "mortar_board", card)
        await slack.reacts("ben", "mortar_board", card)
    given = memory.rows("SELECT giver, topic FROM endorsements WHERE standing")
    assert [(row["giver"], row["topic"]) for row in given] == [(slack.find_person("ana").id, "alembic")]


async def test_an_endorsement_that_was_taken_back_stays_so_though_its_reaction_stands(
    slack: Slack, bot: Bot, pocket: Channel, memory: Memory
) -> None:
    """Until it is given anew, in Slack or by the button."""
    await slack.types("ben", "/share Batch mode copies #alembic", in_=pocket)
    await memory.settled()
    card = card_of(slack, pocket, "Batch")
    await slack.reacts("cleo", "mortar_board", card)
    await memory.settled()
    (said,) = slack.sees("cleo").ephemerals
    await slack.presses("cleo", "Take it back", on=said)
    await slack.says("cleo", "Heard after that", in_=pocket)
    async with gap(slack, bot, memory):
        await slack.says("cleo", "Meanwhile", in_=pocket)
    assert memory.rows("SELECT giver FROM endorsements WHERE standing") == []
    async with gap(slack, bot, memory):
        await slack.says("cleo", "Again", in_=pocket)
    assert memory.rows("SELECT giver FROM endorsements WHERE standing") == []
    await slack.unreacts("cleo", "mortar_board", card)
    async with gap(slack, bot, memory):
        await slack.reacts("cleo", "mortar_board", card)
    assert memory.rows("SELECT giver FROM endorsements WHERE standing") == [{"giver": slack.find_person("cleo").id}]


@pytest.mark.parametrize("author", ["ben", "gus"])
async def test_what_came_of_no_endorsement_is_said_once(
    slack: Slack, bot: Bot, pocket: Channel, memory: Memory, author: str
) -> None:
    """Of what is about nothing, and of whoever can't be asked, nothing stays; after each gap it stands in Slack still."""
    await slack.invites("ana", slack.person("gus", external=True), pocket)
    about = " #alembic" if author == "gus" else ""
    await slack.types(author, f"/share Batch mode copies{about}", in_=pocket)
    await memory.settled()
    await slack.reacts("cleo", "mortar_board", card_of(slack, pocket, "Batch"))
    await memory.settled()
    assert len(slack.sees("cleo").ephemerals) == 1
    async with gap(slack, bot, memory):
        await slack.says("cleo", "Meanwhile", in_=pocket)
    assert len(slack.sees("cleo").ephemerals) == 1


async def test_edits_and_deletions_meanwhile_are_followed(
    slack: Slack, bot: Bot, pocket: Channel, memory: Memory
) -> None:
    """Of messages and of replies."""
    root = await slack.says("ana", "A root", in_=pocket)
    kept = [await slack.says("ana", words, in_=pocket) for words in ("To be edited", "To be deleted")]
    kept += [await slack.says("ana", words, in_=pocket, thread=root) for words in ("Reply", "Reply to go")]
    for message in kept:
        await slack.reacts("ben", "bulb", message)
    await memory.settled()
    async with gap(slack, bot, memory):
        for message in (kept[0], kept[2]):
            await slack.edits("ana", message, f"{message.text}, edited")
        for message in (kept[1], kept[3]):
            await slack.deletes("ana", message)
    assert {one.words for one in memory.learnings()} == {"To be edited, edited", "Reply, edited"}
    assert [one.words for one in memory.learnings(state="deleted")] == ["", ""]


async def test_what_was_kept_long_ago_is_checked_too(slack: Slack, bot: Bot, pocket: Channel, memory: Memory) -> None:
    """Older than what is read: one was deleted, one lost its keep, one says something else, and one stays."""
    kept = [await slack.says("ana", words, in_=pocket) for words in ("Deleted", "Let go", "Changed", "Stays")]
    for message in kept:
        await slack.reacts("ben", "bulb", message)
    await memory.settled()
    slack.clock.set(slack.clock.now() + 30 * 86400)
    late = await slack.says("cleo", "Of today", in_=pocket)
    await slack.reacts("cleo", "bulb", late)
    await memory.settled()
    async with gap(slack, bot, memory):
        await slack.deletes("ana", kept[0])
        await slack.unreacts("ben", "bulb", kept[1])
        await slack.edits("ana", kept[2], "Changed since")
    assert [one.words for one in memory.learnings()] == ["Changed since", "Stays", "Of today"]
    assert [one.state for one in memory.learnings(state=None)] == ["deleted", "taken back", "live", "live", "live"]


async def test_an_undone_keep_stays_undone_though_its_reaction_stands(
    slack: Slack, bot: Bot, pocket: Channel, memory: Memory
) -> None:
    """It is a mere reaction now, and was one before the gap."""
    message = await slack.says("ana", "Undone", in_=pocket)
    await slack.reacts("ben", "bulb", message)
    await memory.settled()
    direct = await slack.until(lambda: slack.sees("ben").dms[-1])
    await slack.presses("ben", "Undo", on=direct)
    await slack.says("cleo", "Heard after the undo", in_=pocket)
    async with gap(slack, bot, memory):
        await slack.says("cleo", "Meanwhile", in_=pocket)
    assert memory.learnings() == []


async def test_many_messages_are_read_page_by_page(
    slack: Slack, bot: Bot, pocket: Channel, memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each page is an errand of its own, so that a gap in a busy channel is no long call."""
    monkeypatch.setattr("handlers.hearing.catching_up.PAGE", 3)
    async with gap(slack, bot, memory):
        messages = [await slack.says("ana", f"Number {number}", in_=pocket) for number in range(10)]
        for message in messages[::2]:
            await slack.reacts("ben", "bulb", message)
    assert [one.words for one in memory.learnings()] == [f"Number {number}" for number in range(0, 10, 2)]
    assert len(slack.calls(HISTORY)) >= 4


async def test_a_long_thread_is_read_page_by_page(
    slack: Slack, bot: Bot, pocket: Channel, memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each page is an errand of its own, too."""
    monkeypatch.setattr("handlers.hearing.catching_up.PAGE", 3)
    root = await slack.says("ana", "A root", in_=pocket)
    async with gap(slack, bot, memory):
        replies = [await slack.says("ana", f"Reply {number}", in_=pocket, thread=root) for number in range(10)]
        for reply in replies[::2]:
            await slack.reacts("ben", "bulb", reply)
    assert [one.words for one in memory.learnings()] == [f"Reply {number}" for number in range(0, 10, 2)]
    assert len(slack.calls("conversations.replies")) >= 4


async def test_in_a_stopped_pocket_nothing_new_is_kept_and_what_was_deleted_is(
    slack: Slack, bot: Bot, pocket: Channel, memory: Memory
) -> None:
    """What was learned there stays its authors'."""
    kept = await slack.says("ana", "Kept, and deleted", in_=pocket)
    other = await slack.says("ana", "Not kept", in_=pocket)
    await slack.reacts("ben", "bulb", kept)
    await memory.settled()
    await slack.types("ana", "/outloud stop", in_=pocket)
    async with gap(slack, bot, memory):
        await slack.deletes("ana", kept)
        await slack.reacts("ben", "bulb", other)
    await slack.until(lambda: not memory.learnings())
    assert [(one.state, one.words) for one in memory.learnings(state=None)] == [("deleted", "")]


async def test_what_happened_while_it_was_out_of_the_channel_is_read_when_it_is_back(
    slack: Slack, pocket: Channel, memory: Memory
) -> None:
    """Slack tells nothing of a channel to an app that is not in it."""
    kept = await slack.says("ana", "Kept before", in_=pocket)
    await slack.reacts("ben", "bulb", kept)
    await memory.settled()
    await slack.removes("ana", slack.app, pocket)
    await slack.unreacts("ben", "bulb", kept)
    await slack.reacts("cleo", "bulb", await slack.says("ana", "Kept meanwhile", in_=pocket))
    await slack.invites("ana", slack.app, pocket)
    await slack.until(lambda: slack.calls(HISTORY))
    await memory.settled()
    assert [one.words for one in memory.learnings()] == ["Kept meanwhile"]


async def test_what_was_refused_at_slacks_last_try_is_read(
    slack: Slack, pocket: Channel, memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database would not have it, each time that Slack asked: Slack does not ask again."""
    message = await slack.says("ana", "Asked for in vain", in_=pocket)
    await slack.until(lambda: memory.rows("SELECT alive_at FROM workspaces WHERE alive_at IS NOT NULL"))

    def refuse(*_args: object, **_more: object) -> None:
        raise Unavailable

    with monkeypatch.context() as broken:
        broken.setattr(keeps, "follow", refuse)
        slack.clock.run(2000)
        await slack.reacts("ben", "bulb", message)
        keep = next(one for one in slack.courier.deliveries if one.name == "reaction_added")
        await slack.until(lambda: keep.state == "dropped")
        slack.clock.run(100)
    await slack.until(memory.learnings, within=15, what="the keep that was refused")
    assert len(keep.attempts) == 4


async def test_a_token_that_is_refused_for_a_while_loses_nothing_of_it(
    slack: Slack, bot: Bot, pocket: Channel, memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was rotated, or the workspace was in trouble: somebody mends that, and what is owed is owed still."""
    monkeypatch.setattr("bot.endings._again", lambda _errand, reason: endings.PutOff(0.2, reason))
    replies, refused = AsyncWebClient.conversations_replies, list[str]()

    async def refuse_once(self: AsyncWebClient, **more: Any) -> Any:
        answer = await replies(self, **more)
        if not refused:
            refused.append("token_revoked")
            answer.data = {"ok": False, "error": "token_revoked"}
            raise SlackApiError("no", answer)  # type: ignore[no-untyped-call]
        return answer

    monkeypatch.setattr(AsyncWebClient, "conversations_replies", refuse_once)
    root = await slack.says("ana", "A root", in_=pocket)
    async with gap(slack, bot, memory):
        await slack.reacts("cleo", "bulb", await slack.says("ben", "A reply", in_=pocket, thread=root))
    assert [one.words for one in memory.learnings()] == ["A reply"]
    assert refused


async def test_where_nothing_can_be_read_the_leads_are_told_once_which_hours_are_missing(
    slack: Slack, bot: Bot, pocket: Channel, memory: Memory
) -> None:
    """Outloud was removed meanwhile, and did not hear of that either."""
    async with gap(slack, bot, memory):
        await slack.removes("ana", slack.app, pocket)
    told = [slack.text_of(message) for message in slack.sees("ana").dms]
    assert len(told) == 1
    assert "could not hear what happened in #learning from" in told[0]
    assert "`/invite @Outloud` brings it back" in told[0]
    assert slack.sees("ben").dms == []


async def test_where_nothing_can_be_read_older_messages_are_not_asked_for_one_by_one(
    slack: Slack, pocket: Channel, memory: Memory
) -> None:
    """The first that is refused because of its channel ends it: all the others would be."""
    for words in ("One", "Two", "Three", "Four"):
        await slack.reacts("ben", "bulb", await slack.says("ana", words, in_=pocket))
    await memory.settled()
    await slack.removes("ana", slack.app, pocket)
    await slack.settled()
    looks, place, newest = len(slack.calls("reactions.get")), place_of(pocket), Ts("9999999999.000000")
    gap = Gap(place, 0.0, 1.0, newest, newest)
    await write(memory, catching_up.go_on, gap, MessageRef(place, newest), at=time.time())
    await memory.settled()
    assert [call.error for call in slack.calls("reactions.get")[looks:]] == ["not_in_channel"]
    assert len(memory.learnings()) == 4


async def test_a_short_absence_reads_nothing(slack: Slack, bot: Bot, pocket: Channel, memory: Memory) -> None:
    """Slack delivers again what was not taken in."""
    await bot.stop()
    await bot.start()
    await slack.until(lambda: memory.rows("SELECT alive_at FROM workspaces WHERE alive_at IS NOT NULL"))
    message = await slack.says("ana", "Again", in_=pocket)
    await slack.reacts("ben", "bulb", message)
    await memory.settled()
    assert slack.calls(HISTORY) == []


async def test_when_slack_held_events_back_they_are_read_later(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """More than Slack delivers in an hour: what it dropped counts all the same."""
    slack.courier.events_per_hour = 0
    message = await slack.says("ana", "In a busy hour", in_=pocket)
    await slack.reacts("ben", "bulb", message)
    await slack.settled()
    assert memory.learnings(state=None) == []
    await slack.until(memory.learnings, within=15, what="the keep that was dropped")
    assert [one.words for one in memory.learnings()] == ["In a busy hour"]


async def test_an_author_hears_of_answers_below_their_card_that_came_meanwhile(
    slack: Slack, bot: Bot, pocket: Channel, memory: Memory
) -> None:
    """Of those alone: not of their own, not of a bot's, and not again of what they have heard of."""
    slack.person("deploybot", bot=True)
    await slack.joins("deploybot", pocket)
    for words in ("First lesson.", "Second lesson.", "Third lesson."):
        await slack.types("ben", f"/share {words}", in_=pocket)
    await memory.settled()
    first, second, third = (card_of(slack, pocket, words) for words in ("First", "Second", "Third"))
    await memory.settled()
    heard = await slack.says("cleo", "Heard at once.", in_=pocket, thread=first)
    await memory.settled()
    await slack.until(
        lambda: (memory.rows("SELECT heard FROM workspaces")[0]["heard"] or "") >= heard.ts
    )  # noted at a beat
    memory.run("DELETE FROM deliveries")  # as after two days
    memory.run("UPDATE workspaces SET away_since = NULL, away_until = NULL")  # such absences were before
    async with gap(slack, bot, memory):
        await slack.says("ben", "My own.", in_=pocket, thread=first)
        await slack.says("deploybot", "A bot's.", in_=pocket, thread=second)
        reply = await slack.says("cleo", "How so?", in_=pocket, thread=third)
    assert bot.outloud
    bot.ahead = DAY + 60
    await bot.outloud.bring_notices()
    await memory.settled()
    _, told = slack.sees("ben").dms
    assert slack.text_of(told) == "@cleo answered a learning that you shared in #learning."
    assert slack.world.permalink(reply) in str(told.blocks)
