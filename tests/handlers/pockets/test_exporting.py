"""A pocket's lead gets what it learned as files, in their direct message."""

from __future__ import annotations

import csv
import io

import pytest
from sqlalchemy.orm import Session

from bench import pockets
from sandbox.records import Channel, Ephemeral, Message
from sandbox.slack import Slack
from storage.db.database import Database
from storage.ids import ChannelId, Person, PersonId, Place, WorkspaceId
from storage.places import exports
from tests.memory import Memory


async def menu(slack: Slack, pocket: Channel, who: str = "ana") -> Ephemeral:
    """What `/outloud` shows."""
    await slack.types(who, "/outloud", in_=pocket)
    return slack.sees(who).ephemerals[-1]


async def learn(slack: Slack, pocket: Channel, memory: Memory) -> Message:
    """Shared, shared without a name, kept, and taken back."""
    await slack.types("ben", "/share Use <WAL> & be glad #sqlite", in_=pocket)
    form = (await slack.types("cleo", "/share", in_=pocket)).form
    assert form is not None
    await slack.submits("cleo", form, {"words": "=1+1", "why": "Because", "name": "Without my name"})
    kept = await slack.says(
        "ana", f"Ask <@{slack.find_person('ben').id}> & read <https://a.example|this>", in_=pocket, raw=True
    )
    await slack.reacts("ben", "bulb", kept)
    gone = await slack.says("ana", "Taken back", in_=pocket)
    await slack.reacts("ben", "bulb", gone)
    await slack.unreacts("ben", "bulb", gone)
    await memory.settled()
    return kept


def files(slack: Slack) -> dict[str, str]:
    """What was sent to Ana, by how the files end."""
    sent = [file for message in slack.sees("ana").dms for file in message.files]
    return {file["name"].rpartition(".")[2]: (slack.world.uploads[file["id"]].content or b"").decode() for file in sent}


async def test_its_lead_gets_both_files(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """All that is live, oldest first; without the name that must not show; words as words."""
    kept = await learn(slack, pocket, memory)
    pressed = await slack.presses("ana", "Export", on=await menu(slack, pocket))
    assert "two files" in pressed.text
    await memory.settled()
    assert memory.outbox() == []
    (message,) = [one for one in slack.sees("ana").dms if one.files]
    assert "3 learnings" in message.text
    rows = list(csv.DictReader(io.StringIO(files(slack)["csv"].removeprefix("\ufeff"))))
    assert [(row["who"], row["kind"], row["words"], row["why"], row["topics"]) for row in rows] == [
        ("ben", "Learning", "Use <WAL> & be glad #sqlite", "", "sqlite"),
        ("", "Learning", "'=1+1", "Because", ""),
        ("ana", "Learning", "Ask @ben & read this (https://a.example)", "", ""),
    ]
    assert rows[2]["link"] == slack.world.permalink(kept)
    assert all(row["link"].startswith("https://acme.slack.com/archives/") for row in rows)
    assert all("T" in row["when"] for row in rows)
    text = files(slack)["md"]
    assert "> Use \\<WAL\\> &amp; be glad \\#sqlite" in text
    assert "by cleo" not in text
    assert slack.find_person("cleo").id not in text
    assert "cleo" not in text


async def test_it_says_how_many_each_helped(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """Each person once, whichever way they said so; nobody's name, and not what was taken back."""
    kept = await learn(slack, pocket, memory)
    card = next(one for one in slack.sees("dan").channel(pocket) if "WAL" in slack.text_of(one))
    await slack.presses("ana", "It helped me", on=card)
    await slack.reacts("ana", "key", card)
    await slack.presses("cleo", "It helped me", on=card)
    await slack.reacts("cleo", "key", kept)
    await slack.unreacts("cleo", "key", kept)
    await memory.settled()
    await slack.presses("ana", "Export", on=await menu(slack, pocket))
    await memory.settled()
    rows = list(csv.DictReader(io.StringIO(files(slack)["csv"].removeprefix("\ufeff"))))
    assert [row["helped"] for row in rows] == ["2", "0", "0"]
    assert files(slack)["md"].count("helped 2") == files(slack)["md"].count("helped") == 1


async def test_an_empty_pocket_exports_its_head(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """That is an answer, too."""
    await slack.presses("ana", "Export", on=await menu(slack, pocket))
    await memory.settled()
    assert files(slack)["md"].startswith("# \\#learning\n\n_What should be different in three weeks:_ Learn together")


async def test_only_a_lead_gets_it(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """Others have no such button; and who leads no more when it is made hears so."""
    assert "Export" not in slack.text_of(await menu(slack, pocket, "ben"))
    shown = await menu(slack, pocket)
    form = (await slack.types("ana", "/outloud settings", in_=pocket)).form
    assert form is not None
    await slack.submits("ana", form, {"leads": ["ben"]})
    pressed = await slack.presses("ana", "Export", on=shown)
    assert "Only a lead" in pressed.text
    await memory.settled()
    assert files(slack) == {}


async def test_without_the_scope_it_says_what_to_do(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """`files:write` is optional."""
    slack.world.app.scopes.discard("files:write")
    await slack.presses("ana", "Export", on=await menu(slack, pocket))
    await memory.settled()
    (told,) = slack.sees("ana").dms
    assert "files:write" in told.text
    assert "outloud export --pocket '#learning'" in told.text
    assert memory.outbox() == []


async def test_what_is_too_much_for_a_file_says_so(
    slack: Slack, pocket: Channel, memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever runs Outloud can make it."""
    monkeypatch.setattr(exports, "MOST_IN_SLACK", 2)
    await learn(slack, pocket, memory)
    await slack.presses("ana", "Export", on=await menu(slack, pocket))
    await memory.settled()
    assert "learned too much" in slack.sees("ana").dms[-1].text


@pytest.mark.parametrize("fault", ["dropped after", "error after", "dropped before"])
async def test_what_may_have_been_sent_is_looked_for(
    slack: Slack, pocket: Channel, memory: Memory, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They stand there once."""
    monkeypatch.setattr("bot.endings.LOOK_AFTER", 0.2)
    await learn(slack, pocket, memory)
    slack.fails("files.completeUploadExternal", fault, times=1)  # type: ignore[arg-type]
    await slack.presses("ana", "Export", on=await menu(slack, pocket))
    await memory.settled()
    assert len([one for one in slack.sees("ana").dms if one.files]) == 1


async def test_what_may_have_been_sent_is_looked_for_until_slack_lets_it_look(
    slack: Slack, pocket: Channel, memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sent, and not known; then Slack asks for a pause: that is no reason to send it once more."""
    monkeypatch.setattr("bot.endings.LOOK_AFTER", 0.2)
    await learn(slack, pocket, memory)
    slack.fails("files.completeUploadExternal", "dropped after", times=1)
    slack.fails("conversations.history", "429", times=1, seconds=1.0)
    await slack.presses("ana", "Export", on=await menu(slack, pocket))
    await memory.settled()
    assert len([one for one in slack.sees("ana").dms if one.files]) == 1


async def test_what_may_have_been_sent_is_looked_for_to_the_end(
    slack: Slack, pocket: Channel, memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However much was said in between: it stands behind two pages of it."""
    monkeypatch.setattr("bot.endings.LOOK_AFTER", 0.2)
    monkeypatch.setattr("handlers.pockets.exporting.A_PAGE", 1)
    await learn(slack, pocket, memory)
    slack.fails("files.completeUploadExternal", "dropped after", times=1)
    slack.fails("conversations.history", "429", times=1, seconds=1.0)
    await slack.presses("ana", "Export", on=await menu(slack, pocket))
    await slack.until(lambda: [one for one in slack.sees("ana").dms if one.files])
    for text in ("And then?", "Are you there?"):
        slack.world.post(slack.sees("ana").dms[-1].channel, slack.find_person("ana").id, text)
    await memory.settled()
    assert len([one for one in slack.sees("ana").dms if one.files]) == 1


async def test_wanted_twice_before_it_was_begun_it_comes_once(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """Two presses that were saved together."""
    place = Place(WorkspaceId(slack.world.team_id), ChannelId(pocket.id))
    ana = Person(place.workspace, PersonId(slack.find_person("ana").id))

    def press_twice(session: Session) -> None:
        for _ in range(2):
            exports.owe(session, place, by=ana, at=1.0)

    db = Database(memory.url)
    await db.write(press_twice)
    await db.close()
    await slack.until(lambda: files(slack))
    await memory.settled()
    assert len([one for one in slack.sees("ana").dms if one.files]) == 1


async def test_who_has_left_the_channel_gets_nothing_of_a_private_pocket(slack: Slack, memory: Memory) -> None:
    """A lead is a lead still; but Slack would not show it to them now."""
    room = slack.channel("quiet", private=True, members=("ana", "ben"))
    await pockets.begin(slack, "ana", room, line="/outloud start Learn quietly")
    await slack.types("ben", "/share Behind closed doors", in_=room)
    await memory.settled()
    shown = await menu(slack, room)
    slack.world.channel(room.id).members.pop(slack.find_person("ana").id)  # and nobody tells
    await slack.presses("ana", "Export", on=shown)
    await memory.settled()
    assert all("Behind closed doors" not in text for text in files(slack).values())
