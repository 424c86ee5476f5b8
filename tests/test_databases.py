"""The databases that tests work with: found empty, asked about themselves once; and what is said where there is no PostgreSQL."""

from __future__ import annotations

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.dialects.postgresql.base import PGDialect
from sqlalchemy.engine import URL

from storage.tables import Base
from tests import databases
from tests.migrations.test_revisions import ROWS


@pytest.mark.parametrize(("ci", "outcome"), [("true", pytest.fail.Exception), ("", pytest.skip.Exception)])
def test_a_machine_without_postgresql_skips_in_one_line_and_fails_in_ci(
    monkeypatch: pytest.MonkeyPatch, ci: str, outcome: type[BaseException]
) -> None:
    """What is missing is said either way."""
    monkeypatch.setattr(databases, "POSTGRES", "postgresql://nobody@127.0.0.1:1/none")
    monkeypatch.setenv("CI", ci)
    with pytest.raises(outcome, match=r"no PostgreSQL at 127\.0\.0\.1:1 \(TEST_POSTGRES_URL") as said:
        databases.require_postgres()
    assert ci or "\n" not in str(said.value)


ENDED = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid != pg_backend_pid()"


@pytest.mark.parametrize("ended", [False, True], ids=["", "its connection was ended"])
def test_every_row_goes(postgres_database: URL, *, ended: bool) -> None:
    """Of each table, whatever refers to whatever; also where a test has ended all connections."""
    databases.empty(postgres_database)
    engine = create_engine(postgres_database)
    with engine.begin() as connection:
        for row in ROWS:
            connection.execute(text(row))
        if ended:
            connection.execute(text(ENDED))
    databases.empty(postgres_database)
    with engine.connect() as connection:
        counts = {table: connection.scalar(text(f"SELECT count(*) FROM {table}")) for table in Base.metadata.tables}  # noqa: S608
    engine.dispose()
    assert set(counts.values()) == {0}


def test_the_server_is_asked_about_itself_once(postgres_database: URL, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next engine knows what the first was told, and works as well."""
    first, second = (create_engine(postgres_database) for _ in range(2))
    first.connect().close()
    monkeypatch.delattr(PGDialect, "_get_server_version_info")
    monkeypatch.delattr(PGDialect, "_get_default_schema_name")
    with second.connect() as connection:
        assert connection.scalar(text("SELECT 1")) == 1
    for name in ("server_version_info", "default_schema_name", "insert_returning", "max_identifier_length"):
        assert getattr(second.dialect, name) == getattr(first.dialect, name)
    for engine in (first, second):
        engine.dispose()
