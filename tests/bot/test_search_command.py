"""`outloud search`: what a person would find, for whoever runs Outloud."""

from __future__ import annotations

import json

import pytest
from sqlalchemy.engine import URL

from bot.commands.failing import Failure
from sandbox.records import Channel
from sandbox.slack import Slack
from tests.bot.typed import Operator
from tests.memory import Memory


async def test_it_shows_what_this_person_would_find_and_why(
    slack: Slack, pocket: Channel, memory: Memory, database_url: URL, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ana is in the private pocket, and Dan is not; nobody's id, and a workspace that is not there, are said so."""
    closed = slack.channel("closed", private=True, members=("ana",))
    await slack.types("ana", "/outloud start Closed", in_=closed)
    await slack.types("ana", "/share Kettles whistle #tea", in_=closed)
    await slack.types("ben", "/share Kettles <descale> themselves", in_=pocket)
    await memory.settled()
    operator = Operator(slack, database_url, monkeypatch)

    async def told(who: str) -> dict[str, list[dict[str, object]]]:
        while True:  # until Slack has said in time what they may read
            said = json.loads(await operator.types("search", "kettle", "--as", slack.find_person(who).id, "--json"))
            if not said["could_not_check"]:
                return dict(said)

    of_ana, of_dan = await told("ana"), await told("dan")
    assert {one["text"] for one in of_ana["results"]} == {"Kettles whistle #tea", "Kettles <descale> themselves"}
    (one,) = of_dan["results"]
    assert one["text"] == "Kettles <descale> themselves"
    assert one["reasons"]["terms"] == ["kettl"]  # type: ignore[index]
    assert str(one["link"]).startswith("https://")
    assert "Nothing that they may read" in await operator.types("search", "zebra", "--as", slack.find_person("dan").id)
    dan = slack.find_person("dan").id
    assert "Not understood: since:whenever." in await operator.types("search", "since:whenever", "kettle", "--as", dan)
    assert "in:\ufffd" in await operator.types("search", "in:\udcff", "kettle", "--as", dan, "--json")
    for words, says in (
        (("x", "--as", "U0NOBODY"), "knows nobody here"),
        (("x", "--as", "dan"), "nobody's id"),
        (("x", "--as", "U1", "--workspace", "T0"), "T0SANDBOX"),
    ):
        with pytest.raises(Failure, match=says):
            await operator.types("search", *words)
