"""Socket Mode as an app meets it: Slack's own client, and a bare WebSocket that does what a client should not."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, cast

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.slack import Slack
from tests.sandbox.parrot import MANIFEST, order_form

Json = dict[str, Any]


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    """A workspace whose app has Socket Mode switched on: ana and ben in #learning with it."""
    async with Slack(MANIFEST, socket_mode=True) as slack:
        slack.person("ana")
        slack.person("ben")
        slack.channel("learning", members=["ana", "ben"])
        yield slack


async def open_url(slack: Slack) -> str:
    """A new address from `apps.connections.open`."""
    answer = await AsyncWebClient(base_url=slack.api_url).apps_connections_open(app_token=slack.world.app.app_token)
    return cast("str", answer["url"])


class Plug:
    """A bare connection: what came over it, and whether it acknowledges by itself."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket
        self.heard: list[Json] = []
        self.acks = True

    async def listen(self) -> None:
        """Take messages until the connection ends."""
        async for message in self.socket:
            self.heard.append(message.json())
            if self.acks and "envelope_id" in self.heard[-1]:
                await self.socket.send_json({"envelope_id": self.heard[-1]["envelope_id"]})

    @property
    def types(self) -> list[str]:
        """The types of what it heard."""
        return [one["type"] for one in self.heard]


@pytest.fixture
async def plug(slack: Slack) -> AsyncIterator[Callable[[], Coroutine[Any, Any, Plug]]]:
    """Opens a connection, and waits for its first message, or its end."""
    async with AsyncExitStack() as stack, aiohttp.ClientSession() as session:

        async def open_one() -> Plug:
            made = Plug(await session.ws_connect(await open_url(slack)))
            task = asyncio.create_task(made.listen())
            stack.callback(task.cancel)
            await slack.until(lambda: made.heard or task.done() or made.socket.closed)
            return made

        yield open_one


PlugIn = Callable[[], Coroutine[Any, Any, Plug]]


@asynccontextmanager
async def slacks_own_client(
    slack: Slack, answers: Callable[[SocketModeRequest], Json | None], heard: list[SocketModeRequest]
) -> AsyncIterator[None]:
    """Two of the SDK's clients, which acknowledge with what `answers` gives."""

    async def answer(client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        heard.append(request)
        await client.send_socket_mode_response(SocketModeResponse(request.envelope_id, answers(request)))

    clients = [
        SocketModeClient(slack.world.app.app_token, web_client=AsyncWebClient(base_url=slack.api_url)) for _ in range(2)
    ]
    for client in clients:
        client.socket_mode_request_listeners.append(answer)
        await client.connect()  # type: ignore[no-untyped-call]  # the SDK's
    try:
        yield
    finally:
        for client in clients:
            await client.close()  # type: ignore[no-untyped-call]


async def test_slacks_own_client_hears_everything_once_and_answers(slack: Slack) -> None:
    """Events, commands and forms over either of two connections, in Slack's envelopes; a person reads the answers."""
    heard: list[SocketModeRequest] = []

    def answers(request: SocketModeRequest) -> Json | None:
        if request.type == "slash_commands":
            return {"text": f"You said {request.payload['text']}"}
        if request.payload["type"] == "view_submission":
            return {"response_action": "errors", "errors": {"what": "Not today."}}
        return {"text": "An event has nothing to say."}

    async with slacks_own_client(slack, answers, heard):
        for number in range(12):
            await slack.says("ana", f"Number {number}", in_="learning")
        answer = await slack.types("ben", "/echo hello", in_="learning")
        assert answer.text == "You said hello"
        form = slack.world.open_view(slack.world.new_trigger(slack.find_person("ben").id), order_form())
        sent = await slack.submits("ben", form, {"what": "seeds"})
        assert sent.errors == {"what": "Not today."}
    events = [one.payload["event"]["text"] for one in heard if one.type == "events_api"]
    assert sorted(events) == sorted(f"Number {number}" for number in range(12))
    assert Counter(one.type for one in heard) == {"events_api": 12, "slash_commands": 1, "interactive": 1}
    accepting = {(one.type, one.accepts_response_payload) for one in heard}
    assert accepting == {("events_api", False), ("slash_commands", True), ("interactive", True)}
    assert len({one.envelope_id for one in heard}) == 14


async def test_each_payload_goes_to_one_of_the_connections(slack: Slack, plug: PlugIn) -> None:
    """To any, and to all of them in time."""
    first, second = await plug(), await plug()
    assert first.heard[0]["num_connections"] == 1
    assert second.heard[0]["num_connections"] == 2
    for number in range(20):
        await slack.says("ana", f"Number {number}", in_="learning")
    assert len(first.heard) + len(second.heard) == 22
    assert min(len(first.heard), len(second.heard)) > 2


async def test_an_event_without_an_acknowledgement_comes_again(slack: Slack, plug: PlugIn) -> None:
    """After 3 seconds, as over HTTP, with the reason; what is acknowledged under another id is none."""
    one = await plug()
    one.acks = False
    saying = asyncio.create_task(slack.says("ana", "Hello.", in_="learning"))
    await slack.until(lambda: len(one.heard) == 2)
    await one.socket.send_json({"envelope_id": "another"})
    await one.socket.send_str("[nonsense")
    slack.clock.move(3)
    await slack.until(lambda: len(one.heard) == 3)
    await one.socket.send_json({"envelope_id": one.heard[2]["envelope_id"]})
    await saying
    first, again = one.heard[1:]
    assert (first["retry_attempt"], first["retry_reason"]) == (0, "")
    assert (again["retry_attempt"], again["retry_reason"]) == (1, "timeout")
    assert first["payload"] == again["payload"]
    assert slack.courier.deliveries[-1].state == "acknowledged"


async def test_a_command_without_an_acknowledgement_is_a_failure_and_comes_once(slack: Slack, plug: PlugIn) -> None:
    """The person reads that the app did not respond."""
    one = await plug()
    one.acks = False
    typing = asyncio.create_task(slack.types("ben", "/echo hello", in_="learning"))
    await slack.until(lambda: len(one.heard) == 2)
    slack.clock.move(3)
    assert "did not respond" in (await typing).failed
    assert one.types == ["hello", "slash_commands"]


async def test_without_a_connection_a_command_fails_and_an_expected_app_is_told_later(
    slack: Slack, plug: PlugIn
) -> None:
    """Nothing is sent for an app that never was; one that is away gets the event with a later try."""
    await slack.says("ana", "Nobody there.", in_="learning")
    assert slack.courier.deliveries == []
    assert (await slack.types("ben", "/echo hello", in_="learning")).error == "dispatch_failed"
    slack.app_url = "an app that is away"
    await slack.says("ana", "Still nobody.", in_="learning")
    one = await plug()
    slack.clock.move(60)
    await slack.settled()
    assert one.heard[1]["payload"]["event"]["text"] == "Still nobody."


async def test_an_address_is_good_for_one_connection(slack: Slack) -> None:
    """Another attempt is turned away; so is one without a ticket."""
    url = await open_url(slack)
    async with aiohttp.ClientSession() as session, session.ws_connect(url):
        for bad in (url, url.partition("?")[0]):
            with pytest.raises(aiohttp.WSServerHandshakeError, match="401"):
                await session.ws_connect(bad)


async def test_an_eleventh_connection_is_too_many(slack: Slack, plug: PlugIn) -> None:
    """It is told so, and closed."""
    ten = [await plug() for _ in range(10)]
    eleventh = await plug()
    assert eleventh.heard == [
        {"type": "disconnect", "reason": "too_many_websockets", "debug_info": {"host": "sandbox"}}
    ]
    assert slack.connections == 10
    assert all(one.types == ["hello"] for one in ten)


async def test_socket_mode_switched_off_ends_all_connections(slack: Slack, plug: PlugIn) -> None:
    """`link_disabled`, and no new address until it is on again."""
    one = await plug()
    assert slack.courier.sockets
    await slack.courier.sockets.disable()
    await slack.until(lambda: not slack.connections and one.heard[1:])
    assert one.heard[-1]["reason"] == "link_disabled"
    with pytest.raises(SlackApiError, match="internal_error"):
        await open_url(slack)
    slack.courier.sockets.enable()
    assert (await plug()).types == ["hello"]


async def test_without_socket_mode_there_is_no_address(slack: Slack) -> None:
    """The manifest's word, which a test may overrule either way."""
    assert "SLACK_APP_TOKEN" in slack.environment
    async with Slack(MANIFEST) as other:
        assert "SLACK_APP_TOKEN" not in other.environment
        with pytest.raises(SlackApiError, match="socket_mode_disabled"):
            await open_url(other)


async def test_a_closed_connection_has_not_heard_what_was_to_come(slack: Slack, plug: PlugIn) -> None:
    """It breaks without a word; the event goes over another one at once."""
    both = [await plug(), await plug()]
    slack.fails("message", "closed", times=1)
    await slack.says("ana", "Hello.", in_="learning")
    heard = [envelope for one in both for envelope in one.heard if envelope["type"] == "events_api"]
    assert [(one["retry_attempt"], one["retry_reason"]) for one in heard] == [(1, "connection_failed")]
    assert slack.connections == 1


async def test_a_refreshed_connection_is_announced_and_still_hears(slack: Slack, plug: PlugIn) -> None:
    """`warning`, then `refresh_requested`, then its end; what comes between is delivered."""
    one = await plug()
    slack.fails("message", "refreshed", times=1, seconds=0.3)
    await slack.says("ana", "First.", in_="learning")
    await slack.until(lambda: "disconnect" in one.types)
    await slack.says("ana", "Second.", in_="learning")
    await slack.until(lambda: one.types.count("disconnect") == 2 and not slack.connections)
    said = [envelope.get("reason") or envelope["payload"]["event"]["text"] for envelope in one.heard[1:]]
    assert sorted(said) == sorted(["First.", "warning", "Second.", "refresh_requested"])
    assert said.index("warning") < said.index("Second.") < said.index("refresh_requested")


async def test_a_silent_connection_answers_nothing(slack: Slack, plug: PlugIn) -> None:
    """Not even a ping; what is sent over it is lost, and the event comes again."""
    one = await plug()
    slack.fails("message", "silent", times=1)
    saying = asyncio.create_task(slack.says("ana", "Hello.", in_="learning"))
    await slack.until(lambda: slack.world.faults.struck)
    await one.socket.ping()
    two = await plug()
    for _ in range(6):
        slack.clock.move(3)
        await asyncio.sleep(0.05)
        slack.clock.move(60)
        if "events_api" in two.types:
            break
    await saying
    await slack.settled()
    assert one.types == ["hello"]
    assert two.types.count("events_api") == 1


@pytest.mark.parametrize(("fault", "tries"), [("closed before ack", 2), ("closed after ack", 1)])
async def test_a_connection_that_ends_at_an_acknowledgement(slack: Slack, plug: PlugIn, fault: Any, tries: int) -> None:
    """Read, it counts, and nothing comes again; not read, the app hears the same once more."""
    both = [await plug(), await plug()]
    slack.fails("message", fault, times=1)
    await slack.says("ana", "Hello.", in_="learning")
    await slack.settled()
    heard = [envelope["payload"]["event_id"] for one in both for envelope in one.heard[1:]]
    assert len(heard) == tries
    assert len(set(heard)) == 1
    await slack.until(lambda: slack.connections == 1)


@pytest.mark.parametrize(
    ("fault", "types"), [("closed", []), ("silent", []), ("refreshed", ["hello", "disconnect", "disconnect"])]
)
async def test_a_new_connection_can_go_wrong_at_once(slack: Slack, fault: Any, types: list[str]) -> None:
    """Broken before it is greeted, never greeted, or greeted and sent away."""
    slack.fails("hello", fault, times=1, seconds=0.0 if fault == "refreshed" else None)
    url = await open_url(slack)
    async with aiohttp.ClientSession() as session, session.ws_connect(url, autoping=False) as socket:
        made = Plug(socket)
        if fault == "silent":
            await socket.ping()  # a pong would be no JSON
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(made.listen(), 0.3)
            assert slack.connections == 1
        else:
            await made.listen()
        assert made.types == types


async def test_a_client_that_answers_no_ping_is_taken_for_gone(slack: Slack, monkeypatch: pytest.MonkeyPatch) -> None:
    """Slack pings now and then; who answers stays."""
    monkeypatch.setattr("sandbox.link.PING_EVERY", 0.05)
    async with aiohttp.ClientSession() as session:
        async with session.ws_connect(await open_url(slack), autoping=False) as deaf:
            assert (await deaf.receive()).json()["type"] == "hello"
            assert (await deaf.receive()).type is aiohttp.WSMsgType.PING
            await slack.until(lambda: not slack.connections)
        async with session.ws_connect(await open_url(slack)) as attentive:
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(Plug(attentive).listen(), 0.5)
            assert slack.connections == 1
