"""punctual: what it measures where, without waiting for the minute."""

from __future__ import annotations

import pytest

from bench import databases, punctual
from tests.databases import require_postgres


def test_each_engine_has_its_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    """The middle one and the last, by a database of that engine."""
    require_postgres()
    asked = []

    async def late(url: str) -> list[float]:
        asked.append(url.partition(":")[0])
        return [3.0, 1.0, 2.0]

    monkeypatch.setattr(punctual, "_late", late)
    rows = [(row.name, row.value, row.ratio) for row in punctual.measure(databases.server())]
    assert rows == [
        ("middle, sqlite", 2.0, 1.0),
        ("last, sqlite", 3.0, 1.5),
        ("middle, postgresql", 2.0, 1.0),
        ("last, postgresql", 3.0, 1.5),
    ]
    assert asked == ["sqlite", "postgresql"]
