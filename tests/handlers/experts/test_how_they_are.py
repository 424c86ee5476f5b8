"""How it is with whoever is found: their time, whether they have had their questions, and whether they are there."""

from __future__ import annotations

import json
from dataclasses import asdict

from sandbox.records import Channel
from sandbox.slack import Slack
from tests.conftest import Bot

from .test_who_knows import asks, named_in, stand_for


async def test_who_has_had_their_questions_stands_lower(slack: Slack, pocket: Channel) -> None:
    """Behind who stood behind them; each with the time that it is for them, and a button that leads to them."""
    first, second = await stand_for(slack, 2, "tea", pocket)
    form = (await slack.types(first, "/askme", in_=pocket)).form
    assert form is not None
    assert (await slack.submits(first, form, {"a_week": "1"})).closed
    found = await asks(slack, "ana", "tea", pocket)
    assert named_in(slack, found) == [first, second]
    assert slack.text_of(found).count(" where they are") == 2
    blocks = json.dumps(asdict(found))
    for who in (first, second):
        assert f"slack://user?team={pocket_team(slack, who)}&id={slack.find_person(who).id}" in blocks
    await slack.types(first, "/askme coffee", in_=pocket)
    await slack.presses("ana", "who.write", on=await asks(slack, "ana", "coffee", pocket))
    found = await asks(slack, "cleo", "tea", pocket)
    assert named_in(slack, found) == [second, first]
    assert slack.text_of(found).count("has had their questions for this week") == 1


async def test_to_a_guest_who_left_silently_is_not_there(slack: Slack, bot: Bot, pocket: Channel) -> None:
    """By Slack's word now, whatever was heard; and nobody is shown an app that was taken for a person."""
    await slack.types("ben", "/askme tea", in_=pocket)
    await slack.types("cleo", "/askme tea", in_=pocket)
    await slack.invites("ana", slack.person("gus", guest="multi"), pocket)
    assert set(named_in(slack, await asks(slack, "gus", "tea", pocket))) == {"ben", "cleo"}
    slack.world.channel(pocket.id).members.pop(slack.find_person("ben").id)  # and no event says so
    bot.ahead += 120
    assert named_in(slack, await asks(slack, "gus", "tea", pocket)) == ["cleo"]
    slack.find_person("cleo").is_bot = True
    bot.ahead += 120
    assert named_in(slack, await asks(slack, "ana", "tea", pocket)) == ["ben"]


def pocket_team(slack: Slack, who: str) -> str:
    """The workspace of somebody."""
    return slack.find_person(who).team_id
