"""The menu on a card: edit, out of date, delete; for its author and the pocket's leads, and for nobody else."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.records import Channel, Message
from sandbox.shapes import pings
from sandbox.slack import Slack
from storage.owed.quiet import DAY
from tests.again import last, send
from tests.conftest import Bot
from tests.memory import Memory
from tests.sights import card_of, cards

LONG = "&" * 3000
TOPICS = [f"topic-{number}-{'x' * 50}" for number in range(10)]


async def shares(slack: Slack, pocket: Channel, memory: Memory, **entered: Any) -> Message:
    """Ben shares by the form; returns the card."""
    form = (await slack.types("ben", "/share", in_=pocket)).form
    assert form
    for topic in entered.get("topics", ()):
        await slack.suggests("ben", form, "topics", topic)
    assert (await slack.submits("ben", form, {"words": "A lesson.", **entered})).closed
    await memory.settled()
    return card_of(slack, pocket, str(entered.get("words", "A lesson."))[:20])


async def edits(slack: Slack, memory: Memory, who: str, card: Message, **entered: object) -> None:
    """Somebody changes what a card says."""
    form = (await slack.presses(who, "Edit", on=card)).form
    assert form
    assert (await slack.submits(who, form, entered)).closed
    await memory.settled()


@pytest.mark.parametrize("what", ["Edit", "Out of date", "Delete"])
async def test_whoever_has_no_right_to_hears_so_privately(
    slack: Slack, pocket: Channel, memory: Memory, what: str
) -> None:
    """The menu is everybody's to see; nothing opens, and nobody learns who wrote it."""
    card = await shares(slack, pocket, memory, name="Without my name")
    before = slack.text_of(card)
    answer = await slack.presses("cleo", what, on=card)
    assert answer.form is None
    assert "Only whoever wrote this, or a lead of this pocket" in answer.text
    assert "ben" not in answer.text
    assert slack.text_of(card) == before


async def test_its_author_edits_all_that_is_there(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """Words, why, topics, kind and name stand in the form; nothing says on the card who did it."""
    card = await shares(slack, pocket, memory, why="Because", topics=TOPICS[:1], kind="Idea", name="Without my name")
    form = (await slack.presses("ben", "Edit", on=card)).form
    assert form
    shown = slack.text_of(form)
    assert all(one in shown for one in ("A lesson.", "Because", TOPICS[0], "Idea", "Without my name"))
    assert (await slack.submits("ben", form, {"words": "Another lesson.", "name": "As me"})).closed
    await memory.settled()
    (learning,) = memory.learnings()
    assert (learning.words, learning.why, learning.kind) == ("Another lesson.", "Because", "idea")
    assert not learning.without_name
    assert "edited" not in slack.text_of(card)
    assert "by @ben" in slack.text_of(card)


async def test_a_leads_edit_says_so_and_leaves_the_name_alone(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """A lead does not learn who wrote it; an author's own edit afterwards makes it theirs again."""
    card = await shares(slack, pocket, memory, name="Without my name")
    form = (await slack.presses("ana", "Edit", on=card)).form
    assert form
    assert "name" not in slack.text_of(form).lower()
    assert slack.find_person("ben").id not in str(form.content)
    assert (await slack.submits("ana", form, {"words": "A better lesson."})).closed
    await memory.settled()
    assert slack.text_of(card).splitlines()[:2] == ["A better lesson.", "by somebody in this pocket  ·  edited by @ana"]
    (learning,) = memory.learnings()
    assert (learning.without_name, learning.author) == (True, slack.find_person("ben").id)
    (note,) = slack.sees("ben").dms
    assert "@ana, a lead of #learning, edited a learning of yours" in slack.text_of(note)
    assert slack.world.permalink(card) in str(note.blocks)
    await edits(slack, memory, "ben", card, words="My own lesson.")
    assert "edited" not in slack.text_of(card)


@pytest.mark.parametrize("chosen", [None, "as me"])
async def test_a_leads_form_can_not_be_made_to_say_whose_name_stands(
    slack: Slack, pocket: Channel, memory: Memory, chosen: str | None
) -> None:
    """Nor does a form in which nothing was chosen give an author away."""
    card = await shares(slack, pocket, memory, name="Without my name")
    for who in ("ana", "ben"):
        form = (await slack.presses(who, "Edit", on=card)).form
        assert form
        await slack.submits(who, form, {"words": f"As {who} says."})
        payload = last(slack, "view_submission")
        payload["view"]["state"]["values"].pop("name", None)
        if chosen and who == "ana":
            payload["view"]["state"]["values"]["name"] = {"name": {"selected_option": {"value": chosen}}}
        await send(slack, "view_submission", payload)
    await memory.settled()
    assert [one.without_name for one in memory.learnings()] == [True]


async def test_out_of_date_says_by_whom_and_why_and_is_undone_the_same_way(
    slack: Slack, pocket: Channel, memory: Memory
) -> None:
    """A lead's and an author's; in one line, that pings nobody."""
    card = await shares(slack, pocket, memory)
    form = (await slack.presses("ana", "Out of date", on=card)).form
    assert form
    assert (await slack.submits("ana", form, {"reason": "Version 2 <!channel> &\n does it"})).closed
    await memory.settled()
    first = slack.text_of(card).splitlines()[0]
    assert first.startswith("⏳ *Out of date*, says @ana, ")
    assert first.endswith(": Version 2 <!channel> & does it")
    assert "channel" not in pings(card)
    assert "Not out of date any more" in slack.text_of(card)
    assert not (await slack.presses("ben", "Not out of date any more", on=card)).failed
    await memory.settled()
    assert "⏳" not in slack.text_of(card)
    assert memory.rows("SELECT * FROM outdated") == []


async def test_out_of_date_needs_no_reason_and_hides_an_author_without_a_name(
    slack: Slack, pocket: Channel, memory: Memory
) -> None:
    """Whoever shared it without their name says so without it, too."""
    card = await shares(slack, pocket, memory, name="Without my name")
    form = (await slack.presses("ben", "Out of date", on=card)).form
    assert form
    assert "without your name" in slack.text_of(form)
    assert (await slack.submits("ben", form)).closed
    await memory.settled()
    assert slack.text_of(card).startswith("⏳ *Out of date*, says whoever shared it, ")
    assert slack.find_person("ben").id not in str(card.blocks)


async def test_deleting_asks_first_and_forgets_the_words(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """Card, words and topics go; nobody is told anything."""
    card = await shares(slack, pocket, memory, topics=TOPICS[:1])
    form = (await slack.presses("ben", "Delete", on=card)).form
    assert form
    assert "A lesson." in slack.text_of(form)
    assert cards(slack, "cleo", pocket)
    assert (await slack.submits("ben", form)).closed
    await memory.settled()
    assert cards(slack, "cleo", pocket) == []
    (gone,) = memory.learnings(state=None)
    assert (gone.state, gone.words, gone.topics) == ("deleted", "", ())
    assert slack.sees("ben").dms == []


async def test_what_a_lead_takes_away_its_author_gets_back(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """Privately, with all that they wrote; then nothing of it is held any more. Once more is told as gone."""
    card = await shares(slack, pocket, memory, words="Mine & <yours>.", why="It matters.")
    form = (await slack.presses("ana", "Delete", on=card)).form
    second = (await slack.presses("ana", "Delete", on=card)).form
    assert form
    assert second
    assert "hears that you took it away" in slack.text_of(form)
    assert (await slack.submits("ana", form)).closed
    await memory.settled()
    assert cards(slack, "cleo", pocket) == []
    (note,) = slack.sees("ben").dms
    told = slack.text_of(note)
    assert "@ana, a lead of #learning, took away a learning" in told
    assert "Mine & <yours>." in told
    assert "It matters." in told
    assert memory.rows("SELECT * FROM removals") == []
    late = await slack.submits("ana", second)
    assert late.form
    assert "not there any more" in slack.text_of(late.form)


async def test_a_lead_who_left_the_channel_leads_there_no_more(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """And where no lead is left, what others said is nobody's to change."""
    card = await shares(slack, pocket, memory)
    await slack.leaves("ana", pocket)
    answer = await slack.presses("ana", "Edit", on=card)
    assert "Only whoever wrote this" in answer.text
    assert "Only whoever wrote this" in (await slack.presses("cleo", "Delete", on=card)).text


async def test_the_fullest_card_is_still_one_message(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """3,000 signs that are five when they are escaped, as many of why, ten topics, and a reason as long as it may be."""
    await slack.types("ben", f"/share Short. {' '.join(f'#{topic}' for topic in TOPICS)}", in_=pocket)
    await memory.settled()
    card = card_of(slack, pocket, "Short.")
    await edits(slack, memory, "ben", card, words=LONG, why=LONG)
    form = (await slack.presses("ana", "Out of date", on=card)).form
    assert form
    assert (await slack.submits("ana", form, {"reason": "<" * 300})).closed
    await edits(slack, memory, "ana", card, kind="Story")
    await slack.presses("cleo", "It helped me", on=card)
    await memory.settled()
    assert len(cards(slack, "cleo", pocket)) == 1
    assert slack.text_of(card).count("&") == 6000
    assert "edited by @ana  ·  🔑 helped 1" in slack.text_of(card)


async def test_a_reason_that_is_too_long_is_said_at_its_field(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """The form stays open with it."""
    card = await shares(slack, pocket, memory)
    form = (await slack.presses("ben", "Out of date", on=card)).form
    assert form
    await slack.submits("ben", form, {"reason": "x"})
    payload = last(slack, "view_submission")
    payload["view"]["state"]["values"]["reason"]["reason"]["value"] = "x" * 301
    reply = await send(slack, "view_submission", payload)
    assert "301 characters" in reply.body
    assert "reason" in reply.body


async def test_a_choice_that_no_menu_offers_changes_nothing(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """It is answered in words, whatever it says."""
    card = await shares(slack, pocket, memory)
    for value in ("", "edit:", "burn:abc", "edit:abc", "edit:<!channel>", "x" * 200):
        await slack.presses("ben", "Edit", on=card)
        payload, heard = last(slack, "block_actions"), len(slack.sees("ben").ephemerals)
        payload["actions"][0]["selected_option"]["value"] = value
        assert (await send(slack, "block_actions", payload)).status == 200, value
        assert len(memory.learnings()) == 1, value
        (answer,) = slack.sees("ben").ephemerals[heard:]
        assert answer.text, value


async def test_what_an_author_had_written_is_theirs_to_bring_back(
    slack: Slack, pocket: Channel, memory: Memory
) -> None:
    """After two edits of a lead's: their words, why, topics and kind; then nothing of it is held any more."""
    card = await shares(
        slack, pocket, memory, words="Mine & <yours>.", why="It matters.", topics=TOPICS[:1], kind="Idea"
    )
    await edits(slack, memory, "ana", card, words="Hers.", why="", topics=[], kind="Story")
    (note,) = slack.sees("ben").dms
    told = slack.text_of(note)
    assert "lets it say again what you had written" in told
    assert "Mine & <yours>." in told
    assert "It matters." in told
    assert "Mine" not in str(memory.rows("SELECT * FROM notices") + memory.rows("SELECT * FROM outbox"))
    await edits(slack, memory, "ana", card, words="Hers, again.")
    await slack.presses("ben", "Undo", on=note)
    await memory.settled()
    (learning,) = memory.learnings()
    assert (learning.words, learning.why, learning.kind, learning.topics) == (
        "Mine &amp; &lt;yours&gt;.".replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">"),
        "It matters.",
        "idea",
        tuple(TOPICS[:1]),
    )
    assert "edited by" not in slack.text_of(card)
    assert "It says again what you had written." in slack.text_of(slack.sees("ben").dms[0])
    assert memory.rows("SELECT * FROM earlier") == []


async def test_what_an_author_wrote_anew_is_not_undone(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """Their own edit after the lead's is what they want; and nobody but them brings anything back."""
    card = await shares(slack, pocket, memory)
    await edits(slack, memory, "ana", card, words="Hers.")
    (note,) = slack.sees("ben").dms
    await slack.presses("ben", "Undo", on=note)
    payload = last(slack, "block_actions")
    await edits(slack, memory, "ana", card, words="Hers, again.")
    payload["user"]["id"] = slack.find_person("cleo").id
    await send(slack, "block_actions", payload)
    assert [one.words for one in memory.learnings()] == ["Hers, again."]
    await edits(slack, memory, "ben", card, words="Mine anew.")
    payload["user"]["id"] = slack.find_person("ben").id
    await send(slack, "block_actions", payload)
    assert [one.words for one in memory.learnings()] == ["Mine anew."]
    assert "not there any more: you have edited it since" in slack.sees("ben").ephemerals[-1].text


async def test_a_form_that_is_saved_as_it_was_changes_nothing(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """A lead who only looked has edited nothing, and its author hears nothing."""
    card = await shares(slack, pocket, memory, why="Because", topics=TOPICS[:1])
    await edits(slack, memory, "ana", card)
    assert "edited by" not in slack.text_of(card)
    assert slack.sees("ben").dms == []
    assert memory.rows("SELECT * FROM earlier") == []


async def test_what_a_lead_edited_and_then_deleted_goes_back_as_its_author_wrote_it(
    slack: Slack, bot: Bot, pocket: Channel, memory: Memory
) -> None:
    """Not with words of the lead's; and what was held for an undo goes with it."""
    card = await shares(slack, pocket, memory, words="As I wrote it.")
    await edits(slack, memory, "ana", card, words="As she did.")
    form = (await slack.presses("ana", "Delete", on=card)).form
    assert form
    assert (await slack.submits("ana", form)).closed
    await memory.settled()
    assert memory.rows("SELECT * FROM earlier") == []
    bot.ahead = DAY + 60
    assert bot.outloud
    await bot.outloud.bring_notices()
    await memory.settled()
    told = slack.text_of(max(slack.sees("ben").dms, key=lambda one: one.ts))
    assert "took away a learning" in told
    assert "As I wrote it." in told
    assert "As she did." not in told


async def test_words_that_are_held_for_an_author_go_after_thirty_days(
    slack: Slack, bot: Bot, pocket: Channel, memory: Memory
) -> None:
    """What they did not bring back, and what they could not be told: until then it stays."""
    await shares(slack, pocket, memory, words="Edited away.")
    await shares(slack, pocket, memory, words="Taken away.")
    await edits(slack, memory, "ana", card_of(slack, pocket, "Edited away."), words="Hers.")
    form = (await slack.presses("ana", "Delete", on=card_of(slack, pocket, "Taken away."))).form
    assert form
    assert (await slack.submits("ana", form)).closed
    await memory.settled()
    assert bot.outloud
    for days, held in ((29, 1), (31, 0)):
        bot.ahead = days * DAY
        await bot.outloud._tidy()  # noqa: SLF001 -- what the clock calls every hour
        assert [len(memory.rows(f"SELECT * FROM {table}")) for table in ("earlier", "removals")] == [held, held]  # noqa: S608
    await slack.presses("ben", "Undo", on=slack.sees("ben").dms[0])
    assert "more than 30 days ago" in slack.sees("ben").ephemerals[-1].text


async def test_who_can_not_read_the_channel_now_hears_neither_who_nor_where(
    slack: Slack, pocket: Channel, memory: Memory
) -> None:
    """Their own words they get all the same."""
    card = await shares(slack, pocket, memory, words="Mine.")
    await slack.converts("ana", pocket, private=True)
    await slack.leaves("ben", pocket)
    await memory.settled()  # else, while the channel is looked at, who presses is asked to try again
    form = (await slack.presses("ana", "Edit", on=card)).form
    assert form
    assert (await slack.submits("ana", form, {"words": "Hers."})).closed
    await memory.settled()
    (note,) = slack.sees("ben").dms
    assert "A lead edited a learning of yours, in a channel that you can't read just now." in note.text
    assert pocket.id not in str(note.blocks)
    assert "Mine." in slack.text_of(note)


async def test_what_is_kept_has_the_same_menu_in_private_words(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """Its author's, and its curator's where they lead the pocket; nobody else's."""
    for who in ("ana", "cleo"):
        message = await slack.says("ben", f"Kept by {who}", in_=pocket)
        await slack.reacts(who, "bulb", message)
        await memory.settled()
    (for_lead,), (for_other,), (for_author,) = (slack.sees(who).dms for who in ("ana", "cleo", "ben"))
    assert "Not out of date any more" in slack.text_of(for_author)
    assert "Delete" not in slack.text_of(for_other)
    form = (await slack.presses("ben", "Out of date", on=for_author)).form
    assert form
    assert (await slack.submits("ben", form, {"reason": "Version 2 does it"})).closed
    assert [one["why"] for one in memory.rows("SELECT why FROM outdated")] == ["Version 2 does it"]
    assert "not out of date any more" in (await slack.presses("ben", "Not out of date any more", on=for_author)).text
    assert memory.rows("SELECT * FROM outdated") == []
    for again in range(2):  # its author keeps it again before they have heard
        form = (await slack.presses("ana", "Delete", on=for_lead)).form
        assert form
        assert "only whoever wrote the message can keep it again" in slack.text_of(form)
        assert (await slack.submits("ana", form)).closed, again
        await memory.settled()
        assert [one.words for one in memory.learnings()] == ["Kept by cleo"]
        if not again:
            kept = next(one for one in pocket.messages.values() if one.text == "Kept by ana")
            await slack.reacts("ben", "bulb", kept)
            await memory.settled()
            assert len(memory.learnings()) == 2
