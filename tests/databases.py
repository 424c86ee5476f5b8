"""Databases for tests: SQLite files, and a PostgreSQL database of each test process's own. Each test finds them empty."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import OperationalError

import migrations
from storage.tables import Base

ENGINES = ("sqlite", "postgresql")
POSTGRES = os.environ.get("TEST_POSTGRES_URL", "postgresql://postgres@127.0.0.1:5432/postgres")

TABLES = tuple(table.name for table in reversed(Base.metadata.sorted_tables))
EMPTY = "pg_temp.outloud_empty()"
DELETES = " ".join(f"DELETE FROM public.{table};" for table in TABLES)  # noqa: S608 -- names of ours
EMPTYING = f"CREATE OR REPLACE FUNCTION {EMPTY} RETURNS void LANGUAGE plpgsql AS $$ BEGIN {DELETES} END $$"
"""Plans each of them once in a connection: to plan takes ten times as long as to find that there is nothing."""


def lacks_postgres() -> str:
    """Why there is no PostgreSQL here; empty where there is one."""
    engine = create_engine(POSTGRES, connect_args={"connect_timeout": 3})
    try:
        with engine.connect():
            return ""
    except OperationalError as error:
        place = f"{make_url(POSTGRES).host}:{make_url(POSTGRES).port}"
        return f"no PostgreSQL at {place} (TEST_POSTGRES_URL says where): {error.orig}"
    finally:
        engine.dispose()


def require_postgres() -> None:
    """Skip, in a line, where there is no PostgreSQL; fail, where CI says that there must be."""
    if why := lacks_postgres():
        if os.environ.get("CI") == "true":
            pytest.fail(why, pytrace=False)
        pytest.skip(why.partition("): ")[0] + ")")


def new_postgres(name: str) -> Iterator[URL]:
    """An empty PostgreSQL database called `name`, dropped afterwards."""
    require_postgres()
    admin = create_engine(POSTGRES, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
        connection.execute(text(f'CREATE DATABASE "{name}"'))
        # What these tests kill are programs, never the machine: no commit has to wait for its disk.
        connection.execute(text(f'ALTER DATABASE "{name}" SET synchronous_commit TO off'))
    try:
        yield make_url(POSTGRES).set(database=name)
    finally:
        with admin.connect() as connection:
            connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
        admin.dispose()


def empty(url: URL) -> None:
    """Take every row out of a migrated PostgreSQL database. To truncate all of its tables would take ten times as long."""
    with _emptying(url).begin() as connection:
        connection.exec_driver_sql(f"SELECT {EMPTY}")


@contextmanager
def emptying(url: URL) -> Iterator[None]:
    """Let go, at the end, of the connection by which it is emptied."""
    try:
        yield
    finally:
        _emptying(url).dispose()
        _emptying.cache_clear()


@cache
def _emptying(url: URL) -> Engine:
    def prepare(connection: Any, _record: Any) -> None:
        connection.execute(EMPTYING)
        connection.commit()

    engine = create_engine(url, pool_size=1, max_overflow=0, pool_pre_ping=True)  # tests end connections at times
    event.listen(engine, "connect", prepare)
    return engine


def new_sqlite(folder: Path, template: Path) -> URL:
    """A migrated SQLite file: a copy of `template`."""
    shutil.copyfile(template, folder / "outloud.db")
    return URL.create("sqlite", database=str(folder / "outloud.db"))


def new_template(folder: Path) -> Path:
    """A migrated SQLite file, to be copied."""
    path = folder / "template.db"
    migrations.upgrade(URL.create("sqlite", database=str(path)))
    return path


def has_model(_object: object, name: str | None, _type: str, reflected: bool, _other: object) -> bool:  # noqa: FBT001
    """What one engine alone has for its full-text index stands in no model: it is compared by `searches`."""
    return not (reflected and (name or "").startswith(("documents_fts", "ix_documents_vector", "vector")))
