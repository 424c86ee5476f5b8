"""The pulse: notes every few seconds that Outloud is there, so that it knows afterwards when it was not."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from handlers.desk import Desk
from storage.places import gaps
from storage.places.gaps import Rhythm
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
        self._refused = self._turned_away = False
        self._stood_still = 0.0
        self._moved = False
        self._has_noted = False
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

    def note_turned_away(self) -> None:
        """An event was answered 5xx: Slack brings it again.

        Where its next tries meet nobody, it is lost: so this counts as a short absence.
        """
        self._turned_away = True

    def note_broken(self, silent_for: float) -> None:
        """A connection broke with what was on it, after so many seconds in which nothing came over it.

        Slack may have sent all its tries over that one, as it does to a process that stands still; else it brings them again.
        """
        self._turned_away = True
        self._stood_still = max(self._stood_still, silent_for)

    def note_moved(self) -> None:
        """A sandbox's clock was moved under us: nobody lived through the hours in between, so nothing was missed in them.

        Not so before the first beat: until then this process was not there.
        """
        self._moved = self._has_noted

    @property
    def every(self) -> float:
        """Seconds between two beats."""
        return self.rhythm.pulse

    async def beat(self) -> None:
        """Note it. Where that fails, the next beat comes, and finds the gap: where the database is away, so is Outloud."""
        try:
            await self._note()
        except Unavailable:
            log.warning("the pulse could not be noted: the database is away, or too much waits for it")
        except Exception:
            log.exception("a beat of the pulse failed, and the next one comes")

    async def _note(self) -> None:
        installed = self._introduction.installation
        if installed is None or not self._hears():
            return
        workspace, heard = installed.workspace, self._desk.heard
        # Another beat may come while this one waits.
        just_started, self._just_started = self._just_started, False
        refused, self._refused = self._refused, False
        turned_away, self._turned_away = self._turned_away, False
        stood_still, self._stood_still = self._stood_still, 0.0
        moved, self._moved = self._moved, False
        try:
            newest = await self._desk.db.write(
                gaps.pulse,
                workspace,
                at=self._desk.now(),
                heard=heard.newest(workspace),
                rhythm=self.rhythm,
                just_started=just_started,
                refused=refused,
                turned_away=turned_away,
                stood_still=stood_still,
                moved=moved,
            )
        except Exception:
            self._just_started, self._refused = just_started or self._just_started, refused or self._refused
            self._turned_away = turned_away or self._turned_away
            self._stood_still, self._moved = max(stood_still, self._stood_still), moved or self._moved
            raise
        self._has_noted = True
        heard.note(workspace, newest)

    async def _beat_on(self) -> None:
        loop = asyncio.get_running_loop()
        while not self._stopping:
            began = loop.time()
            await asyncio.sleep(self.every)
            self._stood_still = max(
                self._stood_still, loop.time() - began - self.every
            )  # others may have beaten meanwhile
            await self.beat()
