"""Kills in the midst of a migration: of an empty database, and of an older one in which people's things stand."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Mapping

from sqlalchemy import text

from bench.program import OUTLOUD, ROOT, migrate, reading

from .proof import Tally

EMPTY = ("in-migration=kill@1", "in-migration=kill@4", "in-migration=kill@9", "after-migration=kill")
"""Where the first migration of all is killed: all of it makes tables."""

OLDER = "0010"
"""The revision of the older database; from it on, tables with rows in them are changed, made anew and filled."""

LATER = (
    "in-migration=kill@1",
    "in-migration=kill@30",
    "in-migration=kill@70",
    "in-migration=kill@100",
    "after-migration=kill",
)
"""Where its migration is killed: it changes something 105 times on SQLite, and more often on PostgreSQL."""

BACK = f"import os, migrations; migrations.downgrade(os.environ['DATABASE_URL'], '{OLDER}')"

LEARNED = {
    "workspaces": "id",
    "pockets": "channel, started_by",
    "learnings": "id, channel, author, words, state, source_ts, link",
    "learning_topics": "learning, topic, position",
    "keeps": "channel, message_ts, person, emoji, standing",
}
"""What people would miss, and what of it every revision has."""


async def kill_migrations(environment: Mapping[str, str], failpoints: tuple[str, ...], tally: Tally) -> None:
    """Kill the migration in its midst, and right after; then let it come to its end."""
    for failpoint in failpoints:
        await kill_at(failpoint, environment, tally)
    await migrate(environment)


async def kill_later_migrations(environment: Mapping[str, str], failpoints: tuple[str, ...], tally: Tally) -> None:
    """Bring a database back to how it was some versions ago, and kill the migration from there: no row may be missing.

    A kill in its midst leaves everything as it was, and the revision, too.
    """
    url = environment["DATABASE_URL"]
    if await _run(environment, sys.executable, "-c", BACK):
        tally.wrong.append(f"The database could not be brought back to {OLDER}: nothing was tried.")
        return
    before = await asyncio.to_thread(learned, url)
    if not before["learnings"]:
        tally.wrong.append(f"There was no learning at {OLDER}: nothing was tried.")
    for failpoint in failpoints:
        is_killed = await kill_at(failpoint, environment, tally)
        at = await asyncio.to_thread(revision, url)
        if is_killed and failpoint.startswith("in-migration") and at != OLDER:
            tally.wrong.append(f"A migration from {OLDER} that was killed at {failpoint} left revision {at}.")
        compare(before, await asyncio.to_thread(learned, url), failpoint, tally)
    if await _run(environment, *OUTLOUD, "migrate"):
        tally.wrong.append(f"The migration from {OLDER} was killed, and could not be done afterwards.")
    compare(before, await asyncio.to_thread(learned, url), "its end", tally)


async def kill_at(failpoint: str, environment: Mapping[str, str], tally: Tally) -> bool:
    """Migrate, and be killed there; whether it was."""
    code = await _run({**environment, "OUTLOUD_FAILPOINTS": failpoint}, *OUTLOUD, "migrate")
    if code == -signal.SIGKILL:
        tally.tried += 1
    else:
        tally.wrong.append(f"The migration never came to {failpoint}, or failed before.")
    return code == -signal.SIGKILL


def compare(before: Mapping[str, list[str]], after: Mapping[str, list[str]], where: str, tally: Tally) -> None:
    """Every row is there as it was, once."""
    for table, rows in before.items():
        missing = len(set(rows) - set(after[table]))
        more = len(after[table]) - len(rows) + missing
        if missing:
            tally.lost.append(f"A migration from {OLDER}, killed at {where}, lost {missing} rows of {table}.")
        if more > 0:
            tally.doubled.append(f"A migration from {OLDER}, killed at {where}, left {more} rows more of {table}.")


def learned(url: str) -> dict[str, list[str]]:
    """What people would miss."""
    with reading(url) as connection:
        return {
            table: [str(row) for row in connection.execute(text(f"SELECT {columns} FROM {table}"))]  # noqa: S608 -- our own
            for table, columns in LEARNED.items()
        }


def revision(url: str) -> str:
    """The revision that a database is at."""
    with reading(url) as connection:
        return str(connection.scalar(text("SELECT version_num FROM alembic_version")))


async def _run(environment: Mapping[str, str], *command: str) -> int:
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, env={**os.environ, **environment})
    return await process.wait()
