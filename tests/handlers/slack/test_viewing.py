"""Who wants to see something is asked of Slack: what it does not say in time is not shown."""

from __future__ import annotations

import pytest

from handlers.slack import viewing
from handlers.slack.viewing import kind_of
from sandbox.records import Channel, Ephemeral, View
from sandbox.slack import Slack
from storage.ids import Person, PersonId, WorkspaceId
from tests.handlers.kept.test_hiccups import hiccup
from tests.memory import Memory

NOT_IN_TIME = "did not say in time what you may see"
ANA = Person(WorkspaceId("T1"), PersonId("UANA"))


@pytest.mark.parametrize(
    ("user", "enterprise", "kind"),
    [
        ({"team_id": "T1"}, None, "member"),
        ({"team_id": "T1", "is_restricted": True}, None, "guest"),
        ({"team_id": "T1", "is_restricted": True, "is_ultra_restricted": True}, None, "guest"),
        ({"team_id": "T1", "is_ultra_restricted": True}, None, "guest"),
        ({"team_id": "T2"}, None, "external"),
        ({"team_id": "T2", "is_stranger": False}, None, "external"),
        ({"team_id": "T2", "is_restricted": True}, None, "external"),
        ({}, None, "external"),
        ({"team_id": "T2", "enterprise_user": {"enterprise_id": "E1"}}, "E1", "member"),
        ({"team_id": "T2", "enterprise_user": {"enterprise_id": "E1"}, "is_restricted": True}, "E1", "guest"),
        ({"team_id": "T2", "enterprise_user": {"enterprise_id": "E2"}}, "E1", "external"),
        ({"team_id": "T2", "enterprise_user": {"enterprise_id": ""}}, "", "external"),
        ({"team_id": "T2", "enterprise_user": {}}, None, "external"),
    ],
    ids=str,
)
def test_of_what_kind_somebody_is(user: dict[str, object], enterprise: str | None, kind: str) -> None:
    """Internal by the workspace's id or its organisation's, if it has one; all others are external."""
    assert kind_of(user, ANA, enterprise) == kind


@pytest.fixture
async def form(slack: Slack, pocket: Channel) -> View:
    """The form to share, open before a guest who is in the pocket, and of which one topic is there."""
    slack.person("gus", guest="single")
    await slack.invites("ana", "gus", pocket)
    await slack.types("ana", "/share The rota is in the handbook #oncall", in_=pocket)
    opened = await slack.types("gus", "/share", in_=pocket)
    assert opened.form is not None
    return opened.form


async def topics(slack: Slack, form: View) -> list[str]:
    """What the menu offers to whoever has the form open."""
    return [one["value"] for one in await slack.suggests("gus", form, "topics", "")]


async def test_slack_is_asked_once_for_all_that_is_typed(slack: Slack, form: View) -> None:
    """Who they are and where they are; and again when they have left, which an event told."""
    for _ in range(3):
        assert await topics(slack, form) == ["oncall"]
    await slack.leaves("gus", "learning")
    assert await topics(slack, form) == []
    assert {call.args["user"] for call in slack.calls("users.conversations")} == {slack.find_person("gus").id}


@pytest.mark.parametrize("method", ["users.info", "users.conversations"])
@pytest.mark.parametrize("kind", ["429", "error before", "page after", "dropped before", "delayed after"])
async def test_what_slack_does_not_say_is_not_shown(slack: Slack, form: View, method: str, kind: str) -> None:
    """Over quota, broken or slow; nothing else is held up, and when Slack answers again it is there."""
    slack.fails(method, kind, seconds=2.0 if kind == "delayed after" else None)  # type: ignore[arg-type]
    assert await topics(slack, form) == []
    assert "Shared" in (await slack.types("gus", "/share Another", in_="learning")).text
    slack.mends()
    await slack.until(lambda: True)
    offered: list[str] = []
    while not offered:  # after a pause that Slack named
        offered = await topics(slack, form)
    assert offered == ["oncall"]


async def test_where_they_are_is_read_to_the_last_page(
    slack: Slack, form: View, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Their channels may be many."""
    monkeypatch.setattr(viewing, "CHANNELS_A_PAGE", 1)
    for number in range(3):
        slack.channel(f"before-{number}", members=("gus",))
    assert await topics(slack, form) == ["oncall"]
    assert len([call for call in slack.calls("users.conversations") if not call.error]) == 4


async def test_details_are_shown_to_whom_slack_would_show_them(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """A guest who was taken out of the channel does not see there any more what they wrote themselves."""
    gus = slack.person("gus", guest="single")
    await slack.invites("ana", gus, pocket)
    shared = (await slack.types("gus", "/share My own words", in_=pocket)).ephemeral
    assert shared is not None
    assert (await slack.presses("gus", "Add details", on=shared)).form is not None
    await slack.removes("ana", gus, pocket)
    assert "not there any more" in await _pressed(slack, shared)
    assert memory.learnings()[0].words == "My own words"


async def test_details_that_could_not_be_checked_say_so(slack: Slack, pocket: Channel) -> None:
    """Nothing is lost: pressed again a moment later, they are there."""
    shared = (await slack.types("ben", "/share My own words", in_=pocket)).ephemeral
    assert shared is not None
    slack.fails("users.info", "error before")
    assert NOT_IN_TIME in await _pressed(slack, shared, who="ben")
    slack.mends()
    assert (await slack.presses("ben", "Add details", on=shared)).form is not None


async def test_who_was_taken_out_of_a_channel_is_not_offered_it_though_nobody_told(
    slack: Slack, pocket: Channel, form: View
) -> None:
    """Its name neither: Slack is asked where somebody is."""
    slack.world.channel(pocket.id).members.pop(slack.find_person("gus").id)
    slack.channel("elsewhere", members=("gus",))
    assert await slack.suggests("gus", form, "pocket", "") == []
    assert await topics(slack, form) == []


async def test_an_author_who_can_not_read_the_channel_hears_no_more_than_that_they_are_kept(
    slack: Slack, pocket: Channel, memory: Memory
) -> None:
    """Their no must not be lost: neither the channel nor who kept it is named, and the buttons stand."""
    gus = slack.person("gus", guest="single")
    await slack.invites("ana", gus, pocket)
    message = await slack.says("gus", "Said before I left", in_=pocket)
    await slack.removes("ana", gus, pocket)
    await slack.reacts("ben", "bulb", message)
    await memory.settled()
    (note,) = slack.sees("gus").dms
    assert "does not say you can read" in slack.text_of(note)
    told = str(note.blocks) + note.text
    assert not any(secret in told for secret in (pocket.id, slack.find_person("ben").id, message.ts))
    await slack.presses("gus", "Undo", on=note)
    assert memory.learnings() == []


async def _pressed(slack: Slack, on: Ephemeral, *, who: str = "gus") -> str:
    answer = await slack.presses(who, "Add details", on=on)
    assert answer.form is None
    return answer.text


async def test_a_first_keeps_words_wait_until_slack_says_that_they_may_be_read(
    slack: Slack, pocket: Channel, memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are told once: what Slack would not say at that moment must not be the end of it."""
    monkeypatch.setattr(viewing, "AGAIN_AFTER", 0.05)
    message = await slack.says("ana", "Kept", in_=pocket)
    hiccup(slack, memory, "error before")
    await slack.reacts("ben", "bulb", message)
    await slack.until(lambda: any(row["kind"] == "tell curator" and row["reason"] for row in memory.outbox()))
    assert slack.sees("ben").dms == []
    slack.mends()
    await memory.settled()
    (heard,) = slack.sees("ben").dms
    assert "You kept" in heard.text
