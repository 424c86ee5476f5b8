"""How rounds end: what the prompt carries then, and what their lead hears, and who is reminded before."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace

import pytest

from sandbox.records import Channel
from sandbox.slack import Slack
from storage.ids import ChannelId
from storage.prompts.rounds import open as open_round
from tests.conftest import Bot
from tests.memory import Memory
from tests.rounds import Rounds


async def test_a_round_ends_with_what_came(slack: Slack, pocket: Channel, memory: Memory, rounds: Rounds) -> None:
    """The prompt is edited to carry it, a line each with its link; no new post. What is said later is ordinary."""
    prompt = await rounds.ask()
    reply = await slack.says("ben", "A `tick` and *stars*\nand <!channel>", in_=pocket, thread=prompt)
    await memory.settled()
    posts = len(slack.sees("cleo").channel(pocket))
    await rounds.close()
    said = rounds.said()
    assert "A 'tick' and stars and <!channel>" in said.replace("&lt;", "<").replace("&gt;", ">")
    assert "One answered." in said
    assert slack.world.permalink(reply) in str(prompt.blocks)
    assert "<!channel>" not in str(prompt.blocks)
    assert all(block["type"] != "actions" for block in rounds.prompt().blocks)
    assert len(slack.sees("cleo").channel(pocket)) == posts
    await slack.says("cleo", "Too late", in_=pocket, thread=prompt)
    await memory.settled()
    assert [one.words for one in memory.learnings()] == [reply.text]


async def test_where_nobody_answered_nothing_is_said_in_public(slack: Slack, pocket: Channel, rounds: Rounds) -> None:
    """Its lead hears so, alone."""
    await rounds.ask()
    before = len(slack.sees("cleo").channel(pocket))
    await rounds.close()
    assert "answered" not in rounds.said()
    assert len(slack.sees("cleo").channel(pocket)) == before
    assert any("Nobody answered" in text for text in rounds.privately("ana"))
    assert rounds.privately("ben") == rounds.privately("cleo") == []


async def test_the_lead_alone_hears_who_answered_for_the_first_time(
    slack: Slack, pocket: Channel, rounds: Rounds
) -> None:
    """Not of whoever gave no name, nor of somebody twice."""
    prompt = await rounds.ask()
    await slack.says("ben", "First of mine", in_=pocket, thread=prompt)
    form = (await slack.presses("cleo", "Answer", on=prompt)).form
    assert form is not None
    await slack.submits("cleo", form, {"words": "Shy", "name": "Without my name"})
    await rounds.close()
    (news,) = [text for text in rounds.privately("ana") if "for the first time" in text]
    assert "ben" in news.lower()
    assert "cleo" not in news.lower()
    again_ = await rounds.ask()
    await slack.says("ben", "Second of mine", in_=pocket, thread=again_)
    await rounds.close()
    assert len([text for text in rounds.privately("ana") if "for the first time" in text]) == 1


async def test_a_form_that_comes_too_late_keeps_its_words(slack: Slack, rounds: Rounds) -> None:
    """It stays open, and says where else they can go."""
    prompt = await rounds.ask()
    form = (await slack.presses("ben", "Answer", on=prompt)).form
    assert form is not None
    await rounds.close()
    sent = await slack.submits("ben", form, {"words": "Just missed it"})
    assert not sent.closed
    assert "/share" in sent.errors["words"]


@pytest.mark.true_pace
async def test_what_was_answered_in_time_counts_though_outloud_was_away_at_the_end(
    slack: Slack, bot: Bot, pocket: Channel, memory: Memory, rounds: Rounds
) -> None:
    """It is read later, and the prompt carries it; its lead does not hear that nobody answered. What came too late is none."""
    prompt = await rounds.ask()
    await bot.stop()
    slack.app_url = ""
    slack.world.post(pocket.id, slack.find_person("ben").id, "In time", thread_ts=prompt.ts)
    memory.run("UPDATE rounds SET closes_at = :at", at=time.time() + 0.3)
    await asyncio.sleep(0.5)
    slack.world.post(pocket.id, slack.find_person("cleo").id, "Too late", thread_ts=prompt.ts)
    memory.run("UPDATE workspaces SET alive_at = alive_at - 3600")
    await bot.start()
    await slack.until(lambda: "In time" in rounds.said(), what="the answer, under the prompt")
    await memory.settled()
    assert [one.words for one in memory.learnings()] == ["In time"]
    assert "Too late" not in rounds.said()
    assert not any("Nobody answered" in said for said in rounds.privately("ana"))


async def test_only_who_asked_for_it_is_reminded(slack: Slack, pocket: Channel, memory: Memory, rounds: Rounds) -> None:
    """Once, before the round closes, unless they have answered; until they want it no more."""
    prompt = await rounds.ask(nudges_at=9e9)
    for who in ("ben", "cleo"):
        await slack.presses(who, "Remind me", on=prompt)
    await rounds.tick()
    assert rounds.privately("ben") == []
    memory.run("UPDATE rounds SET nudges_at = 1")
    await slack.says("cleo", "Done already", in_=pocket, thread=prompt)
    await rounds.tick()
    await rounds.tick()
    (reminder,) = rounds.privately("ben")
    assert "You asked to be reminded" in reminder
    assert [rounds.privately(who) for who in ("ana", "cleo")] == [[], []]
    await slack.presses("ben", "Don't remind me", on=slack.sees("ben").dms[-1])
    await rounds.close()
    await rounds.ask(nudges_at=1.0)
    await rounds.tick()
    assert len(slack.sees("ben").dms) == 1


@pytest.mark.parametrize("who", ["ana", "ben"])
async def test_where_only_its_lead_answered_they_hear_what_the_prompt_says(
    slack: Slack, pocket: Channel, memory: Memory, rounds: Rounds, who: str
) -> None:
    """One answered in public, and nobody but that one in private: also to the lead who stands in for them."""
    prompt = await rounds.ask()
    await slack.says("ana", "Mine is here", in_=pocket, thread=prompt)
    await memory.settled()
    if who == "ben":
        ben = slack.find_person("ben").id
        memory.run(
            "INSERT INTO people (workspace, id) SELECT workspace, :ben FROM leads WHERE true ON CONFLICT DO NOTHING",
            ben=ben,
        )
        memory.run("UPDATE leads SET person = :ben", ben=ben)
    await rounds.close()
    assert "One answered." in rounds.said()
    (told,) = rounds.privately(who)
    assert told.startswith(f"Nobody but {'you' if who == 'ana' else '@ana'} answered this")
    assert "nothing is said of it there" not in told


async def test_after_two_silent_rounds_the_lead_may_slow_down(
    slack: Slack, bot: Bot, pocket: Channel, memory: Memory, rounds: Rounds
) -> None:
    """A suggestion of the bank each time; by one press, every other week."""
    await slack.types("ana", "/prompts weekly wed 10:00 What broke?", in_=pocket)
    (schedule,) = memory.rows("SELECT id FROM schedules")
    for day in (2, 3):
        await rounds.ask(schedule=schedule["id"])
        await rounds.close()
        bot.ahead = day * 86400
        assert bot.outloud is not None
        await bot.outloud.bring_notices()
        await memory.settled()
    told = rounds.privately("ana")
    assert all("Perhaps next:" in one for one in told)
    assert ["Every other week" in one for one in told] == [False, True]
    await slack.presses("ana", "Every other week", on=slack.sees("ana").dms[-1])
    (row,) = memory.rows("SELECT rule FROM schedules")
    assert '"every": 2' in str(row["rule"]).replace("'", '"')


@pytest.mark.parametrize("answered", [False, True])
async def test_a_prompt_that_an_admin_deletes_is_over_without_a_word(
    slack: Slack, pocket: Channel, memory: Memory, rounds: Rounds, *, answered: bool
) -> None:
    """Nobody is reminded of it, and its lead does not hear that nobody answered; what was answered stays."""
    prompt = await rounds.ask(nudges_at=9e9)
    await slack.presses("cleo", "Remind me", on=prompt)
    if answered:
        await slack.says("ben", "Just in time", in_=pocket, thread=prompt)
    await slack.act(lambda: slack.world.delete(pocket.id, prompt.ts, by=prompt.user))
    await memory.settled()
    memory.run("UPDATE rounds SET nudges_at = 1")
    await rounds.tick()
    await rounds.close()
    assert [rounds.privately(who) for who in ("ana", "cleo")] == [[], []]
    assert [one.words for one in memory.learnings()] == (["Just in time"] if answered else [])


async def test_who_left_the_channel_hears_no_more_of_it(slack: Slack, bot: Bot, memory: Memory, rounds: Rounds) -> None:
    """Of a private one neither its question, nor that nobody answered, nor who did: they could not read it in Slack."""
    private = slack.channel("hidden", members=("ana", "ben", "cleo"), private=True)
    await slack.types("ana", "/outloud start Learn", in_=private)
    await memory.settled()
    place = replace(rounds.asking().place, channel=ChannelId(private.id))
    prompts = []
    for _ in range(2):
        await bot.db.write(open_round, rounds.asking(place=place, nudges_at=9e9), at=time.time())
        await memory.settled()
        prompts.append(list(private.messages.values())[-1])
    await slack.presses("ben", "Remind me", on=prompts[0])
    await slack.says("cleo", "My first", in_=private, thread=prompts[1])
    await memory.settled()
    for who in ("ana", "ben"):
        await slack.leaves(who, private)
    await memory.settled()
    memory.run("UPDATE rounds SET nudges_at = 1")
    await rounds.tick()
    await rounds.close()
    assert [rounds.privately(who) for who in ("ana", "ben")] == [[], []]


async def test_who_answered_without_a_name_before_is_new_with_it(slack: Slack, pocket: Channel, rounds: Rounds) -> None:
    """Else their lead could tell from what they do not hear; and whoever answers two rounds at once is new in the first."""
    prompt = await rounds.ask()
    form = (await slack.presses("ben", "Answer", on=prompt)).form
    assert form is not None
    await slack.submits("ben", form, {"words": "Shy", "name": "Without my name"})
    await rounds.close()
    one, two = await rounds.ask(), await rounds.ask()
    for prompt in (one, two):
        await slack.says("ben", "In the open", in_=pocket, thread=prompt)
        await rounds.memory.settled()
    await rounds.close()
    assert len([text for text in rounds.privately("ana") if "for the first time" in text]) == 1


async def test_a_round_in_an_archived_channel_ends_without_a_word(
    slack: Slack, pocket: Channel, memory: Memory, rounds: Rounds
) -> None:
    """Nobody could answer any more. Once it is open again, the prompt carries what came before."""
    prompt = await rounds.ask()
    await slack.says("ben", "Ask before, not after.", in_=pocket, thread=prompt)
    await slack.archives("ana", pocket)
    await memory.settled()
    before = rounds.privately("ana")
    await rounds.close()
    assert rounds.privately("ana") == before
    await slack.unarchives("ana", pocket)
    await slack.until(lambda: "Ask before, not after." in rounds.said(), what="what came, under the prompt")


async def test_what_else_is_kept_in_the_thread_is_carried_too(
    slack: Slack, pocket: Channel, memory: Memory, rounds: Rounds
) -> None:
    """A further reply that somebody keeps stands beside the answers; it is one person's still."""
    prompt = await rounds.ask()
    await slack.says("ben", "Ask before, not after.", in_=pocket, thread=prompt)
    further = await slack.says("ben", "And write it down.", in_=pocket, thread=prompt)
    elsewhere = await slack.says("ben", "Kept in the channel.", in_=pocket)
    for message in (further, elsewhere):
        await slack.reacts("cleo", "bulb", message)
    await memory.settled()
    await rounds.close()
    assert "And write it down." in rounds.said()
    assert "Kept in the channel." not in rounds.said()
    assert "One answered." in rounds.said()


async def test_a_round_of_a_pocket_that_was_stopped_is_closed_in_its_time(
    slack: Slack, pocket: Channel, memory: Memory, rounds: Rounds
) -> None:
    """Its prompt carries what came before, and offers *Answer* no more; its lead hears nothing."""
    prompt = await rounds.ask()
    await slack.says("ben", "Ask before, not after.", in_=pocket, thread=prompt)
    await memory.settled()
    await slack.types("ana", "/outloud stop", in_=pocket)
    before = rounds.privately("ana")
    await rounds.close()
    assert "Ask before, not after." in rounds.said()
    assert "[Answer]" not in rounds.said()
    assert rounds.privately("ana") == before


async def test_a_long_thread_and_a_long_answer_are_carried(
    slack: Slack, pocket: Channel, memory: Memory, rounds: Rounds
) -> None:
    """Two hundred answers, one of them as long as Slack lets people write: the prompt stays one message."""
    prompt = await rounds.ask()
    for number in range(200):
        person = slack.person(f"one{number}")
        pocket.members.setdefault(person.id)
        words = "<!channel> & co " * 240 if number == 0 else f"Lesson {number} " + "x" * 200
        await slack.act(lambda p=person, w=words: slack.world.post(pocket.id, p.id, w, thread_ts=prompt.ts))  # type: ignore[misc]
    await memory.settled()
    assert len(memory.learnings()) == 200
    await rounds.close()
    assert "200 answered" in rounds.said()
    assert "more in the thread" in rounds.said()
    assert "<!channel>" not in str(rounds.prompt().blocks)
