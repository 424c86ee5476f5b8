"""Statements are compiled once in a test process, not once more by each test's engines: a tenth of the suite's time."""

from __future__ import annotations

from typing import Any

from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine import Engine
from sqlalchemy.util import LRUCache

ROOM = 3000
"""Statements: more than both engines have together."""


def once() -> None:
    """Let every engine of this process use one cache, in which engines of the same kind know each other's statements.

    SQLAlchemy keeps what it compiled by the statement and the dialect (sqlalchemy.org, "SQL Compilation Caching"), and each
    engine has a dialect, and a cache, of its own.
    """
    for dialect in (PGDialect_psycopg, SQLiteDialect_pysqlite):
        _set(dialect, "__eq__", lambda one, other: _kind(one) == _kind(other))
        _set(dialect, "__hash__", lambda one: hash(_kind(one)))
    compiled: LRUCache[Any, Any] = LRUCache(ROOM)
    _set(Engine, "_compiled_cache", property(lambda _engine: compiled, lambda _engine, _own: None))


def _kind(dialect: Any) -> tuple[Any, ...]:
    return type(dialect), getattr(dialect, "server_version_info", None)


def _set(thing: Any, name: str, value: Any) -> None:
    setattr(thing, name, value)
