"""What a yes means, what is never lost of what colleagues and learnings say, and what can be taken back."""

from __future__ import annotations

from typing import Any

from bench import pockets
from sandbox.records import Channel, Message
from sandbox.slack import Slack
from tests.conftest import Bot
from tests.memory import Memory
from tests.sights import card_of

from .asking import search
from .test_who_knows import a_day_later, asks, stand_for

STANDING = "SELECT topic FROM endorsements WHERE standing"


async def chooses(slack: Slack, who: str, pocket: Channel, **values: Any) -> None:
    """Somebody changes what their own form says."""
    form = (await slack.types(who, "/askme", in_=pocket)).form
    assert form is not None
    sent = await slack.submits(who, form, values)
    assert sent.closed, sent.errors


async def helps_three(slack: Slack, pocket: Channel, memory: Memory, words: str) -> Message:
    """What Ben shares helps three people: its card."""
    await slack.joins(slack.person("eve"), pocket)
    await slack.types("ben", f"/share {words}", in_=pocket)
    await memory.settled()
    card = card_of(slack, pocket, words.partition(" #")[0])
    for who in ("ana", "cleo", "eve"):
        await slack.presses(who, "card.helped", on=card)
    await memory.settled()
    return card


async def question_about_keys(slack: Slack, pocket: Channel, memory: Memory) -> Message:
    """Ben asks the pocket, on a topic."""
    form = (await slack.types("ben", "/share", in_=pocket)).form
    assert form is not None
    topic = (await slack.suggests("ben", form, "topics", "keys"))[-1]["value"]
    entered = {"words": "How do we rotate them?", "topics": [topic], "kind": "Question"}
    assert (await slack.submits("ben", form, entered)).closed
    await memory.settled()
    return card_of(slack, pocket, "How do we rotate them?")


async def test_a_question_earns_nothing(slack: Slack, bot: Bot, pocket: Channel, memory: Memory) -> None:
    """However many found it worth asking, it speaks for who answers it."""
    await slack.joins(slack.person("eve"), pocket)
    card = await question_about_keys(slack, pocket, memory)
    for who in ("ana", "cleo", "eve"):
        await slack.reacts(who, "key", card)
    await memory.settled()
    await a_day_later(bot, memory)
    assert not any("*keys*" in slack.text_of(one) for one in slack.sees("ben").dms)


async def test_a_reaction_on_a_question_endorses_nobody(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """As its card offers it to nobody either."""
    card = await question_about_keys(slack, pocket, memory)
    assert "Endorse" not in slack.text_of(card)
    await slack.reacts("cleo", "mortar_board", card)
    await memory.settled()
    assert memory.rows(STANDING) == []


async def test_a_yes_to_others_is_no_word_of_ones_own(slack: Slack, bot: Bot, pocket: Channel, memory: Memory) -> None:
    """Who took their own word back before they said yes to a colleague's does not ask to be asked."""
    await slack.types("ben", "/askme alembic", in_=pocket)
    await slack.presses("cleo", "who.endorse", on=await asks(slack, "cleo", "alembic", pocket))
    await a_day_later(bot, memory)
    await slack.types("ben", "/askme -alembic", in_=pocket)
    await slack.presses("ben", "List me", on=slack.sees("ben").dms[-1])
    found = slack.text_of(await asks(slack, "ana", "alembic", pocket))
    assert "endorsed by @cleo" in found
    assert "asks to be asked" not in found


async def test_what_a_form_endorsed_is_taken_back(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """Where who it is about is found for nothing, there is no other way back."""
    await slack.types("ben", "/share Two", in_=pocket)
    await memory.settled()
    form = (await slack.presses("cleo", "Endorse its author…", on=card_of(slack, pocket, "Two"))).form
    assert form is not None
    await slack.submits("cleo", form, {"about": "alembic"})
    assert "[Take it back]" in slack.text_of(form)
    await slack.presses("cleo", "Take it back", on=form)
    assert memory.rows(STANDING) == []


async def test_what_was_earned_while_one_hid_is_asked_after_that(
    slack: Slack, bot: Bot, pocket: Channel, memory: Memory
) -> None:
    """As what colleagues said meanwhile is."""
    await chooses(slack, "ben", pocket, choices=["hidden"])
    await helps_three(slack, pocket, memory, "Descale often #kettles")
    await chooses(slack, "ben", pocket, choices=[])
    for _ in range(2):
        await a_day_later(bot, memory, days=8)
    assert any("*kettles*" in slack.text_of(one) for one in slack.sees("ben").dms)


async def test_who_is_found_again_endorses_again(slack: Slack, bot: Bot, pocket: Channel, memory: Memory) -> None:
    """What waited while its giver hid is asked about once they are found."""
    await slack.types("ben", "/askme alembic", in_=pocket)
    await slack.presses("cleo", "who.endorse", on=await asks(slack, "cleo", "alembic", pocket))
    await chooses(slack, "cleo", pocket, choices=["hidden"])
    await a_day_later(bot, memory)
    assert slack.sees("ben").dms == []
    await chooses(slack, "cleo", pocket, choices=[])
    for _ in range(2):
        await a_day_later(bot, memory, days=8)
    assert "Somebody would ask you about *alembic*" in slack.text_of(slack.sees("ben").dms[-1])


async def test_one_colleague_is_asked_about_once_by_whatever_name(
    slack: Slack, bot: Bot, pocket: Channel, memory: Memory
) -> None:
    """A second reaction, on a learning that has the topic by another name, is no second endorsement."""
    await slack.types("ana", "/outloud topics py = python", in_=pocket)
    for words in ("Walrus is fine #python", "Match is fine #py"):
        await slack.types("ben", f"/share {words}", in_=pocket)
    await memory.settled()
    await slack.reacts("cleo", "mortar_board", card_of(slack, pocket, "Walrus"))
    await memory.settled()
    await a_day_later(bot, memory)
    await slack.presses("ben", "List me", on=slack.sees("ben").dms[-1])
    await slack.reacts("cleo", "mortar_board", card_of(slack, pocket, "Match"))
    await memory.settled()
    for _ in range(2):
        await a_day_later(bot, memory, days=8)
    assert len(slack.sees("ben").dms) == 1


async def test_who_reads_the_pocket_is_asked_however_many_stand_before_them(
    slack: Slack, pocket: Channel, memory: Memory
) -> None:
    """Ten who know, and are not in it, hide nobody who is."""
    people = await stand_for(slack, 12, "keys", pocket)
    vault = slack.channel("vault", private=True, members=("ana", "cleo", people[-1]))
    await pockets.begin(slack, "ana", vault)
    await memory.settled()
    while True:
        pressed = await slack.presses("cleo", "Ask people who know", on=await search(slack, "cleo", vault))
        if "did not say in time" not in pressed.text:
            break
    assert pressed.form is not None, pressed.text
    assert f"@{people[-1]} can be asked" in slack.text_of(pressed.form)


async def test_a_topic_that_is_given_later_is_earned_too(
    slack: Slack, bot: Bot, pocket: Channel, memory: Memory
) -> None:
    """It helped three people before its author said what it is about."""
    card = await helps_three(slack, pocket, memory, "Descale often")
    form = (await slack.presses("ben", "Edit", on=card)).form
    assert form is not None
    topic = (await slack.suggests("ben", form, "topics", "kettles"))[-1]["value"]
    assert (await slack.submits("ben", form, {"topics": [topic]})).closed
    await memory.settled()
    for _ in range(2):
        await a_day_later(bot, memory, days=8)
    assert any("*kettles*" in slack.text_of(one) for one in slack.sees("ben").dms)
