"""Keep this: the shortcut on a message, its form, and what stands then as if by a reaction."""

from __future__ import annotations

from typing import Any

import pytest

from bench import pockets
from sandbox.records import Channel, Message, View
from sandbox.slack import Slack
from tests.again import again, last, send
from tests.conftest import BY_EITHER_DOOR, Bot
from tests.memory import Memory

WORDS = "Well, WAL mode lets readers go on & writers <wait>, as we saw on Friday."


@pytest.fixture
async def message(slack: Slack, pocket: Channel) -> Message:
    """What ana wrote."""
    return await slack.says("ana", WORDS, in_=pocket)


async def opened(slack: Slack, message: Message, *, by: str = "ben") -> View:
    """The form that the shortcut opens."""
    answer = await slack.uses(by, "Keep this", message)
    assert answer.form is not None, answer
    return answer.form


async def refused(slack: Slack, message: Message, *, by: str = "ben") -> str:
    """What the shortcut says instead."""
    answer = await slack.uses(by, "Keep this", message)
    assert answer.form is None
    assert not answer.failed
    return answer.text


@BY_EITHER_DOOR
async def test_a_message_is_kept_by_the_shortcut_as_by_a_reaction(
    slack: Slack, message: Message, memory: Memory
) -> None:
    """The form says who wrote it, and holds its words; sent, the credit is the author's, and 📚 says so."""
    form = await opened(slack, message)
    shown = slack.text_of(form)
    assert "Written by @ana" in shown
    assert f"[{WORDS}]" in shown
    await slack.suggests("ben", form, "topics", "SQLite")
    assert (await slack.submits("ben", form, {"topics": ["sqlite"]})).closed
    await memory.settled()
    (learning,) = memory.learnings()
    assert (learning.words, learning.author) == (message.text, slack.find_person("ana").id)
    assert (set(learning.curators), learning.topics) == ({slack.find_person("ben").id}, ("sqlite",))
    assert learning.link == slack.world.permalink(message)
    assert slack.sees("cleo").reactions(message) == {"books": ["outloud"]}
    assert memory.rows("SELECT shortened_by FROM learnings") == [{"shortened_by": None}]
    assert "@ben found something you wrote" in slack.text_of(slack.sees("ana").dms[0])
    assert "shortened" not in slack.text_of(slack.sees("ana").dms[0])


async def test_the_first_keep_by_the_shortcut_says_how_to_take_it_back(
    slack: Slack, message: Message, memory: Memory
) -> None:
    """Not by taking an emoji off that nobody gave; *undo* does it."""
    await slack.submits("ben", await opened(slack, message))
    await memory.settled()
    (told,) = slack.sees("ben").dms
    assert "Press undo, or use the shortcut again" in slack.text_of(told)
    await slack.presses("ben", "Undo", on=told)
    await memory.settled()
    assert memory.learnings() == []
    assert "books" not in slack.sees("ana").reactions(message)


async def test_a_reply_in_a_thread_can_be_kept_by_the_shortcut(
    slack: Slack, message: Message, memory: Memory, pocket: Channel
) -> None:
    """Its link leads into the thread."""
    reply = await slack.says("cleo", "Like this.", in_=pocket, thread=message)
    await slack.submits("ben", await opened(slack, reply))
    assert [(one.words, one.link) for one in memory.learnings()] == [("Like this.", slack.world.permalink(reply))]


async def test_what_a_curator_left_out_stays_out_and_stands_with_their_name(
    slack: Slack, message: Message, memory: Memory
) -> None:
    """The author's words in their order, and in Slack's spelling; the author hears that they are shortened."""
    form = await opened(slack, message)
    short = "WAL mode lets readers go on & writers <wait>."
    assert (await slack.submits("ben", form, {"words": short})).errors == {"words": _not_there("<wait>.")}
    assert (await slack.submits("ben", form, {"words": short[:-1]})).closed
    await memory.settled()
    (learning,) = memory.learnings()
    assert learning.words == "WAL mode lets readers go on &amp; writers &lt;wait&gt;"
    assert memory.rows("SELECT shortened_by FROM learnings") == [{"shortened_by": slack.find_person("ben").id}]
    assert "It is shortened by @ben." in slack.text_of(slack.sees("ana").dms[0])


async def test_nobody_puts_words_into_an_authors_mouth(slack: Slack, message: Message, memory: Memory) -> None:
    """Changed, added or moved: the form says which word, and stays open."""
    form = await opened(slack, message)
    for words, word in (
        ("WAL mode lets writers go on.", "go"),
        ("WAL mode always lets readers go on", "always"),
        ("readers lets", "lets"),
        ("<!channel> WAL mode", "<!channel>"),
        ("x" * 3000, "x" * 40 + "…"),
    ):
        sent = await slack.submits("ben", form, {"words": words})
        assert sent.errors == {"words": _not_there(word)}
        assert memory.learnings(state=None) == [], word


async def test_a_keep_of_no_words_is_none(slack: Slack, message: Message, memory: Memory) -> None:
    """Also what Slack's own client would have stopped."""
    for value in ("  \n", "\u200b", "\x00", "…", None):
        answer = await _by_hand(slack, message, value)
        assert "No words are left" in str(answer), value
        assert memory.learnings(state=None) == [], value


async def test_far_too_many_words_are_none_of_the_authors(slack: Slack, message: Message, memory: Memory) -> None:
    """Forty thousand signs by hand."""
    assert "is not what stands there" in str(await _by_hand(slack, message, "a" * 40_000))
    assert memory.learnings(state=None) == []


async def test_an_edit_brings_the_words_whole_and_ends_the_shortening(
    slack: Slack, message: Message, memory: Memory
) -> None:
    """Nobody has shortened the words that stand there now."""
    await slack.submits("ben", await opened(slack, message), {"words": "WAL mode"})
    await slack.edits("ana", message, "WAL mode does not let readers go on.")
    assert [one.words for one in memory.learnings()] == ["WAL mode does not let readers go on."]
    assert memory.rows("SELECT shortened_by, shortened_from FROM learnings") == [
        {"shortened_by": None, "shortened_from": None}
    ]


async def test_a_message_that_is_longer_than_a_form_is_kept_whole_or_its_beginning(
    slack: Slack, pocket: Channel, memory: Memory
) -> None:
    """What fits stands in the form; the field left empty means all of it."""
    message = await slack.says("ana", "long words " * 1000, in_=pocket)
    form = await opened(slack, message)
    assert "longer than a form holds" in slack.text_of(form)
    await slack.submits("ben", form, {"words": ""})
    assert [one.words for one in memory.learnings()] == [message.text]
    await slack.submits("cleo", await opened(slack, message, by="cleo"))
    (learning,) = memory.learnings()
    assert 2900 < len(learning.words) <= 3000
    assert memory.rows("SELECT shortened_by FROM learnings") == [{"shortened_by": slack.find_person("cleo").id}]


async def test_a_form_that_is_sent_twice_keeps_once(slack: Slack, message: Message, memory: Memory) -> None:
    """A double click: one learning, one curator, one note, one 📚."""
    await slack.submits("ben", await opened(slack, message), {"words": "WAL mode"})
    assert (await again(slack, "view_submission")).status == 200
    await memory.settled()
    assert [one.words for one in memory.learnings()] == ["WAL mode"]
    assert len(memory.rows("SELECT * FROM keeps")) == 1
    assert len(slack.sees("ben").dms) == 1


async def test_it_is_taken_back_by_the_shortcut_again(slack: Slack, message: Message, memory: Memory) -> None:
    """The form offers it; the form of before keeps nothing then, and the shortcut keeps it anew."""
    await slack.submits("ben", await opened(slack, message))
    old = last(slack, "view_submission")
    await memory.settled()
    form = await opened(slack, message)
    assert "You keep this message already" in slack.text_of(form)
    await slack.presses("ben", "Don't keep it any more", on=form)
    await memory.settled()
    assert "You don't keep it any more." in slack.text_of(slack.sees("ben").form or form)
    assert memory.learnings() == []
    assert "books" not in slack.sees("ana").reactions(message)
    assert "took this keep back" in str((await send(slack, "view_submission", old)).json())
    assert memory.learnings() == []
    await slack.submits("ben", await opened(slack, message))
    assert len(memory.learnings()) == 1


async def test_a_keep_by_the_shortcut_and_one_by_a_reaction_are_two_hands_of_one_curator(
    slack: Slack, message: Message, memory: Memory
) -> None:
    """Taking the reaction off leaves what the shortcut keeps; others' keeps leave it alone."""
    await slack.reacts("ben", "bulb", message)
    await memory.settled()
    await slack.submits("ben", await opened(slack, message), {"words": "WAL mode"})
    assert len(memory.learnings()[0].curators) == 1
    await slack.unreacts("ben", "bulb", message)
    await memory.settled()
    assert [one.words for one in memory.learnings()] == ["WAL mode"]


async def test_what_nobody_left_out_changes_nothing_of_anothers_shortening(
    slack: Slack, message: Message, memory: Memory
) -> None:
    """Cleo keeps it too, as it is; only ben brings the whole back."""
    await slack.submits("ben", await opened(slack, message), {"words": "WAL mode"})
    await slack.submits("cleo", await opened(slack, message, by="cleo"))
    assert [(one.words, len(one.curators)) for one in memory.learnings()] == [("WAL mode", 2)]
    await slack.submits("ben", await opened(slack, message))
    assert [one.words for one in memory.learnings()] == [message.text]


async def test_an_author_who_said_never_is_never_kept(slack: Slack, message: Message, memory: Memory) -> None:
    """The curator hears what they hear of any message that can't be kept; also who had the form open before."""
    form = await opened(slack, message)
    memory.run("UPDATE people SET never_keep = true WHERE id = :id", id=slack.find_person("ana").id)
    assert await refused(slack, message) == "This message can't be kept."
    assert (await slack.submits("ben", form)).errors == {"words": "This message can't be kept."}
    assert memory.learnings(state=None) == []
    assert memory.outbox() == []


async def test_what_an_author_undid_can_be_kept_by_them_alone(slack: Slack, message: Message, memory: Memory) -> None:
    """As with reactions."""
    await slack.submits("ben", await opened(slack, message))
    await memory.settled()
    await slack.presses("ana", "Undo", on=slack.sees("ana").dms[0])
    assert await refused(slack, message, by="cleo") == "This message can't be kept."
    await slack.submits("ana", await opened(slack, message, by="ana"))
    assert len(memory.learnings()) == 1


async def test_where_it_can_not_be_kept_a_sentence_says_why(slack: Slack, pocket: Channel) -> None:
    """A bot's message, a direct message, a channel that is no pocket, one that was one, one without Outloud."""
    slack.person("deploybot", bot=True)
    await slack.joins("deploybot", pocket)
    assert "Only what people write" in await refused(slack, await slack.says("deploybot", "Deployed", in_=pocket))
    direct = await slack.says("ben", "psst", in_="ana")
    assert "in a direct message" in await refused(slack, direct)
    lunch = slack.channel("lunch", members=("ben",))
    assert "not a learning pocket yet" in await refused(slack, await slack.says("ben", "Soup", in_=lunch))
    message = await slack.says("ben", "Anything", in_=pocket)
    await slack.removes("ana", slack.app, pocket)
    await slack.until(lambda: slack.app.id not in pocket.members)
    assert "Outloud is not in this channel" in await refused(slack, message)
    await slack.invites("ana", slack.app, pocket)
    await slack.types("ana", "/outloud stop", in_=pocket)
    assert "no learning pocket any more" in await refused(slack, message)


async def test_a_pocket_that_ended_while_the_form_was_open_says_so(
    slack: Slack, pocket: Channel, message: Message, memory: Memory
) -> None:
    """Nothing is kept."""
    form = await opened(slack, message)
    await slack.types("ana", "/outloud stop", in_=pocket)
    assert "no learning pocket any more" in (await slack.submits("ben", form)).errors["words"]
    assert memory.learnings(state=None) == []


async def test_a_message_that_is_gone_or_not_shown_is_not_kept(slack: Slack, message: Message, memory: Memory) -> None:
    """Slack is silent: try again. Deleted meanwhile: it can't be kept."""
    form = await opened(slack, message)
    slack.fails("reactions.get", "error before", times=1)
    assert "did not show this message in time" in (await slack.submits("ben", form)).errors["words"]
    await slack.deletes("ana", message)
    assert (await slack.submits("ben", form)).errors == {"words": "This message can't be kept."}
    assert memory.learnings(state=None) == []


async def test_a_keep_by_the_shortcut_outlives_a_gap(slack: Slack, message: Message, memory: Memory) -> None:
    """What is read up on after a gap shows no reaction of it, and words that are longer than what was left."""
    from storage.db import database  # noqa: PLC0415 -- storage's own road, for a gap that takes minutes otherwise
    from storage.ids import ChannelId, MessageRef, Place, Ts, WorkspaceId  # noqa: PLC0415
    from storage.kept import sources  # noqa: PLC0415 -- storage's own road, for a gap that takes minutes otherwise

    await slack.submits("ben", await opened(slack, message), {"words": "WAL mode"})
    ref = MessageRef(Place(WorkspaceId(slack.world.team_id), ChannelId(message.channel)), Ts(message.ts))
    shown = sources.Shown(ref, message.text, frozenset())
    db = database.Database(memory.url)
    await db.write(sources.shown, [shown], known=Ts(slack.world.new_ts()), at=9.0)
    await db.close()
    assert [(one.words, len(one.curators)) for one in memory.learnings()] == [("WAL mode", 1)]


@pytest.mark.usefixtures("pocket")
async def test_something_can_be_shared_from_anywhere(slack: Slack, memory: Memory) -> None:
    """*Share something*: in the one pocket that one has, or in the one that is chosen; who has none hears what to do."""
    form = (await slack.uses("ben", "Share something")).form
    assert form is not None
    assert "[#learning]" in slack.text_of(form)
    assert (await slack.submits("ben", form, {"words": "From anywhere"})).closed
    assert [one.words for one in memory.learnings()] == ["From anywhere"]
    told = (await slack.uses("dan", "Share something")).form
    assert told is not None
    assert "You are in no learning pocket" in slack.text_of(told)


@pytest.mark.usefixtures("pocket")
async def test_who_has_several_pockets_chooses_one(slack: Slack, memory: Memory) -> None:
    """None is guessed."""
    ops = slack.channel("ops", members=("ben",))
    await pockets.begin(slack, "ben", ops)
    await memory.settled()
    form = (await slack.uses("ben", "Share something")).form
    assert form is not None
    assert list((await slack.submits("ben", form, {"words": "Where?"})).errors) == ["pocket"]
    await slack.suggests("ben", form, "pocket", "")
    assert (await slack.submits("ben", form, {"pocket": "#ops"})).closed
    assert len(memory.learnings()) == 1


def _not_there(word: str) -> str:
    return f"“{word}” is not what stands there. You may leave words out, but not change or add any: they are their author's."


async def _by_hand(slack: Slack, message: Message, value: str | None) -> dict[str, Any] | None:
    """Send the form with a value that Slack's client would not."""
    form = await opened(slack, message)
    await slack.submits("ben", form, {"words": "nothing of the sort"})
    payload = last(slack, "view_submission")
    payload["view"]["state"]["values"]["words"]["words"]["value"] = value
    return (await send(slack, "view_submission", payload)).json()


async def test_who_left_a_private_pocket_keeps_nothing_by_a_form_that_is_open_still(
    slack: Slack, bot: Bot, memory: Memory
) -> None:
    """Nor do they learn by it which words stand there now."""
    assert bot
    channel = slack.channel("quiet", private=True, members=("ana", "ben", "cleo"))
    await pockets.begin(slack, "ana", channel)
    form = await opened(slack, await slack.says("ana", "Secret alpha beta gamma.", in_=channel))
    await slack.removes("ana", "ben", channel)
    await memory.settled()
    guess, left = [await slack.submits("ben", form, {"words": words}) for words in ("Secret zebra", "Secret alpha")]
    assert guess.errors == left.errors == {"words": "This message can't be kept."}
    assert memory.learnings(state=None) == []


@pytest.mark.parametrize("edit", ["Well, it does not.", WORDS + " But not over a network!"], ids=["anew", "longer"])
async def test_what_its_author_edited_while_the_form_was_open_nobody_has_shortened(
    slack: Slack, message: Message, memory: Memory, edit: str
) -> None:
    """Ben has never seen what stands there now: the form says so, and the shortcut shows it to him."""
    form = await opened(slack, message)
    await slack.edits("ana", message, edit)
    (said,) = (await slack.submits("ben", form)).errors.values()
    assert said.startswith("Its author has edited this message since you opened this form.")
    assert memory.learnings(state=None) == []
    assert (await slack.submits("ben", await opened(slack, message))).closed
    await memory.settled()
    assert [one.words for one in memory.learnings()] == [message.text]
    assert memory.rows("SELECT shortened_by FROM learnings") == [{"shortened_by": None}]
