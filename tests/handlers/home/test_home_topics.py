"""In the app's Home: topics that nobody stands for, as an invitation and as a list."""

from __future__ import annotations

from sandbox.records import Channel, View
from sandbox.slack import Slack
from tests.memory import Memory


def form_of(slack: Slack, who: str) -> View:
    """The form before somebody."""
    form = slack.sees(who).form
    assert form is not None
    return form


def home_of(slack: Slack, who: str) -> View:
    """Their Home, as it stands."""
    shown = slack.sees(who).home
    assert shown is not None
    return shown


async def page(slack: Slack, memory: Memory, who: str) -> str:
    """What somebody reads who opens it, until Slack has said in time what they may see."""
    while True:
        await slack.opens_home(who)
        await memory.settled()
        shown = slack.text_of(home_of(slack, who))
        if "did not say in time" not in shown:
            return shown


async def test_topics_that_nobody_stands_for_are_an_invitation_and_to_leads_a_list(
    slack: Slack, pocket: Channel, memory: Memory
) -> None:
    """Whoever is not to be found stands for nothing; who chooses one stands for it, with an undo."""
    for who, words in (("ben", "One #kafka"), ("cleo", "Two #kafka"), ("cleo", "Three #sql"), ("ben", "Four #bash")):
        await slack.types(who, f"/share {words}", in_=pocket)
    for who, typed in (("cleo", "bash"), ("dan", "sql")):
        await slack.types(who, f"/askme {typed}", in_=slack.channel(f"of-{who}", members=(who, slack.app.id)))
    await memory.settled()
    assert "Nobody stands yet for *kafka*." in await page(slack, memory, "ana")
    assert "Ask me about" not in await page(slack, memory, "ana"), "who leads reads a list"
    form = (await slack.types("cleo", "/askme", in_=pocket)).form
    assert form is not None
    await slack.submits("cleo", form, {"choices": ["hidden"]})
    assert "Nobody stands yet for *kafka* and *bash*." in await page(slack, memory, "ana")
    assert "Nobody whom you may see stands yet" not in await page(slack, memory, "cleo"), "who hides is not invited"
    assert "stands yet for *kafka* and *bash*, which your pockets write about" in await page(slack, memory, "ben")
    await slack.presses("ben", "askme.stand", on=home_of(slack, "ben"), value="kafka")
    said = form_of(slack, "ben")
    assert "You can be asked about *kafka*." in slack.text_of(said)
    await memory.settled()
    assert "stands yet for *bash*, which" in slack.text_of(home_of(slack, "ben"))
    await slack.presses("ben", "Undo", on=said)
    await memory.settled()
    assert "stands yet for *kafka* and *bash*, which" in slack.text_of(home_of(slack, "ben"))


async def test_to_a_guest_only_who_is_where_they_are_now_stands_for_something(
    slack: Slack, pocket: Channel, memory: Memory
) -> None:
    """Slack is asked where they are: of somebody who went, and nobody told, a guest hears nothing, also by what is missing."""
    gus = slack.person("gus", guest="single")
    await slack.invites("ana", gus, pocket)
    for words in ("One #kafka", "Two #kafka", "Three #sql", "Four #bash"):
        await slack.types("ben", f"/share {words}", in_=pocket)
    for who, typed in (("cleo", "kafka"), ("ana", "sql")):
        await slack.types(who, f"/askme {typed}", in_=pocket)
    await memory.settled()
    pocket.members.pop(slack.find_person("cleo").id)  # and nobody tells
    assert "stands yet for *kafka* and *bash*, which" in await page(slack, memory, "gus")
    assert "stands yet for *bash*, which" in await page(slack, memory, "ben"), "a colleague may be told of her anywhere"
