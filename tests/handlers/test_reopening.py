"""Forms that are closed with words in them: whoever wrote them can open the form again, and finds them there."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from handlers.learned import unsaved
from sandbox.records import Channel, Ephemeral, Message, View
from sandbox.slack import Slack
from tests.conftest import Bot
from tests.memory import Memory
from tests.rounds import Rounds
from tests.sights import card_of

Open = Callable[[Slack, Rounds, Channel, Memory], Awaitable[View | None]]


async def _answer(slack: Slack, rounds: Rounds, _pocket: Channel, _memory: Memory) -> View | None:
    return (await slack.presses("ana", "Answer", on=await rounds.ask())).form


async def _first(slack: Slack, rounds: Rounds, _pocket: Channel, _memory: Memory) -> View | None:
    asked = await rounds.ask_first(rounds.asking(key="schedule:s:2026-11-25"))
    return (await slack.presses("ana", "Write mine", on=asked)).form


async def _ask(slack: Slack, _rounds: Rounds, pocket: Channel, _memory: Memory) -> View | None:
    await slack.types("ana", "/outloud", in_=pocket)
    return (await slack.presses("ana", "Ask a question", on=slack.sees("ana").ephemerals[-1])).form


async def _details(slack: Slack, _rounds: Rounds, pocket: Channel, _memory: Memory) -> View | None:
    shared = (await slack.types("ana", "/share Mine", in_=pocket)).ephemeral
    assert shared is not None
    return (await slack.presses("ana", "Add details", on=shared)).form


async def _edit(slack: Slack, _rounds: Rounds, pocket: Channel, memory: Memory) -> View | None:
    await slack.types("ana", "/share Mine", in_=pocket)
    await memory.settled()
    return (await slack.presses("ana", "Edit", on=card_of(slack, pocket, "Mine"))).form


TABLES = ("learnings", "drafts", "outbox", "answers", "rounds")
FORMS: dict[str, Open] = {"answer": _answer, "first": _first, "ask": _ask, "details": _details, "edit": _edit}


@pytest.fixture(params=FORMS)
async def form(request: pytest.FixtureRequest, slack: Slack, rounds: Rounds, pocket: Channel, memory: Memory) -> View:
    """One of them, open before ana."""
    opened = await FORMS[request.param](slack, rounds, pocket, memory)
    assert opened is not None
    return opened


def offers(slack: Slack, who: str = "ana") -> list[Ephemeral]:
    """What somebody is asked, privately."""
    return [one for one in slack.sees(who).ephemerals if "You closed the form" in one.text]


@pytest.mark.parametrize("with_state", [False, True], ids=["state left out", "state told"])
async def test_what_was_written_is_offered_back_and_stands_in_the_form_again(
    slack: Slack,
    form: View,
    memory: Memory,
    bot: Bot,
    with_state: bool,  # noqa: FBT001 -- a case
) -> None:
    """Nothing of it is stored until it is sent; then nothing is held any more but what the offer may still bring back."""
    slack.closes_with_state = with_state
    await slack.fills(form, {"words": "Rotate <!channel> keys, swordfish."})
    await slack.closes("ana", form)
    (offer,) = offers(slack)
    assert "“Rotate &lt;!channel&gt; keys, swordfish.”" in offer.text
    stored = [memory.rows(f"SELECT * FROM {table}") for table in TABLES]  # noqa: S608 -- our own tables
    assert "swordfish" not in str(stored)
    again = (await slack.presses("ana", "Open it again", on=offer)).form
    assert again is not None
    assert again.content["callback_id"] == form.content["callback_id"]
    answer = await slack.submits("ana", again)
    assert answer.errors == {}
    await memory.settled()
    written = [*memory.rows("SELECT words FROM learnings"), *memory.rows("SELECT words FROM first_answers")]
    assert "Rotate <!channel> keys, swordfish." in [row["words"] for row in written]
    assert bot.outloud is not None


@pytest.mark.parametrize("with_state", [False, True], ids=["state left out", "state told"])
async def test_as_it_was_opened_or_emptied_it_says_nothing(
    slack: Slack,
    form: View,
    with_state: bool,  # noqa: FBT001 -- a case
) -> None:
    """Nothing would be lost."""
    slack.closes_with_state = with_state
    await slack.fills(form, {"words": "Something"})
    await slack.fills(form, {"words": "  "})
    await slack.closes("ana", form)
    assert offers(slack) == []


async def test_what_is_sent_is_offered_by_nobody(slack: Slack, form: View, bot: Bot) -> None:
    """And held no more."""
    await slack.fills(form, {"words": "Sent"})
    assert bot.outloud is not None
    held = bot.outloud._desk.unsaved._held  # noqa: SLF001 -- nothing else shows what is let go
    assert len(held) == 1
    await slack.submits("ana", form, {"words": "Sent"})
    assert (offers(slack), dict(held)) == ([], {})


async def test_with_it_comes_what_was_chosen(slack: Slack, pocket: Channel, memory: Memory, rounds: Rounds) -> None:
    """Above all, that no name is to stand with it."""
    form = (await slack.presses("ben", "Answer", on=await rounds.ask())).form
    assert form is not None
    await slack.fills(form, {"name": "Without my name", "words": "Quietly"})
    await slack.closes("ben", form)
    again = (await slack.presses("ben", "Open it again", on=offers(slack, "ben")[0])).form
    assert again is not None
    assert (await slack.submits("ben", again)).closed
    assert [(one.words, one.without_name) for one in memory.learnings()] == [("Quietly", True)]
    assert pocket


async def test_who_may_not_read_what_it_shows_any_more_is_not_shown_it(
    slack: Slack, pocket: Channel, rounds: Rounds, bot: Bot
) -> None:
    """Their words stay in the offer; the question does not come back."""
    gus = slack.person("gus", guest="single")
    await slack.invites("ana", gus, pocket)
    prompt: Message = await rounds.ask("What about the swordfish?")
    form = (await slack.presses("gus", "Answer", on=prompt)).form
    assert form is not None
    await slack.fills(form, {"words": "Mine"})
    await slack.closes("gus", form)
    (offer,) = offers(slack, "gus")
    pocket.members.pop(gus.id)
    bot.ahead += 120
    answer = await slack.presses("gus", "Open it again", on=offer)
    assert answer.form is None
    assert "swordfish" not in answer.text


async def test_what_nobody_opened_again_is_let_go(
    slack: Slack, pocket: Channel, rounds: Rounds, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After its time a press says so."""
    assert pocket
    form = (await slack.presses("ben", "Answer", on=await rounds.ask())).form
    assert form is not None
    await slack.fills(form, {"words": "Too late"})
    monkeypatch.setattr(unsaved, "HOLD_FOR", 0.2)
    await slack.closes("ben", form)
    (offer,) = offers(slack, "ben")
    await slack.until(lambda: True)
    monkeypatch.undo()
    for _ in range(200):
        answer = await slack.presses("ben", "Open it again", on=offer)
        if answer.form is None:
            break
        await slack.closes("ben", answer.form)
    assert "does not have those words any more" in slack.sees("ben").ephemerals[-1].text
