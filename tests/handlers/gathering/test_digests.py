"""The digest: what a pocket learned, shown to whoever asks, and posted weekly where a lead wanted that."""

from __future__ import annotations

import time
from io import BytesIO

import pytest
from PIL import Image

from sandbox.records import Channel, Ephemeral
from sandbox.slack import Slack
from storage.ids import WorkspaceId
from storage.owed import quiet
from storage.prompts import digests
from storage.prompts.digests import DAY
from tests.conftest import Bot
from tests.memory import Memory
from tests.rounds import Rounds


async def digest(slack: Slack, who: str, pocket: Channel) -> Ephemeral:
    """What `/outloud digest` shows somebody."""
    shown = (await slack.types(who, "/outloud digest", in_=pocket)).ephemeral
    assert shown is not None
    return shown


async def choose(slack: Slack, pocket: Channel, **when: str) -> None:
    """Ana says when it is to be posted."""
    form = (await slack.presses("ana", "When it is posted", on=await digest(slack, "ana", pocket))).form
    assert form is not None
    assert (await slack.submits("ana", form, when)).closed


def let_it_be_due(memory: Memory) -> None:
    """Its time has come."""
    memory.run("UPDATE digests SET next_at = :now", now=time.time() - 1)


async def turn_on(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """Ana wants it weekly; and then it is due."""
    await choose(slack, pocket, day="Mondays", time="09:30")
    let_it_be_due(memory)


async def test_it_tells_what_was_learned_and_asked(
    slack: Slack, pocket: Channel, memory: Memory, rounds: Rounds
) -> None:
    """To whoever asks, and only to them; a name only where it stands with it; never of another channel."""
    await slack.types("ben", "/share WAL & <!channel>", in_=pocket)
    form = (await slack.types("cleo", "/share", in_=pocket)).form
    assert form is not None
    await slack.submits("cleo", form, {"words": "Nobody knows it was me", "name": "Without my name"})
    await memory.settled()
    card = next(one for one in slack.sees("dan").channel(pocket) if "WAL" in slack.text_of(one))
    await slack.presses("ana", "It helped me", on=card)
    prompt = await rounds.ask("What broke?")
    await slack.says("ben", "The build", in_=pocket, thread=prompt)
    await rounds.ask("What did nobody answer?")
    other = slack.channel("other", members=("ana",))
    await slack.types("ana", "/outloud start Elsewhere", in_=other)
    await slack.types("ana", "/share Elsewhere", in_=other)
    await memory.settled()
    before = len(slack.sees("dan").channel(pocket))
    said = await digest(slack, "cleo", pocket)
    text = slack.text_of(said)
    for one in (
        "What #learning learned",
        "WAL & <!channel>",
        "@ben",
        "What broke?",
        "one answered",
        "The build",
        "helped one",
    ):
        assert one in text
    for one in ("Elsewhere", "@cleo", "nobody answer"):
        assert one not in text
    assert "<!channel>" not in str(said.blocks)
    assert len(slack.sees("dan").channel(pocket)) == before


async def test_who_answers_after_a_digest_counts_in_the_next(
    slack: Slack, bot: Bot, pocket: Channel, memory: Memory, rounds: Rounds
) -> None:
    """A prompt is open still when it is posted: once it is closed, the next one tells of it, if anybody answered since."""
    place = rounds.asking().place
    broke, tried = await rounds.ask("What broke?"), await rounds.ask("What did you try?")
    await slack.says("ben", "The build", in_=pocket, thread=broke)
    await slack.says("ben", "Nothing lately", in_=pocket, thread=tried)
    await rounds.close()
    memory.run("UPDATE rounds SET opened_at = 1000, closed_at = 3000")
    memory.run("UPDATE learnings SET said_at = CASE WHEN words = 'The build' THEN 2500 ELSE 1100 END")
    told = [await bot.db.read(digests.contents, place, since=since, until=since + 1500) for since in (500, 2000, 3500)]
    assert [sorted((one.round.question, one.answers) for one in each.asked) for each in told] == [
        [("What broke?", 1), ("What did you try?", 1)],
        [("What broke?", 1)],
        [],
    ]


async def test_a_lead_has_it_posted_weekly(slack: Slack, pocket: Channel, memory: Memory, rounds: Rounds) -> None:
    """Once a week, until they want it no more; nobody else can."""
    assert "When it is posted" not in slack.text_of(await digest(slack, "ben", pocket))
    await slack.types("ben", "/share A thing", in_=pocket)
    await turn_on(slack, pocket, memory)
    await rounds.tick()
    await rounds.tick()
    posted = [one for one in slack.sees("cleo").channel(pocket) if "What #learning learned" in slack.text_of(one)]
    assert len(posted) == 1
    assert "A thing" in slack.text_of(posted[0])
    (picture,) = [block for block in posted[0].blocks if block["type"] == "image"]
    assert picture["alt_text"].endswith("the oldest first: 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1")
    content = slack.world.uploads[picture["slack_file"]["id"]].content
    assert content is not None
    assert Image.open(BytesIO(content)).size == (1200, 420)
    assert "posted here on Mondays at 09:30" in slack.text_of(await digest(slack, "ben", pocket))
    let_it_be_due(memory)
    await choose(slack, pocket, day="Never")
    before = len(slack.sees("cleo").channel(pocket))
    await rounds.tick()
    assert len(slack.sees("cleo").channel(pocket)) == before


@pytest.mark.parametrize("why", ["nothing to tell", "too late", "stopped"])
async def test_where_there_is_nothing_to_post_nothing_is(
    slack: Slack, pocket: Channel, memory: Memory, rounds: Rounds, why: str
) -> None:
    """No empty digest, none of a week that is over, none in a pocket that was stopped."""
    await turn_on(slack, pocket, memory)
    if why != "nothing to tell":
        await slack.types("ben", "/share A thing", in_=pocket)
    if why == "too late":
        memory.run("UPDATE digests SET next_at = next_at - 86401")
    if why == "stopped":
        await slack.types("ana", "/outloud stop", in_=pocket)
    await memory.settled()
    before = len(slack.sees("cleo").channel(pocket))
    await rounds.tick()
    assert len(slack.sees("cleo").channel(pocket)) == before
    assert memory.rows("SELECT next_at FROM digests")[0]["next_at"] > time.time()


async def test_a_digest_waits_where_the_channel_heard_enough(
    slack: Slack, bot: Bot, pocket: Channel, memory: Memory, rounds: Rounds
) -> None:
    """Two that nobody caused in a week are enough: the third comes when its turn has come."""
    await choose(slack, pocket, day="Mondays", time="09:30")
    await slack.types("ben", "/share A thing", in_=pocket)
    await memory.settled()
    for errand in ("one", "two"):
        await bot.db.write(quiet.take_post, rounds.asking().place, errand, at=time.time())
    let_it_be_due(memory)
    before = len(slack.sees("cleo").channel(pocket))
    assert bot.outloud is not None
    await bot.outloud.tick()
    await slack.until(
        lambda: any(row["kind"] == "post digest" and row["due"] > time.time() + DAY for row in memory.outbox())
    )
    assert len(slack.sees("cleo").channel(pocket)) == before


async def test_without_the_scope_a_digest_goes_out_without_its_picture(
    slack: Slack, pocket: Channel, memory: Memory, rounds: Rounds
) -> None:
    """`files:write` is optional."""
    slack.world.app.scopes.discard("files:write")
    await slack.types("ben", "/share A thing", in_=pocket)
    await turn_on(slack, pocket, memory)
    await memory.settled()
    await rounds.tick()
    (posted,) = [one for one in slack.sees("cleo").channel(pocket) if "What #learning learned" in slack.text_of(one)]
    assert not [block for block in posted.blocks if block["type"] == "image"]


async def test_where_slack_does_not_take_the_picture_the_digest_stands_without(
    slack: Slack, bot: Bot, pocket: Channel, memory: Memory
) -> None:
    """An image block whose file Slack does not know is refused (python-slack-sdk #1450). By the quiet rule it is one post."""
    await choose(slack, pocket, day="Mondays", time="09:30")
    await slack.types("ben", "/share A thing", in_=pocket)
    await memory.settled()
    body = {"channel": pocket.id, "since": 1.0, "until": 9e9}
    workspace = WorkspaceId(slack.world.team_id)
    await bot.db.write(digests.owe_post, workspace=workspace, body=body, file="F0UNKNOWN", at=time.time())
    await memory.settled()
    (posted,) = [one for one in slack.sees("cleo").channel(pocket) if "What #learning learned" in slack.text_of(one)]
    assert not [block for block in posted.blocks if block["type"] == "image"]
    assert [call.error for call in slack.calls("chat.postMessage")].count("invalid_blocks") == 1
    assert len(memory.rows("SELECT * FROM unasked WHERE lane = :lane", lane=pocket.id)) == 1
