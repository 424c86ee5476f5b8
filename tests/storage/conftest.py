"""The memory by itself: a database of either engine, and a gate in the writer's way."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sqlalchemy.engine import URL

from storage.database import Database
from tests import databases
from tests.storage.rows import Gate


@pytest.fixture
async def db(database_url: URL) -> AsyncIterator[Database]:
    """The one way to the database."""
    opened = Database(database_url)
    yield opened
    await opened.close()


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
