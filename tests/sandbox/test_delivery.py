"""What reaches the app, how often, and what it looks like."""

import asyncio
import hashlib
import hmac
import time

import pytest

from sandbox.elements import Impossible
from sandbox.slack import Slack
from tests.sandbox.parrot import MANIFEST, Parrot, running, teach


def kinds(parrot: Parrot) -> list[str]:
    """The types of the events that the app heard, in order."""
    return [body["event"]["type"] for body in parrot.heard]


async def test_an_event_arrives_in_the_envelope_of_the_events_api(slack: Slack, parrot: Parrot) -> None:
    """The inner event, and around it who it is for and which it is."""
    message = await slack.says("ana", "WAL mode lets readers go on.", in_="learning")
    parrot.heard.clear()
    await slack.reacts("ben", "bulb", message)
    [body] = parrot.heard
    assert body["event"] == {
        "type": "reaction_added",
        "user": slack.find_person("ben").id,
        "reaction": "bulb",
        "item_user": slack.find_person("ana").id,
        "item": {"type": "message", "channel": message.channel, "ts": message.ts},
        "event_ts": body["event"]["event_ts"],
    }
    assert (body["type"], body["team_id"], body["api_app_id"]) == ("event_callback", "T0SANDBOX", slack.world.app.id)
    assert body["event_time"] == int(float(body["event"]["event_ts"]))
    assert body["authorizations"][0]["user_id"] == slack.app.id
    assert body["is_ext_shared_channel"] is False


async def test_every_event_has_an_id_of_its_own(slack: Slack, parrot: Parrot) -> None:
    """Also two that say the same."""
    message = await slack.says("ana", "Twice.", in_="learning")
    for _ in range(3):
        await slack.reacts("ben", "bulb", message)
        await slack.unreacts("ben", "bulb", message)
    ids = [body["event_id"] for body in parrot.heard]
    assert len(ids) == 7
    assert len(set(ids)) == 7


async def test_the_app_hears_only_of_channels_it_is_in(slack: Slack, parrot: Parrot) -> None:
    """A message and a reaction elsewhere stay unheard; its own joining it hears."""
    message = await slack.says("ana", "Up here.", in_="attic")
    await slack.reacts("ana", "bulb", message)
    assert parrot.heard == []
    await slack.invites("ana", slack.app, "attic")
    assert kinds(parrot) == ["member_joined_channel"]  # Bolt leaves out the app's own message
    assert parrot.heard[0]["event"]["user"] == slack.app.id


async def test_the_app_hears_only_what_its_manifest_names_and_its_scopes_allow(slack: Slack, parrot: Parrot) -> None:
    """`message.groups` is named but `groups:history` is not granted; `channel_rename` is not named."""
    slack.channel("secret", private=True, members=["ana"])
    await slack.says("ana", "Between us.", in_="secret")
    await slack.renames("ana", "secret", "hush")
    message = await slack.says("ana", "Open.", in_="learning")
    slack.world.app.scopes.discard("reactions:read")
    await slack.reacts("ben", "bulb", message)
    assert [body["event"]["text"] for body in parrot.heard] == ["Open."]


async def test_a_mention_is_heard_as_a_message_and_as_a_mention(slack: Slack, parrot: Parrot) -> None:
    """Two events, with two ids; in a direct message it is one."""
    await slack.says("ana", "@parrot hello", in_="learning")
    await slack.says("ana", "@parrot hello", in_="parrot")
    assert sorted(kinds(parrot)) == ["app_mention", "message", "message"]
    assert parrot.heard[2]["event"]["channel_type"] == "im"


async def test_an_edit_of_a_mention_is_heard_as_a_mention_again(slack: Slack, parrot: Parrot) -> None:
    """With `edited`; an edit that names the app first, too, and one that leaves its name out is none (slackapi/bolt-js#960)."""
    message = await slack.says("ana", "hello", in_="learning")
    for words in ("@parrot hello", "@parrot hello again", "bye"):
        await slack.edits("ana", message, words)
    mentions = [body["event"] for body in parrot.heard if body["event"]["type"] == "app_mention"]
    assert [one["text"].split("> ")[-1] for one in mentions] == ["hello", "hello again"]
    assert {(one["ts"], one["user"], "edited" in one, "channel_type" in one) for one in mentions} == {
        (message.ts, message.user, True, False)
    }


async def test_nobody_writes_to_an_app_whose_messages_are_turned_off(slack: Slack) -> None:
    """Slack's client takes nothing there."""
    for home in ({}, {"messages_tab_enabled": True, "messages_tab_read_only_enabled": True}):
        slack.world.app.manifest["features"] = {"app_home": home}
        with pytest.raises(Impossible, match="turned off"):
            await slack.says("ana", "hello", in_="parrot")


async def test_an_unacknowledged_event_comes_again_at_once_then_after_a_minute(slack: Slack, parrot: Parrot) -> None:
    """Twice refused, then taken: three tries with Slack's headers, one event_id."""
    parrot.statuses = [500, 503]
    await slack.says("ana", "Again.", in_="learning")
    assert parrot.heard == []
    assert parrot.retries == [("", ""), ("1", "http_error")]
    slack.clock.move(59)
    await slack.settled()
    assert len(parrot.retries) == 2
    slack.clock.move(1)
    await slack.settled()
    assert parrot.retries == [("", ""), ("1", "http_error"), ("2", "http_error")]
    [delivery] = slack.courier.deliveries
    assert [attempt.status for attempt in delivery.attempts] == [500, 503, 200]
    assert delivery.state == "acknowledged"
    assert [body["event_id"] for body in parrot.heard] == [delivery.payload["event_id"]]


async def test_an_event_is_dropped_after_the_third_retry(slack: Slack, parrot: Parrot) -> None:
    """At once, after one minute, after five more: then never again."""
    parrot.statuses = [500] * 4
    await slack.says("ana", "Nobody listens.", in_="learning")
    slack.clock.move(60)
    await slack.settled()
    slack.clock.move(300)
    await slack.settled()
    [delivery] = slack.courier.deliveries
    assert (delivery.state, len(delivery.attempts)) == ("dropped", 4)


async def test_an_app_may_ask_not_to_be_asked_again(slack: Slack) -> None:
    """`X-Slack-No-Retry: 1` ends it at the first try."""
    server = await asyncio.start_server(_refuse_for_good, "127.0.0.1", 0)
    async with server:
        slack.app_url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
        await slack.says("ana", "Once.", in_="learning")
    [delivery] = slack.courier.deliveries
    assert (delivery.state, delivery.status, len(delivery.attempts)) == ("dropped", 418, 1)


async def _refuse_for_good(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 418 No\r\nX-Slack-No-Retry: 1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
    await writer.drain()
    writer.close()


async def test_an_answer_after_three_seconds_is_none(slack: Slack, parrot: Parrot) -> None:
    """The clock is moved over the deadline: the event comes again, with Slack's reason."""
    parrot.held = asyncio.Event()
    saying = asyncio.create_task(slack.says("ana", "Slow.", in_="learning"))
    await slack.until(lambda: len(parrot.retries) == 1)
    slack.clock.move(3.1)
    await slack.until(lambda: len(parrot.retries) == 2)
    parrot.held.set()
    await saying
    assert parrot.retries[1] == ("1", "http_timeout")
    assert [attempt.reason for attempt in slack.courier.deliveries[0].attempts] == ["http_timeout", ""]


async def test_at_true_pace_the_deadline_is_three_real_seconds(slack: Slack, parrot: Parrot) -> None:
    """Nobody moves the clock: the app is given up after 3 s, not before."""
    parrot.held = asyncio.Event()
    began = time.monotonic()
    answer = await slack.types("ana", "/echo hello", in_="learning")
    assert 3.0 <= time.monotonic() - began < 4.5
    assert answer.error == "operation_timeout"


async def test_no_app_is_no_fault_of_the_people(slack: Slack) -> None:
    """Without an address events go nowhere; with one where nobody listens they are tried."""
    message = await slack.says("ana", "Hello?", in_="learning")
    assert slack.courier.deliveries == []
    async with running(slack):
        url = slack.app_url
    slack.app_url = url
    await slack.reacts("ben", "bulb", message)
    assert [attempt.reason for attempt in slack.courier.deliveries[0].attempts] == ["connection_failed"] * 2


async def test_a_redirect_is_not_followed(slack: Slack) -> None:
    """It is an answer like any that is no 2xx, though the place it points to would take the event."""
    asked = []

    async def point_elsewhere(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append((await reader.readuntil(b"\r\n\r\n")).split()[1])
        head = b"302 Found\r\nLocation: /taken" if asked[-1] == b"/" else b"200 OK"
        writer.write(b"HTTP/1.1 " + head + b"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(point_elsewhere, "127.0.0.1", 0)
    async with server:
        slack.app_url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
        await slack.says("ana", "Elsewhere?", in_="learning")
    assert asked == [b"/", b"/"]
    assert [attempt.status for attempt in slack.courier.deliveries[0].attempts] == [302, 302]


async def test_events_set_out_in_the_order_they_happened(slack: Slack, parrot: Parrot) -> None:
    """Fifty at once, several in flight: the app is asked in order."""
    for number in range(50):
        slack.world.post(slack.find_channel("learning").id, slack.find_person("ana").id, str(number))
    await slack.settled()
    texts = [delivery.payload["event"]["text"] for delivery in slack.courier.deliveries]
    assert texts == [str(number) for number in range(50)]
    assert {body["event"]["text"] for body in parrot.heard} == set(texts)


async def test_requests_are_signed_with_the_walls_time(slack: Slack) -> None:
    """Whatever day the sandbox's clock shows."""
    slack.clock.set(1_500_000_000)
    seen = asyncio.get_running_loop().create_future()

    async def look(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        headers = dict(line.lower().split(": ", 1) for line in head.splitlines()[1:] if line)
        body = await reader.readexactly(int(headers["content-length"]))
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        await writer.drain()
        writer.close()
        seen.set_result((headers, body))

    server = await asyncio.start_server(look, "127.0.0.1", 0)
    async with server:
        slack.app_url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
        await slack.says("ana", "Signed — ü.", in_="learning")
    headers, body = await seen
    stamp = headers["x-slack-request-timestamp"]
    assert abs(int(stamp) - time.time()) < 10
    secret = slack.world.app.signing_secret.encode()
    digest = hmac.new(secret, b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    assert headers["x-slack-signature"] == f"v0={digest}"


async def test_over_the_hours_limit_events_are_dropped_and_the_app_is_told(slack: Slack, parrot: Parrot) -> None:
    """`app_rate_limited` once in each minute, as Slack documents it; what was dropped never comes; the next hour's does."""
    slack.clock.set(1518467857)
    slack.courier.events_per_hour = 2
    for number in range(5):
        await slack.says("ana", str(number), in_="learning")
        parrot.statuses = [200, 200] if number == 1 else parrot.statuses  # Bolt knows no app_rate_limited
    slack.clock.move(61)
    await slack.says("ana", "5", in_="learning")
    await slack.settled()
    states = [(delivery.kind, delivery.state) for delivery in slack.courier.deliveries]
    assert states.count(("event", "dropped")) == 4
    assert [body["event"]["text"] for body in parrot.heard] == ["0", "1"]
    limits = [delivery for delivery in slack.courier.deliveries if delivery.kind == "app_rate_limited"]
    assert [limit.status for limit in limits] == [200, 200]
    assert limits[0].payload == {
        "token": "sandbox-verification-token",
        "type": "app_rate_limited",
        "team_id": "T0SANDBOX",
        "minute_rate_limited": 1518467820,
        "api_app_id": slack.world.app.id,
    }
    assert limits[1].payload["minute_rate_limited"] == 1518467880
    slack.clock.move(3600)
    await slack.says("ana", "Later.", in_="learning")
    assert parrot.heard[-1]["event"]["text"] == "Later."


async def test_the_apps_address_can_be_verified_and_its_certificate_checked(slack: Slack, parrot: Parrot) -> None:
    """As Slack does when an address is entered, and now and then."""
    assert await slack.courier.verify_url()
    assert await slack.courier.check_ssl()
    parrot.statuses = [500]
    assert not await slack.courier.verify_url()


async def test_a_leaving_bot_hears_no_more_of_the_channel(slack: Slack, parrot: Parrot) -> None:
    """Its own leaving neither: it is no member any more."""
    await slack.removes("ana", slack.app, "learning")
    await slack.says("ana", "Alone at last.", in_="learning")
    assert parrot.heard == []


@pytest.mark.parametrize("event", ["message.channels", "reaction_added"])
async def test_an_event_that_is_not_subscribed_is_not_sent(event: str) -> None:
    """Of a message and a reaction to it, one is heard."""
    settings = {"event_subscriptions": {"bot_events": [event]}}
    async with Slack(MANIFEST | {"settings": settings}) as slack, running(slack) as parrot:
        teach(parrot)
        slack.person("ana")
        slack.channel("learning", members=["ana"])
        message = await slack.says("ana", "Quiet.", in_="learning")
        await slack.reacts("ana", "bulb", message)
        assert kinds(parrot) == [event.partition(".")[0]]
