"""One `outloud run` for each SQLite file, and the next one as soon as it is gone."""

from __future__ import annotations

import asyncio
import signal
import threading
from pathlib import Path

import pytest
from filelock import FileLock
from pydantic import SecretStr

from bot.commands.alone import InUse, alone, is_held
from bot.commands.failing import Failure
from bot.settings import DatabaseSettings
from sandbox.slack import Slack
from tests.bot.program import outloud, ready


def settings(path: Path) -> DatabaseSettings:
    """A database at `path`."""
    return DatabaseSettings(database_url=SecretStr(f"sqlite:///{path}"))


async def test_a_second_run_on_one_file_is_refused_until_the_first_is_gone(empty_slack: Slack, tmp_path: Path) -> None:
    """By whatever name it knows the file. Looking and migrating go on beside it; after SIGKILL the next one starts."""
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "link.db").symlink_to(tmp_path / "outloud.db")
    async with outloud(empty_slack, tmp_path) as first:
        await ready(empty_slack)
        by_link = f"sqlite:///{tmp_path / 'other' / 'link.db'}"
        async with outloud(empty_slack, tmp_path, DATABASE_URL=by_link) as second, asyncio.timeout(20):
            _, said = await second.communicate()
        assert second.returncode == 2
        assert said.decode() == (
            f"Another `outloud run` is using {by_link}, and a SQLite file is for one at a time. "
            "Stop that one first. To run several side by side, give them PostgreSQL in DATABASE_URL.\n"
        )
        for command in ("migrate", "outbox"):
            async with outloud(empty_slack, tmp_path, command=command) as beside, asyncio.timeout(20):
                await beside.communicate()
            assert beside.returncode == 0
        first.send_signal(signal.SIGKILL)
        await first.wait()
        async with outloud(empty_slack, tmp_path):
            await ready(empty_slack)


async def test_whoever_is_refused_has_not_touched_the_database(empty_slack: Slack, tmp_path: Path) -> None:
    """The lock comes before the migration of an older file, and before the making of a new one."""
    with FileLock(tmp_path / "outloud.db.lock"):
        async with outloud(empty_slack, tmp_path) as refused, asyncio.timeout(20):
            await refused.communicate()
    assert refused.returncode == 2
    assert not (tmp_path / "outloud.db").exists()


def test_a_lock_that_can_not_be_had_is_a_sentence(tmp_path: Path) -> None:
    """A folder that is not there (and is not made), and a lock file that can't be opened: where, why, what to look at."""
    (tmp_path / "here.db.lock").mkdir()
    for path in (tmp_path / "nowhere" / "outloud.db", tmp_path / "here.db"):
        with pytest.raises(Failure, match=r"(?s)can't lock sqlite:///.*DATABASE_URL") as refused, alone(settings(path)):
            pass
        assert f"{path}.lock" in str(refused.value).replace("\n", " ")
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="no /proc here")
def test_a_place_that_takes_no_file_is_not_taken_for_another_run() -> None:
    """Nobody is using it, and nobody can."""
    with (
        pytest.raises(Failure, match="no file can be made there") as refused,
        alone(settings(Path("/proc/outloud.db"))),
    ):
        pass
    assert not isinstance(refused.value, InUse)


def test_a_file_system_without_locks_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Instead of a file whose mere presence counts, and which a killed process leaves behind."""

    def flock(_file: int, _how: int) -> None:
        raise OSError(38, "Function not implemented")

    monkeypatch.setattr("fcntl.flock", flock)
    with pytest.raises(Failure, match="Function not implemented"), alone(settings(tmp_path / "outloud.db")):
        pass


def test_the_lock_ends_with_what_it_was_taken_for(tmp_path: Path) -> None:
    """And one that is held in the same process counts, too."""
    chosen = settings(tmp_path / "outloud.db")
    with alone(chosen), pytest.raises(Failure, match="Another"), alone(chosen):
        pass
    with alone(chosen):
        pass


def test_postgresql_is_for_many() -> None:
    """Nothing is locked, nor asked."""
    shared = DatabaseSettings(database_url=SecretStr("postgresql://nobody@127.0.0.1:1/none"))
    with alone(shared), alone(shared):
        pass


def test_looking_whether_one_runs_makes_no_lock_and_takes_none(tmp_path: Path) -> None:
    """The file stays as it was; an `outloud run` that starts at that very moment waits for it."""
    chosen = settings(tmp_path / "outloud.db")
    assert not is_held(chosen)
    assert not list(tmp_path.iterdir())
    with alone(chosen):
        assert is_held(chosen)
    assert not is_held(chosen)
    looking = FileLock(tmp_path / "outloud.db.lock", thread_local=False)
    looking.acquire()
    threading.Timer(0.05, looking.release).start()
    with alone(chosen):
        pass
