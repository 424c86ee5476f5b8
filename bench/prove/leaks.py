"""leaks: people come and go, channels change and vanish, and at every step nobody is shown what Slack would not show them.

Hypothesis makes up the histories (`hunt` takes their steps), and looks for the shortest one where one shows a leak. In the end
everything is taken back, and stands in no row, on SQLite in no byte of its files, and in no line of the log.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

from sqlalchemy import create_engine, inspect, text

from bench.program import migrate, reading, running
from sandbox.companion import Companion

from . import databases
from .hunt import SPEED, Hunt
from .kinds import KINDS
from .proof import Proof, Tally, Trial
from .readers import TOKEN
from .telling import SHORTEN_FOR, Telling

STEPS, FEW = 20_000, 100
"""How many steps; and how many in the short form."""


async def prove(trial: Trial) -> Tally:
    """Take random steps, and look after each."""
    tally = Tally("steps")
    log = trial.folder / "outloud.log"
    with databases.fresh(trial.engine, trial.folder) as url:
        environment = {"DATABASE_URL": url, "SLACK_PACE": str(SPEED), "LOG_LEVEL": "info"}
        await migrate(environment)
        slack = trial.slack(speed=SPEED)
        async with slack, Companion(slack, running(log), environment) as outloud:
            hunt = Hunt(slack, tally, url, trial.folder)
            await hunt.prepare()
            wanted, loop = FEW if trial.short else STEPS, asyncio.get_running_loop()
            telling = Telling(trial, tally, loop, KINDS, hunt.go_through, wanted, SHORTEN_FOR)
            await asyncio.to_thread(telling.tell)
            hunt.sum_up()
            await hunt.take_all_back()
            outloud.check()
        tally.lost += _left_in_rows(url)
        tally.wrong += _left_in_files(
            url, trial.folder
        )  # only now: PostgreSQL keeps what somebody may be reading still
    if TOKEN.search(log.read_bytes()):
        tally.wrong.append("Words that people wrote stand in the log.")
    return tally


def _left_in_rows(url: str) -> list[str]:
    """Words that stand in any row of any table."""
    left = []
    with reading(url) as connection:
        for table in inspect(connection).get_table_names():
            rows = connection.execute(text(f'SELECT * FROM "{table}"')).all()  # noqa: S608 -- a table's own name
            if found := TOKEN.findall(repr(rows).encode()):
                left.append(f"{table} still holds {found[0].decode()} and {len(found) - 1} more.")
    return left


def _left_in_files(url: str, folder: Path) -> list[str]:
    """Words in any byte: of SQLite's files as they are; of PostgreSQL's tables, once they were written anew."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
            files = {path.name: path.read_bytes() for path in folder.glob("outloud.db*")}
        else:
            connection.execute(text("VACUUM (FULL, ANALYZE)"))
            connection.execute(text("CHECKPOINT"))
            read = text(
                "SELECT relname, pg_read_binary_file(pg_relation_filepath(oid)) FROM pg_class WHERE relkind IN ('r', 'i')"
            )
            files = {name: bytes(content or b"") for name, content in connection.execute(read).all()}
    engine.dispose()
    return [
        f"The file of {name} still holds {found[0].decode()}."
        for name, held in files.items()
        if (found := TOKEN.findall(held))
    ]


LEAKS = Proof("leaks", prove)
