"""`outloud`, as an operator types it: its words and its exit codes."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import os
import socket
import subprocess
import sys
from contextlib import ExitStack, chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

import pytest
import structlog
from sqlalchemy.engine import URL

import migrations
from bot.commands import main
from sandbox.slack import Slack
from tests import databases
from tests.bot.program import ROOT, ready
from tests.bot.program import outloud as program
from tests.memory import Memory

TOKENS = {"SLACK_BOT_TOKEN": "xoxb-1-2-abc", "SLACK_SIGNING_SECRET": "abcdef0123456789"}

WAITING = {
    "PIL",  # draws the digests' picture
    "alembic",  # brings an older database up to date
    "emoji",  # knows emoji, once somebody reacts with one
    "holidays",  # for schedules that rest
    "prometheus_client",  # where METRICS_PORT is set
    "pygments",  # colours tracebacks, which nobody asks for
    "rapidfuzz",  # for what was mistyped
    "rich.console",  # draws the tables of `outloud outbox` and its like
    "sqlalchemy.dialects.postgresql",  # where PostgreSQL is used
}
"""What an idle bot on SQLite has no use for."""


@dataclass(frozen=True)
class Run:
    """A command that has ended."""

    returncode: int
    stdout: str
    stderr: str


def outloud(*words: str, folder: Path, **environment: str) -> Run:
    """Type a command in an empty folder, with nothing of Outloud in the environment but what is given.

    It is run within this process: to start a program takes seconds of a slow machine.
    """
    known = _environment(folder) | environment
    said, complained = io.StringIO(), io.StringIO()
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    with ExitStack() as stack:
        stack.enter_context(patch.dict(os.environ, known, clear=True))
        stack.enter_context(patch.object(sys, "argv", ["outloud", *words]))
        for one in (chdir(folder), redirect_stdout(said), redirect_stderr(complained)):
            stack.enter_context(one)
        try:
            main()
            code: object = 0
        except SystemExit as ended:
            code = ended.code or 0
        finally:
            root.handlers[:] = handlers
            root.setLevel(level)
            structlog.reset_defaults()
    assert isinstance(code, int)
    return Run(code, said.getvalue(), complained.getvalue())


def _environment(folder: Path) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "TEST_POSTGRES_URL") if name in os.environ}
    return kept | {"HOME": str(folder), "COLUMNS": "200", "PYTHONPATH": str(ROOT)}


@pytest.fixture
def owed(database_url: URL, memory: Memory) -> str:
    """A database with one errand that waits and one that is parked. Its address."""
    memory.run(
        "INSERT INTO workspaces (id, name, url, bot_user, bot, installed_at) VALUES ('T1', 'A', '', 'U0', 'B0', 1)"
    )
    for id, state, reason in (("waiting1", "waiting", None), ("parked1", "parked", "Slack said is_archived")):
        memory.run(
            "INSERT INTO outbox (workspace, id, kind, lane, body, state, due, owed_at, reason)"
            " VALUES ('T1', :id, 'post card', 'C1', '{}', :state, 1, 1700000000, :reason)",
            id=id,
            state=state,
            reason=reason,
        )
    return database_url.render_as_string(hide_password=False)


def test_help_says_what_there_is(tmp_path: Path) -> None:
    """Nothing typed, `--help`, and the version."""
    program = [sys.executable, "-m", "bot"]
    typed = subprocess.run(  # noqa: S603 -- our own program
        program, cwd=tmp_path, env=_environment(tmp_path), capture_output=True, text=True, check=False
    )
    for said in (typed.stdout, outloud("--help", folder=tmp_path).stdout):
        assert all(command in said for command in ("run", "migrate", "outbox", "manifest", "doctor"))
    assert outloud("--version", folder=tmp_path).stdout.startswith("outloud 0.")


def test_a_command_that_is_mistyped_is_told_apart(tmp_path: Path) -> None:
    """With the one that was meant."""
    run = outloud("rn", folder=tmp_path)
    assert run.returncode == 2
    assert "No such command 'rn'. Did you mean 'run'?" in " ".join(run.stderr.split())


def test_migrate_loads_nothing_that_speaks_to_slack() -> None:
    """Each command is imported when it is asked for."""
    script = "import sys, bot.commands as c; c.app(['migrate', '--help'], standalone_mode=False); "
    script += "sys.exit(bool({'slack_bolt', 'aiohttp', 'uvicorn'} & {*sys.modules}))"
    run = subprocess.run([sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.DEVNULL, check=False)  # noqa: S603
    assert run.returncode == 0


def test_everything_that_is_missing_is_named_at_once(tmp_path: Path) -> None:
    """With what to do, exit 2, and no traceback; nothing is left behind in the folder."""
    run = outloud("run", folder=tmp_path, PORT="many")
    assert run.returncode == 2
    assert all(name in run.stderr for name in ("SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "PORT"))
    assert "Traceback" not in run.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_port_that_is_taken_is_a_sentence(tmp_path: Path) -> None:
    """And says which settings choose another."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        run = outloud("run", folder=tmp_path, PORT=str(taken.getsockname()[1]), **TOKENS)
    assert run.returncode == 2
    assert "PORT" in run.stderr
    assert "Traceback" not in run.stderr


@pytest.mark.parametrize(
    "address", ["sqlite:////nowhere/at/all/outloud.db", "postgresql://nobody:secretpass@127.0.0.1:1/none"]
)
def test_a_database_that_can_not_be_used_is_a_sentence(tmp_path: Path, address: str) -> None:
    """Where it is, why not, and what to look at; never its password."""
    for words in (("migrate",), ("outbox",), ("run",)):
        run = outloud(*words, folder=tmp_path, DATABASE_URL=address, **TOKENS)
        assert run.returncode == 2
        assert "DATABASE_URL" in run.stderr
        assert "Traceback" not in run.stderr
        assert "secretpass" not in run.stdout + run.stderr


def test_looking_at_a_database_that_is_not_there_makes_none(tmp_path: Path) -> None:
    """`outloud outbox` in the wrong folder: no empty file to be puzzled by later."""
    run = outloud("outbox", folder=tmp_path)
    assert run.returncode == 2
    assert "outloud migrate" in run.stderr
    assert list(tmp_path.iterdir()) == []


def test_migrate_brings_a_database_up_and_says_so(tmp_path: Path) -> None:
    """First from nothing, then with nothing to do, then for programs."""
    assert "is at revision" in outloud("migrate", folder=tmp_path).stdout
    assert "up to date" in outloud("migrate", folder=tmp_path).stdout
    told = json.loads(outloud("migrate", "--json", folder=tmp_path).stdout)
    assert told == {"database": "sqlite:///outloud.db", "before": migrations.head(), "after": migrations.head()}


def test_run_refuses_an_older_postgresql_and_says_what_to_do(tmp_path: Path) -> None:
    """Several processes may share it: none changes it under the others' feet."""
    for url in databases.new_postgres(f"outloud_older_{os.getpid()}"):
        run = outloud("run", folder=tmp_path, DATABASE_URL=url.render_as_string(hide_password=False), **TOKENS)
        assert run.returncode == 2
        assert "Run `outloud migrate`" in run.stderr


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # it is the command line that is tried, not SQL
def test_a_database_of_a_newer_version_is_left_alone(tmp_path: Path, database_url: URL, memory: Memory) -> None:
    """Neither run nor migrated."""
    memory.run("UPDATE alembic_version SET version_num = '9999'")
    try:
        for words in (("run",), ("migrate",), ("outbox",)):
            url = database_url.render_as_string(hide_password=False)
            run = outloud(*words, folder=tmp_path, DATABASE_URL=url, **TOKENS)
            assert run.returncode == 2
            assert "newer version" in run.stderr
    finally:
        memory.run("UPDATE alembic_version SET version_num = :head", head=migrations.head())


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # it is the command line that is tried, not SQL
def test_the_outbox_shows_what_waits_and_what_is_parked(tmp_path: Path, owed: str) -> None:
    """As a table for people, as JSON for programs, and only the parked on request."""
    shown = outloud("outbox", folder=tmp_path, DATABASE_URL=owed)
    assert shown.returncode == 0
    assert all(word in shown.stdout for word in ("waiting1", "parked1", "is_archived", "post card"))
    found = json.loads(outloud("outbox", "--json", folder=tmp_path, DATABASE_URL=owed).stdout)
    assert {entry["id"]: entry["state"] for entry in found} == {"waiting1": "waiting", "parked1": "parked"}
    parked = outloud("outbox", "--parked", folder=tmp_path, DATABASE_URL=owed).stdout
    assert "waiting1" not in parked


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # it is the command line that is tried, not SQL
def test_parked_entries_can_be_retried_and_dropped(tmp_path: Path, owed: str, memory: Memory) -> None:
    """By id, or all; what is not parked is left alone."""
    assert "1 entry" in outloud("outbox", "retry", "parked1", folder=tmp_path, DATABASE_URL=owed).stdout
    assert {row["state"] for row in memory.outbox()} == {"waiting"}
    memory.run("UPDATE outbox SET state = 'parked' WHERE id = 'parked1'")
    assert "1 entry" in outloud("outbox", "drop", "--all", folder=tmp_path, DATABASE_URL=owed).stdout
    assert [row["id"] for row in memory.outbox()] == ["waiting1"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # it is the command line that is tried, not SQL
@pytest.mark.parametrize(
    "words", [("retry",), ("drop",), ("drop", "parked1", "--all"), ("retry", "waiting1"), ("drop", "x")]
)
def test_what_names_nothing_that_is_parked_says_so(
    tmp_path: Path, owed: str, memory: Memory, words: tuple[str, ...]
) -> None:
    """No id, an id and --all, one that waits, one that is unknown: nothing is changed."""
    run = outloud("outbox", *words, folder=tmp_path, DATABASE_URL=owed)
    assert run.returncode == 2
    assert "parked" in run.stderr
    assert "Traceback" not in run.stderr
    assert len(memory.outbox()) == 2


def test_run_refuses_an_older_postgresql_with_tables_in_it(tmp_path: Path) -> None:
    """Not only an empty one; and leaves it as it is."""
    for url in databases.new_postgres(f"outloud_old_{os.getpid()}"):
        migrations.upgrade(url, "0001")
        run = outloud("run", folder=tmp_path, DATABASE_URL=url.render_as_string(hide_password=False), **TOKENS)
        assert run.returncode == 2
        assert "is at revision 0001" in run.stderr
        assert "Run `outloud migrate`" in run.stderr
        assert migrations.current(url) == "0001"


async def test_run_brings_an_older_sqlite_file_up_to_date(empty_slack: Slack, tmp_path: Path) -> None:
    """By itself, with what stands in it."""
    url = URL.create("sqlite", database=str(tmp_path / "outloud.db"))
    migrations.upgrade(url, "0001")
    memory = Memory(url)
    memory.run(
        "INSERT INTO workspaces (id, name, url, bot_user, bot, installed_at) VALUES ('T1', 'Old', '', 'U', 'B', 1)"
    )
    async with program(empty_slack, tmp_path):
        await ready(empty_slack)
    assert migrations.current(url) == migrations.head()
    assert "Old" in {row["name"] for row in memory.rows("SELECT name FROM workspaces")}
    memory.close()


async def test_a_start_loads_nothing_that_waits_for_its_occasion(empty_slack: Slack, tmp_path: Path) -> None:
    """With the database current: what few ever need is no part of each start, nor of what an idle bot holds in memory."""
    migrations.upgrade(URL.create("sqlite", database=str(tmp_path / "outloud.db")))
    async with program(empty_slack, tmp_path, PYTHONPROFILEIMPORTTIME="1") as process:
        assert process.stderr is not None
        told = asyncio.create_task(process.stderr.read())
        try:
            await ready(empty_slack)
        finally:
            process.kill()
            lines = (await told).decode().splitlines()
    loaded = {line.split("|")[-1].strip() for line in lines if line.startswith("import time:")}
    assert {"bot.wiring", "sqlalchemy.dialects.sqlite"} <= loaded
    assert loaded & WAITING == set()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("what", ["retry", "drop"])
def test_what_was_retried_or_dropped_is_told_to_programs(tmp_path: Path, owed: str, what: str) -> None:
    """As one line of JSON, also where some of it was not parked."""
    run = outloud("outbox", what, "parked1", "waiting1", "--json", folder=tmp_path, DATABASE_URL=owed)
    assert json.loads(run.stdout) == {"entries": ["parked1"], "not_parked": ["waiting1"]}
    assert run.returncode == 2


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_option_before_the_word_is_refused_and_nothing_is_done(tmp_path: Path, owed: str, memory: Memory) -> None:
    """A program that asked for JSON in the wrong place would get a sentence, after the deed."""
    run = outloud("outbox", "--json", "drop", "--all", folder=tmp_path, DATABASE_URL=owed)
    assert (run.returncode, run.stdout) == (2, "")
    assert "Options go behind the word" in run.stderr
    assert len(memory.outbox()) == 2
