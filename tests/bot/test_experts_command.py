"""`outloud experts`: whom a person would find, for whoever runs Outloud."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy.engine import URL

from bot.commands.failing import Failure
from sandbox.records import Channel
from sandbox.slack import Slack
from tests.bot.typed import Operator
from tests.memory import Memory


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # its SQL is the bot's own
async def test_it_shows_whom_this_person_would_find_and_why(
    slack: Slack, pocket: Channel, memory: Memory, database_url: URL, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each with a score and the reasons, as far as this person may know them; nobody's id is said to be one."""
    await slack.types("ben", "/askme kettles", in_=pocket)
    await slack.types("cleo", "/share Descale kettles monthly #kettles", in_=pocket)
    await memory.settled()
    operator = Operator(slack, database_url, monkeypatch)

    told: dict[str, Any] = {"could_not_check": True, "people": []}
    while told["could_not_check"]:
        told = json.loads(await operator.types("experts", "kettles", "--as", slack.find_person("ana").id, "--json"))
    people = {one["person"]: one for one in told["people"]}
    assert people[slack.find_person("ben").id]["claimed"] == ["kettles"]
    (shared,) = people[slack.find_person("cleo").id]["learnings"]
    assert shared["text"] == "Descale kettles monthly #kettles"
    assert all(one["score"] > 0 for one in people.values())
    assert "asks to be asked about kettles" in await operator.types(
        "experts", "kettles", "--as", slack.find_person("ana").id
    )
    with pytest.raises(Failure, match="nobody's id"):
        await operator.types("experts", "x", "--as", "ana")
    with pytest.raises(Failure, match="Say what they would ask"):
        await operator.types("experts", " ", "--as", slack.find_person("ana").id)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_who_is_away_stands_lower_there_too_and_what_is_not_known_is_said(
    slack: Slack, pocket: Channel, memory: Memory, database_url: URL, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the score itself; a shared learning has its link; an id that is nobody's is said to be none, and silence is said."""
    await slack.types("ben", "/share Descale kettles monthly #kettles", in_=pocket)
    await slack.types("cleo", "/askme kettles", in_=pocket)
    await memory.settled()
    slack.find_person("ben").status_emoji = ":palm_tree:"
    operator = Operator(slack, database_url, monkeypatch)
    told: dict[str, Any] = {"could_not_check": True, "people": []}
    while told["could_not_check"]:
        told = json.loads(await operator.types("experts", "kettles", "--as", slack.find_person("ana").id, "--json"))
    cleo, ben = told["people"]
    assert (cleo["person"], cleo["away"]) == (slack.find_person("cleo").id, False)
    assert (ben["person"], ben["away"]) == (slack.find_person("ben").id, True)
    assert ben["score"] < cleo["score"]
    (shared,) = ben["learnings"]
    assert shared["link"].startswith("https://")
    with pytest.raises(Failure, match="knows nobody here"):
        await operator.types("experts", "kettles", "--as", "U0NOBODY")
    slack.fails("users.info", "error before")
    assert "Slack did not say in time" in await operator.types(
        "experts", "kettles", "--as", slack.find_person("ana").id
    )


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_who_hides_is_not_in_it(
    slack: Slack, pocket: Channel, memory: Memory, database_url: URL, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither as whom to ask nor as who endorses, from the very next time on; also not as what anybody is told of as nothing."""
    await slack.types("ben", "/share Descale kettles monthly #kettles", in_=pocket)
    await slack.types("cleo", "/askme kettles", in_=pocket)
    await memory.settled()
    operator, told = Operator(slack, database_url, monkeypatch), dict[str, Any]()
    for who, left in (("ben", {"cleo"}), ("cleo", set[str]())):
        form = (await slack.types(who, "/askme", in_=pocket)).form
        assert form is not None
        await slack.submits(who, form, {"choices": ["hidden"]})
        told = {"could_not_check": True}
        while told["could_not_check"]:
            out = await operator.types("experts", "kettles", "--as", slack.find_person("ana").id, "--json")
            told = json.loads(out)
        assert {one["person"] for one in told["people"]} == {slack.find_person(one).id for one in left}
        assert slack.find_person(who).id not in out
