"""Endorsing from a card's menu, and from somebody's profile in Home: it says nothing of who is not found, or said no."""

from __future__ import annotations

from sandbox.records import Channel, View
from sandbox.slack import Slack
from tests.again import last, send
from tests.conftest import Bot
from tests.handlers.experts.test_who_knows import a_day_later, asks
from tests.memory import Memory
from tests.sights import card_of

NOT_COUNTED = "It is not counted unless they say yes to it"


async def profile(slack: Slack, memory: Memory, who: str, whom: str) -> str:
    """What somebody reads of somebody whom they choose in their Home; the form stays open."""
    await slack.opens_home(who)
    await memory.settled()
    page = slack.sees(who).home
    assert page is not None
    await slack.presses(who, "home.person", on=page, value=whom)
    return slack.text_of(form_of(slack, who))


def form_of(slack: Slack, who: str) -> View:
    """The form before somebody."""
    form = slack.sees(who).form
    assert form is not None
    return form


async def test_a_cards_menu_endorses_whoever_wrote_it(slack: Slack, bot: Bot, pocket: Channel, memory: Memory) -> None:
    """For its topics, or those that a form asks for; not oneself; nor whoever shared it without their name."""
    for words in ("One #kafka #sql", "Two"):
        await slack.types("ben", f"/share {words}", in_=pocket)
    form = (await slack.types("ben", "/share", in_=pocket)).form
    assert form is not None
    await slack.submits("ben", form, {"words": "Three", "name": "Without my name"})
    await memory.settled()
    one, two, three = [card_of(slack, pocket, words) for words in ("One", "Two", "Three")]
    answer = await slack.presses("cleo", "Endorse its author for kafka, sql", on=one)
    assert NOT_COUNTED in answer.text
    assert "That is you" in (await slack.presses("ben", "Endorse its author for kafka, sql", on=one)).text
    form = (await slack.presses("cleo", "Endorse its author…", on=two)).form
    assert form is not None
    await slack.submits("cleo", form, {"about": "bash"})
    given = memory.rows("SELECT person, topic FROM endorsements ORDER BY topic")
    assert [row["topic"] for row in given] == ["bash", "kafka", "sql"]
    assert {row["person"] for row in given} == {slack.find_person("ben").id}
    assert "Endorse" not in slack.text_of(three)
    await slack.presses("cleo", "Out of date", on=three)
    forged = last(slack, "block_actions")
    chosen = forged["actions"][0]["selected_option"]
    chosen["value"] = chosen["value"].replace("outdate", "endorse")
    await send(slack, "block_actions", forged)
    assert "shared without a name" in slack.text_of(slack.sees("cleo").ephemerals[-1])
    assert len(memory.rows("SELECT * FROM endorsements")) == len(given)
    await a_day_later(bot, memory)
    (asked,) = slack.sees("ben").dms
    await slack.presses("ben", "Stop asking", on=asked)
    again = await slack.presses("cleo", "Endorse its author for kafka, sql", on=one)
    assert "already. It is not counted so far." in again.text


async def test_a_profile_in_home_says_what_somebody_stands_for_and_endorses_them(
    slack: Slack, bot: Bot, pocket: Channel, memory: Memory
) -> None:
    """Of who hides it says what it says of who stands for nothing; to guests, nothing of who is not where they are."""
    await slack.types("ben", "/askme python", in_=pocket)
    assert "@ben may be asked about\n• *python*: they ask to be asked" in await profile(slack, memory, "ana", "ben")
    sent = await slack.submits("ana", form_of(slack, "ana"), {"about": "kafka"})
    assert not sent.errors
    assert NOT_COUNTED in slack.text_of(form_of(slack, "ana"))
    await slack.closes("ana", form_of(slack, "ana"))
    await a_day_later(bot, memory)
    (asked,) = slack.sees("ben").dms
    await slack.presses("ben", "List me", on=asked)
    said = await profile(slack, memory, "cleo", "ben")
    assert "• *kafka*: endorsed by @ana\n• *python*: they ask to be asked" in said
    await slack.closes("cleo", form_of(slack, "cleo"))
    slack.person("gus", guest="multi")
    assert "@ben stands for nothing yet, as far as you may see" in await profile(slack, memory, "gus", "ben")
    form = (await slack.types("ben", "/askme", in_=pocket)).form
    assert form is not None
    await slack.submits("ben", form, {"choices": ["hidden"]})
    of_ben, of_dan = [await profile(slack, memory, "cleo", whom) for whom in ("ben", "dan")]
    assert of_ben == of_dan.replace("@dan", "@ben")
    await slack.submits("cleo", form_of(slack, "cleo"), {"about": "python"})
    assert NOT_COUNTED in slack.text_of(form_of(slack, "cleo"))
    assert "That is you" in await profile(slack, memory, "ana", "ana")
    slack.find_person("dan").deleted = True
    await slack.closes("ana", form_of(slack, "ana"))
    bot.ahead += 120
    assert "are not in this workspace any more" in await profile(slack, memory, "ana", "dan")


async def test_somebody_of_another_organisation_is_found_and_not_offered_to_be_endorsed(
    slack: Slack, bot: Bot, pocket: Channel, memory: Memory
) -> None:
    """What would be refused is not offered; to write to them is."""
    gus = slack.person("gus", external=True)
    await slack.invites("ana", gus, pocket)
    for who, words in (("gus", "Batch mode copies"), ("ben", "Offline mode prints")):
        await slack.types(who, f"/share {words} #alembic", in_=pocket)
    await memory.settled()
    bot.ahead += 120
    found = slack.text_of(await asks(slack, "ana", "alembic", pocket))
    assert found.count("[Write to them]") == 2
    shown = {
        name: found.partition(f"@{name}:")[2].partition("[Write to them]")[2].partition("\n")[0]
        for name in ("gus", "ben")
    }
    assert shown == {"gus": "", "ben": " [Endorse]"}
