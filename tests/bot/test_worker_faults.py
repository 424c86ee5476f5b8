"""The outbox's worker when Slack, the wire or the database fail: nothing is lost, and nothing is said twice."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import aiohttp
import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

import handlers
from bot import posting
from handlers.desk import Desk
from handlers.duties import Later, Message, Post
from handlers.learned import cards as card_duties
from sandbox.records import Channel
from sandbox.slack import Slack
from storage.db.database import Database
from storage.ids import ChannelId, Person, PersonId, Place, WorkspaceId
from storage.learned import learnings
from storage.learned.entries import NewLearning
from storage.owed import outbox, pacing
from storage.owed.limits import Pace
from storage.owed.outbox import Errand
from tests.bot.wire import Fault, Page, Wire
from tests.conftest import Bot
from tests.memory import Memory
from tests.owed import owe_hours
from tests.sights import cards

pytestmark = pytest.mark.usefixtures("wire", "hurry")


@pytest.fixture
def short_leases(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever can't write how an errand ended is taken over after a second."""
    monkeypatch.setattr("bot.worker.LEASE", 1.0)
    monkeypatch.setattr("bot.attempts.CLIENT_TIMEOUT", 0.2)


BROKEN = {
    "a connection that breaks": None,
    "a proxy's error in plain text": Page(503, "upstream connect error", "text/plain"),
    "a proxy's error in HTML": Page(502, "<h1>Bad gateway</h1>", "text/html"),
    "half an answer": Page(200, '{"ok": tr', "application/json"),
    "a page instead of an answer": Page(200, "<h1>Welcome to the hotel's network</h1>", "text/html"),
    "an error of Slack's own": Page(200, '{"ok": false, "error": "fatal_error"}', "application/json"),
    "a server error of Slack's own": Page(500, '{"ok": false, "error": "internal_error"}', "application/json"),
}
every_break = pytest.mark.parametrize("page", BROKEN.values(), ids=BROKEN)


@every_break
@pytest.mark.parametrize("reaches", [True, False], ids=["after Slack took it", "before Slack took it"])
async def test_a_post_whose_end_is_unknown_stands_once(
    slack: Slack, pocket: Channel, memory: Memory, wire: Wire, page: Page | None, *, reaches: bool
) -> None:
    """It is looked for: where it stands it is taken for said, and where it doesn't it is said."""
    wire.fails("chat.postMessage", Fault(reaches, page))
    await slack.types("ben", "/share Once", in_=pocket)
    await memory.settled()
    assert len(cards(slack, "ana", pocket)) == 1
    (learning,) = memory.learnings()
    assert learning.card_ts in pocket.messages
    assert len(slack.calls("chat.postMessage")) == 2  # the pocket's news, and the card
    assert memory.outbox() == []


@every_break
async def test_what_may_be_repeated_is_repeated(
    slack: Slack, pocket: Channel, memory: Memory, wire: Wire, page: Page | None
) -> None:
    """A look and a mark that broke three times over: the message is kept, and carries its mark once."""
    for method in ("reactions.get", "reactions.add"):
        wire.fails(method, *[Fault(reaches, page) for reaches in (False, True, False)])
    message = await slack.says("ana", "Worth keeping", in_=pocket)
    await slack.reacts("ana", "bulb", message)
    await memory.settled()
    assert message.reactions["books"] == [slack.app.id]
    assert [one.state for one in memory.learnings()] == ["live"]
    assert memory.outbox() == []


async def test_a_mark_that_was_set_after_nobody_waited_for_it_any_more_is_taken_off_again(
    slack: Slack, pocket: Channel, memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The call takes effect after the client has given up, and the keep was taken back meanwhile."""
    monkeypatch.setattr("bot.endings.LOOK_AFTER", 3.0)
    message = await slack.says("ana", "Kept, and not", in_=pocket)
    slack.fails("reactions.add", "dropped before", times=1)  # for all the bot knows it is still on its way
    await slack.reacts("ben", "bulb", message)
    await slack.until(slack.world.faults.struck.total)
    await slack.unreacts("ben", "bulb", message)
    await asyncio.sleep(1)
    slack.world.react(pocket.id, message.ts, slack.app.id, "books")  # and now it arrives
    await memory.settled()
    assert "books" not in message.reactions
    assert [one.state for one in memory.learnings(state=None)] == ["taken back"]


async def test_a_post_that_broke_again_and_again_stands_once(
    slack: Slack, pocket: Channel, memory: Memory, wire: Wire
) -> None:
    """The looks for it break, too."""
    wire.fails("chat.postMessage", Fault(reaches=False), Fault(reaches=True))
    wire.fails("conversations.history", *[Fault(reaches=False)] * 3)
    await slack.types("ben", "/share Once", in_=pocket)
    await memory.settled()
    assert len(cards(slack, "ana", pocket)) == 1


@pytest.mark.parametrize("patience", [5.0, 0.0], ids=["waits", "is put off"])
async def test_looks_for_earlier_tries_keep_to_slacks_pace(
    slack: Slack,
    bot: Bot,
    pocket: Channel,
    memory: Memory,
    wire: Wire,
    *,
    monkeypatch: pytest.MonkeyPatch,
    patience: float,
) -> None:
    """History is read in turns that all processes share: while it must rest, nobody looks; and each look is counted."""
    monkeypatch.setattr("bot.attempts.PATIENCE", patience)
    workspace, rests = WorkspaceId(slack.world.team_id), 1.0
    await bot.db.write(pacing.rest, workspace, "conversations.history", seconds=rests, pace=Pace("a test", bot.pace))
    until = slack.world.clock.now() + rests * bot.pace
    wire.fails("chat.postMessage", Fault(reaches=False))
    await slack.types("ben", "/share Once", in_=pocket)
    await memory.settled()
    looks = slack.calls("conversations.history")
    assert len(looks) == 2
    assert all(look.at >= until for look in looks)
    (book,) = memory.rows("SELECT calls FROM paces WHERE name = 'conversations.history'")
    calls = json.loads(book["calls"]) if isinstance(book["calls"], str) else book["calls"]
    assert len(calls) == len(looks)
    assert len(cards(slack, "ana", pocket)) == 1


def share_and_die(session: Session, place: Place, ben: Person, *, at: float) -> outbox.Errand:
    """What a process did that then died: it shared, and had leased the card's errand, long ago."""
    new = NewLearning(key="command:1", place=place, words="Orphan")
    learnings.share(session, new, by=ben, here=True, at=at)
    (errand,) = outbox.claim(session, outbox.due(session, at=at), at=at, lease=30.0)
    return errand


@pytest.mark.parametrize("had_posted", [True, False])
async def test_the_errand_of_a_process_that_died_is_taken_over(
    slack: Slack, bot: Bot, pocket: Channel, memory: Memory, *, had_posted: bool
) -> None:
    """Its post is adopted where it stands already, and made where it doesn't: one card either way."""
    await bot.stop()
    db = Database(bot.database_url)
    workspace = WorkspaceId(slack.world.team_id)
    place, ben = Place(workspace, ChannelId(pocket.id)), Person(workspace, PersonId(slack.find_person("ben").id))
    errand = await db.write(share_and_die, place, ben, at=time.time() - 100)
    if had_posted:
        await post_by_hand(slack, pocket, errand.id)
    await bot.start()
    await memory.settled()
    (learning,) = memory.learnings()
    assert cards(slack, "ana", pocket) == (["By hand"] if had_posted else ["Orphan\nby @ben"])
    assert learning.card_ts in pocket.messages
    await db.close()


async def post_by_hand(slack: Slack, where: Channel, errand: str) -> None:
    """A post of the app's own, which says which errand it was."""
    metadata = {"event_type": posting.EVENT, "event_payload": {"errand": errand}}
    said = {"channel": where.id, "text": "By hand", "metadata": json.dumps(metadata)}
    token = slack.world.app.bot_token
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{slack.api_url}chat.postMessage", data={**said, "token": token}) as answer,
    ):
        assert (await answer.json())["ok"]


def hide_metadata(answer: dict[str, Any]) -> None:
    """As Slack answers an app that may not see it."""
    for message in answer.get("messages", ()):
        message.pop("metadata", None)


async def test_where_slack_hides_metadata_nothing_is_concluded_from_its_absence(
    slack: Slack, pocket: Channel, memory: Memory, wire: Wire
) -> None:
    """Messages of ours stand there, and none says which errand it was: an operator has to look, before it stands twice."""
    wire.changes["conversations.history"] = hide_metadata
    wire.fails("chat.postMessage", Fault(reaches=True))
    await slack.types("ben", "/share Perhaps", in_=pocket)
    await slack.until(lambda: memory.outbox(state="parked"))
    (parked,) = memory.outbox(state="parked")
    assert "Slack shows no metadata" in parked["reason"]
    assert "if it stands, drop this entry; if not, retry it" in parked["reason"]
    assert len(cards(slack, "ana", pocket)) == 1


async def test_where_history_may_not_be_read_an_operator_is_asked(
    slack: Slack, pocket: Channel, memory: Memory, wire: Wire
) -> None:
    """A scope was taken away: the post is neither repeated nor forgotten. Once it can be looked for, a retry finds it."""
    slack.world.app.scopes.discard("channels:history")
    slack.world.app.scopes.discard("im:history")
    wire.fails("chat.postMessage", Fault(reaches=True))
    await slack.types("ben", "/share Perhaps", in_=pocket)
    await slack.until(lambda: memory.outbox(state="parked"))
    (parked,) = memory.outbox(state="parked")
    assert "missing_scope" in parked["reason"]
    slack.world.app.scopes.add("channels:history")
    memory.run("UPDATE outbox SET state = 'waiting', due = 0")
    await memory.settled()
    assert memory.outbox() == []
    assert len(cards(slack, "ana", pocket)) == 1


async def test_what_can_be_said_but_not_remembered_is_parked_and_known_as_said(
    slack: Slack, pocket: Channel, memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A defect behind the post: an operator hears of it, and a retry finds the card that stands."""

    def broken(*_: object) -> Any:
        def settle(_session: Session) -> None:
            raise KeyError

        return settle

    monkeypatch.setitem(handlers.DUTIES, "post card", Post(card_duties.render, broken))
    await slack.types("ben", "/share Said", in_=pocket)
    await slack.until(lambda: memory.outbox(state="parked"))
    (parked,) = memory.outbox(state="parked")
    assert "a defect of Outloud's: KeyError" in parked["reason"]
    monkeypatch.setitem(handlers.DUTIES, "post card", card_duties.POST_CARD)
    memory.run("UPDATE outbox SET state = 'waiting', due = 0")
    await memory.settled()
    (learning,) = memory.learnings()
    assert learning.card_ts in pocket.messages
    assert len(cards(slack, "ana", pocket)) == 1


async def test_what_was_done_is_known_though_what_it_owed_can_not_be_leased(
    slack: Slack, pocket: Channel, memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A defect in the lease of the next is none of this one's: it is not parked, and not said again."""
    monkeypatch.setattr("bot.worker.IDLE", 0.02)

    def break_(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(pacing, "take", break_)
    await slack.types("ben", "/share Once", in_=pocket)
    await memory.settled()
    assert len(cards(slack, "ana", pocket)) == 1
    (learning,) = memory.learnings()
    assert learning.card_ts in pocket.messages
    assert memory.outbox() == []


async def test_a_kind_that_is_unknown_here_is_parked_with_a_sentence(
    slack: Slack, pocket: Channel, memory: Memory
) -> None:
    """A newer version owed it, and was rolled back; what else is owed goes on."""
    await owe_by_hand(memory, slack, "sing a song")
    await slack.types("ben", "/share Goes on", in_=pocket)
    await slack.until(lambda: memory.outbox(state="parked"))
    await memory.settled()
    (parked,) = memory.outbox()
    assert parked["reason"] == (
        "This version of Outloud does not know how to do «sing a song». Update it, then retry this."
    )
    assert len(cards(slack, "ana", pocket)) == 1


async def owe_by_hand(memory: Memory, slack: Slack, kind: str) -> None:
    """An errand that no code of ours owed."""
    memory.run(
        "INSERT INTO outbox (workspace, id, kind, lane, body, due, owed_at) VALUES (:w, 'E1', :kind, 'C1', '{}', 0, 0)",
        w=slack.world.team_id,
        kind=kind,
    )


async def test_a_post_that_slack_refuses_is_parked_with_its_reason_and_can_be_retried(
    slack: Slack, pocket: Channel, memory: Memory, wire: Wire
) -> None:
    """Outloud may not write any more: nothing is tried again until an operator says so."""
    stop = wire.stops("chat.postMessage")
    await slack.types("ben", "/share Later", in_=pocket)
    await stop.arrived.wait()
    slack.world.app.scopes.discard("chat:write")
    stop.way.set()
    await slack.until(lambda: memory.outbox(state="parked"))
    (parked,) = memory.outbox()
    assert parked["reason"] == "Slack said missing_scope"
    assert len([call for call in slack.calls("chat.postMessage") if call.error]) == 1
    slack.world.app.scopes.add("chat:write")
    memory.run("UPDATE outbox SET state = 'waiting', due = 0")
    await memory.settled()
    assert cards(slack, "ana", pocket)[-1] == "Later\nby @ben"
    assert len(slack.calls("chat.postMessage")) == 3  # the pocket's news, the refused one, and the card


@pytest.mark.usefixtures("short_leases")
async def test_it_outlives_a_database_that_goes_away_under_it(
    slack: Slack, pocket: Channel, memory: Memory, wire: Wire
) -> None:
    """While a post is under way the database goes away, so that its end can't be written: it is looked for, and found."""
    stop = wire.stops("chat.postMessage", behind=True)
    await slack.types("ben", "/share Held", in_=pocket)
    await stop.arrived.wait()
    memory.close()
    with away(memory.url), capture_logs() as told:
        stop.way.set()
        await slack.until(lambda: any("could not be written" in line["event"] for line in told))
    await memory.settled()
    (learning,) = memory.learnings()
    assert learning.card_ts in pocket.messages
    assert len(cards(slack, "ana", pocket)) == 1


@contextmanager
def away(url: URL) -> Iterator[None]:
    """A database that answers no write: locked, and on PostgreSQL with every connection cut."""
    engine = create_engine(url)
    with engine.connect() as connection:
        if url.get_backend_name() == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            connection.execute(text("LOCK TABLE outbox IN ACCESS EXCLUSIVE MODE"))
            connection.execute(
                text(
                    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            )
        yield
    engine.dispose()


async def test_of_two_that_may_both_have_been_said_only_one_is(
    slack: Slack, pocket: Channel, memory: Memory, bot: Bot
) -> None:
    """The process dies with two notices for one person in hand, of which the later one stands in Slack already."""
    for number in range(2):
        message = await slack.says("ben", f"Own {number}", in_=pocket)
        await slack.reacts("ben", "bulb", message)
    await memory.settled()
    home = slack.world.open_dm(slack.find_person("ben").id, slack.app.id)
    (said,) = home.messages.values()
    await bot.stop()
    first, second = [one.id for one in memory.learnings()]
    said_by = (said.metadata or {})["event_payload"]["errand"]
    memory.run("UPDATE people SET told_keep_at = NULL")
    for id, learning, owed_at in (("earlier", first, 1.0), (said_by, second, 2.0)):
        body = json.dumps({"learning": learning, "person": slack.find_person("ben").id})
        memory.run(
            "INSERT INTO outbox (workspace, id, kind, lane, body, state, due, lease, tries, owed_at, tried_at) "
            "VALUES (:workspace, :id, 'tell curator', :lane, :body, 'waiting', 1, 'gone', 1, :owed_at, 1)",
            workspace=slack.world.team_id,
            id=id,
            lane=slack.find_person("ben").id,
            body=body,
            owed_at=owed_at,
        )
    await bot.start()
    await memory.settled()
    assert list(home.messages.values()) == [said]
    assert memory.outbox() == []


async def test_what_is_said_once_waits_while_it_may_have_been_said(
    slack: Slack, pocket: Channel, memory: Memory, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The notice of a first keep breaks off after Slack took it; a second keep, of another message, must not repeat it."""
    monkeypatch.setattr("bot.endings.LOOK_AFTER", 2.0)
    wire.fails("chat.postMessage", Fault(reaches=True, page=None))
    for number in range(2):
        message = await slack.says("ben", f"Own {number}", in_=pocket)
        await slack.reacts("ben", "bulb", message)
    await memory.settled()
    told = slack.world.open_dm(slack.find_person("ben").id, slack.app.id).messages.values()
    assert sum("keep.undo" in str(one.blocks) for one in told) == 1
    assert memory.outbox() == []


async def test_what_may_have_been_said_is_looked_for_though_it_may_not_be_said_yet(
    slack: Slack, pocket: Channel, memory: Memory, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same, where Slack does not say meanwhile whether the curator may see what they kept."""
    duty = handlers.DUTIES["tell curator"]
    assert isinstance(duty, Post)

    async def render(desk: Desk, errand: Errand) -> Message | None:
        if errand.unknown:
            raise Later(desk.now() + 0.1)
        return await duty.render(desk, errand)

    monkeypatch.setitem(handlers.DUTIES, "tell curator", replace(duty, render=render))
    wire.fails("chat.postMessage", Fault(reaches=True, page=None))
    for number in range(2):
        message = await slack.says("ben", f"Own {number}", in_=pocket)
        await slack.reacts("ben", "bulb", message)
    await memory.settled()
    told = slack.world.open_dm(slack.find_person("ben").id, slack.app.id).messages.values()
    assert sum("keep.undo" in str(one.blocks) for one in told) == 1
    assert memory.outbox() == []


@pytest.mark.parametrize("reaches", [True, False])
async def test_a_notice_whose_message_may_have_arrived_is_said_once(
    slack: Slack, bot: Bot, pocket: Channel, memory: Memory, wire: Wire, *, reaches: bool
) -> None:
    """What the message holds is settled by it; what is owed meanwhile waits for the next day, or goes with the new try."""
    assert bot.outloud is not None
    stop = wire.stops("chat.postMessage", behind=True)
    wire.fails("chat.postMessage", Fault(reaches))
    owe_hours(slack, memory, pocket, "ana")
    await bot.outloud.bring_notices()
    await stop.arrived.wait()
    owe_hours(slack, memory, pocket, "ana", since=2e9)
    stop.way.set()
    await memory.settled()
    (told,) = slack.sees("ana").dms
    assert told.text.count("could not hear") == (1 if reaches else 2)
    assert len(memory.rows("SELECT * FROM notices")) == (1 if reaches else 0)
