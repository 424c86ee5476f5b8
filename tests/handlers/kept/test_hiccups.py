"""Slack hiccups while somebody is to hear of their own words: what is said once waits for it, and names what they may read."""

from __future__ import annotations

import pytest

from bench import pockets
from handlers.slack import viewing
from sandbox.records import Channel, Message
from sandbox.slack import Slack
from storage.kept.kept_news import WEEK
from storage.visibility import FRESH
from tests.conftest import Bot
from tests.memory import Memory
from tests.sights import card_of

pytestmark = pytest.mark.parametrize("fault", ["429", "error before"])


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """What waits for Slack asks anew at once."""
    monkeypatch.setattr(viewing, "AGAIN_AFTER", 0.05)


async def held_up(slack: Slack, memory: Memory, kind: str = "tell privately") -> None:
    """Until a word waits because Slack does not say; then Slack says it again."""
    await slack.until(lambda: any(row["kind"] == kind and row["reason"] for row in memory.outbox()))
    slack.mends()
    await memory.settled()


def hiccup(slack: Slack, memory: Memory, fault: str) -> None:
    """Slack does not say who anybody is; that those who keep are people is known by then."""
    for person in ("ben", "cleo"):
        known = {"id": slack.find_person(person).id, "no": False}
        memory.run(
            "INSERT INTO people (workspace, id) SELECT id, :id FROM workspaces"
            " WHERE :id NOT IN (SELECT id FROM people)",
            id=known["id"],
        )
        memory.run("UPDATE people SET is_bot = :no WHERE id = :id", **known)
    if fault == "429":
        slack.fails("users.info", "429", seconds=0.1)
    else:
        slack.fails("users.info", "error before")


def said(slack: Slack, who: str) -> tuple[str, str]:
    """The newest private word to somebody: its words, and all that stands in it."""
    note = max(slack.sees(who).dms, key=lambda one: one.ts)
    return slack.text_of(note), str(note.blocks)


async def test_the_first_kept_names_where_and_by_whom(
    slack: Slack, pocket: Channel, memory: Memory, fault: str
) -> None:
    """It comes once: said too early it would never name the message."""
    message = await slack.says("ana", "Words", in_=pocket)
    hiccup(slack, memory, fault)
    await slack.reacts("ben", "bulb", message)
    await held_up(slack, memory)
    assert len(slack.sees("ana").dms) == 1
    text, blocks = said(slack, "ana")
    assert "@ben found something you wrote in #learning" in text
    assert slack.world.permalink(message) in blocks


async def test_who_is_asked_for_a_yes_can_read_what_it_is_about(
    slack: Slack, memory: Memory, bot: Bot, fault: str
) -> None:
    """Nobody can say yes to words that they are not shown."""
    assert bot
    channel = slack.channel("early", members=("ana", "ben", "cleo"))
    message = await slack.says("ana", "Written before", in_=channel)
    await pockets.begin(slack, "cleo", channel)
    await memory.settled()
    hiccup(slack, memory, fault)
    await slack.reacts("ben", "bulb", message)
    await held_up(slack, memory)
    text, blocks = said(slack, "ana")
    assert "@ben would like to keep something you wrote in #early" in text
    assert slack.world.permalink(message) in blocks


async def test_the_weekly_word_links_each(slack: Slack, bot: Bot, pocket: Channel, memory: Memory, fault: str) -> None:
    """Though it was owed a week before it is due."""
    messages = [await slack.says("ana", words, in_=pocket) for words in ("First", "Second", "Third")]
    for message in messages:
        await slack.reacts("ben", "bulb", message)
        await memory.settled()
    hiccup(slack, memory, fault)
    bot.ahead = WEEK + 60
    assert bot.outloud
    await bot.outloud.bring_notices()
    await held_up(slack, memory)
    assert len(slack.sees("ana").dms) == 2
    assert all(slack.world.permalink(one) in said(slack, "ana")[1] for one in messages[1:])


async def test_who_took_the_last_keep_back_is_asked_about_a_message_that_is_linked(
    slack: Slack, bot: Bot, pocket: Channel, memory: Memory, fault: str
) -> None:
    """It helped somebody meanwhile."""
    message = await slack.says("ana", "Words", in_=pocket)
    await slack.reacts("ben", "bulb", message)
    await slack.reacts("cleo", "key", message)
    await memory.settled()
    bot.ahead = 2 * FRESH
    hiccup(slack, memory, fault)
    await slack.unreacts("ben", "bulb", message)
    await held_up(slack, memory, "ask curator")
    text, blocks = said(slack, "ben")
    assert "it helped somebody" in text
    assert slack.world.permalink(message) in blocks


async def _shared(slack: Slack, memory: Memory, pocket: Channel) -> Message:
    await slack.types("ben", "/share A lesson.", in_=pocket)
    await memory.settled()
    return card_of(slack, pocket, "A lesson.")


async def test_an_answer_to_ones_card_says_who_and_where(
    slack: Slack, bot: Bot, pocket: Channel, memory: Memory, fault: str
) -> None:
    """So does each private word that says less to who may not look."""
    card = await _shared(slack, memory, pocket)
    bot.ahead += FRESH
    hiccup(slack, memory, fault)
    await slack.says("cleo", "How?", in_=pocket, thread=card)
    await held_up(slack, memory)
    assert said(slack, "ben")[0].startswith("@cleo answered a learning that you shared in #learning")


async def test_what_a_lead_edits_or_takes_away_says_who_and_where(
    slack: Slack, bot: Bot, pocket: Channel, memory: Memory, fault: str
) -> None:
    """First edited, then deleted: each word waits."""
    card = await _shared(slack, memory, pocket)
    bot.ahead += FRESH
    form = (await slack.presses("ana", "Edit", on=card)).form  # who she is was asked just now
    assert form
    hiccup(slack, memory, fault)
    await slack.submits("ana", form, {"words": "The lead's words"})
    await held_up(slack, memory)
    assert "@ana" in said(slack, "ben")[0]
    assert "#learning" in said(slack, "ben")[0]
