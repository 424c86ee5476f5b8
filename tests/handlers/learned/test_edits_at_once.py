"""Two have the form to edit a card open at once, or one for long: nobody writes over what they have not seen."""

from __future__ import annotations

import pytest

from sandbox.records import Channel, Message, View
from sandbox.slack import Slack
from storage.visibility import FRESH
from tests.conftest import Bot
from tests.memory import Memory
from tests.sights import card_of

MEANWHILE = "This was changed while you had it open"


@pytest.fixture
async def card(slack: Slack, pocket: Channel, memory: Memory) -> Message:
    """What ben shared; ana leads its pocket."""
    await slack.types("ben", "/share A lesson. #sql", in_=pocket)
    await memory.settled()
    return card_of(slack, pocket, "A lesson.")


async def opened(slack: Slack, who: str, card: Message) -> View:
    """The form before somebody."""
    form = (await slack.presses(who, "Edit", on=card)).form
    assert form is not None
    return form


async def test_a_lead_changes_what_they_changed(slack: Slack, memory: Memory, card: Message) -> None:
    """What its author wrote anew meanwhile stays."""
    lead, own = await opened(slack, "ana", card), await opened(slack, "ben", card)
    assert (await slack.submits("ben", own, {"words": "A better lesson."})).closed
    assert (await slack.submits("ana", lead, {"kind": "Story"})).closed
    assert [(one.words, one.kind) for one in memory.learnings()] == [("A better lesson.", "story")]


async def test_the_second_of_two_who_wrote_the_same_compares(slack: Slack, memory: Memory, card: Message) -> None:
    """What stands by then is above their own, which stands in the form still; sent again it takes its place."""
    lead, own = await opened(slack, "ana", card), await opened(slack, "ben", card)
    assert (await slack.submits("ben", own, {"words": "Ben's <!channel> lesson."})).closed
    again = (await slack.submits("ana", lead, {"words": "Ana's lesson."})).form
    assert again is not None
    assert [one.words for one in memory.learnings()] == ["Ben's <!channel> lesson."]
    shown = slack.text_of(again)
    assert MEANWHILE in shown
    assert "What did you learn?: Ben's <!channel> lesson." in shown
    assert "[Ana's lesson.]" in shown
    assert "<!channel>" not in str(again.content)
    assert (await slack.submits("ana", again)).closed
    await memory.settled()
    assert [one.words for one in memory.learnings()] == ["Ana's lesson."]
    assert "Ben's <!channel> lesson." in slack.text_of(slack.sees("ben").dms[-1])  # to be brought back


@pytest.mark.parametrize("button", ["Edit", "Add details"])
async def test_an_author_reads_what_a_lead_changed_before_it_stands_in_their_name(
    slack: Slack, pocket: Channel, memory: Memory, button: str
) -> None:
    """Also where they changed something else."""
    shared = (await slack.types("ben", "/share A lesson. #sql", in_=pocket)).ephemeral
    await memory.settled()
    card = card_of(slack, pocket, "A lesson.")
    own = (await slack.presses("ben", button, on=shared if button == "Add details" and shared else card)).form
    assert own is not None
    assert (await slack.submits("ana", await opened(slack, "ana", card), {"kind": "Story"})).closed
    again = (await slack.submits("ben", own, {"words": "A better lesson."})).form
    assert again is not None
    assert "Kind: Story" in slack.text_of(again)
    assert (await slack.submits("ben", again)).closed
    assert [(one.words, one.kind) for one in memory.learnings()] == [("A better lesson.", "learning")]


async def test_who_sends_it_once_more_or_as_it_stands_compares_nothing(
    slack: Slack, memory: Memory, card: Message
) -> None:
    """Both wrote the same."""
    lead, own = await opened(slack, "ana", card), await opened(slack, "ben", card)
    for who, form in (("ben", own), ("ana", lead)):
        assert (await slack.submits(who, form, {"words": "A better lesson."})).closed
    assert [one.words for one in memory.learnings()] == ["A better lesson."]


async def test_a_form_that_was_closed_and_opened_again_knows_what_it_showed_first(
    slack: Slack, memory: Memory, card: Message
) -> None:
    """What was written in it is older than what stands by now."""
    lead = await opened(slack, "ana", card)
    await slack.fills(lead, {"words": "Ana's lesson."})
    await slack.closes("ana", lead)
    assert (await slack.submits("ben", await opened(slack, "ben", card), {"words": "Ben's lesson."})).closed
    offer = next(one for one in slack.sees("ana").ephemerals if "You closed the form" in one.text)
    reopened = (await slack.presses("ana", "Open it again", on=offer)).form
    assert reopened is not None
    again = (await slack.submits("ana", reopened)).form
    assert again is not None
    assert "What did you learn?: Ben's lesson." in slack.text_of(again)
    assert [one.words for one in memory.learnings()] == ["Ben's lesson."]


@pytest.mark.parametrize("what", ["Edit", "Out of date", "Delete"])
async def test_who_was_taken_out_of_a_private_pocket_changes_nothing_by_a_form_that_is_open_still(
    slack: Slack, bot: Bot, memory: Memory, what: str
) -> None:
    """No event told of it; nor do they read what stands there now."""
    room = slack.channel("quiet", private=True, members=("ana", "ben"))
    await slack.types("ana", "/outloud start Secret purpose", in_=room)
    await slack.types("ben", "/share A lesson.", in_=room)
    await memory.settled()
    card = card_of(slack, room, "A lesson.")
    form = (await slack.presses("ana", what, on=card)).form
    assert form is not None
    room.members.pop(slack.find_person("ana").id)
    assert (await slack.submits("ben", await opened(slack, "ben", card), {"words": "Swordfish."})).closed
    bot.ahead += 2 * FRESH
    answer = await slack.submits("ana", form, {"words": "Ana's"} if what == "Edit" else None)
    assert "is not there any more" in str(answer)
    assert "Swordfish" not in str(answer)
    assert [one.words for one in memory.learnings()] == ["Swordfish."]
    assert memory.rows("SELECT * FROM outdated") == []
