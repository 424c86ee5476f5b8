"""What was imported from an export lives on as what was kept in Slack does."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.commands import importing
from sandbox.slack import Slack
from tests.bot.importing.packing import packed, said
from tests.memory import Memory


async def test_an_author_hears_of_an_import_and_may_take_theirs_back(
    slack: Slack, memory: Memory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Privately, once, of all together; a keep reaction that is taken off afterwards takes the learning back, too."""
    channel = slack.channel("history", members=("ana", "ben", "cleo"))
    first, second = [await slack.says("ana", f"Old truth {number}.", in_=channel) for number in (1, 2)]
    for one in (first, second):
        await slack.reacts("ben", "bulb", one)
    await slack.types("cleo", "/outloud start Learn together", in_=channel)
    await memory.settled()
    ana, ben, team = slack.find_person("ana").id, slack.find_person("ben").id, slack.world.team_id
    people = [{"id": id, "team_id": team, "name": id.lower()} for id in (ana, ben)]
    messages = [said(one.ts, ana, one.text, kept=[ben]) for one in (first, second)]
    export = packed(tmp_path / "e.zip", messages, people=people, channels=[{"id": channel.id, "name": "history"}])
    monkeypatch.setenv("DATABASE_URL", memory.url.render_as_string(hide_password=False))
    before = len(slack.sees("ana").channel(channel))
    await importing.carry(export, "#history", "", dry=False)
    await memory.settled()
    (told,) = slack.sees("ana").dms
    assert "@ben had reacted so to something you wrote" in slack.text_of(told)
    assert "Another one of yours came with it." in slack.text_of(told)
    assert {one.link for one in memory.learnings()} == {slack.world.permalink(one) for one in (first, second)}
    await slack.presses("ana", "Undo", on=told)
    await slack.unreacts("ben", "bulb", second)
    await memory.settled()
    assert memory.learnings() == []
    assert len(slack.sees("ana").channel(channel)) == before
