"""How a connection is opened, on SQLite and on PostgreSQL. One of the places that knows both."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.base import SQLiteExecutionContext
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.engine.cursor import FullyBufferedCursorFetchStrategy
from sqlalchemy.pool import PoolProxiedConnection

SQLITE_PRAGMAS = (
    "busy_timeout=1500",  # milliseconds; Slack waits 3 s for an answer. First, because the next one waits, too
    "journal_mode=WAL",  # readers go on while one writes
    "synchronous=FULL",  # an ack promises durability; group commit pays for it
    "foreign_keys=ON",
    "secure_delete=ON",  # what was deleted stands on no free page
)
POSTGRESQL_OPTIONS = (
    "-c lock_timeout=1500 -c statement_timeout=5000"
    # a process that stands still in a transaction, or whose machine is gone, holds locks that all others need
    " -c idle_in_transaction_session_timeout=2000 -c timezone=UTC"
)


class _AllAtOnce(SQLiteExecutionContext):
    """Fetches all rows with the statement: what goes through them one by one may write meanwhile, over the same connection.

    A selection that is still going on would see some of that, or not (sqlite.org/isolation.html).
    """

    def post_exec(self) -> None:
        """Fetch them."""
        if self.cursor.description is not None:
            self.cursor_fetch_strategy = FullyBufferedCursorFetchStrategy(
                self.cursor, initial_buffer=self.cursor.fetchall()
            )


class _Sqlite(SQLiteDialect_pysqlite):
    """Begins each transaction itself, which the driver does not.

    Not by a listener, as SQLAlchemy's manual has it: an engine that has one is asked for others at each statement, five times.
    """

    supports_statement_cache = True
    execution_ctx_cls = _AllAtOnce
    beginning = "BEGIN"

    def do_begin(self, dbapi_connection: PoolProxiedConnection) -> None:
        """Begin one."""
        dbapi_connection.cursor().execute(self.beginning)

    def set_engine_execution_options(self, engine: Engine, opts: Mapping[str, Any]) -> None:
        """Let an engine with the option `write` take the write lock."""
        super().set_engine_execution_options(engine, opts)
        if opts.get("write"):
            writing = _SqliteToWrite.__new__(_SqliteToWrite)
            writing.__dict__ = (
                self.__dict__
            )  # one dialect: what is learnt of the database at the first connection is of both
            engine.dialect = writing


class _SqliteToWrite(_Sqlite):
    supports_statement_cache = True
    beginning = "BEGIN IMMEDIATE"


registry.register("sqlite.outloud", __name__, _Sqlite.__name__)


def connect(url: str | URL, *, connections: int = 5) -> Engine:
    """An engine with at most `connections` connections. Nothing is opened yet.

    A write is by an engine with the execution option `write`: on SQLite it takes the write lock at once, because a
    deferred transaction that upgrades to write fails at once, whatever `busy_timeout` says.
    """
    place = make_url(url)
    if place.get_backend_name() == "sqlite":
        ours = place.set(drivername="sqlite+outloud")
        engine = create_engine(ours, pool_size=connections, max_overflow=0, hide_parameters=True)
        event.listen(engine, "connect", _open_sqlite)
        return engine
    return create_engine(
        place,
        pool_size=connections,
        max_overflow=0,
        hide_parameters=True,  # an error's text must not hold people's words
        pool_recycle=1800,
        connect_args={"options": POSTGRESQL_OPTIONS, "connect_timeout": 2},
    )


def empty_wal(engine: Engine) -> None:
    """Move what SQLite's -wal file holds into the database: words that were deleted since stand in it until then.

    On PostgreSQL that is the server's business. Where somebody reads or writes just now, it is left for the next time.
    """
    if engine.dialect.name != "sqlite":
        return
    raw = engine.raw_connection()  # outside of any transaction, which would hold it off
    try:
        raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        raw.close()


def sqlite_file(url: str | URL) -> Path | None:
    """The file of a SQLite address; None for any other database, and for one in memory."""
    place = make_url(url)
    if place.get_backend_name() != "sqlite" or place.database in (None, "", ":memory:"):
        return None
    return Path(str(place.database))


def _open_sqlite(raw: sqlite3.Connection, _record: Any) -> None:  # noqa: ANN401 -- SQLAlchemy's own record
    raw.isolation_level = None  # the driver begins nothing by itself: `_Sqlite` does
    for pragma in SQLITE_PRAGMAS:
        raw.execute(f"PRAGMA {pragma}")
