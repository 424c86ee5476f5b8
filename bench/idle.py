"""What a tick costs that finds nothing due: all of its looks, in a database with many schedules and in one with few.

Beside the schedules themselves it holds what so many bring about: rounds, open and closed, reminders, first answers, digests, and
questions that people were asked privately.
"""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Iterator

from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import URL
from sqlalchemy.orm import Session

from bench.row import Row
from bot.rhythm import Chore, chores
from handlers.desk import Desk
from handlers.slack.viewing import Viewers
from storage.db import engines
from storage.db.database import Database

LOOKS = 400
ROUNDS, OF_THEM_OPEN = 4, 1
"""Of each schedule. A weekly round is open for two working days of five; those that are closed stay."""

FEWER = {"first answers": 10, "private questions": 5, "digests": 100}
"""One for so many schedules: a first answer waits for a day at most; a pocket has a hundred schedules and one digest."""

FILL = (
    (
        "INSERT INTO rounds (workspace, id, key, channel, schedule, question, lead, opened_at, closes_at, nudges_at, nudged_at,"
        " closed_at) SELECT 'T1', md5('r' || n), 'k' || n, 'C' || (n % :pockets), md5((1 + n % :all)::text), 'What?', 'U1',"
        " :later - 1e6, :later + n % 5000, CASE WHEN n % 3 = 0 THEN :later + n % 4000 END,"
        " CASE WHEN n > :open AND n % 3 = 0 THEN :later - 9e5 END, CASE WHEN n > :open THEN :later - 8e5 END"
        " FROM generate_series(1, :rounds) n"
    ),
    (
        "INSERT INTO first_answers (workspace, key, channel, lead, question, opens_at, unasked) SELECT 'T1', 'f' || n,"
        " 'C' || (n % :pockets), 'U1', 'What?', :later + n % 5000, n % 10 = 0 FROM generate_series(1, :first) n"
    ),
    (
        "INSERT INTO digests (workspace, channel, weekday, clock, zone, since, next_at) SELECT 'T1', 'C' || n, 0, '09:00',"
        " 'Europe/Berlin', 1, :later + n FROM generate_series(0, :digests - 1) n"
    ),
    (
        "INSERT INTO asked_questions (workspace, id, asker, channel, words, asked_at, due_at, state, ended_at) SELECT 'T1',"
        " md5('q' || n), 'U1', 'C' || (n % :pockets), 'Who knows?', 1, :later - (n % 2) * 1e6 + n % 5000,"
        " CASE n % 2 WHEN 0 THEN 'open' ELSE 'unanswered' END, CASE n % 2 WHEN 1 THEN :later - 8e5 END"
        " FROM generate_series(1, :asked) n"
    ),
)


def fill(url: URL, schedules: int, *, pockets: int, later: float) -> None:
    """What so many schedules bring about, none of it due before `later` (seconds since 1970, UTC)."""
    names = {
        "all": schedules,
        "pockets": pockets,
        "later": later,
        "rounds": schedules * ROUNDS,
        "open": schedules * OF_THEM_OPEN,
        "first": schedules // FEWER["first answers"],
        "digests": schedules // FEWER["digests"],
        "asked": schedules // FEWER["private questions"],
    }
    engine = create_engine(url)
    try:
        with engine.begin() as connection:
            for statement in FILL:
                said = {name: value for name, value in names.items() if f":{name}" in statement}
                connection.execute(text(statement), said)
        vacuum(engine, "rounds", "first_answers", "digests", "asked_questions")
    finally:
        engine.dispose()


def vacuum(engine: Engine, *tables: str) -> None:
    """What a database does by itself once it has been quiet for a while."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for table in tables:
            connection.execute(text(f"VACUUM ANALYZE {table}"))


def looks(everything: URL, few: URL, *, many: int) -> Iterator[Row]:
    """Milliseconds of a tick that finds nothing due, in both in turn: all its looks, and each by itself.

    Of each the quickest tenth, at most: on a busy machine the others tell of what else it has to do.
    """
    found = asyncio.run(_chores(everything))
    spent = {(url, chore.name): list[float]() for url in (everything, few) for chore in found}
    made = {url: engines.connect(url) for url in (everything, few)}
    for _ in range(LOOKS):
        for url, engine in made.items():
            for chore in found:
                spent[url, chore.name].append(_seconds(engine, chore))
    for engine in made.values():
        engine.dispose()
    ticks = [_quick(_summed(spent, url)) * 1e3 for url in (everything, few)]
    yield Row("idle tick", ticks[0], f"ms at {many} schedules", ticks[1], ticks[0] / ticks[1])
    for chore in found:
        both = [_quick(spent[url, chore.name]) * 1e3 for url in (everything, few)]
        yield Row(f"idle tick: {chore.name}", both[0], f"ms at {many} schedules", both[1], both[0] / both[1])


def _summed(spent: dict[tuple[URL, str], list[float]], url: URL) -> list[float]:
    return [sum(one) for one in zip(*(times for (of, _), times in spent.items() if of == url), strict=True)]


def _quick(seconds: list[float]) -> float:
    return statistics.quantiles(seconds, n=10)[0]


def _seconds(engine: Engine, chore: Chore) -> float:
    """Of one look, in a session of its own as the rhythm has it. Raises `RuntimeError` where there is nothing to look for."""
    began = time.perf_counter()
    with Session(engine) as session:
        due = chore.next_due(session)
    if due is None:
        raise RuntimeError(f"Of {chore.name} there are none.")
    return time.perf_counter() - began


async def _chores(url: URL) -> tuple[Chore, ...]:
    """Those of the product's own rhythm."""
    db = Database(url)
    try:
        return chores(Desk(db, time.time, Viewers(db, AsyncWebClient(), now=time.time)))
    finally:
        await db.close()
