"""Empty databases for a proof: a SQLite file, or a database of its own on the PostgreSQL server at hand."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError

from .proof import CantProve

SERVER = "postgresql://postgres@127.0.0.1:5432/postgres"
"""Where PostgreSQL is looked for unless TEST_POSTGRES_URL says otherwise, as in the tests."""


@contextmanager
def fresh(engine: str, folder: Path) -> Iterator[str]:
    """The address of an empty database; a SQLite file lies in `folder`. Raises `CantProve` where no server answers."""
    if engine == "sqlite":
        yield f"sqlite:///{folder}/outloud.db"
    else:
        with _fresh_postgres() as url:
            yield url


@contextmanager
def _fresh_postgres() -> Iterator[str]:
    server = make_url(os.environ.get("TEST_POSTGRES_URL", SERVER))
    name = f"outloud_prove_{os.getpid()}_{secrets.token_hex(4)}"
    admin = create_engine(server, isolation_level="AUTOCOMMIT", connect_args={"connect_timeout": 3})
    try:
        try:
            with admin.connect() as connection:
                connection.execute(text(f'CREATE DATABASE "{name}"'))
        except OperationalError:
            raise CantProve(
                f"No PostgreSQL at {server.host}:{server.port} (TEST_POSTGRES_URL says where it is)."
            ) from None
        try:
            yield server.set(database=name).render_as_string(hide_password=False)
        finally:
            with admin.connect() as connection:
                connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
    finally:
        admin.dispose()
