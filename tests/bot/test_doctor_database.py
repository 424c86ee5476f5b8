"""`outloud doctor` of the database: whether it is there, of this version's shape, writable, and with room."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy.engine import URL

import migrations
from sandbox.slack import Slack
from tests import databases
from tests.bot.consulting import Ask, on_sqlite
from tests.bot.program import address
from tests.memory import Memory


def found_in(folder: Path) -> set[str]:
    """The names of what stands in a folder."""
    return {each.name for each in folder.iterdir()}


def may(path: Path, mode: int) -> None:
    """Who may do what with a file or folder."""
    path.chmod(mode)


@contextmanager
def as_nobody(folder: Path) -> Iterator[None]:
    """As somebody who may not do everything, but enter whatever `folder` stands in."""
    if os.geteuid() != 0:
        yield
        return
    closed = [each for each in folder.parents if not each.stat().st_mode & 0o001]
    for each in closed:
        each.chmod(each.stat().st_mode | 0o001)
    os.setegid(65534)
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(0)
        for each in closed:
            each.chmod(each.stat().st_mode & ~0o001)


@on_sqlite
async def test_a_database_that_is_not_there_yet_is_a_warning_and_stays_so(
    doctor: Ask, tmp_path: Path, memory: Memory
) -> None:
    """`outloud run` would make it. In a folder that is not there it could not."""
    del memory
    report = await doctor(DATABASE_URL="sqlite:///other.db")
    assert (report.status, report.state("database"), report.state("events")) == (1, "warning", "unknown")
    assert not [name for name in found_in(tmp_path) if name.startswith("other")]
    assert (await doctor(DATABASE_URL="sqlite:///nowhere/other.db")).state("database") == "fault"
    assert not (tmp_path / "nowhere").exists()


@on_sqlite
async def test_an_older_and_a_newer_sqlite_file_are_told_apart(doctor: Ask, memory: Memory, database_url: URL) -> None:
    """The older one is brought up to date by `outloud run`; the newer one it refuses."""
    migrations.downgrade(database_url, "0001")
    report = await doctor()
    assert (report.state("database"), report.state("outbox")) == ("warning", "unknown")
    assert migrations.current(database_url) == "0001"
    memory.run("UPDATE alembic_version SET version_num = '9999'")
    report = await doctor()
    assert report.state("database") == "fault"
    assert "newer version" in report.of("database")["says"]


@on_sqlite
async def test_what_is_no_database_is_a_fault(doctor: Ask, tmp_path: Path) -> None:
    """A file of something else, and a server that is not there; no password is repeated."""
    (tmp_path / "letter.db").write_text("Dear Ana, " * 200)
    assert (await doctor(DATABASE_URL="sqlite:///letter.db")).state("database") == "fault"
    report = await doctor(DATABASE_URL="postgresql://me:hunter2@127.0.0.1:1/none")
    assert (report.status, report.state("database"), report.state("process")) == (2, "fault", "unknown")
    assert "hunter2" not in report.text


@on_sqlite
async def test_a_file_that_may_not_be_written_or_reached_is_a_fault(doctor: Ask, tmp_path: Path) -> None:
    """The usual mistakes with a folder mounted into a container."""
    closed = tmp_path / "closed"
    closed.mkdir()
    for each, mode in ((tmp_path / "outloud.db", 0o444), (closed, 0o400), (tmp_path, 0o555)):
        may(each, mode)
    with as_nobody(tmp_path):
        report = await doctor()
        behind = await doctor(DATABASE_URL=f"sqlite:///{closed}/outloud.db")
    assert (report.status, report.state("database")) == (2, "fault")
    assert "may it be written" in report.of("database")["advice"]
    assert (behind.state("database"), behind.state("process")) == ("fault", "fault")
    assert "enter that folder" in behind.of("database")["advice"]
    for each in (tmp_path, closed):
        may(each, 0o700)


@on_sqlite
async def test_a_file_that_was_in_use_and_may_only_be_read_is_a_fault(
    doctor: Ask, tmp_path: Path, memory: Memory
) -> None:
    """It has its write-ahead log, opens, and lets a writing transaction begin: only a write shows it."""
    memory.rows("PRAGMA journal_mode=WAL")
    memory.close()
    for each, mode in ((tmp_path / "outloud.db", 0o444), (tmp_path, 0o777)):
        may(each, mode)
    with as_nobody(tmp_path):
        report = await doctor()
    assert (report.status, report.state("database")) == (2, "fault")
    assert "may it be written" in report.of("database")["advice"]


@on_sqlite
async def test_a_disk_without_write_ahead_log_is_a_warning(doctor: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a network disk, where SQLite can't have one."""
    monkeypatch.setattr("storage.db.engines.SQLITE_PRAGMAS", ("journal_mode=DELETE",))
    report = await doctor()
    assert (report.status, report.state("database")) == (1, "warning")
    assert "mode delete" in report.of("database")["says"]


@on_sqlite
@pytest.mark.parametrize(("free", "state"), [(10**7, "fault"), (10**8, "warning"), (10**9, "well")])
async def test_a_disk_that_is_nearly_full_is_said(
    doctor: Ask, monkeypatch: pytest.MonkeyPatch, free: int, state: str
) -> None:
    """In megabytes."""
    monkeypatch.setattr("shutil.disk_usage", lambda _path: type("Usage", (), {"free": free}))
    report = await doctor()
    assert report.state("disk") == state
    assert f"{free // 10**6:,} MB" in report.of("disk")["says"]


async def test_postgresql_that_is_empty_or_takes_no_writes_is_a_fault(empty_slack: Slack, doctor: Ask) -> None:
    """`outloud run` would refuse the one, and could save nothing in the other."""
    del empty_slack
    for url in databases.new_postgres(f"outloud_doctor_{os.getpid()}"):
        report = await doctor(DATABASE_URL=address(url))
        assert "outloud migrate" in report.of("database")["advice"]
        migrations.upgrade(url)
        eyes = Memory(url)
        eyes.run(f'ALTER DATABASE "{url.database}" SET default_transaction_read_only = on')
        eyes.close()
        report = await doctor(DATABASE_URL=address(url))
        assert (report.status, report.state("database")) == (2, "fault")
        assert "not written to" in report.of("database")["says"]
        report = await doctor(DATABASE_URL=address(url.set(database="outloud_not_made")))
        assert "`createdb outloud_not_made`" in report.of("database")["advice"]
        assert "folder" not in report.of("database")["advice"]
