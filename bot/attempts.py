"""One try of an errand: in its turn, while its lease holds; what an earlier try may have said is looked for first."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, replace
from functools import partial

from slack_sdk.web.async_client import AsyncWebClient

from handlers.desk import Desk
from handlers.duties import Duty, Later, Message, Post, Settle
from storage import workspaces
from storage.ids import Ts
from storage.owed import outbox, pacing
from storage.owed.limits import Pace, Turn
from storage.owed.outbox import Errand

from . import endings, turns
from .endings import Done, Ending
from .needs import Needs
from .pace import limits
from .posting import Held, TurnOver, find, holding, post

CLIENT_TIMEOUT = 10
"""Seconds that a call to Slack may take: under half the lease, so that two can't have one errand in hand at once."""

FRESH = 2.0
"""Seconds within which what has its turn must be on its way, or ask anew: `limits.MARGIN` counts on it."""

PATIENCE = 5.0
"""Seconds that an errand waits for a turn to look at history, at most, before it is put off: half of what its call may take."""


@dataclass(frozen=True, slots=True)
class Attempts:
    """`slack` must never retry by itself: a dropped connection may have posted."""

    desk: Desk
    slack: AsyncWebClient
    needs: Needs
    pace: Pace

    async def make(self, errand: Errand, since: float) -> Ending:
        """Try it, which has its turn `since` then (monotonic). How it ended; nothing is raised but what ends the task."""
        duty = self.needs.duties.get(errand.kind)
        if duty is None:
            return endings.unknown_kind(errand)
        try:
            held = self._held(errand, since)
            held.require_turn()
            with turns.asking(partial(self._one_more, held), has=self.needs.methods(errand)):
                return Done(await self._perform(duty, errand, held))
        except Exception as error:  # noqa: BLE001 -- whatever it is, the errand must not be lost
            repeatable = not isinstance(duty, Post) and not duty.looks
            return endings.of(error, errand, repeatable=repeatable, at=self.desk.now())

    async def _perform(self, duty: Duty, errand: Errand, held: Held) -> Settle | None:
        if not isinstance(duty, Post):
            if errand.slot is None and not duty.looks:
                return await duty.do(self.desk, self.slack, errand)
            with holding(held.require):  # what it says was read before: said late, it would undo what was said since
                return await duty.do(self.desk, self.slack, errand)
        ts = await self._said_before(duty, errand) if errand.unknown else None
        if ts is None:  # it is known now that no earlier try has said it
            message = await self._unless_said(duty, replace(errand, unknown=False))
            if message is not None:
                ts = await post(self.slack, self.needs.directs, errand, message, await self._in_turn(held))
        return duty.posted(self.desk, errand, ts) if duty.posted and ts else None

    async def _said_before(self, duty: Post, errand: Errand) -> Ts | None:
        """Where an earlier try has said it; also where there is nothing to say any more, or not yet: it is to be undone, perhaps.

        Raises as `find`, and `Unlooked` where it may not be said yet, and does not stand where it was looked for.
        """
        thread = await duty.thread(self.desk, errand) if duty.thread else None
        place, later = Message(errand.lane, "", thread=thread), None
        try:
            place = await duty.render(self.desk, errand) or place
        except Later as too_soon:
            later = too_soon
        me = await self.desk.db.read(workspaces.find, errand.workspace)
        ts = await find(self.slack, self.needs.directs, errand, place, me=me.bot_user if me else None)
        if ts is None and later is not None:
            raise endings.Unlooked(later.until)
        return ts

    async def _unless_said(self, duty: Post, errand: Errand) -> Message | None:
        """What to say; of what is said once, rendered when no other errand may just have said it.

        Raises `Elsewhere` while one may have: this one has not.
        """
        if duty.once and await self.desk.db.read(outbox.another_leased, errand):
            raise endings.Elsewhere
        return await duty.render(self.desk, errand)

    async def _one_more(self, held: Held, method: str) -> None:
        """Wait for a turn for a call that it needs besides. Raises `Unlooked` where that takes too long, and `LeaseTooShort`."""
        errand, patient_until = held.errand, time.monotonic() + PATIENCE
        turn = Turn(errand.workspace, limits(method, errand.lane))
        while (wait := await self.desk.db.write(pacing.also, turn, pace=self.pace)) > 0:
            if time.monotonic() + wait > patient_until:
                raise endings.Unlooked(self.desk.now() + wait)
            await asyncio.sleep(wait)
        held.require()

    async def _in_turn(self, held: Held) -> Held:
        """Held, with a turn that is not over: where it took long to find out what to say, another one is asked for."""
        if held.has_turn(within=FRESH / 2):
            return held
        since, turn = time.monotonic(), self.needs.turn(held.errand)
        if not await self.desk.db.write(pacing.again, turn, lease=held.errand.lease, pace=self.pace):
            raise TurnOver
        return replace(held, since=since)

    def _held(self, errand: Errand, since: float) -> Held:
        return Held(errand, self.desk.now, longest_call=CLIENT_TIMEOUT, since=since, fresh=FRESH)
