"""The outbox by itself: who may try what, when, and what becomes of a try."""

from __future__ import annotations

import asyncio
import threading

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.engine import URL
from sqlalchemy.orm import Session

from storage.db.database import Database
from storage.ids import WorkspaceId
from storage.owed import outbox, parking
from storage.owed.outbox import Due, Errand
from tests.memory import Memory
from tests.storage.rows import open_workspace

LEASE = 30.0


def owe(
    session: Session, kind: str = "mark", *, lane: str = "C1", slot: str | None = None, at: float = 0.0, of: str = "T1"
) -> None:
    """Owe something."""
    outbox.owe(session, WorkspaceId(of), kind, lane=lane, body={"learning": "L1"}, slot=slot, at=at)


def claim_all(session: Session, *, at: float) -> list[Errand]:
    """Take all that is due."""
    return outbox.claim(session, outbox.due(session, at=at), at=at, lease=LEASE)


@pytest.fixture
async def filled(db: Database) -> Database:
    """A database with a workspace."""
    await db.write(open_workspace)
    return db


async def test_what_is_leased_is_nobody_elses_until_the_lease_ends(filled: Database) -> None:
    """Then whoever takes it over knows that the first try's end is unknown, and when it was."""
    await filled.write(owe)
    (first,) = await filled.write(claim_all, at=10.0)
    assert (first.tries, first.unknown, first.tried_at, first.until) == (1, False, 10.0, 40.0)
    assert await filled.write(claim_all, at=39.0) == []
    (second,) = await filled.write(claim_all, at=41.0)
    assert (second.id, second.tries, second.unknown, second.tried_at) == (first.id, 2, True, 10.0)
    assert second.lease != first.lease


async def test_whoever_lost_the_lease_changes_nothing_any_more(filled: Database, memory: Memory) -> None:
    """A process that was held up comes back after another one took over."""
    await filled.write(owe)
    (lost,) = await filled.write(claim_all, at=10.0)
    (held,) = await filled.write(claim_all, at=41.0)
    await filled.write(outbox.done, lost)
    await filled.write(outbox.put_off, lost, until=1e9, reason="late")
    await filled.write(outbox.park, lost, reason="late")
    (row,) = memory.outbox()
    assert (row["state"], row["due"], row["lease"], row["reason"]) == ("waiting", held.until, held.lease, None)
    await filled.write(outbox.done, held)
    assert memory.outbox() == []


async def test_of_two_processes_each_errand_is_taken_by_one(postgres_url: URL) -> None:
    """Both see the same, and neither waits for the other."""
    one, two = Database(postgres_url), Database(postgres_url)
    await one.write(open_workspace)
    for number in range(60):
        await one.write(owe, lane=f"C{number}")
    seen = await one.read(outbox.due, at=1.0)
    taken = await asyncio.gather(*[db.write(outbox.claim, seen, at=1.0, lease=LEASE) for db in (one, two)])
    ids = [errand.id for errands in taken for errand in errands]
    assert len(ids) == len(set(ids)) == 60
    await one.close()
    await two.close()


async def test_of_one_slot_one_at_most_waits_and_a_new_one_may_wait_behind_one_under_way(
    filled: Database, memory: Memory
) -> None:
    """What is under way may have read what stood before: the change since then is owed anew, once."""
    for _ in range(10):
        await filled.write(owe, slot="card:L1")
    assert len(memory.outbox()) == 1
    (under_way,) = await filled.write(claim_all, at=1.0)
    for _ in range(10):
        await filled.write(owe, slot="card:L1", at=2.0)
    assert len(memory.outbox()) == 2
    assert await filled.write(claim_all, at=3.0) == [], "two of one slot at once: the older words could arrive last"
    await filled.write(outbox.done, under_way)
    assert len(await filled.write(claim_all, at=3.0)) == 1


async def test_what_waits_for_a_lease_of_its_slot_is_not_offered_in_vain(filled: Database) -> None:
    """It would be tried for, and be refused, as fast as the worker can; once the lease is over, the older one comes first."""
    await filled.write(owe, slot="card")
    (held,) = await filled.write(claim_all, at=10.0)
    await filled.write(owe, slot="card", at=11.0)
    assert await filled.read(outbox.due, at=39.0) == []
    first, *_ = await filled.read(outbox.due, at=41.0)
    assert first.id == held.id


async def test_what_failed_gives_way_to_a_newer_one_of_its_slot(filled: Database, memory: Memory) -> None:
    """The newer one says all that the older one would have said."""
    await filled.write(owe, slot="card:L1")
    (failed,) = await filled.write(claim_all, at=1.0)
    await filled.write(owe, slot="card:L1", at=2.0)
    await filled.write(outbox.put_off, failed, until=9.0, reason="Slack was away")
    (row,) = memory.outbox()
    assert row["id"] != failed.id


async def test_a_claim_waits_for_the_change_that_will_do_with_the_errand_that_waits(postgres_url: URL) -> None:
    """Another process must not say what stands now while the change that counts on this errand is not committed yet."""
    one, two = Database(postgres_url), Database(postgres_url)
    await one.write(open_workspace)
    await one.write(owe, slot="card:L1")
    (waiting,) = await two.read(outbox.due, at=1.0)
    changing, claimed = threading.Event(), threading.Event()

    def change(session: Session) -> None:
        owe(session, slot="card:L1")
        changing.set()
        assert claimed.wait(5)

    task = asyncio.create_task(one.write(change))
    assert await asyncio.to_thread(changing.wait, 5)
    assert await two.write(outbox.claim, [waiting], at=1.0, lease=LEASE) == []
    claimed.set()
    await task
    assert len(await two.write(outbox.claim, [waiting], at=1.0, lease=LEASE)) == 1
    await one.close()
    await two.close()


async def test_a_backlog_hides_nothing_else(filled: Database) -> None:
    """Thousands of one kind in many lanes, which wait for their quota, and one card that is owed last."""

    def fill(session: Session) -> None:
        open_workspace(session, "T2")
        for number in range(1500):
            owe(session, "mark", lane=f"C{number % 300}", at=float(number))
        owe(session, "post card", lane="C1", at=9000.0)
        owe(session, "mark", lane="C1", at=9001.0, of="T2")

    await filled.write(fill)
    due = await filled.read(outbox.due, at=1e6)
    assert {(one.workspace, one.kind) for one in due} == {("T1", "mark"), ("T1", "post card"), ("T2", "mark")}
    assert [one.lane for one in due[:3]] == ["C0", "C1", "C2"], "the oldest first"


async def test_a_lane_that_stands_still_hides_no_other_lane(filled: Database) -> None:
    """A hundred posts for one channel come before one for another, which is looked at all the same."""

    def fill(session: Session) -> None:
        for number in range(100):
            owe(session, "post card", lane="C1", at=float(number))
        owe(session, "post card", lane="C2", at=500.0)

    await filled.write(fill)
    due = await filled.read(outbox.due, at=1e6)
    assert [one.lane for one in due].count("C1") == outbox.PER_LANE
    assert due[-1].lane == "C2"


async def test_what_is_not_due_is_not_seen_and_the_next_time_is_known(filled: Database) -> None:
    """The worker sleeps until then."""
    await filled.write(owe, at=50.0)
    await filled.write(owe, at=70.0)
    assert await filled.read(outbox.due, at=49.0) == []
    assert await filled.read(outbox.next_due, after=49.0) == 50.0
    assert await filled.read(outbox.next_due, after=50.0) == 70.0
    assert await filled.read(outbox.next_due, after=70.0) is None


async def test_what_is_unknown_of_a_post_stays_so_until_it_is_known(filled: Database) -> None:
    """Put off, left, or parked and retried: it is looked for before it is ever sent again."""
    await filled.write(owe)
    await filled.write(claim_all, at=1.0)
    (errand,) = await filled.write(claim_all, at=40.0)
    assert errand.unknown
    await filled.write(outbox.put_off, errand, until=50.0, reason="the look failed")
    (errand,) = await filled.write(claim_all, at=50.0)
    assert errand.unknown
    await filled.write(outbox.park, errand, reason="can't look")
    assert await filled.write(parking.retry, [errand.id], at=60.0) == [errand.id]
    (errand,) = await filled.write(claim_all, at=60.0)
    assert (errand.unknown, errand.tries) == (True, 1)


async def test_what_surely_did_not_happen_is_not_looked_for(filled: Database) -> None:
    """Slack refused it, or asked for a pause; a pause is no try."""
    await filled.write(owe)
    (errand,) = await filled.write(claim_all, at=1.0)
    await filled.write(outbox.put_off, errand, until=2.0, reason="a pause", counted=False)
    (errand,) = await filled.write(claim_all, at=2.0)
    assert (errand.unknown, errand.tries) == (False, 1)
    await filled.write(outbox.park, errand, reason="Slack said is_archived")
    await filled.write(parking.retry, None, at=3.0)
    (errand,) = await filled.write(claim_all, at=3.0)
    assert not errand.unknown


async def test_a_try_that_broke_and_was_parked_is_looked_for_when_it_is_retried(filled: Database) -> None:
    """Its own end was unknown, even where no earlier one's was."""
    await filled.write(owe)
    (errand,) = await filled.write(claim_all, at=1.0)
    await filled.write(outbox.park, errand, reason="broke 40 times", unknown=True)
    await filled.write(parking.retry, None, at=3.0)
    (errand,) = await filled.write(claim_all, at=3.0)
    assert errand.unknown


async def test_an_operator_sees_retries_and_drops_only_what_is_parked(filled: Database, memory: Memory) -> None:
    """What waits is not theirs to touch; what is not there is not counted."""
    for lane in ("C1", "C2", "C3"):
        await filled.write(owe, lane=lane)
    one, two, waiting = await filled.write(claim_all, at=1.0)
    for errand in (one, two):
        await filled.write(outbox.park, errand, reason="Slack said is_archived")
    listed = await filled.read(parking.entries)
    assert [(entry.id, entry.state, entry.reason) for entry in listed] == [
        (errand.id, state, reason)
        for errand, state, reason in (
            (one, "parked", "Slack said is_archived"),
            (two, "parked", "Slack said is_archived"),
            (waiting, "waiting", None),
        )
    ]
    assert [entry.id for entry in await filled.read(parking.entries, state="parked")] == [one.id, two.id]
    ids = [one.id, waiting.id, "unknown"]
    assert await filled.write(parking.drop, ids) == [one.id]
    assert await filled.write(parking.retry, ids, at=2.0) == []
    assert await filled.write(parking.retry, None, at=2.0) == [two.id]
    assert {row["state"] for row in memory.outbox()} == {"waiting"}


async def test_parked_refreshes_of_one_card_are_retried_as_one(filled: Database, memory: Memory) -> None:
    """The slot holds for what an operator lets loose again, too."""
    for _ in range(3):
        await filled.write(owe, slot="card:L1")
        (errand,) = await filled.write(claim_all, at=1.0)
        await filled.write(outbox.park, errand, reason="Slack said is_archived")
    assert len(memory.outbox(state="parked")) == 3
    assert len(await filled.write(parking.retry, None, at=2.0)) == 3
    assert len(memory.outbox()) == 1


async def test_only_an_errand_whose_body_says_so_is_said_to_wait(filled: Database) -> None:
    """Of that kind, lane and value; leased ones wait, too, and parked ones don't."""
    workspace = WorkspaceId("T1")
    await filled.write(owe, "post card")
    assert await filled.read(outbox.waits, workspace, "post card", lane="C1", key="learning", value="L1")
    assert not await filled.read(outbox.waits, workspace, "post card", lane="C1", key="learning", value="L2")
    assert not await filled.read(outbox.waits, workspace, "post card", lane="C2", key="learning", value="L1")
    assert not await filled.read(outbox.waits, workspace, "mark", lane="C1", key="learning", value="L1")
    (errand,) = await filled.write(claim_all, at=1.0)
    assert await filled.read(outbox.waits, workspace, "post card", lane="C1", key="learning", value="L1")
    await filled.write(outbox.park, errand, reason="no")
    assert not await filled.read(outbox.waits, workspace, "post card", lane="C1", key="learning", value="L1")


async def test_the_worker_is_woken_by_commits_that_owe_and_by_no_others(filled: Database) -> None:
    """On the event loop, before the one who owed it is answered."""
    woken = list[str]()
    filled.on_owed(lambda: woken.append(threading.current_thread().name))
    await filled.write(lambda session: session.execute(text("UPDATE workspaces SET name = 'x'")))
    assert woken == []
    await filled.write(owe)
    assert woken == [threading.main_thread().name]


def test_a_claim_of_nothing_takes_nothing(engine: Engine) -> None:
    """An id alone does not name an errand: its workspace does, too."""
    with Session(engine) as session:
        open_workspace(session)
        owe(session)
        (due,) = outbox.due(session, at=1.0)
        assert outbox.claim(session, [], at=1.0, lease=LEASE) == []
        strange = Due(WorkspaceId("T2"), due.id, due.kind, due.lane, due.slot)
        assert outbox.claim(session, [strange], at=1.0, lease=LEASE) == []
