"""A pocket, and `outloud import` at hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy.engine import URL
from typer.testing import CliRunner

from bot.commands import app
from bot.commands.failing import Failure
from tests.bot.importing.packing import POCKET
from tests.memory import Memory

Import = Callable[..., str]


@pytest.fixture
def run(database_url: URL, memory: Memory, monkeypatch: pytest.MonkeyPatch) -> Import:
    """Imports into the pocket #learning, and returns what is said."""
    monkeypatch.setenv("DATABASE_URL", database_url.render_as_string(hide_password=False))
    for row in POCKET:
        memory.run(row)

    def invoke(export: Path, *words: str, pocket: str = "#learning") -> str:
        done = CliRunner().invoke(app, ["import", str(export), "--pocket", pocket, *words])
        if isinstance(done.exception, Failure):
            raise done.exception
        assert done.exit_code == 0, (done.output, done.exception)
        return done.stdout

    return invoke
