"""The outbox's worker: leases what is due, does it at Slack's pace, and says how it ended.

It wakes with the commit that owed something. What it can't do now waits in the database, so that nothing is lost with it.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Mapping
from contextlib import suppress

import structlog
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.orm import Session

from handlers.desk import Desk
from handlers.duties import Duty
from storage.ids import Ts, WorkspaceId
from storage.owed import causes, outbox, pacing
from storage.owed.limits import Books, Pace
from storage.owed.outbox import Due, Errand
from storage.owed.pacing import Taken
from storage.refusals import Busy, Unavailable

from . import endings
from .attempts import FRESH, Attempts
from .directs import Directs
from .endings import Done, Ending
from .needs import Needs
from .watching import Watch

log = structlog.get_logger(__name__)

LEASE = 30.0
"""Seconds. Whoever dies with an errand in hand is taken over after it."""

AT_ONCE = 32
"""Calls under way at once, at most."""

IDLE = 1.0
"""Seconds between two looks when nothing wakes the worker: another process may have owed something."""

RESTS, LONGEST_REST = 9, 0.25
"""Where something waits for its turn at Slack's pace, what comes in besides wakes the worker only after so many times what its
last look took, or so many seconds: a look reads all that waits, and each commit of a burst would ask for one."""

AGAIN = 0.05
"""Seconds until the next look where another process took what was wanted here."""

BUSY_FOR = 0.25
"""Seconds until an ending is noted again that the writer had no time for."""

ARRIVES_WITHIN = 2.0
"""Seconds in which a call that is on its way has come to Slack: its channel waits no longer for a process that died."""

LAST_CHANCE = 3.0
"""Seconds before a lease's end at which it is given up to note an ending: the write itself may wait for 2."""

STOP_WITHIN = 5.0
"""Seconds that a stop waits for calls under way. What is cut off is looked for once its lease has ended."""


class Worker:
    """Does what is owed, by `duties`. `slack` must never retry by itself: a dropped connection may have posted."""

    def __init__(
        self,
        desk: Desk,
        slack: AsyncWebClient,
        duties: Mapping[str, Duty],
        *,
        speed: float = 1.0,
        watch: Watch | None = None,
    ) -> None:
        self._watch = watch or Watch()
        self._desk = desk
        self._duties = duties
        self._pace = Pace(causes.new(), speed=speed, hold=FRESH + ARRIVES_WITHIN)
        self._needs = Needs(duties, Directs(slack))
        self._attempts = Attempts(desk, slack, self._needs, self._pace)
        self._wake = asyncio.Event()
        self._stopping = False
        self._under_way: dict[str, asyncio.Task[None]] = {}
        self._held_back: dict[str, float] = {}
        self._left = False
        self._owed = False
        self._rests_until = 0.0
        desk.db.on_owed(self._on_owed)

    async def run(self) -> None:
        """Work until `stop`. A database that is away is waited for."""
        while not self._stopping:
            self._wake.clear()
            try:
                wait = await self._round()
            except Unavailable:
                wait = IDLE
            except Exception:
                log.exception("the outbox's worker stumbled, and goes on")
                wait = IDLE
            with suppress(TimeoutError):
                await asyncio.wait_for(self._woken(), wait)
        await self._finish()

    async def _woken(self) -> None:
        await self._wake.wait()
        await asyncio.sleep(0 if self._stopping else self._rests_until - time.monotonic())

    def stop(self) -> None:
        """Take nothing new; `run` returns when what is under way has ended."""
        self._stopping = True
        self._wake.set()

    def _on_owed(self) -> None:
        self._owed = True
        self._wake.set()

    async def _round(self) -> float:
        """Begin what may be done now. Returns after how many seconds there may be more, if nothing wakes it before."""
        if len(self._under_way) >= AT_ONCE:
            self._left = True
            return IDLE  # whoever ends wakes it; until then a look, at each commit, would find nothing that may begin
        now, since = self._desk.now(), time.monotonic()
        taken = await self._claim(now)
        self._begin(taken, since)
        if len(taken.got) < len(taken.wanted) or len(taken.wanted) >= outbox.PER_LANE:
            return min(taken.wait, AGAIN)  # another process was quicker; or there is more than is looked at in one go
        return min(taken.wait, IDLE, max(0.0, taken.later - now) if taken.later is not None else math.inf)

    def _begin(self, taken: Taken, since: float) -> None:
        """Begin what was got, which has its turn `since` then (monotonic)."""
        for errand in taken.got:
            task = asyncio.create_task(self._do(errand, since), name=f"{errand.kind} {errand.id}")
            self._under_way[self._needs.one_at_a_time(errand)] = task

    async def _claim(self, now: float) -> Taken:
        """What is wanted now, and what was got of it.

        After a commit that owed something there is something to claim, unless much waits for the pace: it is looked for and
        claimed in one transaction. Else the look is a reading of its own, which no writer waits for.
        """
        turn_of, pace, heard = self._needs.turn, self._pace, self._desk.heard.of_all()
        owed, self._owed = self._owed, False
        if owed and not self._held_back:
            return await self._desk.db.write(self._take, at=now, heard=heard)
        due, books, later, took = await self._desk.db.read(self._look, at=now)
        wanted, wait = self._choose(due, books)
        self._rests_until = time.monotonic() + min(RESTS * took, LONGEST_REST) if self._held_back else 0.0
        if not wanted:
            return Taken([], wait, [], later)
        claimed = await self._desk.db.write(
            pacing.claim, wanted, at=now, lease=LEASE, turn_of=turn_of, pace=pace, heard=heard
        )
        return Taken(wanted, wait, claimed, later)

    def _take(self, session: Session, *, at: float, heard: Mapping[WorkspaceId, Ts]) -> Taken:
        """As `pacing.take`, of what the pace allows."""
        turn_of, pace = self._needs.turn, self._pace
        return pacing.take(session, self._choose, at=at, lease=LEASE, turn_of=turn_of, pace=pace, heard=heard)

    def _look(self, session: Session, *, at: float) -> tuple[list[Due], Books, float | None, float]:
        """As `pacing.look`; when something more is due; and the seconds that it took."""
        began = time.perf_counter()
        due, books = pacing.look(session, at=at, turn_of=self._needs.turn, pace=self._pace)
        later = outbox.next_due(session, after=at)
        return due, books, later, time.perf_counter() - began

    def _choose(self, due: list[Due], books: Books) -> tuple[list[Due], float]:
        """What the pace allows now; and in how many seconds it allows the first of the rest. Also in the writer's thread."""
        wanted, wait, turns = list[Due](), math.inf, set(self._under_way)
        self._held_back = {one.id: self._held_back[one.id] for one in due if one.id in self._held_back}
        for one in sorted(due, key=self._needs.is_background):  # a stable order: within each, the oldest first
            if len(turns) >= AT_ONCE:
                break  # whoever ends wakes the worker
            if self._needs.one_at_a_time(one) in turns:
                continue
            pause = books.wait(self._needs.turn(one))
            if pause > 0:
                self._held_back.setdefault(one.id, time.monotonic())
                wait = min(wait, pause)
                continue
            if (since := self._held_back.pop(one.id, None)) is not None:
                self._watch.waited(self._needs.method(one), time.monotonic() - since)
            books.take(self._needs.turn(one))
            turns.add(self._needs.one_at_a_time(one))
            wanted.append(one)
        self._left = len(due) > len(wanted) or len(due) >= outbox.PER_LANE
        return wanted, wait

    async def _do(self, errand: Errand, since: float) -> None:
        """Do one errand, which has its turn `since` then (monotonic), and remember how it ended."""
        began, frees = time.monotonic(), True
        try:
            with causes.because_of(errand.cause):
                ending = await self._attempts.make(errand, since)
                self._tell(errand, ending, took=time.monotonic() - began)
                frees = await self._settle(errand, ending)
        except Unavailable:
            log.warning("how an errand ended could not be written: its lease will run out", kind=errand.kind)
        except Exception:
            log.exception("the outbox's worker stumbled over an errand", kind=errand.kind)
        finally:
            self._under_way.pop(self._needs.one_at_a_time(errand), None)
            if frees or self._left or self._held_back:  # else a look would find nothing that it did not find before
                self._wake.set()

    def _tell(self, errand: Errand, ending: Ending, *, took: float) -> None:
        """A line in the log, by the id of the delivery that it was owed because of; and to whoever watches."""
        outcome, owed_for = endings.name(ending), self._desk.now() - errand.owed_at
        facts = {"errand": errand.id, "kind": errand.kind, "outcome": outcome, "tries": errand.tries}
        log.info("errand", **facts, owed_for=round(owed_for, 3), ms=round(took * 1000, 1))
        self._watch.ended(errand.kind, self._needs.method(errand), outcome, owed_for=owed_for, took=took)

    async def _settle(self, errand: Errand, ending: Ending) -> bool:
        """Note how it ended, and begin what that owed. Whether something else may be to be done now, or soon."""
        answered = time.monotonic()
        try:
            return await self._write(errand, ending, answered)
        except Unavailable:
            raise
        except Exception:
            log.exception("the outbox's worker notes an ending once more, by itself", kind=errand.kind)
        try:
            return await self._write(errand, ending, answered, alone=True)
        except Unavailable:
            raise
        except Exception as error:  # noqa: BLE001 -- what can't be remembered twice can't be the next time either
            return await self._write(errand, endings.defect(error, errand), answered, alone=True)

    async def _write(self, errand: Errand, ending: Ending, answered: float, *, alone: bool = False) -> bool:
        """Note how it ended. Nobody waits for it, so it comes after those who do, as long as the lease lasts.

        `alone`: without the lease of what it owed, so that no defect in that keeps what was done from being known.
        """
        while True:
            since, heard = time.monotonic(), self._desk.heard.of_all()
            try:
                taken = await self._desk.db.write(self._note, errand, ending, answered, None if alone else heard)
            except Busy:
                if errand.until - self._desk.now() < LAST_CHANCE:
                    raise
                await asyncio.sleep(BUSY_FOR)
            else:
                break
        if taken is not None:
            self._begin(taken, since)
        is_all = taken is None or (len(taken.got) == len(taken.wanted) and not self._is_soon(taken.later))
        return not (is_all and isinstance(ending, Done) and errand.slot is None)

    def _is_soon(self, later: float | None) -> bool:
        """Whether something is due then before the next look that comes by itself."""
        return later is not None and later < self._desk.now() + IDLE

    def _note(
        self, session: Session, errand: Errand, ending: Ending, answered: float, heard: Mapping[WorkspaceId, Ts] | None
    ) -> Taken | None:
        """In one transaction: how it ended, that its channel may hear the next, and where Slack asked for a pause.

        And, unless `heard` is None, the lease of what that owed in turn, as after any commit that owed something.
        """
        endings.settle(session, errand, ending, duty=self._duties.get(errand.kind), at=self._desk.now())
        ago = time.monotonic() - answered
        pacing.release(session, errand, self._needs.turn(errand).limits, ago=ago, pace=self._pace)
        if isinstance(ending, endings.PutOff) and ending.rest is not None and ending.method:
            pacing.rest(session, errand.workspace, ending.method, seconds=ending.rest, pace=self._pace)
        if heard is None or self._stopping or self._held_back:
            return None
        if not (isinstance(ending, Done) and session.info.get("owed")):
            return None
        taken = self._take(session, at=self._desk.now(), heard=heard)
        session.info["owed"] = False  # all that this transaction owed until now is looked at
        return taken

    def _going_on(self) -> list[asyncio.Task[None]]:
        return [task for task in self._under_way.values() if not task.done()]

    async def _finish(self) -> None:
        until = time.monotonic() + STOP_WITHIN
        while (tasks := self._going_on()) and time.monotonic() < until:  # what ends may have begun another just before
            await asyncio.wait(tasks, timeout=until - time.monotonic())
        cut_off = self._going_on()
        for task in cut_off:
            task.cancel()
        await asyncio.gather(*cut_off, return_exceptions=True)
