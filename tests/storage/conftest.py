"""The memory by itself: a database of either engine, and a gate in the writer's way."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.engine import URL
from sqlalchemy.orm import Session

from storage.db import engines
from storage.db.database import Database
from tests import databases
from tests.storage.kept_message import Pocket
from tests.storage.rows import Gate


@pytest.fixture
async def db(database_url: URL) -> AsyncIterator[Database]:
    """The one way to the database."""
    opened = Database(database_url)
    yield opened
    await opened.close()


@pytest.fixture
def engine(database_url: URL) -> Iterator[Engine]:
    """Connections that write at once, as the writer's do: for rules by themselves, without its thread.

    A test may stand still in its transaction for as long as the machine is slow.
    """
    made = engines.connect(database_url)
    if made.dialect.name == "postgresql":
        event.listen(made, "connect", _let_stand)
    yield made.execution_options(write=True)
    made.dispose()


def _let_stand(connection: Any, _record: object) -> None:
    connection.execute("SET idle_in_transaction_session_timeout = 0")
    connection.commit()


@pytest.fixture
def sqlite_url(tmp_path: Path, sqlite_template: Path) -> URL:
    """An empty SQLite file, for what only SQLite does."""
    return databases.new_sqlite(tmp_path, sqlite_template)


@pytest.fixture
def postgres_url(postgres_database: URL) -> URL:
    """An empty PostgreSQL database, for what only PostgreSQL does."""
    databases.empty(postgres_database)
    return postgres_database


@pytest.fixture
def gate() -> Iterator[Gate]:
    """A gate in the writer's way."""
    made = Gate()
    yield made
    made.open()


@pytest.fixture
def pocket(engine: Engine) -> Iterator[Pocket]:
    """One pocket."""
    with Session(engine) as session:
        yield Pocket.new(session)
