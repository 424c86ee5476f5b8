"""The outbox's worker: leases what is due, does it at Slack's pace, and says how it ended.

It wakes with the commit that owed something. What it can't do now waits in the database, so that nothing is lost with it.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from handlers.desk import Desk
from handlers.duties import Duty, Message, Post, Settle
from storage import causes, outbox, workspaces
from storage.outbox import Due, Errand
from storage.refusals import Busy, Unavailable

from . import endings
from .endings import Done, Ending
from .pace import Pace
from .posting import Held, find, holding, post
from .watching import Watch

log = structlog.get_logger(__name__)

LEASE = 30.0
"""Seconds. Whoever dies with an errand in hand is taken over after it."""

CLIENT_TIMEOUT = 10
"""Seconds that a call to Slack may take: under half the lease, so that two can't have one errand in hand at once."""

AT_ONCE = 32
"""Calls under way at once, at most."""

IDLE = 1.0
"""Seconds between two looks when nothing wakes the worker: another process may have owed something."""

BUSY_FOR = 0.25
"""Seconds until an ending is noted again that the writer had no time for."""

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
        pace: Pace,
        *,
        watch: Watch | None = None,
    ) -> None:
        self._watch = watch or Watch()
        self._desk = desk
        self._slack = slack
        self._duties = duties
        self._pace = pace
        self._wake = asyncio.Event()
        self._stopping = False
        self._under_way: dict[str, asyncio.Task[None]] = {}
        self._held_back: dict[str, float] = {}
        desk.db.on_owed(self._wake.set)

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
                await asyncio.wait_for(self._wake.wait(), wait)
        await self._finish()

    def stop(self) -> None:
        """Take nothing new; `run` returns when what is under way has ended."""
        self._stopping = True
        self._wake.set()

    async def _round(self) -> float:
        """Begin what may be done now. Returns after how many seconds there may be more, if nothing wakes it before."""
        now = self._desk.now()
        due = await self._desk.db.read(outbox.due, at=now)
        wanted, wait = self._choose(due)
        if wanted:
            claimed = await self._desk.db.write(
                outbox.claim, wanted, at=now, lease=LEASE, heard=self._desk.heard.of_all()
            )
            for errand in claimed:
                task = asyncio.create_task(self._do(errand), name=f"{errand.kind} {errand.id}")
                self._under_way[self._turn(errand)] = task
        later = await self._desk.db.read(outbox.next_due, after=now)
        return min(wait, IDLE, max(0.0, later - now) if later is not None else math.inf)

    def _choose(self, due: list[Due]) -> tuple[list[Due], float]:
        """What the pace allows now; and in how many seconds it allows the first of the rest."""
        wanted, wait, turns = list[Due](), math.inf, set(self._under_way)
        self._held_back = {one.id: self._held_back[one.id] for one in due if one.id in self._held_back}
        for one in sorted(due, key=self._in_background):  # a stable order: within each, the oldest first
            method = self._method(one)
            if len(turns) >= AT_ONCE:
                break  # whoever ends wakes the worker
            if self._turn(one) in turns:
                continue
            pause = self._pace.wait(one.workspace, method, one.lane)
            if pause > 0:
                self._held_back.setdefault(one.id, time.monotonic())
                wait = min(wait, pause)
                continue
            if (since := self._held_back.pop(one.id, None)) is not None:
                self._watch.waited(method, time.monotonic() - since)
            self._pace.take(one.workspace, method, one.lane)
            turns.add(self._turn(one))
            wanted.append(one)
        return wanted, wait

    async def _do(self, errand: Errand) -> None:
        """Do one errand, and remember how it ended."""
        began = time.monotonic()
        try:
            with causes.because_of(errand.cause):
                ending = await self._try(errand)
                self._tell(errand, ending, took=time.monotonic() - began)
                if isinstance(ending, endings.PutOff) and ending.rest is not None:
                    self._pace.hold(errand.workspace, ending.method, ending.rest)
                await self._settle(errand, ending)
        except Unavailable:
            log.warning("how an errand ended could not be written: its lease will run out", kind=errand.kind)
        except Exception:
            log.exception("the outbox's worker stumbled over an errand", kind=errand.kind)
        finally:
            self._under_way.pop(self._turn(errand), None)
            self._wake.set()

    def _tell(self, errand: Errand, ending: Ending, *, took: float) -> None:
        """A line in the log, by the id of the delivery that it was owed because of; and to whoever watches."""
        outcome, owed_for = endings.name(ending), self._desk.now() - errand.owed_at
        facts = {"errand": errand.id, "kind": errand.kind, "outcome": outcome, "tries": errand.tries}
        log.info("errand", **facts, owed_for=round(owed_for, 3), ms=round(took * 1000, 1))
        self._watch.ended(errand.kind, self._method(errand), outcome, owed_for=owed_for, took=took)

    def _method(self, one: Due | Errand) -> str:
        """The method whose quota it mainly uses."""
        duty = self._duties.get(one.kind)
        return duty.method if duty else "chat.update"

    async def _settle(self, errand: Errand, ending: Ending) -> None:
        try:
            await self._write(errand, ending)
        except Unavailable:
            raise
        except Exception as error:  # noqa: BLE001 -- what can't be remembered once can't be the next time either
            defect = endings.defect(error, errand)
            await self._write(errand, defect)

    async def _write(self, errand: Errand, ending: Ending) -> None:
        """Note how it ended. Nobody waits for it, so it comes after those who do, as long as the lease lasts."""
        duty = self._duties.get(errand.kind)
        while True:
            try:
                await self._desk.db.write(endings.settle, errand, ending, duty=duty, at=self._desk.now())
            except Busy:
                if errand.until - self._desk.now() < LAST_CHANCE:
                    raise
                await asyncio.sleep(BUSY_FOR)
            else:
                return

    async def _try(self, errand: Errand) -> Ending:
        duty = self._duties.get(errand.kind)
        if duty is None:
            return endings.unknown_kind(errand)
        try:
            held = self._held(errand)
            held.require()
            return Done(await self._perform(duty, errand, held))
        except Exception as error:  # noqa: BLE001 -- whatever it is, the errand must not be lost
            return endings.of(error, errand, repeatable=not isinstance(duty, Post), at=self._desk.now())

    async def _perform(self, duty: Duty, errand: Errand, held: Held) -> Settle | None:
        if not isinstance(duty, Post):
            if errand.slot is None:
                return await duty.do(self._desk, self._slack, errand)
            with holding(held):  # what it says was read before: said late, it would undo what another has said since
                return await duty.do(self._desk, self._slack, errand)
        ts = None
        if errand.unknown:  # also where there is nothing to say any more: what was said must be known, to be undone
            said = await duty.render(self._desk, errand)
            me = await self._desk.db.read(workspaces.find, errand.workspace)
            place = said or Message(errand.lane, "")
            ts = await find(self._slack, errand, place, me=me.bot_user if me else None)
        if ts is None:  # it is known now that no earlier try has said it
            message = await self._unless_said(duty, replace(errand, unknown=False))
            ts = await post(self._slack, errand, message, held) if message else None
        return duty.posted(self._desk, errand, ts) if duty.posted and ts else None

    async def _unless_said(self, duty: Post, errand: Errand) -> Message | None:
        """What to say; of what is said once, rendered when no other errand may just have said it.

        Raises `Elsewhere` while one may have: this one has not.
        """
        if duty.once and await self._desk.db.read(outbox.another_leased, errand):
            raise endings.Elsewhere
        return await duty.render(self._desk, errand)

    def _held(self, errand: Errand) -> Held:
        return Held(errand, self._desk.now, longest_call=CLIENT_TIMEOUT)

    def _in_background(self, one: Due) -> bool:
        return getattr(self._duties.get(one.kind), "background", False)

    def _turn(self, one: Due | Errand) -> str:
        """What may be under way only once at a time: one post in a conversation, one change of one thing."""
        if isinstance(self._duties.get(one.kind), Post):
            return f"{one.workspace} {one.lane}"
        return f"{one.workspace} {one.slot or one.id}"

    async def _finish(self) -> None:
        tasks = list(self._under_way.values())
        if not tasks:
            return
        _, cut_off = await asyncio.wait(tasks, timeout=STOP_WITHIN)
        for task in cut_off:
            task.cancel()
        await asyncio.gather(*cut_off, return_exceptions=True)
