"""Earned: what helped others proposes a topic, and speaks for somebody only by what whoever asks may open."""

from __future__ import annotations

from bench import pockets
from sandbox.records import Channel, Message
from sandbox.slack import Slack
from tests.conftest import Bot
from tests.memory import Memory

from .test_who_knows import a_day_later, asks


async def earns(slack: Slack, bot: Bot, memory: Memory, words: str, *, in_: Channel, by: tuple[str, ...]) -> Message:
    """Ben shares it, it helps these, and he says yes to be listed for that. Returns its card."""
    await slack.types("ben", f"/share {words}", in_=in_)
    await memory.settled()
    card = slack.sees("ana").channel(in_)[-1]
    for who in by:
        await slack.presses(who, "card.helped", on=card)
    await memory.settled()
    await a_day_later(bot, memory)
    await slack.presses("ben", "List me", on=slack.sees("ben").dms[-1])
    return card


async def profile(slack: Slack, memory: Memory, who: str, whose: str) -> str:
    """What somebody stands for, from Home."""
    await slack.opens_home(who)
    await memory.settled()
    home = slack.sees(who).home
    assert home is not None
    await slack.presses(who, "home.person", on=home, value=whose)
    form = slack.sees(who).form
    assert form is not None
    said = slack.text_of(form)
    await slack.closes(who, form)
    return said


async def test_what_helped_in_a_private_pocket_is_a_reason_inside_only(
    slack: Slack, bot: Bot, pocket: Channel, memory: Memory
) -> None:
    """Outside, it is as if it did not exist: for the topic, in a sentence, and in Home."""
    eve = slack.person("eve")
    vault = slack.channel("vault", private=True, members=("ana", "ben", "dan", "eve"))
    await slack.joins(eve, pocket)
    await pockets.begin(slack, "ana", vault)
    await earns(slack, bot, memory, "Layoffs are planned #zeus", in_=vault, by=("ana", "dan", "eve"))
    for asked in ("zeus", "who knows about zeus here"):
        said = slack.text_of(await asks(slack, "cleo", asked, pocket))
        assert "@ben" not in said
        assert "*zeus*" not in said.replace("Nobody stands for *zeus*", "")
    assert "zeus" not in await profile(slack, memory, "cleo", "ben")
    assert "which helped others" in slack.text_of(await asks(slack, "ana", "zeus", pocket))
    assert "what they shared helped others" in await profile(slack, memory, "ana", "ben")


async def test_what_is_deleted_has_earned_nothing(slack: Slack, bot: Bot, pocket: Channel, memory: Memory) -> None:
    """The yes stays, and says nothing of what is gone."""
    eve = slack.person("eve")
    await slack.joins(eve, pocket)
    card = await earns(slack, bot, memory, "Descale often #kettles", in_=pocket, by=("ana", "cleo", "eve"))
    assert "which helped others" in slack.text_of(await asks(slack, "cleo", "kettles", pocket))
    await slack.presses("eve", "card.helped", on=card)  # taken back
    await memory.settled()
    left = slack.text_of(await asks(slack, "cleo", "kettles", pocket))
    assert "@ben: shared Descale often" in left
    assert "helped others" not in left
    await slack.presses("eve", "card.helped", on=card)
    form = (await slack.presses("ben", "Delete", on=card)).form
    assert form is not None
    await slack.submits("ben", form, {})
    await memory.settled()
    assert "@ben" not in slack.text_of(await asks(slack, "cleo", "kettles", pocket))
