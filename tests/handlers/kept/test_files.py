"""Messages with files: the words are kept, the files are linked, and nothing of them is loaded."""

from __future__ import annotations

from typing import Any

from handlers import blocks
from handlers.blocks import cards
from sandbox.records import Channel
from sandbox.shapes import pings
from sandbox.slack import Slack
from storage.ids import ChannelId, LearningId, PersonId, Place, WorkspaceId
from storage.kept import files
from storage.kept.files import FileLink
from storage.learned.learnings import LearningView
from tests.memory import Memory

EVIL = "a|b>c <!channel> & d.pdf"


def kept_files(memory: Memory) -> list[tuple[FileLink, ...]]:
    """The files of each learning."""
    return [files.from_text(row["files"]) for row in memory.rows("SELECT files FROM learnings")]


async def test_a_message_with_files_keeps_its_words_and_links_the_files(
    slack: Slack, pocket: Channel, memory: Memory
) -> None:
    """Title and permalink, as Slack shows them; no file is asked for."""
    message = await slack.says("ana", "The plan:", in_=pocket, files=["plan B.pdf", "notes.txt"])
    await slack.reacts("ben", "bulb", message)
    await memory.settled()
    assert [one.words for one in memory.learnings()] == ["The plan:"]
    (linked,) = kept_files(memory)
    assert [one.title for one in linked] == ["plan B.pdf", "notes.txt"]
    assert [one.link for one in linked] == [file["permalink"] for file in message.files]
    assert not [call for call in slack.calls() if call.method.startswith("files.")]


async def test_where_there_are_no_words_the_titles_are_the_words(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """In the spelling of Slack's messages, in which nothing pings."""
    message = await slack.says("ana", "", in_=pocket, files=[EVIL])
    await slack.reacts("ben", "bulb", message)
    await memory.settled()
    assert [one.words for one in memory.learnings()] == ["a|b&gt;c &lt;!channel&gt; &amp; d.pdf"]
    form = (await slack.uses("cleo", "Keep this", message)).form
    assert form is not None
    assert EVIL in slack.text_of(form)
    assert pings({"blocks": form.content["blocks"]}) == {message.user}


async def test_a_file_that_is_taken_off_is_followed(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """Slack tells of it as of an edit, with the same words; a shortening of those stays."""
    message = await slack.says("ana", "The plan of today", in_=pocket, files=["plan.pdf", "notes.txt"])
    form = (await slack.uses("ben", "Keep this", message)).form
    assert form is not None
    await slack.submits("ben", form, {"words": "The plan"})
    assert len(kept_files(memory)[0]) == 2
    await _take_off(slack, message)
    assert [one.title for one in kept_files(memory)[0]] == ["notes.txt"]
    assert [one.words for one in memory.learnings()] == ["The plan"]


async def test_what_is_taken_back_forgets_its_files(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """Titles are words."""
    message = await slack.says("ana", "The plan:", in_=pocket, files=["plan.pdf"])
    await slack.reacts("ben", "bulb", message)
    await memory.settled()
    await slack.unreacts("ben", "bulb", message)
    await memory.settled()
    assert kept_files(memory) == [()]


def test_a_card_links_the_files_and_says_who_shortened_the_words() -> None:
    """Whatever they are called: a title ends no link, and pings nobody."""
    learning = LearningView(
        id=LearningId("L1"),
        place=Place(WorkspaceId("T1"), ChannelId("C1")),
        author=PersonId("U1"),
        kind="learning",
        words="w",
        why="",
        topics=(),
        without_name=False,
        state="live",
        source_ts=None,
        card_ts=None,
        link=None,
        said_at=0.0,
        files=(FileLink(EVIL, "https://x.slack.com/files/a|b>"),),
        shortened_by=PersonId("U2"),
    )
    shown: Any = cards.card(learning, cards.Standing("tip"))
    assert "<https://x.slack.com/files/a%7Cb&gt;|a¦b&gt;c &lt;!channel&gt; &amp; d.pdf>" in str(shown)
    assert "shortened by <@U2>" in str(shown)
    assert pings({"blocks": shown}) == {"U1", "U2"}
    assert len(str(blocks.paragraphs("w"))) > 0


async def _take_off(slack: Slack, message: Any) -> None:
    before = message.files
    message.files = before[1:]
    from tests.again import send  # noqa: PLC0415

    ts = slack.world.new_ts()
    now = {"type": "message", "user": message.user, "text": message.text, "ts": message.ts, "files": message.files}
    event = {
        "type": "message",
        "subtype": "message_changed",
        "channel": message.channel,
        "message": now,
        "previous_message": {**now, "files": before},
        "ts": ts,
        "event_ts": ts,
    }
    from sandbox import payloads  # noqa: PLC0415

    assert (await send(slack, "event", payloads.event_callback(slack.world, event, "EvTakenOff"))).is_ack
