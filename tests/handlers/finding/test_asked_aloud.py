"""Asked aloud: named in a channel, or written to directly, Outloud finds what there is, for whoever asked alone."""

from __future__ import annotations

import time

import pytest

from handlers.slack import audience
from sandbox.records import Channel, Ephemeral
from sandbox.slack import Slack
from storage.ids import ChannelId, MessageRef, Person, PersonId, Place, Ts, WorkspaceId
from storage.owed import addressed
from tests.conftest import Bot
from tests.memory import Memory
from tests.sights import card_of, cards

POST = "Post this here"
KEYS = "Rotate the keys by the script in tools/."


async def whispered(slack: Slack, who: str, memory: Memory, *, after: int = 0) -> list[Ephemeral]:
    """What only they see, behind the first `after`, once all is said."""
    await memory.settled()
    return slack.sees(who).ephemerals[after:]


async def posts(slack: Slack, found: Ephemeral) -> str:
    """Ben presses *post this here*; on a machine that has much else to do, again, as he is told to. What he hears."""
    said = (await slack.presses("ben", POST, on=found)).text
    while "in time" in said:
        said = (await slack.presses("ben", POST, on=found)).text
    return said


async def test_a_mention_is_answered_once_and_only_to_whoever_asked_where_they_asked(
    slack: Slack, pocket: Channel, memory: Memory
) -> None:
    """In the thread that they wrote in. An edit asks nothing anew, but one that names it first asks."""
    await slack.types("ana", f"/share {KEYS}", in_=pocket)
    root = await slack.says("cleo", "The keys are old.", in_=pocket)
    told = len(await whispered(slack, "ben", memory))
    asked = await slack.says("ben", "@outloud: how do we rotate the keys?", in_=pocket, thread=root)
    (found,) = await whispered(slack, "ben", memory, after=told)
    assert found.thread_ts == root.ts
    assert "how do we rotate the keys" in found.text
    assert "outloud" not in found.text.lower()
    assert KEYS in slack.text_of(found)
    await slack.edits("ben", asked, "@outloud: how do we rotate keys?")
    late = await slack.says("ben", "And the certificates?", in_=pocket)
    assert len(await whispered(slack, "ben", memory, after=told)) == 1
    await slack.edits("ben", late, "@outloud And the keys?")
    _, again = await whispered(slack, "ben", memory, after=told)
    assert again.thread_ts == ""
    assert [len(slack.sees(who).ephemerals) for who in ("cleo", "dan")] == [0, 0]
    assert len(cards(slack, "cleo", pocket)) == 1
    assert "how do we" not in str(memory.rows("SELECT * FROM outbox")) + str(memory.rows("SELECT * FROM deliveries"))


async def test_what_is_found_is_posted_for_all_and_what_is_not_is_asked(
    slack: Slack, pocket: Channel, memory: Memory
) -> None:
    """In the same thread, once; and the question goes into the form, and is asked of the pocket."""
    await slack.types("ana", f"/share {KEYS}", in_=pocket)
    root = await slack.says("cleo", "The keys are old.", in_=pocket)
    await slack.says("ben", "@outloud rotate the keys", in_=pocket, thread=root)
    found = (await whispered(slack, "ben", memory))[-1]
    assert "It is posted here" in await posts(slack, found)
    await memory.settled()
    (shown,) = [one for one in slack.sees("cleo").thread(root) if one.user == slack.app.id]
    said = slack.text_of(shown)
    assert said.startswith("@ben shows what was learned in #learning:")
    assert KEYS in said
    assert "by @ana  ·  #learning  ·  today  ·  Open" in said
    assert "posted here just now" in await posts(slack, found)
    await slack.says("ben", "@outloud Feeds anybody <!channel> hamsters & when?", in_=pocket)
    nothing = (await whispered(slack, "ben", memory))[-1]
    assert "Nothing that you may read speaks of" in nothing.text
    form = (await slack.presses("ben", "Ask this pocket", on=nothing)).form
    assert form is not None
    assert (await slack.submits("ben", form, {})).closed
    await memory.settled()
    card = card_of(slack, pocket, "hamster")
    assert "❓ Open question" in slack.text_of(card)
    assert "Feeds anybody &lt;!channel&gt; hamsters &amp; when?" in str(card.blocks)


async def test_a_channel_that_is_no_pocket_and_a_mention_without_words_have_a_sentence(
    slack: Slack, pocket: Channel, memory: Memory
) -> None:
    """Only for whoever wrote it; bots are not answered."""
    other = slack.channel("lounge", members=("ben", "cleo"))
    slack.person("deploybot", bot=True)
    await slack.joins("deploybot", pocket)
    await slack.says("deploybot", "@outloud deployed", in_=pocket)
    await slack.says("ben", "@outloud how do we rotate the keys?", in_=other)
    await slack.says("ben", "  @outloud  ", in_=pocket)
    said = {one.channel: one.text for one in await whispered(slack, "ben", memory)}  # whichever came first
    assert said.keys() == {other.id, pocket.id}
    assert "this channel is none" in said[other.id]
    assert "Ask me something" in said[pocket.id]


async def test_a_direct_message_is_a_conversation_of_searches(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """Also in a thread there; an edit, a deletion, and a file without words are no questions."""
    await slack.types("ana", f"/share {KEYS}", in_=pocket)
    first = await slack.says("dan", "how do we rotate the keys?", in_=slack.app)
    await memory.settled()
    (answer,) = [one for one in slack.sees("dan").dms if one.user == slack.app.id]
    assert KEYS in slack.text_of(answer)
    assert POST not in slack.text_of(answer)
    await slack.says("dan", "@outloud zebra", in_=slack.app, thread=first)
    await slack.says("dan", "", in_=slack.app, files=["cat.png"])
    await slack.edits("dan", first, "how do we rotate anything?")
    gone = await slack.says("dan", "help", in_=slack.app)
    await memory.settled()
    await slack.deletes("dan", gone)
    await memory.settled()
    _, in_thread, helped = [one for one in slack.sees("dan").dms if one.user == slack.app.id]
    assert in_thread.thread_ts == first.ts
    assert "Nothing that you may read speaks of “zebra”" in slack.text_of(in_thread)
    assert "[Ask a pocket] [Ask people who know] [Who knows this?]" in slack.text_of(in_thread)
    assert "zebra" in (await slack.presses("dan", "Who knows this?", on=in_thread)).text
    assert "Ask me something" in slack.text_of(helped)


async def test_words_that_a_restart_forgot_are_read_where_they_were_written(
    slack: Slack, bot: Bot, pocket: Channel, memory: Memory
) -> None:
    """And a question that was deleted before its answer has none."""
    await slack.types("ana", f"/share {KEYS}", in_=pocket)
    ben, place = slack.find_person("ben").id, Place(WorkspaceId(slack.world.team_id), ChannelId(pocket.id))
    told = len(await whispered(slack, "ben", memory))
    asked = slack.world.post(pocket.id, ben, f"<@{slack.app.id}> rotate keys").ts
    for ts in (asked, "1700000000.000001"):
        by = Person(place.workspace, PersonId(ben))
        await bot.db.write(addressed.in_channel, MessageRef(place, Ts(ts)), None, by=by, at=time.time())
    found = await whispered(slack, "ben", memory, after=told)
    assert KEYS in slack.text_of(found[-1])
    assert len(found) <= 2


async def test_who_wanted_it_posted_hears_where_it_may_not_be_any_more(
    slack: Slack, pocket: Channel, memory: Memory
) -> None:
    """A guest has come before it stood there; once they have gone, it may be tried again."""
    other = slack.channel("open", members=("ana", "ben"))
    await slack.types("ana", "/outloud start open", in_=other)
    await slack.types("ana", "/share A zebra", in_=other)
    await memory.settled()
    await slack.says("ben", "@outloud zebra", in_=pocket)
    found = (await whispered(slack, "ben", memory))[-1]
    slack.fails("chat.postMessage", "429", seconds=1.0)
    assert "It is posted here" in await posts(slack, found)
    await slack.invites("ana", slack.person("gil", guest="multi"), pocket)
    slack.mends()
    await memory.settled()
    assert "Not everybody who is in <#" in slack.sees("ben").dms[-1].text
    assert not any("A zebra" in one for one in cards(slack, "cleo", pocket))
    await slack.removes("ana", "gil", pocket)
    assert "It is posted here" in await posts(slack, found)


async def test_to_ask_it_in_a_thread_is_no_answer_there(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """Below a question, by its name first: whoever asked it hears of no answer, and the same person's answer is their first."""
    await slack.types("ana", f"/share {KEYS}", in_=pocket)
    form = (await slack.types("ana", "/share", in_=pocket)).form
    assert form is not None
    await slack.submits("ana", form, {"words": "Who rotates them?", "kind": "Question"})
    await memory.settled()
    card = card_of(slack, pocket, "Who rotates them?")
    told = len(slack.sees("ana").dms)
    await slack.says("ben", "@outloud: how do we rotate the keys?", in_=pocket, thread=card)
    found = (await whispered(slack, "ben", memory))[-1]
    assert KEYS in slack.text_of(found)
    assert len(slack.sees("ana").dms) == told
    await slack.says("ben", "Cleo does, says @outloud", in_=pocket, thread=card)
    await memory.settled()
    assert [one.words.partition(" says")[0] for one in memory.learnings()[2:]] == ["Cleo does,"]
    assert len(slack.sees("ana").dms) == told + 1


async def test_whoever_is_there_may_ask_and_post_though_nobody_told_that_they_came(
    slack: Slack, pocket: Channel, memory: Memory
) -> None:
    """Slack is asked before anybody hears that they are not in the channel that they are in; who is not there hears so."""
    await slack.types("ana", f"/share {KEYS}", in_=pocket)
    await slack.says("ben", "@outloud rotate the keys", in_=pocket)
    found = (await whispered(slack, "ben", memory))[-1]
    memory.run("DELETE FROM memberships WHERE person = :ben", ben=slack.find_person("ben").id)
    assert "It is posted here" in await posts(slack, found)
    form = (await slack.presses("ben", "Ask this pocket", on=found)).form
    memory.run("DELETE FROM memberships WHERE person = :ben", ben=slack.find_person("ben").id)
    assert form is not None
    assert (await slack.submits("ben", form, {})).closed
    form = (await slack.presses("ben", "Ask this pocket", on=found)).form
    assert form is not None
    await slack.leaves("ben", pocket)
    await memory.settled()
    assert "not in that channel" in str((await slack.submits("ben", form, {})).errors)


async def test_where_too_many_are_to_look_at_each_it_says_so(
    slack: Slack, pocket: Channel, memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When it is pressed, and when more have come before it stood there: not that somebody may not see it."""
    monkeypatch.setattr(audience, "MOST_LOOKED_AT", len(pocket.members))
    other = slack.channel("open", members=("ana", "ben"))
    await slack.types("ana", "/outloud start open", in_=other)
    await slack.types("ana", "/share A zebra", in_=other)
    await slack.joins(slack.person("eve").name, pocket)
    await memory.settled()
    await slack.says("ben", "@outloud zebra", in_=pocket)
    found = (await whispered(slack, "ben", memory))[-1]
    assert (await posts(slack, found)).startswith("More than 50 people are here")
    await slack.removes("ana", "eve", pocket)
    slack.fails("chat.postMessage", "429", seconds=1.0)
    assert "It is posted here" in await posts(slack, found)
    await slack.invites("ana", "eve", pocket)
    slack.mends()
    await memory.settled()
    assert slack.sees("ben").dms[-1].text.startswith("More than 50 people are in <#")
    assert not any("A zebra" in one for one in cards(slack, "cleo", pocket))


async def test_only_what_all_who_are_there_may_see_is_posted(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """Of another public channel, where no guest is; never of a private one, nor where somebody is not known to be none."""
    for name, private in (("open", False), ("inner", True)):
        other = slack.channel(name, members=("ana", "ben"), private=private)
        await slack.types("ana", f"/outloud start {name}", in_=other)
        await slack.types("ana", f"/share A {name} zebra", in_=other)
    await memory.settled()
    await slack.says("ben", "@outloud zebra", in_=pocket)
    found = (await whispered(slack, "ben", memory))[-1]
    assert slack.text_of(found).count("zebra") >= 2
    assert slack.text_of(found).count(f"[{POST}]") == 1
    await slack.invites("ana", slack.person("gil", guest="multi"), pocket)
    assert "Not everybody here may see that" in await posts(slack, found)
    await slack.removes("ana", "gil", pocket)
    assert "It is posted here" in await posts(slack, found)
    await memory.settled()
    posted = cards(slack, "cleo", pocket)
    assert len([one for one in posted if "A open zebra" in one]) == 1
    assert not any("inner" in one for one in posted)
