"""The pulse: notes every few seconds that Outloud is there, so that it knows afterwards when it was not."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from handlers.desk import Desk
from storage import gaps
from storage.gaps import Rhythm
from storage.refusals import Unavailable

from .installation import Introduction

log = logging.getLogger(__name__)


class Pulse:
    """Beats once Slack has said whose bot this is. `alone`: no other process works with this database.

    `hears`: whether what Slack tells can reach us at all just now; while it can't, no beat is noted.
    """

    def __init__(
        self, desk: Desk, introduction: Introduction, rhythm: Rhythm, *, alone: bool, hears: Callable[[], bool]
    ) -> None:
        self.rhythm = rhythm
        self._desk = desk
        self._introduction = introduction
        self._just_started = alone
        self._hears = hears
        self._refused = False
        self._stopping = False
        self._beating: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Beat from now on. By the loop's own clock: the wall's may be set back, and would stand still for us."""
        self._beating = asyncio.create_task(self._beat_on(), name="pulse")

    async def stop(self) -> None:
        """Beat no more. A beat that is being written hears of the cancelling as of a write whose end is unsure."""
        self._stopping = True
        if self._beating:
            self._beating.cancel()
            await asyncio.gather(self._beating, return_exceptions=True)

    def note_refused(self) -> None:
        """Slack's last try to deliver an event was answered 5xx: it will not come again, and is read up on."""
        self._refused = True

    @property
    def every(self) -> float:
        """Seconds between two beats."""
        return self.rhythm.pulse

    async def beat(self) -> None:
        """Note it. Where the database is away, so is Outloud: the gap is found when it is back."""
        installed = self._introduction.installation
        if installed is None or not self._hears():
            return
        workspace, heard = installed.workspace, self._desk.heard
        # Another beat may come while this one waits.
        just_started, self._just_started = self._just_started, False
        refused, self._refused = self._refused, False
        try:
            newest = await self._desk.db.write(
                gaps.pulse,
                workspace,
                at=self._desk.now(),
                heard=heard.newest(workspace),
                rhythm=self.rhythm,
                just_started=just_started,
                refused=refused,
            )
        except Exception as error:
            self._just_started, self._refused = just_started or self._just_started, refused or self._refused
            if not isinstance(error, Unavailable):
                raise
            log.warning("the pulse could not be noted: the database is away, or too much waits for it")
            return
        heard.note(workspace, newest)

    async def try_to_beat(self) -> None:
        """Beat; where that fails, the next beat comes, and whoever asked for this one goes on."""
        try:
            await self.beat()
        except Exception:
            log.exception("a beat of the pulse failed, and the next one comes")

    async def _beat_on(self) -> None:
        while not self._stopping:
            await asyncio.sleep(self.every)
            await self.try_to_beat()
