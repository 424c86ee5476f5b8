"""A message that is older than its pocket is kept when its author says yes, and not before."""

from __future__ import annotations

import pytest

from bench import pockets
from sandbox.records import Channel, Message
from sandbox.slack import Slack
from storage.owed.quiet import DAY
from tests.conftest import Bot
from tests.memory import Memory
from tests.sights import link_of, refusals

WORDS = "Wrote this before anybody collected anything, swordfish."


@pytest.fixture
async def old(slack: Slack, memory: Memory) -> Message:
    """What ana wrote in a channel that became a pocket after it, and that ben wants to keep."""
    channel = slack.channel("early", members=("ana", "ben", "cleo"))
    message = await slack.says("ana", WORDS, in_=channel)
    await pockets.begin(slack, "cleo", channel)
    await memory.settled()
    await slack.reacts("ben", "bulb", message)
    await memory.settled()
    return message


async def test_where_its_author_was_deactivated_nobody_is_asked_and_it_is_said(
    slack: Slack, memory: Memory, bot: Bot
) -> None:
    """Nothing of it is kept, neither by a reaction nor by the form."""
    assert bot
    channel = slack.channel("early", members=("ana", "ben", "cleo"))
    message = await slack.says("ana", WORDS, in_=channel)
    await pockets.begin(slack, "cleo", channel)
    await slack.deactivates("ana")
    await memory.settled()
    await slack.reacts("ben", "bulb", message)
    await memory.settled()
    (told,) = slack.sees("ben").ephemerals
    assert "is not here any more" in told.text
    form = (await slack.uses("cleo", "Keep this", message)).form
    assert form
    assert "is gone: so it can't be kept" in (await slack.submits("cleo", form)).errors["words"]
    assert [one.state for one in memory.learnings(state=None)] == ["taken back"]
    assert memory.rows("SELECT * FROM notices") == []


def asked(slack: Slack) -> Message:
    """What ana was asked."""
    (told,) = slack.sees("ana").dms
    return told


async def test_until_its_author_says_yes_it_is_nothing(slack: Slack, memory: Memory, old: Message) -> None:
    """No words of it are stored, no 📚 stands on it, and ben hears that its author is asked."""
    assert "@ben would like to keep something you wrote" in slack.text_of(asked(slack))
    assert memory.learnings() == []
    assert [(one.state, one.words) for one in memory.learnings(state=None)] == [("asked", "")]
    everything = [str(memory.rows(f"SELECT * FROM {table}")) for table in ("learnings", "outbox", "notices")]  # noqa: S608
    assert "swordfish" not in "".join(everything)
    assert "books" not in old.reactions
    (told,) = slack.sees("ben").ephemerals
    assert "its author is asked first" in told.text
    assert slack.sees("ben").dms == []


async def test_a_yes_keeps_it_and_is_not_told_anew(slack: Slack, memory: Memory, old: Message) -> None:
    """With its words as they stand now; ana's own yes tells her all that a first keep would."""
    await slack.edits("ana", old, f"{WORDS} Edited.")
    await slack.presses("ana", "Yes, keep it", on=asked(slack))
    await memory.settled()
    assert [one.words for one in memory.learnings()] == [f"{WORDS} Edited."]
    assert "books" in old.reactions
    assert "It is kept, with your name" in slack.text_of(asked(slack))
    assert len(slack.sees("ben").dms) == 1
    await slack.presses("ana", "Undo", on=asked(slack))
    await memory.settled()
    assert memory.learnings() == []


@pytest.mark.parametrize("answer", ["No", "Never keep mine"])
async def test_a_no_holds_for_everybody(slack: Slack, memory: Memory, old: Message, answer: str) -> None:
    """Whoever tries next hears only that it can't be kept."""
    await slack.presses("ana", answer, on=asked(slack))
    await slack.reacts("cleo", "bulb", old)
    await memory.settled()
    assert memory.learnings() == []
    assert [one.state for one in memory.learnings(state=None)] == ["withheld"]
    assert refusals(slack, "cleo") == [link_of(slack, old)]


async def test_its_authors_own_keep_is_a_yes(slack: Slack, memory: Memory, old: Message) -> None:
    """They need not be asked what they do themselves."""
    await slack.reacts("ana", "bulb", old)
    await memory.settled()
    assert [one.words for one in memory.learnings()] == [WORDS]


async def test_a_second_curator_hears_the_same_and_nobody_is_asked_twice(
    slack: Slack, memory: Memory, old: Message
) -> None:
    """One question, two who wait for its answer, and then both keep it."""
    await slack.reacts("cleo", "bulb", old)
    await memory.settled()
    assert "its author is asked first" in slack.sees("cleo").ephemerals[-1].text
    await slack.presses("ana", "Yes, keep it", on=asked(slack))
    await memory.settled()
    (kept,) = memory.learnings()
    assert len(kept.curators) == 2


async def test_a_yes_to_what_nobody_wants_any_more_says_so(slack: Slack, memory: Memory, old: Message) -> None:
    """Ben changed his mind meanwhile."""
    await slack.unreacts("ben", "bulb", old)
    await memory.settled()
    await slack.presses("ana", "Yes, keep it", on=asked(slack))
    await memory.settled()
    assert memory.learnings() == []
    assert any("nothing to say yes to" in one.text for one in slack.sees("ana").ephemerals)


async def test_a_message_that_is_deleted_while_it_waits_is_gone(slack: Slack, memory: Memory, old: Message) -> None:
    """And so is what was asked of it."""
    await slack.deletes("ana", old)
    await memory.settled()
    assert [one.state for one in memory.learnings(state=None)] == ["deleted"]
    await slack.presses("ana", "Yes, keep it", on=asked(slack))
    await memory.settled()
    assert memory.learnings() == []


async def test_what_is_younger_than_the_pocket_needs_no_yes(
    slack: Slack, bot: Bot, memory: Memory, old: Message
) -> None:
    """By Slack's times: whatever the bot's own clock says."""
    bot.ahead = 3 * DAY
    message = await slack.says("cleo", "Right after it began", in_=slack.world.channel(old.channel))
    await slack.reacts("ben", "bulb", message)
    await memory.settled()
    assert [one.words for one in memory.learnings()] == ["Right after it began"]


async def test_a_question_that_waits_for_its_day_is_not_put_when_it_is_answered(
    slack: Slack, bot: Bot, memory: Memory, old: Message
) -> None:
    """Ben wants a second one: ana heard something today; tomorrow she says never before it comes."""
    channel: Channel = slack.world.channel(old.channel)
    other = slack.world.post(channel.id, slack.find_person("ana").id, "Older still")
    memory.run("UPDATE pockets SET started_ts = '9999999999.000000'")
    await slack.reacts("ben", "bulb", other)
    await memory.settled()
    assert len(slack.sees("ana").dms) == 1
    await slack.presses("ana", "Never keep mine", on=asked(slack))
    bot.ahead = DAY + 60
    assert bot.outloud is not None
    await bot.outloud.bring_notices()
    await memory.settled()
    assert len(slack.sees("ana").dms) == 1
    assert memory.rows("SELECT * FROM notices") == []


async def trims(slack: Slack, memory: Memory, old: Message, who: str, left: str) -> None:
    """Somebody keeps it by the shortcut, and leaves words out."""
    form = (await slack.uses(who, "Keep this", old)).form
    assert form
    await slack.suggests(who, form, "topics", "history")
    assert (await slack.submits(who, form, {"words": left, "topics": ["history"]})).closed
    await memory.settled()


async def test_what_a_curator_left_out_waits_for_the_yes_by_its_places_alone(
    slack: Slack, memory: Memory, old: Message
) -> None:
    """The form hands the message in, and still none of its words are stored; with the yes it is shortened, as they wanted."""
    await trims(slack, memory, old, "cleo", "Wrote this … swordfish")
    assert memory.learnings() == []
    (held,) = memory.rows("SELECT * FROM learnings")
    assert not any(word in str(held) for word in ("swordfish", "Wrote", "this"))
    assert memory.rows("SELECT * FROM learning_topics") == []
    await slack.presses("ana", "Yes, keep it", on=asked(slack))
    await memory.settled()
    (kept,) = memory.learnings()
    assert (kept.words, kept.topics) == ("Wrote this … swordfish", ())
    assert memory.rows("SELECT shortened_by, cut FROM learnings") == [
        {"shortened_by": slack.find_person("cleo").id, "cut": None}
    ]
    await slack.edits("ana", old, "Wrote it anew.")  # as ever, an edit ends what was left out
    assert [one.words for one in memory.learnings()] == ["Wrote it anew."]


async def test_an_author_is_asked_of_what_would_stand_there(slack: Slack, memory: Memory) -> None:
    """That it would be shortened, and by whom, they hear before they say yes."""
    channel = slack.channel("early", members=("ana", "ben", "cleo"))
    message = await slack.says("ana", WORDS, in_=channel)
    await pockets.begin(slack, "cleo", channel)
    await memory.settled()
    await trims(slack, memory, message, "ben", "Wrote this")
    assert slack.text_of(asked(slack)).splitlines()[0].endswith("it stays that way. It would be shortened by @ben.")
    assert memory.learnings() == []


async def test_what_was_edited_before_the_yes_comes_whole(slack: Slack, memory: Memory, old: Message) -> None:
    """Nobody has shortened what it says now; its places would cut anything out of it."""
    await trims(slack, memory, old, "cleo", "Wrote this")
    await slack.edits("ana", old, f"Well: {WORDS}")
    await slack.presses("ana", "Yes, keep it", on=asked(slack))
    await memory.settled()
    assert [one.words for one in memory.learnings()] == [f"Well: {WORDS}"]
    assert memory.rows("SELECT shortened_by, shortened_from FROM learnings") == [
        {"shortened_by": None, "shortened_from": None}
    ]


async def test_after_never_and_a_change_of_mind_an_author_is_asked_anew(
    slack: Slack, bot: Bot, memory: Memory, old: Message
) -> None:
    """Their never ended what waited; whoever tries then is not told that they are asked while nobody asks."""
    announced = next(one for one in slack.world.channel(old.channel).messages.values() if "made this" in one.text)
    await slack.presses("ana", "Not mine", on=announced)
    assert [one.state for one in memory.learnings(state=None)] == ["taken back"]
    await slack.presses("ana", "I changed my mind", on=slack.sees("ana").ephemerals[-1])
    await slack.reacts("cleo", "bulb", old)
    await memory.settled()
    bot.ahead = DAY + 60
    assert bot.outloud is not None
    await bot.outloud.bring_notices()
    await memory.settled()
    assert ["@cleo would like to keep" in slack.text_of(one) for one in slack.sees("ana").dms] == [False, True]


async def test_where_the_pocket_has_ended_a_yes_keeps_nothing(slack: Slack, memory: Memory, old: Message) -> None:
    """Of a channel that is no pocket nothing is stored."""
    await slack.types("cleo", "/outloud stop", in_=slack.world.channel(old.channel))
    await slack.presses("ana", "Yes, keep it", on=asked(slack))
    await memory.settled()
    assert memory.learnings() == []
    assert any("nothing to say yes to" in one.text for one in slack.sees("ana").ephemerals)


async def test_whoever_wants_it_no_more_is_not_named(slack: Slack, bot: Bot, pocket: Channel, memory: Memory) -> None:
    """Ben asked first, took it back, and cleo wants it still: a day later, when ana is asked, it is cleo who would like to."""
    channel = slack.channel("early", members=("ana", "ben", "cleo"))
    old = await slack.says("ana", WORDS, in_=channel)
    new = await slack.says("ana", "Younger than its pocket.", in_=pocket)
    await pockets.begin(slack, "cleo", channel)
    await slack.reacts("cleo", "bulb", new)  # of which ana hears today
    await memory.settled()
    await slack.reacts("ben", "bulb", old)
    await slack.reacts("cleo", "bulb", old)
    await slack.unreacts("ben", "bulb", old)
    await memory.settled()
    assert bot.outloud
    bot.ahead = DAY + 60
    await bot.outloud.bring_notices()
    await memory.settled()
    told = slack.sees("ana").dms[-1]
    assert "@cleo would like to keep something you wrote" in slack.text_of(told)
    assert "@ben" not in slack.text_of(told)
