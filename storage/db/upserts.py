"""INSERT … ON CONFLICT, built once for the engine in use: the two dialects spell it alike, but each has its own builder."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Any

from sqlalchemy import Connection, Executable
from sqlalchemy.orm import Session


class Upsert:
    """A statement in either dialect. `build` gets the dialect's own `insert`.

    It is built when it is first run: whoever remembers in SQLite has no use for PostgreSQL's dialect, a large one.
    """

    def __init__(self, build: Callable[[Any], Executable]) -> None:
        self._build = build
        self._of = dict[str, Executable]()

    def run_all(self, session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
        """Execute it for each of these, in their order."""
        if rows:
            connection = session.connection()
            connection.execute(self._for(connection), rows)

    def run(self, session: Session, **values: Any) -> bool:  # noqa: ANN401 -- columns of any type
        """Execute it with `values`. True when it inserted or changed a row."""
        connection = session.connection()
        return connection.execute(self._for(connection), values).rowcount > 0

    def _for(self, connection: Connection) -> Executable:
        """The same object each time, or nearly: two threads that come first at once may each build one."""
        dialect = connection.dialect.name
        if dialect not in self._of:
            built = self._build(import_module(f"sqlalchemy.dialects.{dialect}").insert)
            # Of an INSERT, SQLAlchemy keeps no count by itself, and psycopg says -1 once its cursor is closed.
            self._of[dialect] = built.execution_options(preserve_rowcount=True)
        return self._of[dialect]
