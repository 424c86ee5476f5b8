"""What is told, in figures for Prometheus. Nothing imports this unless METRICS_PORT is set: it would slow the start."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from handlers import COMMANDS, DUTIES, EVENTS
from storage.owed import parking
from storage.refusals import Unavailable

from . import Watch

if TYPE_CHECKING:
    from bot.wiring import Outloud

CONTENT_TYPE = CONTENT_TYPE_LATEST

ANSWERS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 3.0)
"""Seconds: Slack waits for 3."""

WAITS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0, 300.0, 3600.0)
"""Seconds: what is owed may wait for Slack's pace, or for Slack itself."""

SIZES = (1, 2, 4, 8, 16, 32, 64, 128)

SEARCHES = "handlers.finding.results"
"""The module whose own readings are people's searches."""

KNOWN = {f"event {event.partition('.')[0]}" for event in EVENTS} | {f"command {command}" for command in COMMANDS}
OTHER = "other"


class Figures(Watch):
    """Counts in a registry of its own. Labels come from closed lists: kinds of payloads, errands and methods."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._outloud: Outloud | None = None
        ProcessCollector(registry=self.registry)
        self._answers = self._histogram("ack", "Seconds from a delivery to its answer.", ANSWERS, "kind", "outcome")
        self._groups = self._histogram("writer_group_size", "Writes that shared a commit.", SIZES, unit="")
        self._commits = self._histogram(
            "writer_group", "Seconds from a group's beginning to after its commit.", ANSWERS
        )
        self._queue = Gauge("outloud_writer_queue", "Writes that wait for the next group.", registry=self.registry)
        self._readings = self._histogram("read", "Seconds that a reader waited.", ANSWERS)
        self._searches = self._histogram("search", "Seconds that a search took in the database.", ANSWERS)
        self._errands = self._counter("errands", "Tries at errands that have ended.", "kind", "method", "outcome")
        self._ages = self._histogram("errand_age", "Seconds from being owed to being done.", WAITS, "method")
        self._calls = self._histogram("errand_try", "Seconds that a try took.", ANSWERS, "method")
        self._turns = self._histogram("limit_wait", "Seconds that an errand waited for Slack's pace.", WAITS, "method")
        self._lateness = self._histogram("late", "Seconds by which what falls due by itself was late.", WAITS, "chore")
        self._outbox = Gauge("outloud_outbox", "Errands in the outbox.", ["state"], registry=self.registry)
        self._overdue = Gauge(
            "outloud_outbox_overdue_seconds", "Seconds for which the oldest is due.", registry=self.registry
        )
        self._lines = Gauge("outloud_sockets", "Connections to Slack that stand.", registry=self.registry)
        self._tasks = Gauge("outloud_tasks", "Tasks of its event loop, at work or waiting.", registry=self.registry)
        self._up = Gauge("outloud_database_up", "Whether the database answered just now.", registry=self.registry)

    def opened(self, outloud: Outloud) -> None:
        """Look on while it works."""
        self._outloud = outloud
        outloud.db.on_settled(self._settled)
        outloud.db.on_read(self._read)

    def answered(self, what: str, outcome: str, seconds: float) -> None:
        """Count an answer, by what it was to."""
        kind, _, named = what.partition(" ")
        self._answers.labels(what if not named or what in KNOWN else f"{kind} {OTHER}", outcome).observe(seconds)

    def ended(self, kind: str, method: str, outcome: str, *, owed_for: float, took: float) -> None:
        """Count a try."""
        self._errands.labels(kind if kind in DUTIES else OTHER, method, outcome).inc()
        self._calls.labels(method).observe(took)
        if outcome == "done":
            self._ages.labels(method).observe(max(0.0, owed_for))

    def waited(self, method: str, seconds: float) -> None:
        """Count a wait for Slack's pace."""
        self._turns.labels(method).observe(seconds)

    def did(self, chore: str, late: float) -> None:
        """Count what fell due."""
        self._lateness.labels(chore).observe(max(0.0, late))

    async def page(self) -> bytes:
        """All figures, as Prometheus reads them, with a fresh look at what is not told but stands there."""
        await self._look()
        return generate_latest(self.registry)

    async def _look(self) -> None:
        if self._outloud is None:
            return
        self._lines.set(self._outloud.connections)
        self._tasks.set(len(asyncio.all_tasks()))
        try:
            tally = await self._outloud.db.read(parking.tally)
        except Unavailable:
            self._up.set(0)
            return
        self._up.set(1)
        self._outbox.labels("waiting").set(tally.waiting)
        self._outbox.labels("parked").set(tally.parked)
        since = tally.due_since
        self._overdue.set(max(0.0, self._outloud.now() - since) if since is not None else 0.0)

    def _settled(self, size: int, waiting: int, seconds: float) -> None:
        self._groups.observe(size)
        self._commits.observe(seconds)
        self._queue.set(waiting)

    def _read(self, module: str, seconds: float) -> None:
        (self._searches if module == SEARCHES else self._readings).observe(seconds)

    def _histogram(
        self, name: str, says: str, buckets: tuple[float, ...], *labels: str, unit: str = "_seconds"
    ) -> Histogram:
        return Histogram(f"outloud_{name}{unit}", says, labels, buckets=buckets, registry=self.registry)

    def _counter(self, name: str, says: str, *labels: str) -> Counter:
        return Counter(f"outloud_{name}", says, labels, registry=self.registry)
