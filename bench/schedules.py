"""What asking costs: claiming what is due, beside APScheduler's own store of jobs; and a look that finds nothing.

All of it on PostgreSQL. CPU is this program's own (`time.process_time`), for both sides: what the database's server spends is
not in it.
"""

from __future__ import annotations

import gc
import multiprocessing
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from apscheduler.executors.base import BaseExecutor
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.schedulers.base import STATE_RUNNING
from apscheduler.triggers.cron import CronTrigger
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import URL
from sqlalchemy.orm import Session

import migrations
from bench import idle
from bench.databases import fresh
from bench.row import Row
from storage.db import engines
from storage.prompts import claiming, opening

ALL, FEW, DUE, JOBS, PROCESSES, TRIES = 100_000, 1_000, 10_000, 1_000, 4, 3
POCKETS = 1_000
ZONE = ZoneInfo("Europe/Berlin")
WEDNESDAY = datetime(2026, 11, 25, 10, tzinfo=ZONE)
AT = WEDNESDAY.timestamp()


def measure(admin: URL) -> Iterator[Row]:
    """The rows, as they come out."""
    with _database(admin, "outloud_bench_all", ALL) as everything, _database(admin, "outloud_bench_few", FEW) as few:
        yield from idle.looks(everything, few, many=ALL)
        gc.freeze()  # as the program does when it begins to serve
        tries = [(_job(everything), _claim(everything)) for _ in range(TRIES)]  # in turn: a busy machine slows both
        job, claim = (min(one) for one in zip(*tries, strict=True))
        first = tries[0][1]
        yield Row("job", job * 1e6, "µs CPU a job", None, None)
        yield Row("claim", claim * 1e6, "µs CPU a schedule", job * 1e6, job / claim)
        yield Row("claim, the first time", first * 1e6, "µs CPU a schedule", tries[0][0] * 1e6, tries[0][0] / first)
        yield from _shared(everything)


def _claim(url: URL) -> float:
    """CPU seconds for each schedule that is claimed, with its next time, by one process; what is then opened is not in it."""
    _rewind(url)
    engine = engines.connect(url).execution_options(write=True)
    began, taken = time.process_time(), 0
    while one := _claim_some(engine, _nothing, at=AT):
        taken += one
    spent = time.process_time() - began
    engine.dispose()
    if taken != DUE:
        raise RuntimeError(f"{taken} were claimed, not {DUE}.")
    return spent / taken


def _job(url: URL) -> float:
    """CPU seconds for each job that an APScheduler wakes up for, with a store in the same database, and work that is none."""
    store = SQLAlchemyJobStore(engine=create_engine(url), tablename="bench_jobs")
    scheduler = BackgroundScheduler(jobstores={"default": store}, executors={"default": _Idle()}, timezone=ZONE)
    trigger = CronTrigger(day_of_week="wed", hour=10, timezone=ZONE)
    scheduler.start(paused=True)
    due = datetime.now(ZONE) - timedelta(minutes=1)
    for number in range(JOBS):
        scheduler.add_job(
            _work, trigger, args=[f"schedule {number}"], id=f"{number:032}", next_run_time=due, misfire_grace_time=43200
        )
    scheduler.state = STATE_RUNNING  # its thread sleeps on: the wake-up is measured here
    began = time.process_time()
    scheduler._process_jobs()  # noqa: SLF001 -- its wake-up
    spent = time.process_time() - began
    scheduler.remove_all_jobs()
    scheduler.shutdown(wait=False)
    return spent / JOBS


def _shared(url: URL) -> Iterator[Row]:
    """Several processes claim what is due in one minute, and open its rounds: how long, and how many are doubled."""
    _rewind(url)
    context = multiprocessing.get_context("spawn")
    began = time.perf_counter()
    with context.Pool(PROCESSES) as pool:
        taken = pool.map(_claim_all, [url.render_as_string(hide_password=False)] * PROCESSES)
    seconds = time.perf_counter() - began
    engine = create_engine(url)
    with engine.connect() as connection:
        rounds = connection.scalar(text("SELECT count(*) FROM rounds"))
        occurrences = connection.scalar(text("SELECT count(*) FROM occurrences WHERE state = 'opened'"))
        posts = connection.scalar(text("SELECT count(*) FROM outbox WHERE kind = 'post round'"))
    engine.dispose()
    yield Row("shared", seconds, f"s for {DUE} due, {PROCESSES} processes", None, None)
    yield Row("busiest of them", max(taken) / DUE, "of all that was due", 1 / PROCESSES, max(taken) / DUE * PROCESSES)
    yield Row("doubled", max(rounds or 0, posts or 0, occurrences or 0, sum(taken)) - DUE, "of them", 0, None)
    yield Row("lost", DUE - min(rounds or 0, posts or 0, occurrences or 0, sum(taken)), "of them", 0, None)


def _claim_all(url: str) -> int:
    engine, taken = engines.connect(url).execution_options(write=True), 0
    while one := _claim_some(engine, opening.opens, at=AT):
        taken += one
    engine.dispose()
    return taken


def _claim_some(engine: Engine, opens: Callable[..., object], *, at: float) -> int:
    with Session(engine) as session:
        taken = claiming.claim_due(session, opens, _nothing, at=at)
        session.commit()
    return taken


def _nothing(_session: Session, _turn: object, _at: float) -> None:
    """What is opened costs what it costs, elsewhere."""


def _work(_schedule: str) -> None:
    """What a job does."""


class _Idle(BaseExecutor):  # type: ignore[misc]  # APScheduler has no types
    """Takes a job and does nothing with it: only the wake-up is measured."""

    def _do_submit_job(self, job: Any, _run_times: Any) -> None:  # noqa: ANN401
        self._run_job_success(job.id, [])


@contextmanager
def _database(admin: URL, name: str, schedules: int) -> Iterator[URL]:
    with fresh(admin, name) as url:
        migrations.upgrade(url)
        _fill(url, schedules)
        yield url


FILL = (
    "INSERT INTO workspaces (id, name, url, bot_user, bot, installed_at) VALUES ('T1', 'Acme', '', 'U0', 'B0', 1)",
    "INSERT INTO people (workspace, id) VALUES ('T1', 'U1')",
    "INSERT INTO channels (workspace, id, name) SELECT 'T1', 'C' || n, 'c' || n FROM generate_series(0, :pockets - 1) n",
    (
        "INSERT INTO pockets (workspace, channel, started_by, started_at)"
        " SELECT 'T1', 'C' || n, 'U1', 1 FROM generate_series(0, :pockets - 1) n"
    ),
    (
        "INSERT INTO schedules (workspace, id, channel, lead, rule, zone, source, questions, deck, changed_by, created_at,"
        " next_at, next_on, due) SELECT 'T1', md5(n::text), 'C' || (n % :pockets), 'U1',"
        """ json_build_object('kind', 'weekly', 'start', date '2021-01-06' + n % 2000, 'time', '10:00', 'weekdays',"""
        """ json_build_array(2)), 'Europe/Berlin', 'question',"""
        " '[\"What did you learn this week?\"]', '[]', 'U1', 1, :later, '2026-12-02', :later FROM generate_series(1, :all) n"
    ),
)


def _fill(url: URL, schedules: int) -> None:
    later = (WEDNESDAY + timedelta(days=7)).timestamp()
    engine = create_engine(url)
    with engine.begin() as connection:
        for statement in FILL:
            names = {"pockets": POCKETS, "all": schedules, "later": later}
            connection.execute(
                text(statement), {name: value for name, value in names.items() if f":{name}" in statement}
            )
    idle.vacuum(engine, "schedules")
    engine.dispose()
    idle.fill(url, schedules, pockets=POCKETS, later=later)


def _rewind(url: URL) -> None:
    """Ten thousand are due on Wednesday at ten, and nothing of it has come up."""
    engine = create_engine(url)
    with engine.begin() as connection:
        for table in ("occurrences", "rounds", "outbox"):
            connection.execute(text(f"TRUNCATE {table} CASCADE"))
        connection.execute(
            text(
                "UPDATE schedules SET next_at = :at, next_on = '2026-11-25', due = :at, first_at = NULL, asked_on = NULL"
                " WHERE id IN (SELECT id FROM schedules ORDER BY id LIMIT :due)"
            ),
            {"at": AT, "due": DUE},
        )
    idle.vacuum(engine, "schedules")
    engine.dispose()
