"""`outloud export`: what a pocket learned, for whoever runs Outloud."""

from __future__ import annotations

import csv
import gc
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine import URL
from typer.testing import CliRunner

from bot.commands import app
from bot.commands.failing import Failure
from storage.places import exports
from tests.bot.consulting import on_sqlite
from tests.memory import Memory

Run = Callable[..., str]

POCKET = (
    (
        "INSERT INTO workspaces (id, name, url, bot_user, bot, installed_at)"
        " VALUES ('T1', 'Acme', 'https://a.slack.com/', 'U0', 'B0', 1)"
    ),
    "INSERT INTO people (workspace, id) VALUES ('T1', 'U1')",
    "INSERT INTO channels (workspace, id, name) VALUES ('T1', 'C1', 'learning')",
    "INSERT INTO pockets (workspace, channel, started_by, started_at) VALUES ('T1', 'C1', 'U1', 1)",
)
LEARNING = (
    "INSERT INTO learnings (workspace, id, key, channel, author, words, state, without_name, said_at, changed_at, card_ts)"
    " VALUES ('T1', :id, :id, 'C1', 'U1', :words, 'live', :without_name, :at, 1, '5.000001')"
)


@pytest.fixture
def export(database_url: URL, memory: Memory, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs it over a pocket with two learnings, of which one has no name."""
    monkeypatch.setenv("DATABASE_URL", database_url.render_as_string(hide_password=False))
    for row in POCKET:
        memory.run(row)
    memory.run(LEARNING, id="L1", words="=First", without_name=False, at=1.0)
    memory.run(LEARNING, id="L2", words="Second", without_name=True, at=2.0)

    def run(*words: str) -> str:
        done = CliRunner().invoke(app, ["export", *words])
        if isinstance(done.exception, Failure):
            raise done.exception
        assert done.exit_code == 0, done.output
        return done.stdout

    return run


def test_it_goes_to_the_next_program_or_into_a_file(export: Run, tmp_path: Path) -> None:
    """The same, whole, oldest first; the nameless one without its author."""
    said = export("--pocket", "#learning", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(said.removeprefix("\ufeff"))))
    assert [(row["who"], row["words"]) for row in rows] == [("U1", "'=First"), ("", "Second")]
    assert rows[0]["link"] == "https://a.slack.com/archives/C1/p5000001"
    export("--pocket", "C1", "--format", "csv", "--out", str(tmp_path / "a.csv"))
    assert (tmp_path / "a.csv").read_bytes().decode() == said.replace("\n", "\r\n").replace("\r\r", "\r")
    assert [path.name for path in tmp_path.glob("a.csv*")] == ["a.csv"]
    assert export("--pocket", "learning").startswith("# \\#learning\n")


def test_for_programs_there_is_json(export: Run) -> None:
    """An object a line."""
    told = [json.loads(line) for line in export("--pocket", "learning", "--json").splitlines()]
    assert [(one["who"], one["words"], one["when"]) for one in told] == [("U1", "=First", 1.0), (None, "Second", 2.0)]


def test_a_pocket_that_is_none_or_several_is_a_sentence(export: Run, memory: Memory) -> None:
    """It names those that there are."""
    with pytest.raises(Failure, match="There are: #learning"):
        export("--pocket", "nonsense")
    for row in (POCKET[0], *POCKET[1:]):
        memory.run(row.replace("'T1'", "'T2'").replace("'C1'", "'C2'").replace("'Acme'", "'Beta'"))
    with pytest.raises(Failure, match=r"C1 \(Acme\), C2 \(Beta\)"):
        export("--pocket", "learning")
    assert "Second" in export("--pocket", "C1")


def test_a_file_that_is_there_stays(export: Run, tmp_path: Path) -> None:
    """And what can't be written is said."""
    (tmp_path / "a.md").write_text("mine")
    with pytest.raises(Failure, match="is there already"):
        export("--pocket", "learning", "--out", str(tmp_path / "a.md"))
    assert (tmp_path / "a.md").read_text() == "mine"
    with pytest.raises(Failure, match="can't be written"):
        export("--pocket", "learning", "--out", str(tmp_path / "nowhere" / "a.md"))


@on_sqlite
def test_many_learnings_are_never_in_memory_at_once(
    export: Run, memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever there is, it is a page, and the one before it at most."""
    memory.run(
        "WITH RECURSIVE n(i) AS (SELECT 3 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)"
        " INSERT INTO learnings (workspace, id, key, channel, author, words, state, said_at, changed_at)"
        " SELECT 'T1', 'M' || i, 'M' || i, 'C1', 'U1', 'w', 'live', i, 1 FROM n"
    )
    alive, page = [], exports.page

    def counted(*given: Any, **more: Any) -> list[exports.Exported]:
        found = page(*given, **more)
        gc.collect()
        alive.append(sum(isinstance(one, exports.Exported) for one in gc.get_objects()))
        return found

    monkeypatch.setattr(exports, "page", counted)
    assert export("--pocket", "learning", "--json").count("\n") == 2000
    assert len(alive) == 5
    assert max(alive) <= 2 * exports.PAGE
