"""Words that people wrote are shown as they wrote them, on every surface: they ping nobody, and they break nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sandbox.records import Channel, Message, Person
from sandbox.shapes import pings
from sandbox.slack import Slack
from tests.conftest import Bot
from tests.memory import Memory
from tests.sights import card_of

from .sample import Sample
from .stage import Stage
from .surfaces import SURFACES
from .test_matrix import LOOKS, to_be_asked

VICTIM = "U0VICTIM"
PINGED = {VICTIM, "S0GROUP", "channel", "here", "everyone"}
"""Whom nobody may ping by what they write."""

MARK = "swordfish"
"""What stands at the beginning of all that somebody writes here."""

HOSTILE = {
    "mentions of all": "<!channel> <!here> <!everyone|all> @channel",
    "mentions of one": f"<@{VICTIM}> <@{VICTIM}|vic> <!subteam^S0GROUP> <#C0OTHER|other>",
    "links": "<https://evil.example/?a=1&b=2|your bank> https://evil.example <mailto:a@b.c|mail>",
    "entities": f"&lt;!channel&gt; &amp;lt;@{VICTIM}&amp;gt; &#60;!here&#62; a & b < c > d",
    "formatting": f"*bold _it ~no `<@{VICTIM}>` ```\n<!here>\n``` > quoted\n• <!date^1^{{date}}|now>",
    "formulas": '=HYPERLINK("https://evil.example","x") +1 -1 @SUM(A1) \t=2\r\n=3 "quoted", and; more',
    "right to left, and marks": "\u202egnp.exe \u200b\u200d a\u0301\u0301\u0301 👩‍👩‍👧 ﷽",
}
"""What somebody might write."""


@pytest.fixture
def victim(slack: Slack) -> Person:
    """Somebody whom they would like to ping."""
    return slack.person("victim", id=VICTIM)


async def _written(slack: Slack, pocket: Channel, words: str) -> None:
    """The same words wherever one can write any: shared, edited, put aside, kept, and what the pocket is for."""
    settings = (await slack.types("ana", "/outloud settings", in_=pocket)).form
    assert settings is not None
    sent = await slack.submits("ana", settings, {"purpose": words[:300], "own_noun": "tip <!here>"})
    assert sent.closed, sent.errors
    form = (await slack.types("ben", "/share", in_=pocket)).form
    assert form is not None
    sent = await slack.submits("ben", form, {"words": f"{words} #hostile", "why": words})
    assert sent.closed, sent.errors
    card = await slack.until(lambda: card_of(slack, pocket, "#hostile"))
    change = (await slack.presses("ana", "Edit", on=card)).form
    assert change is not None
    assert (await slack.submits("ana", change, {"words": f"{words} #hostile, as a lead says it"})).closed
    await slack.types("cleo", f"/share {words} #other", in_=pocket)
    draft = (await slack.types("ben", "/share", in_=pocket)).form
    assert draft is not None
    await slack.fills(draft, {"words": words})
    await slack.presses("ben", "Save as a draft", on=draft)
    message = await slack.says("cleo", words, in_=pocket, raw=True)
    await slack.reacts("ben", "bulb", message)
    for line in ("/outloud", f"/outloud {words}", "/share drafts"):
        await slack.types("ben", line, in_=pocket)


def _sample(slack: Slack, pocket: Channel, memory: Memory, words: str) -> Sample:
    """All that a surface may show says the same words: what others shared and what one did oneself, prompts and questions."""
    ben, cleo = slack.find_person("ben").id, slack.find_person("cleo").id
    (own,) = [one for one in memory.learnings() if "#hostile" in one.words]
    theirs = next(one for one in memory.learnings() if one.author == cleo and one.source_ts is None)
    memory.run("DELETE FROM learning_topics")
    tagged = "INSERT INTO learning_topics (workspace, learning, topic, position) SELECT id, :learning, :topic, 0 FROM workspaces"
    memory.run(tagged, learning=own.id, topic="hostile")
    memory.run(tagged, learning=theirs.id, topic="other")
    memory.run("INSERT INTO people (workspace, id) SELECT id, 'U0OTHER' FROM workspaces")
    leads = "INSERT INTO leads (workspace, channel, person, since) SELECT id, :channel, :person, 9 FROM workspaces"
    memory.run(leads, channel=pocket.id, person=ben)
    asked = (
        "INSERT INTO rounds (workspace, id, key, channel, question, lead, opened_at, closes_at, ts)"
        " SELECT id, 'round00', 'round00', :channel, :question, 'U0OTHER', 9, 99999999999, '8.000001' FROM workspaces"
    )
    memory.run(asked, channel=pocket.id, question=words)
    to_be_asked(memory, [pocket.id], [words])
    return Sample(
        "public",
        pocket,
        "room00",
        "",
        "other",
        "hostile",
        own.id,
        theirs=theirs.id,
        source="8.000002",
        round="round00",
        question=words,
    )


def as_read(shown: str) -> list[dict[str, Any]]:
    """All that a surface showed: answers, forms and messages, each as Slack gets it."""
    found, at, decoder = list[Any](), 0, json.JSONDecoder()
    while at < len(shown):
        one, at = decoder.raw_decode(shown, at)
        found += one
    texts = [{"text": one} for one in found if isinstance(one, str)]
    blocks = [{"text": "", "blocks": one} for one in found if isinstance(one, list)]
    forms = [one["view"] for one in found if isinstance(one, dict) and "view" in one]
    return [*texts, *blocks, *forms, *(one for one in found if isinstance(one, dict) and "view" not in one)]


def _pinged(slack: Slack) -> set[str]:
    """Whom anything that the bot has said, or shown, would ping."""
    world, bot = slack.world, slack.app.id
    said = [one for channel in world.channels.values() for one in channel.messages.values() if one.user == bot]
    private = [{"text": one.text, "blocks": one.blocks} for one in world.ephemerals]
    shown = [*private, *(view.content for view in (*world.views.values(), *world.homes.values()))]
    return set().union(*map(pings, said), *map(pings, shown))


@pytest.mark.parametrize("words", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.usefixtures("victim")
async def test_they_ping_nobody_and_break_nothing(
    slack: Slack, bot: Bot, pocket: Channel, memory: Memory, words: str
) -> None:
    """Whatever is written, everything that could be said was said, and reads as it was written.

    Each surface that can show words has shown these.
    """
    words = f"{MARK} {words}"
    await _written(slack, pocket, words)
    await memory.settled()
    form = (await slack.types("ben", "/share", in_=pocket)).form
    note = (await slack.types("ben", "/share Something", in_=pocket)).ephemeral
    assert form is not None
    assert note is not None
    sample = _sample(slack, pocket, memory, words)
    assert bot.outloud is not None
    stage = Stage(slack, bot.outloud._desk, memory, form, note)  # noqa: SLF001 -- the very one that the running bot has
    for surface in SURFACES:
        for _ in range(LOOKS):  # on a machine that has much else to do, Slack may not have said in time who may look
            reached = await surface.reach(stage, slack.find_person("ben"), sample)
            if surface.carries == (MARK in reached):
                break
        assert surface.carries == (MARK in reached), f"{surface.name}: {reached[:300]}"
        if surface.is_file:
            continue
        for shown in as_read(reached):
            assert not pings(shown) & PINGED, surface.name
    await memory.settled()
    assert not _pinged(slack) & PINGED
    assert not [call.error for call in slack.calls() if call.error and "invalid" in call.error]
    assert memory.outbox() == []
    assert words.strip().replace("\r\n", "\n") in slack.text_of(_card(slack, pocket, memory, sample))


def _card(slack: Slack, pocket: Channel, memory: Memory, sample: Sample) -> Message:
    """Of one's own learning: it may stand there once more, as something that was found."""
    (own,) = [one for one in memory.learnings() if one.id == sample.own]
    (card,) = [one for one in slack.sees("ana").channel(pocket) if one.ts == own.card_ts]
    return card
