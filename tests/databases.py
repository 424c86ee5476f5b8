"""Databases for tests: SQLite files, and a PostgreSQL database of each test process's own. Each test finds them empty."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import OperationalError

import migrations
from storage.tables import Base

ENGINES = ("sqlite", "postgresql")
POSTGRES = os.environ.get("TEST_POSTGRES_URL", "postgresql://postgres@127.0.0.1:5432/postgres")


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
    yield make_url(POSTGRES).set(database=name)
    with admin.connect() as connection:
        connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
    admin.dispose()


def empty(url: URL) -> None:
    """Take every row out of a migrated PostgreSQL database."""
    tables = ", ".join(f'"{table.name}"' for table in Base.metadata.sorted_tables)
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text(f"TRUNCATE {tables} CASCADE"))
    engine.dispose()


def new_sqlite(folder: Path, template: Path) -> URL:
    """A migrated SQLite file: a copy of `template`."""
    shutil.copyfile(template, folder / "outloud.db")
    return URL.create("sqlite", database=str(folder / "outloud.db"))


def new_template(folder: Path) -> Path:
    """A migrated SQLite file, to be copied."""
    path = folder / "template.db"
    migrations.upgrade(URL.create("sqlite", database=str(path)))
    return path
