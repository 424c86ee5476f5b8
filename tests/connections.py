"""Connections to PostgreSQL are opened once in a test process, not once more by each test's engines.

With each comes a process of the server's, which reads the catalogue anew: half of what a test costs there. What an engine asks
the server of itself, at its first connection, is asked once, too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, ClassVar

import psycopg
from psycopg.pq import TransactionStatus
from sqlalchemy import Connection, event
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.engine import Engine


class Kept(psycopg.Connection[Any]):
    """A connection that is put aside where it would be closed, and is as a new one when it is taken up again."""

    aside: ClassVar[defaultdict[str, list[Kept]]] = defaultdict(list)
    """By the options that they were opened with."""

    options = ""
    hears_notices = False

    def close(self) -> None:
        """Put it aside; one that is broken, or in the middle of something, is closed."""
        if self.closed or self.info.transaction_status != TransactionStatus.IDLE:
            super().close()
        else:
            self.aside[self.options].append(self)

    def end(self) -> None:
        """Close it."""
        super().close()

    def add_notice_handler(self, callback: Any) -> None:
        """Each engine brings SQLAlchemy's, which is the same."""
        if not self.hears_notices:
            super().add_notice_handler(callback)
        self.hears_notices = True

    def is_as_new(self) -> bool:
        """Forget what was set for this session; false where the server has ended it meanwhile."""
        try:
            self.autocommit = True
            self.execute("RESET ALL")
            self.autocommit = False
        except psycopg.OperationalError:
            return False
        return True


@contextmanager
def kept(database: str) -> Iterator[None]:
    """Let all engines of this process hand each other their connections to this database."""

    def connect(_dialect: Any, _record: Any, args: list[Any], wanted: dict[str, Any]) -> Kept | None:
        if wanted.get("dbname") != database:
            return None
        options = wanted.get("options", "")
        with suppress(IndexError):
            while True:
                known = Kept.aside[options].pop()  # by threads, several at once
                if known.is_as_new():
                    return known
                known.end()
        new = Kept.connect(*args, **wanted)
        new.options = options
        return new

    event.listen(Engine, "do_connect", connect)
    try:
        with learnt_once(database):
            yield
    finally:
        event.remove(Engine, "do_connect", connect)
        for some in Kept.aside.values():
            while some:
                some.pop().end()


@contextmanager
def learnt_once(database: str) -> Iterator[None]:
    """Let an engine know of this database what the first one was told: the server's version, how long names may be."""
    known: dict[str, Any] = {}
    ask = PGDialect_psycopg.initialize

    def initialize(dialect: PGDialect_psycopg, connection: Connection) -> None:
        if connection.engine.url.database != database:
            ask(dialect, connection)  # type: ignore[no-untyped-call]  # SQLAlchemy leaves it untyped
        elif known:
            dialect.__dict__.update(known)
        else:
            before = dict(dialect.__dict__)
            ask(dialect, connection)  # type: ignore[no-untyped-call]  # SQLAlchemy leaves it untyped
            known.update({name: value for name, value in dialect.__dict__.items() if value is not before.get(name)})

    _set(PGDialect_psycopg, "initialize", initialize)
    try:
        yield
    finally:
        _set(PGDialect_psycopg, "initialize", ask)


def _set(thing: Any, name: str, value: Any) -> None:
    setattr(thing, name, value)
