"""Several ways to endorse one person for one topic: each is taken back as it was given, and all together count once."""

from __future__ import annotations

import pytest

from sandbox.records import Channel
from sandbox.slack import Slack
from tests.conftest import Bot
from tests.handlers.experts.test_who_knows import a_day_later, asks, whispers
from tests.memory import Memory
from tests.sights import card_of

GIVEN = "SELECT giver FROM endorsements WHERE standing"


async def test_an_endorsement_stands_until_the_last_way_of_it_is_taken_back(
    slack: Slack, bot: Bot, pocket: Channel, memory: Memory
) -> None:
    """Reactions on two cards about one topic, and the button: one person would ask; it ends with the last of them."""
    for words in ("Batch mode copies #alembic", "Stamp skips #alembic"):
        await slack.types("ben", f"/share {words}", in_=pocket)
    await memory.settled()
    one, two = [card_of(slack, pocket, words) for words in ("Batch", "Stamp")]
    await slack.reacts("cleo", "mortar_board", one)
    await slack.reacts("cleo", "mortar_board", two)
    await memory.settled()
    assert all("You would ask whoever wrote that about *alembic*" in said for said in whispers(slack, "cleo")[:2])
    await a_day_later(bot, memory)
    (asked,) = slack.sees("ben").dms
    assert "Somebody would ask you about *alembic*" in slack.text_of(asked)
    await slack.presses("ben", "List me", on=asked)
    await slack.unreacts("cleo", "mortar_board", one)
    assert "endorsed by @cleo" in slack.text_of(await asks(slack, "ana", "alembic", pocket))
    again = await slack.presses("cleo", "Endorse its author for alembic", on=one)
    assert "said yes to it: it counts" in again.text
    await slack.unreacts("cleo", "mortar_board", two)
    assert "endorsed by @cleo" in slack.text_of(await asks(slack, "ana", "alembic", pocket))
    assert again.ephemeral is not None
    await slack.presses("cleo", "Take it back", on=again.ephemeral)
    assert "endorsed" not in slack.text_of(await asks(slack, "ana", "alembic", pocket))


@pytest.mark.parametrize("facts", [{"external": True}, {"bot": True}, {"deleted": True}], ids=str)
async def test_who_cant_be_asked_is_not_endorsed_by_a_reaction_either(
    slack: Slack, bot: Bot, pocket: Channel, memory: Memory, facts: dict[str, bool]
) -> None:
    """Who reacted reads why; nothing of it stays, and nothing is owed to whoever it was."""
    gus = slack.person("gus", external=facts.get("external", False))
    await slack.invites("ana", gus, pocket)
    await slack.types("gus", "/share Batch mode copies #alembic", in_=pocket)
    await memory.settled()
    gus.is_bot, gus.deleted = facts.get("bot", False), facts.get("deleted", False)
    bot.ahead += 120
    await slack.reacts("cleo", "mortar_board", card_of(slack, pocket, "Batch"))
    await memory.settled()
    why = {"external": "another organisation", "bot": "That is an app", "deleted": "not in this workspace any more"}
    assert why[next(iter(facts))] in whispers(slack, "cleo")[0]
    assert memory.rows("SELECT * FROM endorsements") == []
    assert memory.rows("SELECT * FROM notices WHERE kind = 'expert tags'") == []


async def test_what_waits_behind_a_no_is_asked_about_once_that_has_rested(
    slack: Slack, bot: Bot, pocket: Channel, memory: Memory
) -> None:
    """Not before half a year is over, as the no was told; then once, and only about who came after it."""
    await slack.types("ben", "/share Batch mode copies #alembic", in_=pocket)
    await memory.settled()
    card = card_of(slack, pocket, "Batch")
    await slack.presses("ana", "Endorse its author for alembic", on=card)
    await a_day_later(bot, memory)
    await slack.presses("ben", "No thanks", on=slack.sees("ben").dms[-1])
    await slack.presses("cleo", "Endorse its author for alembic", on=card)
    await a_day_later(bot, memory, days=8)
    assert len(slack.sees("ben").dms) == 1
    await a_day_later(bot, memory, days=183)
    (_, asked) = slack.sees("ben").dms
    assert "Somebody would ask you about *alembic*" in slack.text_of(asked)
