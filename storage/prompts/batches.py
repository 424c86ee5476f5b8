"""Many rows written by one statement, whose only value is a JSON text. One of the places that knows both engines.

A statement of its own for each row costs three times what the rest of claiming a schedule does.
"""

from __future__ import annotations

import json
from typing import Any, Literal

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

ColumnType = Literal["text", "double precision"]


_dump = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False, check_circular=False).encode


class Batch:
    """A statement with `{rows}` where it reads the rows from, named `new`, with these columns."""

    def __init__(self, statement: str, **columns: ColumnType) -> None:
        typed = ", ".join(f"{name} {type}" for name, type in columns.items())
        paths = ", ".join(f"json_extract(value, '$.{name}') AS {name}" for name in columns)
        rows = {
            "postgresql": f"json_to_recordset(CAST(:rows AS json)) AS new({typed})",
            "sqlite": f"(SELECT {paths} FROM json_each(:rows)) AS new",  # noqa: S608 -- our own columns
        }
        self._of = {dialect: text(statement.replace("{rows}", source)) for dialect, source in rows.items()}

    def run(self, session: Session, rows: list[dict[str, Any]]) -> list[Row[Any]]:
        """Write the rows; a column that one of them leaves out is empty. Returns what the statement returns, if it does."""
        statement = self._of[session.get_bind().dialect.name]
        done = session.connection().execute(statement, {"rows": _dump(rows)})
        return list(done.all()) if done.returns_rows else []
