"""The outbox's worker: it wakes with the commit, keeps Slack's pace and each channel's order, and says only what stands."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import pytest

from bot.attempts import CLIENT_TIMEOUT
from bot.pace import limits
from bot.worker import AT_ONCE, Worker
from handlers import DUTIES
from handlers.duties import Repeatable
from sandbox.records import Channel, Ephemeral
from sandbox.slack import Slack
from storage.db.database import Database
from storage.ids import ChannelId, LearningId, Person, PersonId, Place, WorkspaceId
from storage.learned import learnings
from storage.learned.cards import is_owed
from storage.learned.entries import NewLearning
from storage.owed.limits import Book, Books, Pace, Turn
from storage.owed.outbox import Due, Errand
from storage.owed.pacing import Taken
from tests.bot.wire import Fault, Wire
from tests.conftest import Bot
from tests.memory import Memory
from tests.sights import cards

pytestmark = pytest.mark.usefixtures("wire")

SLOTS = (None, "mark:1")
"""Of an errand that another like it does not wait behind, and of one that it may."""


async def share(slack: Slack, who: str, words: str, where: Channel) -> Ephemeral:
    """Share by the command. The private answer."""
    answer = await slack.types(who, f"/share {words}", in_=where)
    assert answer.ephemeral
    return answer.ephemeral


def posted(slack: Slack) -> list[str]:
    """The cards that Slack took, as posted: without the pocket's news."""
    calls = [call for call in slack.calls("chat.postMessage") if call.error is None]
    return [call.args["text"] for call in calls if "shared a learning" in call.args["text"]]


async def test_it_wakes_with_the_commit_and_needs_no_poll(
    slack: Slack, pocket: Channel, memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its next look by itself is days away: what is owed now is done now, and what that owes in turn, too."""
    monkeypatch.setattr("bot.worker.IDLE", 1e6)
    await share(slack, "ben", "The first wakes it, and sets it to sleep", pocket)
    await memory.settled()
    await share(slack, "ben", "The second wakes it", pocket)
    await memory.settled()
    message = await slack.says("ana", "Worth keeping", in_=pocket)
    await slack.reacts("ben", "bulb", message)
    await memory.settled()
    assert len(cards(slack, "ana", pocket)) == 2
    assert "books" in message.reactions
    assert any("You kept" in slack.text_of(one) for one in slack.sees("ben").dms)


async def test_what_follows_a_card_is_leased_as_it_is_noted_that_it_stands(
    slack: Slack, pocket: Channel, memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In one transaction. On a machine that stands still something may wait meanwhile: one of five shows it."""
    write, begun = Database.write, list[str]()

    async def writing(self: Database, f: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        ended = await write(self, f, *args, **kwargs)
        if getattr(f, "__name__", "") == "_note" and args[0].kind == "post card" and ended is not None:
            begun.extend(errand.kind for errand in ended.got)
        return ended

    monkeypatch.setattr(Database, "write", writing)
    for number in range(5):
        await share(slack, "ben", f"Number {number} is like no other", pocket)
        await memory.settled()
        if begun:
            break
    assert begun == ["tell close"]


async def test_one_post_at_a_time_goes_into_a_channel_and_in_order(
    slack: Slack, pocket: Channel, memory: Memory, wire: Wire
) -> None:
    """A burst of five while the first one is under way: the others wait for it, and come as they were shared."""
    stop = wire.stops("chat.postMessage")
    for number in range(5):
        await share(slack, "ben", f"Number {number}", pocket)
    await stop.arrived.wait()
    stop.way.set()
    await memory.settled()
    assert wire.most_at_once["chat.postMessage"] == 1
    assert [card[:8] for card in cards(slack, "ana", pocket)] == [f"Number {number}" for number in range(5)]


async def test_a_channel_that_is_stuck_holds_up_no_other(
    slack: Slack, pocket: Channel, memory: Memory, wire: Wire
) -> None:
    """Two posts under way at once, in two channels."""
    other = slack.channel("other", members=("ana", "ben"))
    await slack.types("ana", "/outloud start Learn together", in_=other)
    await memory.settled()
    stop = wire.stops("chat.postMessage")
    await share(slack, "ben", "Here", pocket)
    await share(slack, "ben", "There", other)
    await slack.until(lambda: wire.most_at_once["chat.postMessage"] == 2)
    stop.way.set()
    await memory.settled()


def owed(memory: Memory, kind: str) -> list[dict[str, Any]]:
    """The errands of one kind: on a machine that is slow, the bot may also owe the reading of what it turned away."""
    return [row for row in memory.outbox() if row["kind"] == kind]


async def test_slacks_own_word_is_kept(slack: Slack, pocket: Channel, memory: Memory, wire: Wire) -> None:
    """`Retry-After`: asked once, refused once, and no call of that method before it is over. It counts as no try."""
    stop = wire.stops("chat.postMessage")
    await share(slack, "ben", "Patience", pocket)
    await stop.arrived.wait()
    over = slack.world.clock.now() + 300  # three seconds of ours
    slack.world.quotas.hold("chat.postMessage", 300)
    stop.way.set()
    (waiting,) = await slack.until(lambda: [row for row in owed(memory, "post card") if row["reason"]])
    assert (waiting["reason"], waiting["tries"], waiting["lease"]) == ("Slack asked for a pause", 0, None)
    await share(slack, "ana", "Me too", pocket)
    await memory.settled()
    refused = [call for call in slack.calls("chat.postMessage") if call.error]
    assert len(refused) == 1
    after = [call for call in slack.calls("chat.postMessage") if call.at > refused[0].at]
    assert after
    assert all(call.at >= over for call in after)
    assert len(cards(slack, "ana", pocket)) == 2


async def test_ten_edits_in_a_burst_are_few_updates_and_the_last_one_stands(
    slack: Slack, pocket: Channel, memory: Memory, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One is under way and one waits, however many edits there are: the one that waits says what stands then."""
    monkeypatch.setattr("bot.worker.IDLE", 0.01)  # another process makes the edits, which wakes nobody
    await share(slack, "ben", "Edit 0", pocket)
    await memory.settled()
    db = Database(memory.url)
    id, ben = LearningId(memory.learnings()[0].id), slack.find_person("ben").id
    place = Place(WorkspaceId(slack.world.team_id), ChannelId(pocket.id))
    stop = wire.stops("chat.update")
    for number in range(1, 11):
        new = NewLearning(key="", place=place, words=f"Edit {number}")
        await db.write(learnings.edit, id, new, by=Person(place.workspace, PersonId(ben)), at=1.0)
        await slack.until(stop.arrived.is_set)
        assert len(owed(memory, "refresh card")) <= 2
    stop.way.set()
    await memory.settled()
    assert len(slack.calls("chat.update")) == 2
    assert wire.most_at_once["chat.update"] == 1
    assert cards(slack, "ana", pocket) == ["Edit 10\nby @ben"]
    await db.close()


async def test_an_edit_while_the_card_is_being_posted_stands_on_it(
    slack: Slack, pocket: Channel, memory: Memory, wire: Wire
) -> None:
    """Its card is not known yet: the refresh waits for it."""
    stop = wire.stops("chat.postMessage", behind=True)
    shown = await share(slack, "ben", "Before", pocket)
    await stop.arrived.wait()
    opened = await slack.presses("ben", "Add details", on=shown)
    assert opened.form
    await slack.submits("ben", opened.form, {"words": "After"})
    await slack.until(lambda: [row for row in memory.outbox() if row["reason"] == "waits for another errand"])
    stop.way.set()
    await memory.settled()
    assert cards(slack, "ana", pocket) == ["After\nby @ben"]


async def test_an_undo_before_the_card_leaves_no_card_at_all(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """Not even for a moment."""
    slack.world.quotas.hold("chat.postMessage", 100)
    shown = await share(slack, "ben", "Oops", pocket)
    await slack.until(lambda: memory.outbox()[0]["reason"])
    await slack.presses("ben", "Undo", on=shown)
    await memory.settled()
    assert posted(slack) == []
    assert cards(slack, "ana", pocket) == []


async def test_an_undo_while_the_card_is_being_posted_takes_it_away(
    slack: Slack, pocket: Channel, memory: Memory, wire: Wire
) -> None:
    """Slack took it, and Outloud does not know yet where it stands."""
    stop = wire.stops("chat.postMessage", behind=True)
    shown = await share(slack, "ben", "Oops", pocket)
    await stop.arrived.wait()
    assert len(cards(slack, "ana", pocket)) == 1
    await slack.presses("ben", "Undo", on=shown)
    stop.way.set()
    await memory.settled()
    assert cards(slack, "ana", pocket) == []
    (learning,) = memory.learnings(state=None)
    assert (learning.state, learning.card_ts) == ("taken back", None)


async def test_an_undo_while_nobody_knows_whether_the_card_stands_takes_it_away(
    slack: Slack, pocket: Channel, memory: Memory, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The connection broke after Slack took it: there is nothing left to say, and still it has to be looked for."""
    monkeypatch.setattr("bot.endings.LOOK_AFTER", 1e6)
    monkeypatch.setattr("bot.posting.LOOK_AGAIN_AFTER", 0.0)
    wire.fails("chat.postMessage", Fault(reaches=True))
    shown = await share(slack, "ben", "Oops", pocket)
    await slack.until(lambda: memory.outbox()[0]["reason"])
    assert len(cards(slack, "ana", pocket)) == 1
    await slack.presses("ben", "Undo", on=shown)
    memory.run("UPDATE outbox SET due = 0")
    await memory.settled()
    assert cards(slack, "ana", pocket) == []


async def test_a_refresh_never_misses_a_card_that_comes_at_the_same_moment(
    slack: Slack, pocket: Channel, memory: Memory
) -> None:
    """It reads the learning before its card is known, and whether the card is owed after: it has to look again."""
    await share(slack, "ben", "Before", pocket)
    await memory.settled()
    db, place = Database(memory.url), Place(WorkspaceId(slack.world.team_id), ChannelId(pocket.id))
    (learning,) = memory.learnings()
    read = await db.read(learnings.find, place.workspace, LearningId(learning.id))
    assert read
    assert not await db.read(is_owed, read)
    assert await db.read(is_owed, replace(read, card_ts=None))
    await db.close()


@pytest.mark.true_pace
async def test_at_slacks_true_pace_a_burst_is_posted_a_second_apart(
    slack: Slack, pocket: Channel, memory: Memory, wire: Wire
) -> None:
    """Three cards at once, the first of which is long on its way: a second apart, and Slack never has to say no."""
    stop = wire.stops("chat.postMessage")
    for number in range(3):
        await share(slack, "ben", f"Number {number}", pocket)
    await stop.arrived.wait()
    await asyncio.sleep(0.7)
    stop.way.set()
    await memory.settled()
    assert not any(call.error for call in slack.calls("chat.postMessage"))
    times = [float(message.ts) for message in pocket.messages.values() if message.user == slack.app.id]
    assert len(times) == 4
    assert all(later - earlier >= 1 for earlier, later in pairwise(times))


def test_what_is_read_up_on_lets_all_else_pass() -> None:
    """Of the last call that a quota has left, who waits for an answer gets it, though the other was owed before."""
    workspace, turn = WorkspaceId("T1"), Turn(WorkspaceId("T1"), limits("reactions.get", "C1"))
    desk: Any = SimpleNamespace(db=SimpleNamespace(on_owed=lambda _wake: None))
    worker = Worker(desk, None, DUTIES)  # type: ignore[arg-type]  # it never comes to call
    lately = [950.0 + number for number in range(49)]
    books = Books({(workspace, "reactions.get"): Book(lately, by="another")}, now=1010.0, pace=Pace("mine"))
    assert books.wait(turn) == 0
    older, look = (Due(workspace, kind, kind, "C1", None) for kind in ("check older", "look"))
    wanted, wait = worker._choose([older, look], books)  # noqa: SLF001 -- one moment of its
    assert (wanted, wait > 0) == ([look], True)


async def test_a_burst_does_not_make_it_look_at_all_that_waits_at_each_commit() -> None:
    """What waits for its turn is read at each look: woken sixty times in a third of a second, it looks a few times."""
    workspace, looks, full = WorkspaceId("T1"), 0, [1000.0] * 50
    waiting, wakes = [Due(workspace, "1", "look", "C1", None)], list[Any]()
    books = Books({(workspace, "reactions.get"): Book(full, by="another")}, now=1001.0, pace=Pace("mine"))

    async def read(asked: Any, **_: object) -> object:
        nonlocal looks
        looks += asked.__name__ == "_look"
        return (waiting, books, None, 0.02) if asked.__name__ == "_look" else None

    async def write(_take: Any, **_: object) -> object:
        return Taken(*worker._choose(waiting, books), [], None)  # noqa: SLF001 -- what the writer's thread would call

    desk: Any = SimpleNamespace(
        db=SimpleNamespace(on_owed=wakes.append, read=read, write=write),
        now=lambda: 1001.0,
        heard=SimpleNamespace(of_all=dict),
    )
    worker = Worker(desk, None, DUTIES)  # type: ignore[arg-type]  # it never comes to call
    began = time.monotonic()
    running = asyncio.create_task(worker.run())
    for _ in range(60):
        wakes[0]()
        await asyncio.sleep(0.005)
    worker.stop()
    await running
    assert 1 <= looks <= (time.monotonic() - began) / 0.18 + 2


async def test_no_commit_makes_it_look_while_as_much_is_under_way_as_may_be() -> None:
    """Slack answers nothing, and much is owed: the look after a commit is in the writer's thread, where all wait for it."""
    wakes, looks = list[Any](), 0

    async def write(*_: object, **__: object) -> object:
        nonlocal looks
        looks += 1
        return Taken([], 1000.0, [], None)

    async def read(*_: object, **__: object) -> object:
        return None

    desk: Any = SimpleNamespace(
        db=SimpleNamespace(on_owed=wakes.append, read=read, write=write),
        now=lambda: 1001.0,
        heard=SimpleNamespace(of_all=dict),
    )
    worker = Worker(desk, None, DUTIES)  # type: ignore[arg-type]  # it never comes to call
    ends = asyncio.Event()
    calls = {f"T1 C{number}": asyncio.create_task(ends.wait()) for number in range(AT_ONCE)}
    worker._under_way.update(calls)  # type: ignore[arg-type]  # noqa: SLF001 -- as many calls as may be
    running = asyncio.create_task(worker.run())
    for _ in range(20):
        wakes[0]()
        await asyncio.sleep(0.005)
    assert looks == 0
    worker._under_way.popitem()  # noqa: SLF001 -- one has ended
    wakes[0]()
    await asyncio.sleep(0.05)
    ends.set()
    worker.stop()
    await running
    await asyncio.gather(*calls.values())
    assert looks >= 1


async def test_the_end_of_one_makes_it_look_where_it_may_let_another_go(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of one that nothing waited for, it knows that a look would find nothing; one of a slot had its successor wait."""
    monkeypatch.setattr("bot.worker.IDLE", 1e6)
    wakes, looks, done = list[Any](), 0, list[str]()
    shape = partial(Errand, WorkspaceId("T1"), "1", "mark", "C1", body={}, lease="", until=1e9, tries=1, unknown=False)
    errands = [shape(slot=slot, owed_at=0, tried_at=0, after_ts=None, waited=0) for slot in SLOTS]

    async def write(asked: Any, *_: object, **__: object) -> object:
        return Taken([], math.inf, [errands.pop(0)], None) if asked.__name__ == "_take" else None

    async def read(asked: Any, **_: object) -> object:
        nonlocal looks
        looks += asked.__name__ == "_look"
        return [], Books({}, now=1001.0, pace=Pace("mine")), None, 0.0

    async def do(_desk: object, _slack: object, errand: Errand) -> None:
        done.append(errand.slot or "none")

    desk: Any = SimpleNamespace(
        db=SimpleNamespace(on_owed=wakes.append, read=read, write=write),
        now=lambda: 1001.0,
        heard=SimpleNamespace(of_all=dict),
    )
    worker = Worker(desk, None, {"mark": Repeatable(do, "reactions.add")})  # type: ignore[arg-type]  # nothing is called
    running = asyncio.create_task(worker.run())
    found = list[int]()
    for slot in SLOTS:
        await asyncio.sleep(0.05)
        looks = 0
        wakes[0]()
        while (slot or "none") not in done:
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.1)
        found.append(looks)
    worker.stop()
    await running
    assert found[0] == 0
    assert found[1] > 0


@pytest.mark.usefixtures("wire")
async def test_a_stop_waits_for_what_is_under_way(
    slack: Slack, bot: Bot, pocket: Channel, memory: Memory, wire: Wire
) -> None:
    """Slack has the post; the process ends when it has been answered, and noted."""
    stop = wire.stops("chat.postMessage", behind=True)
    await slack.types("ben", "/share Under way", in_=pocket)
    await stop.arrived.wait()
    stopping = asyncio.create_task(bot.stop())
    await asyncio.sleep(0.2)
    assert not stopping.done()
    stop.way.set()
    async with asyncio.timeout(10):
        await stopping
    assert [one["kind"] for one in memory.outbox()] == ["tell close"]  # what follows a card waits for the next process
    assert [one.card_ts in pocket.messages for one in memory.learnings()] == [True]


async def test_it_is_not_looked_for_before_the_client_has_given_up(
    slack: Slack, pocket: Channel, memory: Memory, wire: Wire
) -> None:
    """What is still on its way would not show yet, and be said again."""
    wire.fails("chat.postMessage", Fault(reaches=True))
    await slack.types("ben", "/share Once", in_=pocket)
    (row,) = await slack.until(lambda: [row for row in memory.outbox() if row["reason"]])
    assert row["due"] - time.time() > CLIENT_TIMEOUT
    assert slack.calls("conversations.history") == []
