"""Deliveries to the app that are struck by a fault: events that come twice, in another order, or late."""

import time

from sandbox.slack import Slack
from tests.sandbox.parrot import Parrot


def heard(parrot: Parrot) -> list[str]:
    """The words of the messages that the app heard, in order."""
    return [body["event"]["text"] for body in parrot.heard]


async def test_a_repeated_event_comes_again_with_another_id(slack: Slack, parrot: Parrot) -> None:
    """Some time later; whoever wrote does not wait for it, `settled` does."""
    slack.fails("message", "repeated", times=1, seconds=0.4)
    began = time.monotonic()
    await slack.says("ana", "Twice.", in_="learning")
    assert heard(parrot) == ["Twice."]
    await slack.says("ana", "Once.", in_="learning")
    assert time.monotonic() - began < 0.4
    await slack.settled()
    assert time.monotonic() - began >= 0.4
    assert heard(parrot) == ["Twice.", "Once.", "Twice."]
    first, _, again = parrot.heard
    assert first["event_id"] != again["event_id"]
    assert first | {"event_id": ""} == again | {"event_id": ""}
    assert [delivery.state for delivery in slack.courier.deliveries] == ["acknowledged"] * 3
    assert parrot.retries == [("", "")] * 3
    assert slack.world.faults.struck == {"repeated": 1}


async def test_an_overtaken_event_comes_after_a_later_one(slack: Slack, parrot: Parrot) -> None:
    """As soon as that has come, long before its seconds are over."""
    slack.fails("message", "overtaken", times=1, seconds=30)
    await slack.says("ana", "First.", in_="learning")
    assert slack.courier.deliveries[0].state == "held"
    await slack.says("ana", "Second.", in_="learning")
    await slack.settled()
    assert heard(parrot) == ["Second.", "First."]
    await slack.says("ana", "Third.", in_="learning")
    assert heard(parrot) == ["Second.", "First.", "Third."]


async def test_an_overtaken_event_that_nothing_overtakes_comes_in_time(slack: Slack, parrot: Parrot) -> None:
    """When its seconds are over; an earlier event that is acknowledged meanwhile does not let it go."""
    message = await slack.says("ana", "Good.", in_="learning")
    slack.fails("reaction_added", "repeated", times=1, seconds=0.1)
    slack.fails("message", "overtaken", times=1, seconds=0.4)
    await slack.reacts("ana", "bulb", message)
    began = time.monotonic()
    await slack.says("ana", "Alone.", in_="learning")
    await slack.settled()
    assert time.monotonic() - began >= 0.4
    kinds = [body["event"]["type"] for body in parrot.heard]
    assert kinds == ["message", "reaction_added", "reaction_added", "message"]


async def test_a_share_of_many_events_comes_out_of_order(slack: Slack, parrot: Parrot) -> None:
    """Each exactly once, whatever its place."""
    slack.fails("*", "overtaken", rate=0.3)
    for number in range(40):
        slack.world.post(slack.find_channel("learning").id, slack.find_person("ana").id, str(number))
        await slack.until(lambda: all(one.state != "under way" for one in slack.courier.deliveries))
    await slack.settled()
    assert sorted(heard(parrot), key=int) == [str(number) for number in range(40)]
    assert heard(parrot) != sorted(heard(parrot), key=int)
    assert 4 <= slack.world.faults.struck["overtaken"] <= 22


async def test_a_late_event_comes_after_its_seconds_alone(slack: Slack, parrot: Parrot) -> None:
    """A later one that has come does not bring it sooner; mending does."""
    slack.fails("message", "late", times=1, seconds=0.3)
    began = time.monotonic()
    await slack.says("ana", "Late.", in_="learning")
    await slack.says("ana", "Soon.", in_="learning")
    assert heard(parrot) == ["Soon."]
    await slack.settled()
    assert heard(parrot) == ["Soon.", "Late."]
    assert time.monotonic() - began >= 0.3
    slack.fails("message", "late", seconds=60)
    await slack.says("ana", "Never?", in_="learning")
    slack.mends()
    await slack.settled()
    assert heard(parrot)[2:] == ["Never?"]


async def test_a_command_can_be_late_and_comes_once_and_in_its_place(slack: Slack, parrot: Parrot) -> None:
    """Whoever typed it waits; what strikes events alone leaves it be."""
    slack.fails("*", "repeated")
    slack.fails("command", "late", times=1, seconds=0.2)
    began = time.monotonic()
    answer = await slack.types("ana", "/echo hello", in_="learning")
    assert time.monotonic() - began >= 0.2
    assert answer.text == "You said hello\n[Again]"
    await slack.settled()
    assert len(parrot.heard) == 1
    assert slack.world.faults.struck == {"late": 1}


async def test_what_slack_asks_of_an_address_is_not_struck(slack: Slack, parrot: Parrot) -> None:
    """Nor do such questions use a fault up."""
    slack.fails("*", "late", times=1)
    assert await slack.courier.verify_url()
    assert await slack.courier.check_ssl()
    assert slack.world.faults.struck.total() == 0
    assert parrot.heard == []


async def test_a_workspace_ends_though_events_are_held() -> None:
    """They are given up."""
    settings = {"event_subscriptions": {"bot_events": ["user_change"]}}
    manifest = {"oauth_config": {"scopes": {"bot": ["users:read"]}}, "settings": settings}
    async with Slack(manifest) as slack:
        slack.app_url = "http://127.0.0.1:9/"
        slack.person("ana")
        slack.fails("*", "overtaken", seconds=60)
        await slack.deactivates("ana")
    assert [one.attempts for one in slack.courier.deliveries] == [[]]
