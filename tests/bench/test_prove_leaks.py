"""The leak hunt: a hint that leads where one may not read is found, and what it imports is an export as Slack makes it."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import pytest

from bench.program import MANIFEST
from bench.prove import carrying
from bench.prove.chance import Chance
from bench.prove.hunt import Hunt
from bench.prove.looks import CLOSE, Looks
from bench.prove.proof import Tally
from bench.prove.readers import Learned, Room
from bench.prove.telling import Difference
from bot.importing import source
from bot.importing.archive import Archive
from handlers import words
from sandbox.manifest import read_manifest
from sandbox.records import Channel, Ephemeral, Json, Message, Person
from sandbox.slack import Slack
from storage.ids import ChannelId, Place, WorkspaceId

FIRST = (0, 0, 0)
"""Of whatever there is to choose from."""


@dataclass
class Hinted(Looks):
    """Looks of somebody who shares, and is told what a bot tells them."""

    says: str = ""
    undone: list[str] = field(default_factory=list)

    async def _type(self, person: Person, command: str, words: str, *, in_: Channel | None = None) -> str:
        where = (in_ or self.lobby).id
        note = Ephemeral(id="E", channel=where, user=person.id, ts="9.000001", text=self.says)
        self.slack.world.ephemerals.append(note)
        return f"Shared {command} {words}"

    async def undo(self, _person: Person, _action: str, id: str) -> None:
        """It is noted down."""
        self.undone.append(id)


@pytest.fixture
def slack() -> Slack:
    """Ana, and pia of another organisation."""
    made = Slack(read_manifest(MANIFEST))
    made.person("ana")
    made.person("pia", external=True)
    return made


@pytest.fixture
def hunt(slack: Slack, tmp_path: Path) -> Hunt:
    """One in which ana shared something in a room where she is alone, and pia comes by."""
    url = f"sqlite:///{tmp_path / 'bot.db'}"
    with sqlite3.connect(tmp_path / "bot.db") as made:
        made.execute("CREATE TABLE learnings (id, channel, state)")
        made.execute("CREATE TABLE outbox (kind, lane, state)")
        annex = slack.channel("annex", members=("ana", "pia"))
        made.execute("INSERT INTO learnings VALUES ('mine', ?, 'live')", (annex.id,))
    made_up = Hunt(slack, Tally("steps"), url, tmp_path)
    room = Room(slack.channel("quiet", private=True, members=("ana",)))
    one = Learned(1, room, slack.find_person("ana"), id="theirs", ts="8.000100")
    view, note = cast("object", None), cast("object", None)
    by = Hinted(slack, url, annex, view, view, note, (), annex)  # type: ignore[arg-type]
    made_up._by, made_up._people, made_up._rooms._all = by, [slack.find_person("pia")], [room]  # noqa: SLF001
    made_up._readers.learned = [one]  # noqa: SLF001
    return made_up


def _told(hunt: Hunt, link: str) -> None:
    cast("Hinted", hunt._by).says = f"{CLOSE}: <https://acme.slack.com/archives/C1/{link}|a learning>"  # noqa: SLF001


async def test_a_hint_that_leads_where_one_may_not_read_is_a_difference(hunt: Hunt) -> None:
    """And what they shared for it is taken back, each time."""
    _told(hunt, "p8000100")
    with pytest.raises(Difference, match="pia was shown w00001q from #quiet"):
        await hunt._share_what_is_there(Chance([*FIRST]))  # noqa: SLF001
    assert cast("Hinted", hunt._by).undone == ["mine"]  # noqa: SLF001


async def test_a_hint_of_something_else_is_none(hunt: Hunt) -> None:
    """It is looked for by its link."""
    _told(hunt, "p8000200")
    assert await hunt._share_what_is_there(Chance([*FIRST]))  # noqa: SLF001


def test_a_hint_is_known_by_the_words_that_the_bot_says() -> None:
    """They are copied, for no code of its is imported by what proves it."""
    assert words.closeness.told("it", "by you", ChannelId("C1"), 1).startswith(CLOSE)


@pytest.mark.parametrize("private", [False, True])
def test_what_is_imported_is_an_export_as_slack_makes_it(slack: Slack, tmp_path: Path, *, private: bool) -> None:
    """The bot finds the pocket's own channel in it, and one message that somebody kept, which stands in Slack."""
    channel = slack.channel("room", private=private, members=("ana",))
    said = carrying.said_long_ago(slack, channel, slack.find_person("pia"), "w00007q", 7)
    with Archive(carrying.pack(slack, channel, said, tmp_path)) as archive:
        found = source.find(archive, Place(WorkspaceId(slack.world.team_id), ChannelId(channel.id)), channel.name, "")
        (message,) = [one for one in found.messages(checked=False) if one is not None]
    assert not found.elsewhere
    assert (message.ts, message.text, message.user) == (said.ts, "w00007q", slack.find_person("pia").id)
    assert [(one.name, one.users) for one in message.reactions] == [("bulb", (slack.find_person("ana").id,))]
    assert channel.messages[said.ts] is said


async def test_an_import_that_brings_nothing_is_a_difference(
    hunt: Hunt, slack: Slack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else it would be looked for in vain, or not at all."""

    async def carry(_slack: Slack, _url: str, message: Message, _folder: Path) -> Json:
        brought.append(message)
        return {"learnings": len(brought) - 1}

    brought: list[Message] = []
    monkeypatch.setattr(carrying, "carry", carry)
    with pytest.raises(Difference):
        await hunt._import(Chance([*FIRST]))  # noqa: SLF001
    assert await hunt._import(Chance([*FIRST]))  # noqa: SLF001
    assert [one.is_kept for one in hunt._readers.learned] == [False, True]  # noqa: SLF001
    assert slack.world.channel(brought[1].channel).messages[brought[1].ts].reactions
