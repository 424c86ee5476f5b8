"""How the memory changes shape: Alembic's revisions, and the functions that run them.

One set for SQLite and PostgreSQL. `outloud migrate` runs them; a test holds them to the models of storage/tables/.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, create_engine, event, inspect, text
from sqlalchemy.engine import URL, make_url

if TYPE_CHECKING:
    from alembic.config import Config

FOLDER = Path(__file__).parent

LOCK = 7_110_683
"""PostgreSQL's advisory lock around a migration, which Alembic does not take: any number no other program asks for."""


@cache
def revisions() -> tuple[str, ...]:
    """All revisions, the oldest first, by the names of their files: Alembic would have to load and run each of them."""
    return tuple(sorted(file.name.partition("_")[0] for file in FOLDER.glob("versions/[0-9]*.py")))


def head() -> str:
    """The newest revision."""
    return revisions()[-1]


def current(url: str | URL) -> str | None:
    """The revision that a database is at; None when it is empty."""
    with _connection(url) as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        found = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return None if found is None else str(found)


def is_ours(revision: str) -> bool:
    """Whether this version of Outloud knows a revision: one that it doesn't know comes from a newer version."""
    return revision in revisions()


def is_old(revision: str | None) -> bool:
    """Whether a database at `revision` lacks something that this version needs. One of a newer version lacks nothing."""
    return revision is None or (revision != head() and is_ours(revision))


def upgrade(url: str | URL, revision: str = "head") -> None:
    """Bring a database to `revision`. Two that do so at once on PostgreSQL come one after the other."""
    from alembic import command  # noqa: PLC0415 -- most starts find the database current, and have no use for Alembic

    with _connection(url) as connection:
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def downgrade(url: str | URL, revision: str) -> None:
    """Bring a database back to `revision` ("base": empty)."""
    from alembic import command  # noqa: PLC0415 -- see `upgrade`

    with _connection(url) as connection:
        config = _config()
        config.attributes["connection"] = connection
        command.downgrade(config, revision)


def _config() -> Config:
    from alembic.config import Config  # noqa: PLC0415 -- see `upgrade`

    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("path_separator", "os")
    return config


@contextmanager
def _connection(url: str | URL) -> Iterator[Connection]:
    """One transaction: a migration that fails leaves the database as it was. On SQLite, too, DDL is transactional."""
    place = make_url(url)
    patience = {"connect_timeout": 5} if place.get_backend_name() == "postgresql" else {}
    engine = create_engine(place, hide_parameters=True, connect_args=patience)
    if place.get_backend_name() == "sqlite":
        event.listen(engine, "connect", lambda raw, _record: setattr(raw, "isolation_level", None))
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    try:
        with engine.begin() as connection:
            if place.get_backend_name() == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
            yield connection
    finally:
        engine.dispose()
