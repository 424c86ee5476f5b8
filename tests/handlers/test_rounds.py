"""Rounds: a prompt is posted, each person's first reply is theirs, and at its end the prompt carries what came."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace

import pytest

from sandbox.records import Channel
from sandbox.slack import Slack
from storage.ids import ChannelId
from storage.prompts.rounds import open as open_round
from tests.again import send, untold
from tests.conftest import BY_EITHER_DOOR, Bot
from tests.memory import Memory
from tests.rounds import Rounds


@pytest.fixture
def rounds(slack: Slack, bot: Bot, memory: Memory, pocket: Channel) -> Rounds:
    """Rounds in the pocket."""
    return Rounds(slack, bot, memory, pocket)


@BY_EITHER_DOOR
async def test_each_persons_first_reply_is_a_learning_of_the_round(
    slack: Slack, pocket: Channel, memory: Memory, rounds: Rounds
) -> None:
    """By the prompt's kind, with words, author, link and time; 📚 is the only noise, and a second reply is chat."""
    prompt = await rounds.ask(kind="story")
    assert "What went wrong &amp; taught you &lt;something&gt; this week?" in prompt.blocks[0]["text"]["text"]
    assert "❌ on yours leaves it out" in rounds.said()
    posts = len(slack.calls("chat.postMessage"))
    first = await slack.says("ben", "I dropped the wrong table & wept.", in_=pocket, thread=prompt)
    await slack.says("ben", "It was a Friday.", in_=pocket, thread=prompt)
    await slack.says("cleo", "Ouch", in_=pocket, thread=prompt)
    await memory.settled()
    one, two = memory.learnings()
    assert (one.author, one.words, one.kind) == (slack.find_person("ben").id, first.text, "story")
    assert one.link == slack.world.permalink(first)
    assert one.said_at == pytest.approx(float(first.ts))
    assert two.words == "Ouch"
    assert slack.sees("ana").reactions(first) == {"books": ["outloud"]}
    assert len(slack.calls("chat.postMessage")) == posts


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


@BY_EITHER_DOOR
async def test_an_answer_by_the_form_stands_in_the_thread(
    slack: Slack, pocket: Channel, memory: Memory, rounds: Rounds
) -> None:
    """As me or without my name; it is a learning of the round, and can be changed and taken back like one."""
    prompt = await rounds.ask()
    form = (await slack.presses("ben", "Answer", on=prompt)).form
    assert form is not None
    assert (await slack.submits("ben", form, {"words": "Quietly", "name": "Without my name"})).closed
    await memory.settled()
    (learning,) = memory.learnings()
    assert (learning.words, learning.without_name, learning.author) == ("Quietly", True, slack.find_person("ben").id)
    (card,) = [one for one in slack.sees("cleo").thread(prompt) if one.ts == learning.card_ts]
    assert "Quietly" in slack.text_of(card)
    assert "ben" not in slack.text_of(card).lower()
    change = (await slack.presses("ben", "Answer", on=prompt)).form
    assert change is not None
    assert (await slack.submits("ben", change, {"words": "More quietly"})).closed
    await slack.says("ben", "And by the way", in_=pocket, thread=prompt)
    await memory.settled()
    assert [one.words for one in memory.learnings()] == ["More quietly"]
    await rounds.close()
    assert "More quietly" in rounds.said()
    assert "ben" not in rounds.said().lower()
    await slack.presses("ben", "Undo", on=slack.sees("ben").ephemerals[-1])
    await memory.settled()
    assert memory.learnings() == []
    assert "quietly" not in rounds.said()


async def test_who_answered_in_the_thread_is_told_how_to_change_that(
    slack: Slack, pocket: Channel, memory: Memory, rounds: Rounds
) -> None:
    """One first answer for each: with ❌ on it, the form takes another."""
    prompt = await rounds.ask()
    reply = await slack.says("ben", "Good question!", in_=pocket, thread=prompt)
    answer = await slack.presses("ben", "Answer", on=prompt)
    assert answer.form is None
    assert "You have answered already" in slack.sees("ben").ephemerals[-1].text
    await slack.reacts("ben", "x", reply)
    form = (await slack.presses("ben", "Answer", on=prompt)).form
    assert form is not None
    await slack.submits("ben", form, {"words": "What I really learned"})
    await memory.settled()
    assert [one.words for one in memory.learnings()] == ["What I really learned"]


async def test_a_form_that_comes_too_late_keeps_its_words(slack: Slack, rounds: Rounds) -> None:
    """It stays open, and says where else they can go."""
    prompt = await rounds.ask()
    form = (await slack.presses("ben", "Answer", on=prompt)).form
    assert form is not None
    await rounds.close()
    sent = await slack.submits("ben", form, {"words": "Just missed it"})
    assert not sent.closed
    assert "/share" in sent.errors["words"]


@pytest.mark.parametrize("before", [False, True], ids=["after", "before"])
async def test_a_cross_by_its_author_leaves_an_answer_out(
    slack: Slack, pocket: Channel, memory: Memory, rounds: Rounds, *, before: bool
) -> None:
    """Before it was told of or after; others' change nothing; taken off, it is an answer again."""
    prompt = await rounds.ask(kind="idea")
    if before:
        author = slack.find_person("ben").id
        written = untold(slack, lambda: slack.world.post(pocket.id, author, "Not this", thread_ts=prompt.ts))
        reply = slack.sees("ben").thread(prompt)[-1]
    else:
        reply = await slack.says("ben", "Not this", in_=pocket, thread=prompt)
    await slack.reacts("cleo", "x", reply)
    await memory.settled()
    await slack.reacts("ben", "x", reply)
    await memory.settled()
    if before:
        await deliver(slack, written)
    await slack.says("ben", "Nor this", in_=pocket, thread=prompt)
    await memory.settled()
    assert memory.learnings() == []
    assert "books" not in slack.sees("ana").reactions(reply)
    await slack.unreacts("ben", "x", reply)
    await memory.settled()
    assert [(one.words, one.kind) for one in memory.learnings()] == [("Not this", "idea")]
    assert "books" in slack.sees("ana").reactions(reply)


async def test_a_cross_on_ones_answer_by_the_form_takes_it_back(slack: Slack, memory: Memory, rounds: Rounds) -> None:
    """Only its author's."""
    prompt = await rounds.ask()
    form = (await slack.presses("ben", "Answer", on=prompt)).form
    assert form is not None
    await slack.submits("ben", form, {"words": "By the form"})
    await memory.settled()
    card = slack.sees("ben").thread(prompt)[-1]
    await slack.reacts("cleo", "x", card)
    await memory.settled()
    assert len(memory.learnings()) == 1
    await slack.reacts("ben", "x", card)
    await memory.settled()
    assert memory.learnings() == []


async def test_edits_and_deletions_follow(slack: Slack, pocket: Channel, memory: Memory, rounds: Rounds) -> None:
    """Also in a closed prompt. After a deletion, only what is written from then on may be the first answer."""
    prompt = await rounds.ask()
    reply = await slack.says("ben", "Frist", in_=pocket, thread=prompt)
    await slack.says("ben", "chat", in_=pocket, thread=prompt)
    await slack.edits("ben", reply, "First")
    await memory.settled()
    assert [one.words for one in memory.learnings()] == ["First"]
    await slack.deletes("ben", reply)
    await memory.settled()
    assert memory.learnings() == []
    new = await slack.says("ben", "Anew", in_=pocket, thread=prompt)
    await memory.settled()
    assert [one.words for one in memory.learnings()] == ["Anew"]
    await rounds.close()
    assert "Anew" in rounds.said()
    await slack.edits("ben", new, "Renewed")
    await memory.settled()
    assert "Renewed" in rounds.said()
    await slack.deletes("ben", new)
    await memory.settled()
    assert "Renewed" not in rounds.said()
    assert "answered" not in rounds.said()


async def test_the_order_is_slacks(slack: Slack, pocket: Channel, memory: Memory, rounds: Rounds) -> None:
    """The later reply was told of first, then an edit of the earlier one, then the earlier one, twice: that is the first."""
    prompt = await rounds.ask()
    author = slack.find_person("ben").id
    written = untold(slack, lambda: slack.world.post(pocket.id, author, "Erly", thread_ts=prompt.ts))
    early = slack.sees("ben").thread(prompt)[-1]
    await slack.says("ben", "Late", in_=pocket, thread=prompt)
    await memory.settled()
    assert [one.words for one in memory.learnings()] == ["Late"]
    await slack.edits("ben", early, "Early")
    await memory.settled()
    for _ in range(2):
        await deliver(slack, written)
    await memory.settled()
    assert [one.words for one in memory.learnings()] == ["Early"]


async def test_a_reply_that_was_deleted_before_it_was_told_of_is_none(
    slack: Slack, pocket: Channel, memory: Memory, rounds: Rounds
) -> None:
    """And what its author wrote besides is."""
    prompt = await rounds.ask()
    author = slack.find_person("ben").id
    written = untold(slack, lambda: slack.world.post(pocket.id, author, "Oops", thread_ts=prompt.ts))
    gone = slack.sees("ben").thread(prompt)[-1]
    await slack.deletes("ben", gone)
    await deliver(slack, written)
    await memory.settled()
    assert memory.learnings() == []
    await slack.says("ben", "Better", in_=pocket, thread=prompt)
    await memory.settled()
    assert [one.words for one in memory.learnings()] == ["Better"]


async def test_consent_holds(slack: Slack, pocket: Channel, memory: Memory, rounds: Rounds) -> None:
    """Whoever said never is not collected; nor are bots, nor what holds no words."""
    prompt = await rounds.ask()
    announcement = next(one for one in pocket.messages.values() if "made this channel" in one.text)
    await slack.presses("ben", "Not mine", on=announcement)
    await slack.says("ben", "Not for keeps", in_=pocket, thread=prompt)
    slack.person("deploybot", bot=True)
    await slack.joins("deploybot", pocket)
    await slack.says("deploybot", "Deployed", in_=pocket, thread=prompt)
    await slack.says("cleo", "", in_=pocket, thread=prompt, files=["cat.png"])
    await slack.says("cleo", "With words", in_=pocket, thread=prompt)
    await memory.settled()
    assert [one.words for one in memory.learnings()] == ["With words"]


async def test_a_further_reply_that_somebody_keeps_is_kept(
    slack: Slack, pocket: Channel, memory: Memory, rounds: Rounds
) -> None:
    """And a keep taken off a first answer leaves it what it is."""
    prompt = await rounds.ask()
    first = await slack.says("ben", "First", in_=pocket, thread=prompt)
    second = await slack.says("ben", "Second", in_=pocket, thread=prompt)
    for reply in (first, second):
        await slack.reacts("cleo", "bulb", reply)
        await memory.settled()
    assert [one.words for one in memory.learnings()] == ["First", "Second"]
    for reply in (first, second):
        await slack.unreacts("cleo", "bulb", reply)
        await memory.settled()
    assert [one.words for one in memory.learnings()] == ["First"]
    await rounds.close()
    assert "Second" not in rounds.said()


async def test_ordinary_threads_cost_nothing(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """Nothing is remembered of replies to people, nor of those to other messages of Outloud's."""
    message = await slack.says("ana", "Anything?", in_=pocket)
    await slack.says("ben", "Something", in_=pocket, thread=message)
    await slack.types("ana", "/share A thing", in_=pocket)
    await memory.settled()
    card = slack.sees("ben").channel(pocket)[-1]
    await slack.says("ben", "About a card", in_=pocket, thread=card)
    await memory.settled()
    assert [one.words for one in memory.learnings()] == ["A thing"]
    assert memory.rows("SELECT * FROM answers") == []


async def test_what_was_answered_while_outloud_was_away_is_read(
    slack: Slack, bot: Bot, pocket: Channel, memory: Memory, rounds: Rounds
) -> None:
    """Answers, ❌ and deletions alike."""
    prompt = await rounds.ask()
    gone = await slack.says("cleo", "To be deleted", in_=pocket, thread=prompt)
    await memory.settled()
    await bot.stop()
    slack.app_url = ""
    ben = slack.find_person("ben").id
    slack.world.delete(pocket.id, gone.ts, by=gone.user)
    slack.world.post(pocket.id, ben, "While you were out", thread_ts=prompt.ts)
    slack.world.post(pocket.id, ben, "chat", thread_ts=prompt.ts)
    left = slack.world.post(pocket.id, slack.find_person("ana").id, "Left out", thread_ts=prompt.ts)
    slack.world.react(pocket.id, left.ts, left.user, "x")
    memory.run("UPDATE workspaces SET alive_at = alive_at - 3600")
    await bot.start()
    await slack.until(lambda: [one.words for one in memory.learnings()] == ["While you were out"])
    await memory.settled()
    assert [one.words for one in memory.learnings()] == ["While you were out"]


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


async def test_what_is_answered_before_outloud_knows_that_its_prompt_stands_is_not_lost(
    slack: Slack, pocket: Channel, memory: Memory, rounds: Rounds
) -> None:
    """Slack took the post, and its answer is on the way still, or lost with it. Edited or left out meanwhile, too."""
    slack.fails("chat.postMessage", "delayed after", times=1, seconds=1.0)
    await rounds.bot.db.write(open_round, rounds.asking(), at=time.time())
    prompt = await slack.until(
        lambda: [one for one in pocket.messages.values() if "taught you" in slack.text_of(one)][-1]
    )
    assert memory.rows("SELECT ts FROM rounds") == [{"ts": None}]
    first = await slack.says("ben", "Frist", in_=pocket, thread=prompt)
    await slack.edits("ben", first, "First")
    crossed = await slack.says("cleo", "Not this", in_=pocket, thread=prompt)
    await slack.reacts("cleo", "x", crossed)
    await slack.until(lambda: memory.rows("SELECT ts FROM rounds") == [{"ts": prompt.ts}])
    await slack.says("ben", "Second", in_=pocket, thread=prompt)
    await memory.settled()
    assert [one.words for one in memory.learnings()] == ["First"]
    assert "Frist" not in str(memory.rows("SELECT * FROM deliveries"))


async def deliver(slack: Slack, payload: dict[str, object]) -> None:
    """Deliver it by hand."""
    assert (await send(slack, "event", payload)).status == 200


async def test_the_leads_first_answer_follows_the_prompt(slack: Slack, memory: Memory, rounds: Rounds) -> None:
    """They are asked privately, may change it, and it is posted as theirs; nobody else hears of it before."""
    asking = rounds.asking(key="schedule:s:2026-11-25")
    question = await rounds.ask_first(asking)
    assert "Yours first, ready to go?" in slack.text_of(question)
    for words in ("Frist", "First, from me"):
        form = (await slack.presses("ana", "Write mine", on=question)).form
        assert form is not None
        await slack.submits("ana", form, {"words": words})
    late = (await slack.presses("ana", "Write mine", on=question)).form
    assert late is not None
    assert "First, from me" in str(late.content)
    assert memory.learnings() == []
    prompt = await rounds.open(asking)
    (learning,) = memory.learnings()
    assert (learning.words, learning.author) == ("First, from me", slack.find_person("ana").id)
    assert "First, from me" in slack.text_of(slack.sees("cleo").thread(prompt)[-1])
    assert memory.rows("SELECT * FROM first_answers") == []
    sent = await slack.submits("ana", late, {"words": "Too late"})
    assert "press *Answer* under it" in sent.errors["words"]
    await rounds.close()
    assert any("Nobody but you answered" in text for text in rounds.privately("ana"))


@pytest.mark.parametrize("why", ["never opened", "other question", "left the channel"])
async def test_a_first_answer_without_its_prompt_is_given_back(
    slack: Slack, pocket: Channel, memory: Memory, rounds: Rounds, why: str
) -> None:
    """With all that they wrote, and it is kept no longer."""
    asking = rounds.asking()
    form = (await slack.presses("ana", "Write mine", on=await rounds.ask_first(asking))).form
    assert form is not None
    await slack.submits("ana", form, {"words": "Ready & <waiting>"})
    if why == "never opened":
        memory.run("UPDATE first_answers SET opens_at = 1")
        await rounds.tick()
    elif why == "other question":
        await rounds.open(rounds.asking("Something else?", key=asking.key))
    else:
        await slack.leaves("ana", pocket)
        await rounds.open(asking)
    assert "Ready & <waiting>" in rounds.privately("ana")[-1].replace("&lt;", "<").replace("&gt;", ">").replace(
        "&amp;", "&"
    )
    assert memory.learnings() == []
    assert memory.rows("SELECT * FROM first_answers") == []


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


async def test_a_prompt_that_can_not_be_posted_ends_its_round(
    slack: Slack, pocket: Channel, memory: Memory, rounds: Rounds
) -> None:
    """Nothing is parked by it."""
    await slack.archives("ana", pocket)
    await memory.settled()
    await rounds.bot.db.write(open_round, rounds.asking(), at=1.0)
    await memory.settled()
    assert memory.outbox() == []
    assert memory.rows("SELECT closed_at FROM rounds")[0]["closed_at"] is not None


async def test_the_same_key_is_the_same_round(memory: Memory, rounds: Rounds) -> None:
    """Whoever asks twice, asks once."""
    asking = rounds.asking()
    await rounds.open(asking)
    await rounds.open(asking)
    assert len(memory.rows("SELECT * FROM rounds")) == 1


async def test_a_round_opens_with_the_best_of_the_last(slack: Slack, pocket: Channel, rounds: Rounds) -> None:
    """Of the same schedule; where nobody answered, nothing is said."""
    await rounds.ask(schedule="s")
    assert "Last time" not in rounds.said()
    await rounds.close()
    prompt = await rounds.ask(schedule="s")
    assert "Last time" not in rounds.said()
    await slack.says("ben", "One", in_=pocket, thread=prompt)
    await rounds.close()
    await rounds.ask()
    assert "Last time" not in rounds.said()
    await rounds.ask(schedule="s")
    assert "Last time one answered" in rounds.said()


async def test_a_tip_of_the_last_round_that_helped_is_named(slack: Slack, rounds: Rounds) -> None:
    """Its author, only where their name stands with it."""
    prompt = await rounds.ask(schedule="s")
    form = (await slack.presses("cleo", "Answer", on=prompt)).form
    assert form is not None
    await slack.submits("cleo", form, {"words": "Shyly", "name": "Without my name"})
    await rounds.memory.settled()
    await slack.presses("ben", "It helped me", on=slack.sees("ben").thread(prompt)[-1])
    await rounds.close()
    prompt = await rounds.ask(schedule="s")
    assert "Last time one answered; a learning has helped since" in rounds.said()
    form = (await slack.presses("ben", "Answer", on=prompt)).form
    assert form is not None
    await slack.submits("ben", form, {"words": "Openly"})
    await rounds.memory.settled()
    await slack.presses("cleo", "It helped me", on=slack.sees("cleo").thread(prompt)[-1])
    await rounds.close()
    await rounds.ask(schedule="s")
    assert "@ben's learning has helped since" in rounds.said()


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


async def test_of_two_forms_at_once_the_second_keeps_its_words(slack: Slack, memory: Memory, rounds: Rounds) -> None:
    """By a phone and a desk, say: one answer, one card; sent again, the first one is an edit."""
    prompt = await rounds.ask()
    one, two = [(await slack.presses("ben", "Answer", on=prompt)).form for _ in range(2)]
    assert one is not None
    assert two is not None
    await slack.submits("ben", one, {"words": "From my phone"})
    await memory.settled()
    sent = await slack.submits("ben", two, {"words": "From my desk"})
    assert "by another form already" in sent.errors["words"]
    await memory.settled()
    assert [learning.words for learning in memory.learnings()] == ["From my phone"]


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
