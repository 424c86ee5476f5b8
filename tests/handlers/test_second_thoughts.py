"""What was found by trying to break it: consent that is not lost, and truths that stay true, in odd orders."""

from __future__ import annotations

import asyncio

import pytest

from sandbox.records import Channel, Message
from sandbox.slack import Slack
from tests.again import last, send
from tests.conftest import Bot
from tests.memory import Memory
from tests.sights import cards, link_of, refusals


async def keep(slack: Slack, memory: Memory, pocket: Channel, *, by: str = "ben") -> Message:
    """Ana says something, and somebody keeps it."""
    message = await slack.says("ana", "Kept words", in_=pocket)
    await slack.reacts(by, "bulb", message)
    await memory.settled()
    return message


async def test_never_keep_mine_stays_within_reach(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """After an undo, and after a change of mind: the button is still there."""
    await keep(slack, memory, pocket)
    await slack.presses("ana", "Undo", on=slack.sees("ana").dms[0])
    await slack.presses("ana", "Never keep mine", on=slack.sees("ana").dms[0])
    await slack.presses("ana", "I changed my mind", on=slack.sees("ana").dms[0])
    await slack.presses("ana", "Never keep mine", on=slack.sees("ana").dms[0])
    message = await keep(slack, memory, pocket, by="cleo")
    assert memory.learnings() == []
    assert refusals(slack, "cleo") == [link_of(slack, message)]


async def test_what_was_never_said_is_said_the_next_time(
    slack: Slack, bot: Bot, pocket: Channel, memory: Memory
) -> None:
    """A keep that was taken back before its author could hear of it: the next one tells them."""
    slack.world.quotas.hold("chat.postMessage", 400)  # four real seconds, at this pace
    message = await slack.says("ana", "Kept words", in_=pocket)
    await slack.reacts("ben", "bulb", message)
    await slack.until(lambda: "books" in slack.sees("ana").reactions(message), what="the 📚")
    await slack.unreacts("ben", "bulb", message)
    await memory.settled()
    assert slack.sees("ana").dms == []
    await keep(slack, memory, pocket)
    assert len(slack.sees("ana").dms) == 1
    assert len(slack.sees("ben").dms) == 1
    assert bot.outloud is not None


async def test_an_authors_no_counts_though_the_curator_was_quicker(
    slack: Slack, pocket: Channel, memory: Memory
) -> None:
    """The keep is taken back already; the author says no all the same, and it holds for whoever comes next."""
    message = await keep(slack, memory, pocket)
    await slack.unreacts("ben", "bulb", message)
    await slack.presses("ana", "Undo", on=slack.sees("ana").dms[0])
    assert "is not kept any more" in slack.text_of(slack.sees("ana").dms[0])
    await slack.reacts("cleo", "bulb", message)
    await memory.settled()
    assert memory.learnings() == []
    assert refusals(slack, "cleo") == [link_of(slack, message)]


async def test_a_keep_can_be_taken_back_after_the_pocket_was_stopped(
    slack: Slack, pocket: Channel, memory: Memory
) -> None:
    """Nothing new is kept there; but what somebody takes back goes."""
    message = await keep(slack, memory, pocket)
    await slack.types("ana", "/outloud stop", in_=pocket)
    await slack.unreacts("ben", "bulb", message)
    await memory.settled()
    assert memory.learnings() == []
    assert "books" not in slack.sees("ana").reactions(message)


async def test_the_channel_hears_of_its_pocket_once(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """However often it is stopped and started."""
    for _ in range(3):
        await slack.types("ana", "/outloud stop", in_=pocket)
        await slack.types("ana", "/outloud start Learn together", in_=pocket)
    await memory.settled()
    assert len(slack.sees("cleo").texts(pocket)) == 1


async def test_where_outloud_was_removed_nobody_shares_into_the_void(
    slack: Slack, pocket: Channel, memory: Memory
) -> None:
    """Whoever tries is told how to bring it back, and gets their words; then it works again."""
    await slack.removes("ana", slack.app, pocket)
    answer = await slack.types("ben", "/share Into the void?", in_=pocket)
    assert "/invite @Outloud" in answer.text
    assert "Into the void?" in answer.text
    await slack.invites("ana", slack.app, pocket)
    assert "Shared" in (await slack.types("ben", "/share Into the pocket", in_=pocket)).text
    await memory.settled()
    assert len(cards(slack, "ana", pocket)) == 1


async def test_whoever_types_in_a_channel_is_in_it(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """Though the event that told of their coming back was lost."""
    await slack.leaves("ben", pocket)
    slack.world.channel(pocket.id).members[slack.find_person("ben").id] = None
    assert "Shared" in (await slack.types("ben", "/share Here again", in_=pocket)).text
    form = (await slack.types("ben", "/share", in_=pocket)).form
    assert form is not None
    assert (await slack.submits("ben", form, {"words": "And again"})).closed
    assert len(memory.learnings()) == 2


async def test_the_form_knows_what_the_channel_is_called_now(slack: Slack, pocket: Channel) -> None:
    """A channel that was renamed is offered by its new name."""
    await slack.renames("ana", pocket, "aha")
    form = (await slack.types("ben", "/share", in_=pocket)).form
    assert form is not None
    assert "#aha" in slack.text_of(form)


async def test_forty_thousand_characters_that_are_too_long_are_given_back_whole(
    slack: Slack, pocket: Channel, memory: Memory
) -> None:
    """Nothing of what was typed is lost with the refusal."""
    typed = "&<" * 20_000
    answer = await slack.types("ben", f"/share {typed}", in_=pocket)
    assert "40000 characters long" in answer.text
    given = "".join(block["text"]["text"] for block in answer.blocks if block["text"]["type"] == "plain_text")
    assert given == typed
    assert memory.learnings(state=None) == []


async def test_a_card_with_the_longest_topics_fits(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """Ten topics of sixty characters, each of which would grow by escaping."""
    topics = " ".join(f"#{number}" + "&x" * 29 + "x" for number in range(10))
    await slack.types("ben", f"/share It fits. {topics}", in_=pocket)
    await memory.settled()
    assert memory.outbox() == []
    assert len(cards(slack, "ana", pocket)) == 1


async def test_code_that_is_cut_stays_code(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """A block of code that grows over a section's limit is closed there, and opened again in the next."""
    code = "```\n" + "if (a < b && c > d) { x(); }\n" * 90 + "```"
    await slack.types("ben", f"/share {code}", in_=pocket)
    await memory.settled()
    (card,) = [one for one in slack.sees("ana").channel(pocket) if one.blocks and "if (a" in one.text]
    sections = [block["text"]["text"] for block in card.blocks if block["type"] == "section"]
    assert len(sections) > 1
    assert all(section.count("```") % 2 == 0 for section in sections)


async def test_a_form_sent_again_for_another_pocket_says_that_it_was_shared(
    slack: Slack, pocket: Channel, memory: Memory
) -> None:
    """It would look as if it stood in both."""
    other = slack.channel("ops", members=("ben",))
    await slack.types("ben", "/outloud start Learn together", in_=other)
    await memory.settled()
    form = (await slack.types("ben", "/share", in_=pocket)).form
    assert form is not None
    await slack.submits("ben", form, {"words": "Once"})
    payload = last(slack, "view_submission")
    payload["view"]["state"]["values"]["pocket"]["pocket"]["selected_option"]["value"] = other.id
    answer = (await send(slack, "view_submission", payload)).json()
    assert answer is not None
    assert "shared in another pocket already" in answer["errors"]["pocket"]


@pytest.mark.parametrize("kind", ["command", "view_submission"])
async def test_without_its_key_nothing_is_taken_for_something_else(
    slack: Slack, pocket: Channel, memory: Memory, kind: str
) -> None:
    """Two commands without a trigger, or two forms without a key, are not the same: they are not understood."""
    form = (await slack.types("ben", "/share", in_=pocket)).form
    assert form is not None
    await slack.submits("ben", form, {"words": "One"})
    payload = last(slack, kind)
    if kind == "command":
        payload |= {"trigger_id": "", "text": "Two"}
    else:
        payload["view"]["private_metadata"] = "{}"
    reply = await send(slack, kind, payload)
    assert "did not understand" in reply.body
    assert [one.words for one in memory.learnings()] == ["One"]


async def test_a_form_without_any_field_is_refused_cleanly(slack: Slack, pocket: Channel) -> None:
    """It is none of ours: there is nowhere to say why."""
    form = (await slack.types("ben", "/share", in_=pocket)).form
    assert form is not None
    await slack.submits("ben", form, {"words": "One"})
    payload = last(slack, "view_submission")
    payload["view"] |= {"private_metadata": "{}", "blocks": [{"type": "divider"}, {"type": "input"}]}
    assert (await send(slack, "view_submission", payload)).status == 400


async def test_a_press_that_can_not_be_answered_in_time_is_seen_to_have_failed(
    slack: Slack, pocket: Channel, memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Slack puts its own warning sign beside the button then, and nothing is lost silently."""
    answer = await slack.types("ben", "/share Undone twice", in_=pocket)
    assert answer.ephemeral is not None
    await slack.presses("ben", "Undo", on=answer.ephemeral)
    await memory.settled()
    monkeypatch.setattr("handlers.explaining.PATIENCE", 0.0)
    again = await send(slack, "block_actions", last(slack, "block_actions"))
    assert again.status == 400
    monkeypatch.undo()
    assert (await send(slack, "block_actions", last(slack, "block_actions"))).status == 200


@pytest.mark.parametrize("kind", ["block_actions", "view_submission", "command"])
async def test_a_double_click_at_the_very_same_moment_is_one(
    slack: Slack, pocket: Channel, memory: Memory, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """Three deliveries of one press, one form, one command under way at once: all are answered, and it happens once."""
    monkeypatch.setattr("handlers.explaining.PATIENCE", 10.0)  # what is said of the second press may take its time here
    form = (await slack.types("ben", "/share", in_=pocket)).form
    assert form is not None
    await slack.submits("ben", form, {"words": "By the form"})
    answer = await slack.types("ben", "/share By the command", in_=pocket)
    await memory.settled()
    await slack.presses("ben", "Undo", on=answer.ephemeral or slack.sees("ben").ephemerals[-1])
    (live,) = memory.learnings()
    payload = last(slack, kind)
    if kind == "block_actions":
        payload["actions"][0]["value"] = live.id
    elif kind == "command":
        payload |= {"trigger_id": "1.2.3"}
    else:
        payload["view"]["private_metadata"] = payload["view"]["private_metadata"].replace('"key":"', '"key":"x')
    replies = await asyncio.gather(*[send(slack, kind, payload) for _ in range(3)])
    assert {reply.status for reply in replies} == {200}
    await memory.settled()
    there = 0 if kind == "block_actions" else 2
    assert (len(memory.learnings()), len(cards(slack, "ana", pocket))) == (there, there)
