"""A database of a bench's own, on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL


@contextmanager
def fresh(admin: URL, name: str) -> Iterator[URL]:
    """An empty database of this name beside `admin`'s, while it lasts; one that a bench left behind goes before."""
    engine = create_engine(admin, isolation_level="AUTOCOMMIT")
    gone = text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    with engine.connect() as connection:
        connection.execute(gone)
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    try:
        yield admin.set(database=name)
    finally:
        with engine.connect() as connection:
            connection.execute(gone)
        engine.dispose()
