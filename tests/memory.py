"""What stands in the database, read by plain SQL: the tests' own eyes, which share no code with storage/."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL

Rows = dict[str, list[dict[str, Any]]]
"""Of each table."""


@dataclass(frozen=True)
class Kept:
    """A learning as a test wants to see it."""

    id: str
    author: str | None
    words: str
    why: str
    kind: str
    state: str
    topics: tuple[str, ...]
    curators: frozenset[str]
    without_name: bool
    link: str | None
    source_ts: str | None
    card_ts: str | None
    said_at: float


class Memory:
    """A look at the database from outside."""

    def __init__(self, url: URL) -> None:
        self.url = url
        self._engine = create_engine(url, isolation_level="AUTOCOMMIT", skip_autocommit_rollback=True)

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def rows(self, sql: str, **values: Any) -> list[dict[str, Any]]:
        """What a statement finds."""
        with self._engine.connect() as connection:
            return [dict(row) for row in connection.execute(text(sql), values).mappings()]

    def run(self, sql: str, **values: Any) -> None:
        """Change something behind the bot's back."""
        with self._engine.connect() as connection:
            connection.execute(text(sql), values)

    def all_rows(self, tables: Iterable[str]) -> Rows:
        """All that stands in these tables."""
        return {table: self.rows(f"SELECT * FROM {table}") for table in tables}  # noqa: S608 -- names of ours

    def add(self, rows: Rows) -> None:
        """Write rows, in the order of their tables: what others refer to comes first."""
        with self._engine.connect() as connection:
            for table, some in rows.items():
                places = ", ".join(f":{name}" for name in some[0])
                columns = ", ".join(f'"{name}"' for name in some[0])
                connection.execute(text(f"INSERT INTO {table} ({columns}) VALUES ({places})"), some)  # noqa: S608 -- the same

    def learnings(self, *, state: str | None = "live") -> list[Kept]:
        """Learnings in the order they were said; all states with `state=None`."""
        rows = self.rows("SELECT * FROM learnings ORDER BY said_at, id")
        topics, curators = defaultdict[str, list[str]](list), defaultdict[tuple[str, str], set[str]](set)
        for row in self.rows("SELECT learning, topic FROM learning_topics ORDER BY position"):
            topics[row["learning"]].append(row["topic"])
        for row in self.rows("SELECT channel, message_ts, person FROM keeps WHERE standing"):
            curators[row["channel"], row["message_ts"]].add(row["person"])
        return [
            _kept(row, topics[row["id"]], curators[row["channel"], row["source_ts"]])
            for row in rows
            if state in (None, row["state"])
        ]

    def outbox(self, *, state: str | None = None) -> list[dict[str, Any]]:
        """What is still owed to Slack."""
        return [row for row in self.rows("SELECT * FROM outbox ORDER BY owed_at") if state in (None, row["state"])]

    async def settled(self, within: float = 60.0) -> None:
        """Wait until nothing waits in the outbox any more. Only what hangs is ended by `within` seconds."""
        try:
            async with asyncio.timeout(within):
                while self._waits():
                    await asyncio.sleep(0.01)
        except TimeoutError:
            raise AssertionError(f"The outbox still waits: {self.outbox(state='waiting')}") from None

    def _waits(self) -> bool:
        with self._engine.connect() as connection:
            return (
                connection.exec_driver_sql("SELECT 1 FROM outbox WHERE state = 'waiting' LIMIT 1").first() is not None
            )


def _kept(row: dict[str, Any], topics: Iterable[str], curators: Iterable[str]) -> Kept:
    return Kept(
        id=row["id"],
        author=row["author"],
        words=row["words"],
        why=row["why"],
        kind=row["kind"],
        state=row["state"],
        topics=tuple(topics),
        curators=frozenset(curators),
        without_name=bool(row["without_name"]),
        link=row["link"],
        source_ts=row["source_ts"],
        card_ts=row["card_ts"],
        said_at=row["said_at"],
    )
