"""INSERT … ON CONFLICT, built once for each engine: the two dialects spell it alike, but each has its own builder."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Executable
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session


class Upsert:
    """A statement in both dialects. `build` gets the dialect's own `insert`."""

    def __init__(self, build: Callable[[Any], Executable]) -> None:
        self._of = {"sqlite": build(sqlite.insert), "postgresql": build(postgresql.insert)}

    def run_all(self, session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
        """Execute it for each of these, in their order."""
        if rows:
            session.connection().execute(self._of[session.get_bind().dialect.name], rows)

    def run(self, session: Session, **values: Any) -> bool:  # noqa: ANN401 -- columns of any type
        """Execute it with `values`. True when it inserted or changed a row."""
        statement = self._of[session.get_bind().dialect.name]
        # Of an INSERT, SQLAlchemy keeps no count by itself, and psycopg says -1 once its cursor is closed.
        done = session.connection().execute(statement, values, execution_options={"preserve_rowcount": True})
        return done.rowcount > 0
