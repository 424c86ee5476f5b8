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


async def test_whoever_moves_a_pocket_to_another_timezone_hears_that_its_prompts_stay(
    slack: Slack, pocket: Channel
) -> None:
    """In what the form becomes; where no prompt stays behind, it just closes."""
    await slack.types("ana", "/prompts weekly wed 10:00 UTC What?", in_=pocket)
    form = await settings(slack, pocket)
    await slack.suggests("ana", form, "timezone", "tokyo")
    assert not (await slack.submits("ana", form, {"timezone": "Asia/Tokyo"})).closed
    said = slack.text_of(slack.world.views[form.id])
    assert "This pocket's time is that of Asia/Tokyo now" in said
    assert "prompts stay in UTC" in said
    assert "`/prompts`" in said
    await slack.closes("ana", form)
    assert (await slack.submits("ana", await settings(slack, pocket), {"purpose": "Calm"})).closed
    form = await settings(slack, pocket)
    await slack.suggests("ana", form, "timezone", "utc")
    assert (await slack.submits("ana", form, {"timezone": "UTC"})).closed


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


async def test_of_two_leads_at_once_each_changes_what_they_changed(
    slack: Slack, pocket: Channel, memory: Memory
) -> None:
    """Whoever saves last has not read what the other wrote: it stays."""
    await slack.submits("ana", await settings(slack, pocket), {"leads": ["ana", "ben"]})
    anas, bens = await settings(slack, pocket), await settings(slack, pocket, "ben")
    theirs = {"purpose": "Ben's careful purpose", "keep_emoji": ":star:", "timezone": "Asia/Tokyo", "names": []}
    await slack.suggests("ben", bens, "timezone", "Tokyo")
    assert (await slack.submits("ben", bens, theirs)).closed
    assert (await slack.submits("ana", anas, {"own_noun": "nugget", "half_life": "Within a year"})).closed
    (row,) = memory.rows("SELECT purpose, keep_emoji, timezone, names_optional, noun, half_life FROM pockets")
    assert (row["purpose"], row["keep_emoji"], row["timezone"]) == ("Ben's careful purpose", "star", "Asia/Tokyo")
    assert (bool(row["names_optional"]), row["noun"], row["half_life"]) == (False, "nugget", 365)


async def test_the_second_of_two_who_change_the_same_compares(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """Theirs stands above one's own; what they alone changed stays, also once one's own is put in its place."""
    await slack.submits("ana", await settings(slack, pocket), {"leads": ["ana", "ben"]})
    anas, bens = await settings(slack, pocket), await settings(slack, pocket, "ben")
    assert (await slack.submits("ben", bens, {"purpose": "Ben's <!channel>", "own_noun": "gem"})).closed
    answer = await slack.submits("ana", anas, {"purpose": "Ana's", "half_life": "Within a year"})
    assert answer.form is not None
    shown = slack.text_of(answer.form)
    assert "Another lead changed this" in shown
    assert "Ben's &lt;!channel&gt;" in str(answer.form.content)
    assert memory.rows("SELECT purpose, half_life FROM pockets") == [{"purpose": "Ben's <!channel>", "half_life": 182}]
    assert (await slack.submits("ana", answer.form)).closed
    rows = memory.rows("SELECT purpose, noun, half_life FROM pockets")
    assert rows == [{"purpose": "Ana's", "noun": "gem", "half_life": 365}]


async def test_what_two_leads_chose_may_not_be_one_emoji(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """Each alone may be; the second hears so at theirs."""
    await slack.submits("ana", await settings(slack, pocket), {"leads": ["ana", "ben"]})
    anas, bens = await settings(slack, pocket), await settings(slack, pocket, "ben")
    assert (await slack.submits("ben", bens, {"keep_emoji": ":star:"})).closed
    assert "helped_emoji" in (await slack.submits("ana", anas, {"helped_emoji": ":star:"})).errors
    assert memory.rows("SELECT keep_emoji, helped_emoji FROM pockets") == [
        {"keep_emoji": "star", "helped_emoji": "key"}
    ]
