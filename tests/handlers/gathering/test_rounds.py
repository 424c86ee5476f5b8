"""Rounds: a prompt is posted, and each person's first reply is theirs. How they end: test_round_endings.py."""

from __future__ import annotations

import time

import pytest

from sandbox.records import Channel
from sandbox.slack import Slack
from storage.prompts.rounds import open as open_round
from tests.again import send, untold
from tests.conftest import BY_EITHER_DOOR, Bot
from tests.memory import Memory
from tests.rounds import Rounds


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
    """Whoever said never is not collected; nor are bots, nor what holds no words, but emoji, or somebody's name."""
    prompt = await rounds.ask()
    announcement = next(one for one in pocket.messages.values() if "made this channel" in one.text)
    await slack.presses("ben", "Not mine", on=announcement)
    await slack.says("ben", "Not for keeps", in_=pocket, thread=prompt)
    slack.person("deploybot", bot=True)
    await slack.joins("deploybot", pocket)
    await slack.says("deploybot", "Deployed", in_=pocket, thread=prompt)
    await slack.says("cleo", "", in_=pocket, thread=prompt, files=["cat.png"])
    for signs in (":tada:", ":+1::skin-tone-3: :joy:", "🎉", "@ben :eyes:"):
        await slack.says("cleo", signs, in_=pocket, thread=prompt)
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
