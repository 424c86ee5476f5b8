"""Databases that are there for a bench or a proof, and gone afterwards: empty ones, of either engine."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL, make_url

SERVER = "postgresql://postgres@127.0.0.1:5432/postgres"
"""Where PostgreSQL is looked for unless TEST_POSTGRES_URL says otherwise, as in the tests."""

PATIENCE = 3
"""Seconds to wait for it."""


def server() -> URL:
    """The PostgreSQL at hand: databases of its own are made beside this one, and dropped."""
    return make_url(os.environ.get("TEST_POSTGRES_URL", SERVER))


def empty(admin: URL, engine: str, folder: Path, name: str) -> AbstractContextManager[URL]:
    """An empty database of this name and engine: a file in `folder`, or beside `admin`'s, while it lasts."""
    return in_file(folder, name) if engine == "sqlite" else fresh(admin, name)


@contextmanager
def in_file(folder: Path, name: str) -> Iterator[URL]:
    """An empty SQLite database, while it lasts."""
    try:
        yield URL.create("sqlite", database=str(folder / f"{name}.db"))
    finally:
        for beside in folder.glob(f"{name}.db*"):
            beside.unlink()


@contextmanager
def fresh(admin: URL, name: str) -> Iterator[URL]:
    """An empty database of this name beside `admin`'s, while it lasts; one that was left behind goes before."""
    engine = create_engine(admin, isolation_level="AUTOCOMMIT", connect_args={"connect_timeout": PATIENCE})
    gone = text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    try:
        with engine.connect() as connection:
            connection.execute(gone)
            connection.execute(text(f'CREATE DATABASE "{name}"'))
        try:
            yield admin.set(database=name)
        finally:
            with engine.connect() as connection:
                connection.execute(gone)
    finally:
        engine.dispose()
