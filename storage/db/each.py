"""Each: a column of several texts, which are given when the statement is executed, as one text of JSON.

So what is to be known of each of them is asked in one statement, whose text stays the same however many there are.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, BindParameter, ColumnElement, bindparam, cast, func


def each(dialect: str, name: str) -> ColumnElement[Any]:
    """Those that are given as `name`, by `json.dumps`, in an engine's dialect; selecting it gives a row of each."""
    given: BindParameter[str] = bindparam(name)
    if dialect == "sqlite":
        return func.json_each(given).table_valued("value").c.value  # sqlite.org/json1.html#jeach
    return func.json_array_elements_text(cast(given, JSON)).table_valued("value").c.value
