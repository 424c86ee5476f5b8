"""What leads change about their pocket, and what everybody sees of it."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.records import Channel, View
from sandbox.slack import Slack
from tests.conftest import Bot
from tests.handlers.experts.test_who_knows import asks
from tests.memory import Memory
from tests.sights import cards


async def settings(slack: Slack, pocket: Channel, who: str = "ana") -> View:
    """The form that `/outloud settings` opens."""
    form = (await slack.types(who, "/outloud settings", in_=pocket)).form
    assert form is not None
    return form


async def test_the_menu_says_what_the_pocket_is_for_and_leads_find_more(slack: Slack, pocket: Channel) -> None:
    """`/outloud` alone, in a pocket."""
    assert "Learn together" in (await slack.types("ben", "/outloud", in_=pocket)).text
    for_ben = slack.sees("ben").ephemerals[-1]
    assert "Settings" not in slack.text_of(for_ben)
    assert "Led by @ana" in slack.text_of(for_ben)
    await slack.types("ana", "/outloud", in_=pocket)
    for_ana = slack.sees("ana").ephemerals[-1]
    assert (await slack.presses("ana", "Settings", on=for_ana)).form is not None
    await slack.presses("ana", "Stop the pocket", on=for_ana)
    assert "no learning pocket any more" in (await slack.types("ben", "/share Late", in_=pocket)).text


async def test_a_noun_stands_in_every_text(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """In the form's title, on what is announced, and in what curators and authors hear."""
    await slack.submits("ana", await settings(slack, pocket), {"noun": "TIL"})
    form = (await slack.types("ben", "/share", in_=pocket)).form
    assert form is not None
    assert form.content["title"]["text"] == "Share a TIL"
    await slack.types("ben", "/share WAL lets readers go on", in_=pocket)
    message = await slack.says("cleo", "Kept", in_=pocket)
    await slack.reacts("ben", "bulb", message)
    await memory.settled()
    (card,) = [one for one in slack.sees("ana").channel(pocket) if "WAL" in one.text]
    assert "shared a TIL" in card.text
    assert "It is a TIL now" in slack.sees("ben").dms[0].text
    assert "It is a TIL now" in slack.sees("cleo").dms[0].text


async def test_after_a_noun_of_ones_own_another_is_chosen_or_typed(
    slack: Slack, pocket: Channel, memory: Memory
) -> None:
    """The own one is a choice of the menu; it stays while nothing is chosen."""
    nouns = []
    for answers in ({"own_noun": "nugget"}, {"purpose": "Calm"}, {"noun": "Tip"}, {"own_noun": "gem"}):
        assert (await slack.submits("ana", await settings(slack, pocket), answers)).closed
        nouns += [row["noun"] for row in memory.rows("SELECT noun FROM pockets")]
    assert nouns == ["nugget", "nugget", "tip", "gem"]


async def test_a_long_noun_leaves_the_title_its_room(slack: Slack, pocket: Channel) -> None:
    """Slack gives a form's title 24 characters."""
    await slack.submits("ana", await settings(slack, pocket), {"own_noun": "unexpected observation"})
    form = (await slack.types("ben", "/share", in_=pocket)).form
    assert form is not None
    assert form.content["title"]["text"] == "Share"


@pytest.mark.parametrize("line", ["/outloud settings", "/outloud stop"])
async def test_only_a_lead_changes_a_pocket(slack: Slack, pocket: Channel, memory: Memory, line: str) -> None:
    """Everybody else hears whom to ask."""
    answer = await slack.types("ben", line, in_=pocket)
    assert "Only a lead" in answer.text
    assert answer.form is None
    assert memory.rows("SELECT * FROM pockets WHERE stopped_at IS NULL")


async def test_who_stopped_leading_while_the_form_was_open_changes_nothing(
    slack: Slack, pocket: Channel, memory: Memory
) -> None:
    """And hears so at the form."""
    form = await settings(slack, pocket)
    other = await settings(slack, pocket)
    assert (await slack.submits("ana", form, {"leads": ["ben"]})).errors == {}
    errors = (await slack.submits("ana", other, {"purpose": "Mine again"})).errors
    assert "Only a lead" in errors["purpose"]
    assert [row["person"] for row in memory.rows("SELECT person FROM leads")] == [slack.find_person("ben").id]
    assert (await slack.submits("ben", await settings(slack, pocket, "ben"), {"leads": ["ben", "ana"]})).errors == {}
    assert len(memory.rows("SELECT person FROM leads")) == 2


async def test_leads_are_people_who_are_there(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """At least one."""
    form = await settings(slack, pocket)
    await slack.joins("dan", pocket)
    await slack.leaves("dan", pocket)
    errors = (await slack.submits("ana", form, {"leads": ["ana", "dan"]})).errors
    assert "must be in this channel" in errors["leads"]
    assert [row["person"] for row in memory.rows("SELECT person FROM leads")] == [slack.find_person("ana").id]


async def test_a_pocket_may_want_names(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """Then nobody shares without; what was shared so before stays so."""
    before = (await slack.types("ben", "/share", in_=pocket)).form
    assert before is not None
    nameless: dict[str, Any] = {"words": "Without", "name": "Without my name"}
    await slack.submits("ben", before, nameless)
    assert (await slack.submits("ana", await settings(slack, pocket), {"names": []})).errors == {}
    form = (await slack.types("ben", "/share", in_=pocket)).form
    assert form is not None
    errors = (await slack.submits("ben", form, nameless)).errors
    assert "a name stands with everything" in errors["name"]
    assert (await slack.submits("ben", form, {"name": "As me"})).errors == {}
    await memory.settled()
    assert [one.without_name for one in memory.learnings()] == [True, False]
    assert len(cards(slack, "ana", pocket)) == 2


async def test_a_pocket_says_how_soon_knowledge_grows_old(
    slack: Slack, bot: Bot, pocket: Channel, memory: Memory
) -> None:
    """What was shared there counts for less in who is found, and what was shared elsewhere does not."""
    other = slack.channel("other", members=("cleo", "ana", slack.app.id))
    await slack.types("cleo", "/outloud start Learn", in_=other)
    await slack.types("cleo", "/share One #rust", in_=other)
    await slack.types("ben", "/share Two #rust", in_=pocket)
    await memory.settled()
    memory.run("UPDATE learnings SET said_at = said_at - 86400 WHERE words LIKE 'One%'")
    bot.ahead += 100 * 86400.0
    assert await _first(slack, pocket) == "ben"
    form = await settings(slack, pocket)
    assert (await slack.submits("ana", form, {"half_life": "Within a quarter of a year"})).errors == {}
    assert await _first(slack, pocket) == "cleo"
    assert "Within a quarter of a year" in slack.text_of(await settings(slack, pocket))


async def _first(slack: Slack, pocket: Channel) -> str:
    """Who stands first, of those who know about rust."""
    found = slack.text_of(await asks(slack, "ana", "rust", pocket))
    return min(("ben", "cleo"), key=lambda who: found.index(f"@{who}"))


async def test_settings_of_a_channel_that_is_no_pocket(slack: Slack, pocket: Channel) -> None:
    """Nor of one that ended while the form was open."""
    other = slack.channel("general", members=("ana",))
    assert "not a learning pocket yet" in (await slack.types("ana", "/outloud settings", in_=other)).text
    form = await settings(slack, pocket)
    await slack.types("ana", "/outloud stop", in_=pocket)
    errors = (await slack.submits("ana", form, {"purpose": "Late"})).errors
    assert "no learning pocket any more" in str(errors)
