"""The condition of the database as a thing on a disk, on SQLite and on PostgreSQL. One of the places that knows both."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Condition:
    """`journal` is how a SQLite file keeps its journal (`wal`, if it can), `read_only` whether PostgreSQL takes no writes."""

    journal: str | None = None
    read_only: bool = False


def condition(session: Session) -> Condition:
    """As this connection finds it. Raises `DBAPIError` where SQLite may not write: it tries to, and the caller takes it back.

    Asking is not enough there: a file that may only be read lets a writing transaction begin.
    """
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text(f"PRAGMA user_version = {session.scalar(text('PRAGMA user_version'))}"))
        return Condition(journal=session.scalar(text("PRAGMA journal_mode")))
    return Condition(read_only=session.scalar(text("SHOW transaction_read_only")) == "on")
