"""Socket Mode as the bot speaks it: what it promises over HTTP, it promises over connections that break."""

from __future__ import annotations

import asyncio
import itertools
import json
import time
from typing import Any

import aiohttp
import pytest
from aiohttp import ClientWebSocketResponse
from structlog.testing import capture_logs

from bot import line
from sandbox.records import Channel
from sandbox.slack import Slack
from storage.kept import keeps
from storage.learned import learnings
from tests.again import send
from tests.conftest import Bot
from tests.memory import Memory
from tests.sights import cards

pytestmark = [
    pytest.mark.parametrize("by_socket", [True], indirect=True),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),  # what is remembered is tried elsewhere
]


@pytest.fixture
async def connected(slack: Slack, pocket: Channel) -> Channel:
    """The pocket, once both connections stand."""
    await slack.until(lambda: slack.connections == 2)
    return pocket


async def get(bot: Bot, path: str) -> tuple[int, str]:
    """What the bot says at a path of its own."""
    async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{bot.port}{path}") as answer:
        return answer.status, await answer.text()


async def test_nothing_is_taken_over_http(bot: Bot) -> None:
    """It tells how it is, and that is all."""
    assert (await get(bot, "/healthz")) == (200, "ok")
    assert (await get(bot, "/readyz"))[0] == 200
    assert (await get(bot, "/slack/events"))[0] == 404


async def test_a_refresh_leaves_no_gap(slack: Slack, connected: Channel) -> None:
    """Both connections are refreshed while people share as fast as they can: nobody sees a failure."""
    slack.fails("command", "refreshed", times=2, seconds=3.0)  # Slack warns some ten before it closes one
    failed, ends = [], time.monotonic() + 3.5  # until both are closed
    for number in itertools.takewhile(lambda _: time.monotonic() < ends, itertools.count()):
        answer = await slack.types("ben", f"/share Learning {number}", in_=connected)
        failed += [answer.failed] if answer.failed else []
        await asyncio.sleep(0.02)
    assert failed == []
    await slack.until(lambda: slack.connections == 2)
    assert slack.world.faults.struck["refreshed"] == 2


@pytest.mark.parametrize("fault", ["closed", "closed before ack", "closed after ack"])
async def test_a_broken_connection_loses_and_doubles_no_event(
    slack: Slack, connected: Channel, memory: Memory, fault: Any
) -> None:
    """What was not acknowledged comes again, is taken once, and both connections stand again."""
    message = await slack.says("ana", "WAL mode lets readers go on while one writes.", in_=connected)
    slack.fails("reaction_added", fault, times=1)
    await slack.reacts("ben", "bulb", message)
    await slack.settled()
    await memory.settled()
    assert [one.words for one in memory.learnings()] == ["WAL mode lets readers go on while one writes."]
    assert "books" in slack.sees("cleo").reactions(message)
    assert slack.world.faults.struck[fault] == 1
    await slack.until(lambda: slack.connections == 2)


@pytest.mark.parametrize(("fault", "is_absence"), [("closed", True), ("refreshed", False)])
async def test_a_connection_that_breaks_counts_as_a_short_absence(
    monkeypatch: pytest.MonkeyPatch, bot: Bot, slack: Slack, connected: Channel, fault: Any, *, is_absence: bool
) -> None:
    """What Slack sent over it may have got nowhere; one that Slack announced the end of was left in order."""
    assert bot.outloud is not None
    assert bot.outloud._sockets is not None  # noqa: SLF001 -- where they are kept
    sockets, noted = bot.outloud._sockets, list[bool]()  # noqa: SLF001
    monkeypatch.setattr(sockets, "_broken", lambda _silent_for: noted.append(True))
    message, stood = await slack.says("ana", "Over which connection?", in_=connected), set(sockets._lines)  # noqa: SLF001
    slack.fails("reaction_added", fault, times=1)
    await slack.reacts("ben", "bulb", message)
    await slack.until(lambda: not stood <= sockets._lines)  # noqa: SLF001
    assert bool(noted) is is_absence


async def test_a_silent_connection_is_noticed_and_replaced(
    monkeypatch: pytest.MonkeyPatch, bot: Bot, slack: Slack, pocket: Channel
) -> None:
    """Nothing comes over it, not even an answer to a ping: another one takes its place, and no event is lost."""
    await bot.stop()
    monkeypatch.setattr("bot.line.HEARTBEAT", 0.2)
    await bot.start()
    await slack.until(lambda: slack.connections == 2)
    calls = len(slack.calls("apps.connections.open"))
    slack.fails("message", "silent", times=1)
    saying = asyncio.create_task(slack.says("ana", "Hello.", in_=pocket))
    await slack.until(lambda: len(slack.calls("apps.connections.open")) > calls)
    slack.clock.move(3)
    await saying
    assert slack.courier.deliveries[-1].state == "acknowledged"
    await slack.until(lambda: slack.connections == 2)


async def test_what_slack_sent_over_a_silent_connection_alone_is_read_up_on(
    monkeypatch: pytest.MonkeyPatch, bot: Bot, slack: Slack, connected: Channel, memory: Memory
) -> None:
    """All of Slack's tries may have gone over it, while the other one heard all the rest: the 💡 that nobody heard of counts."""
    await bot.stop()
    monkeypatch.setattr("bot.line.HEARTBEAT", 1.5)
    bot.long = 0.6  # seconds: to wait for an answer to a ping takes longer
    await bot.start()
    await slack.until(lambda: slack.connections == 2)
    message = await slack.says("ana", "Nobody heard that it was kept.", in_=connected)
    await memory.settled()
    sockets, hear = slack.courier.sockets, slack.courier._hear  # noqa: SLF001 -- what it hears, it tells
    assert sockets is not None
    slack.world.listeners.remove(hear)
    await slack.reacts("ben", "bulb", message)
    slack.world.listeners.append(hear)
    sockets.links[0].is_silent = True
    await slack.until(memory.learnings, what="what it read up on")
    assert [one.words for one in memory.learnings()] == ["Nobody heard that it was kept."]


@pytest.mark.parametrize("fault", ["closed", "silent", "refreshed"])
async def test_connections_that_go_wrong_at_once_are_tried_again_and_not_in_a_storm(
    monkeypatch: pytest.MonkeyPatch, bot: Bot, slack: Slack, fault: Any
) -> None:
    """Each waits longer than the one before; in the end both stand."""
    monkeypatch.setattr("bot.line.GREETED_WITHIN", 0.1)
    await bot.stop()
    calls = len(slack.calls("apps.connections.open"))
    slack.fails("hello", fault, times=4)
    began = asyncio.get_running_loop().time()
    await bot.start()
    await slack.until(lambda: len(slack.calls("apps.connections.open")) - calls == 6)
    assert asyncio.get_running_loop().time() - began >= 0.25 + 0.5  # of each connection's two waits, at the least
    await slack.until(lambda: slack.connections == 2)
    assert slack.world.faults.struck[fault] == 4
    assert len(slack.calls("apps.connections.open")) - calls == 6


async def test_a_stop_at_the_moment_of_a_greeting_is_a_stop(
    monkeypatch: pytest.MonkeyPatch, bot: Bot, slack: Slack
) -> None:
    """It is not lost between the greeting and whoever waits for it."""
    outloud, greeted = bot.outloud, line._greeted  # noqa: SLF001 -- the moment between the two is to be hit
    assert outloud is not None

    async def greeted_and_stopped(socket: ClientWebSocketResponse) -> None:
        await greeted(socket)
        outloud._tasks[0].cancel()  # noqa: SLF001 -- the first thing that a stop does with connections

    await slack.until(lambda: slack.connections == 2)
    monkeypatch.setattr(line, "_greeted", greeted_and_stopped)
    assert slack.courier.sockets
    await slack.courier.sockets.links[0].dismiss("refresh_requested")
    await slack.until(outloud._tasks[0].done)  # noqa: SLF001
    await bot.stop()


async def test_without_a_connection_it_is_neither_ready_nor_there(
    bot: Bot, slack: Slack, memory: Memory, connected: Channel
) -> None:
    """/readyz says what to look for; what is missed meanwhile is read up on once Socket Mode is on again."""
    message = await slack.says("ana", "WAL mode lets readers go on while one writes.", in_=connected)
    await slack.until(lambda: memory.rows("SELECT alive_at FROM workspaces WHERE alive_at IS NOT NULL"))
    assert slack.courier.sockets
    await slack.courier.sockets.disable()
    await slack.until(lambda: not slack.connections)
    status, said = await get(bot, "/readyz")
    assert status == 503
    assert "is Socket Mode switched on for the app" in said
    await asyncio.sleep(0.3)  # a pulse may have been on its way
    memory.run("UPDATE workspaces SET alive_at = alive_at - 3600")
    [before] = memory.rows("SELECT alive_at FROM workspaces")
    slack.app_url = ""
    await slack.reacts("ben", "bulb", message)  # Slack tells nobody
    await asyncio.sleep(0.6)  # two pulses' time
    assert memory.rows("SELECT alive_at FROM workspaces") == [before]
    slack.courier.sockets.enable()
    await slack.until(lambda: slack.connections == 2)
    assert (await get(bot, "/readyz"))[0] == 200
    await slack.until(memory.learnings)


async def test_only_what_failed_is_not_acknowledged(
    slack: Slack, connected: Channel, memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An event whose handler breaks is not: Slack sends it again, and then it is kept. Its second copy changes nothing."""
    message = await slack.says("ana", "Keep me.", in_=connected)
    follow, broken = keeps.follow, list[int]()

    def fails_once(*args: Any, **kwargs: Any) -> None:
        if not broken:
            broken.append(1)
            raise RuntimeError
        follow(*args, **kwargs)

    monkeypatch.setattr(keeps, "follow", fails_once)
    reacting = asyncio.create_task(slack.reacts("ben", "bulb", message))
    await slack.until(lambda: broken)
    slack.clock.move(3)
    await reacting
    await memory.settled()
    keep = next(one for one in slack.courier.deliveries if one.name == "reaction_added")
    assert [attempt.reason for attempt in keep.attempts] == ["http_timeout", ""]
    assert len(memory.learnings()) == 1
    assert (await send(slack, "event", keep.payload)).is_ack
    await memory.settled()
    assert len(memory.learnings()) == 1


async def test_words_are_mended_as_over_http(slack: Slack, connected: Channel, memory: Memory) -> None:
    """A NUL and half a character, which no database holds, cost nobody their learning."""
    answer = await slack.types("ben", "/share Half \ud83d and \0 nothing", in_=connected)
    assert "Shared" in answer.text
    assert [one.words for one in memory.learnings()] == ["Half \ufffd and  nothing"]


@pytest.mark.parametrize(
    "payload", [{"type": "nonsense"}, {"type": "block_actions", "user": 7}, {"type": "event_callback", "event": None}]
)
async def test_what_slack_never_sends_is_not_acknowledged(
    slack: Slack, connected: Channel, payload: dict[str, Any]
) -> None:
    """The checks are those of the other door; the connection stays."""
    asking = asyncio.create_task(send(slack, "block_actions", payload))
    await asyncio.sleep(0.1)
    slack.clock.move(3)
    assert (await asking).status == 0
    assert slack.connections == 2
    assert "Shared" in (await slack.types("ben", "/share Still here", in_=connected)).text


async def test_messages_that_are_none_change_nothing(slack: Slack, connected: Channel) -> None:
    """No JSON, no object, no payload, far too large: a line in the log without the words, and the connection stays."""
    assert slack.courier.sockets
    frames = ["no JSON of Ana's", "[1]", '{"type": "hello"}', '{"type": "x"}', '{"envelope_id": 7, "payload": {}}']
    frames += ['{"envelope_id": "a"}', '{"envelope_id": "b", "payload": "Ana"}', json.dumps({"x": "Ana" * 800_000})]
    with capture_logs() as lines:
        for link in slack.courier.sockets.links:
            for frame in frames:
                await link._socket.send_str(frame)  # noqa: SLF001 -- what no Slack would say
        assert "Shared" in (await slack.types("ben", "/share Still here", in_=connected)).text
    assert slack.connections == 2
    told = [line["reason"] for line in lines if "reason" in line]
    assert told.count("The payload is not JSON.") == 2
    assert told.count("The envelope holds no payload.") == 4
    assert told.count("The request is larger than 2 MiB.") == 2
    assert "Ana" not in str(lines)


async def test_each_envelope_has_a_line_in_the_log(slack: Slack, connected: Channel) -> None:
    """What it was, how it ended and how long it took; no word of what was written."""
    with capture_logs() as lines:
        await slack.types("ben", "/share A secret lesson", in_=connected)
    [line] = [line for line in lines if line.get("what") == "command /share"]
    assert line.pop("ms") > 0
    assert line == {
        "event": "request",
        "log_level": "info",
        "path": "socket",
        "what": "command /share",
        "status": 200,
    }
    assert "secret" not in str(lines)


async def test_a_stop_answers_what_it_has_begun(
    bot: Bot, slack: Slack, connected: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody's command is being answered when it stops: they get their answer, and then the connections end."""
    share, go, begun = learnings.share, asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()

    def slowly(*args: Any, **kwargs: Any) -> Any:
        loop.call_soon_threadsafe(begun.set)
        asyncio.run_coroutine_threadsafe(go.wait(), loop).result(5)
        return share(*args, **kwargs)

    monkeypatch.setattr(learnings, "share", slowly)
    typing = asyncio.create_task(slack.types("ben", "/share In the last moment", in_=connected))
    await begun.wait()
    stopping = asyncio.create_task(bot.stop())
    await asyncio.sleep(0.2)
    assert slack.connections == 2
    go.set()
    assert "Shared" in (await typing).text
    await stopping
    assert slack.connections == 0
    await bot.start()
    await slack.until(lambda: cards(slack, "ana", connected))
