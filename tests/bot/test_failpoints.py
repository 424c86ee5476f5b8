"""Failpoints: what is armed by the environment happens where it says, and what it leaves behind is mended."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, inspect
from sqlalchemy.engine import URL

import migrations
from bot import attempts, endings, failpoints, hooks, worker
from bot.commands.failing import Failure
from bot.failpoints import Fault, Plan
from sandbox.slack import Slack
from storage.tables import Base
from tests import databases
from tests.bot.program import ROOT, address, outloud, ready
from tests.memory import Memory
from tests.sights import cards

ALL = ",".join(f"{point}=tell@1+" for point in failpoints.POINTS)


@pytest.fixture(params=databases.ENGINES)
def blank(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[URL]:
    """A database in which nothing stands yet."""
    if request.param == "sqlite":
        yield URL.create("sqlite", database=str(tmp_path / "blank.db"))
    else:
        yield from databases.new_postgres(f"outloud_failpoints_{os.getpid()}")


def migrate(url: URL, armed: str = "") -> subprocess.CompletedProcess[str]:
    """`outloud migrate`."""
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "DATABASE_URL": address(url)}
    return subprocess.run(
        [sys.executable, "-m", "bot", "migrate"],
        env=environment | {"OUTLOUD_FAILPOINTS": armed},
        capture_output=True, text=True, timeout=50, check=False,
    )  # fmt: skip


def test_a_migration_that_is_killed_leaves_nothing_and_is_done_by_the_next(blank: URL) -> None:
    """SIGKILL in the midst of the first one's tables: none of them stands, and `migrate` makes them all."""
    assert migrate(blank, "in-migration=kill@12").returncode == -signal.SIGKILL
    engine = create_engine(blank)
    assert inspect(engine).get_table_names() == []
    again = migrate(blank)
    assert (again.returncode, again.stderr) == (0, "")
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": databases.has_model})
        assert compare_metadata(context, Base.metadata) == []
    engine.dispose()
    assert migrations.current(blank) == migrations.head()


@pytest.mark.parametrize(
    "text", ["after-commit", "nowhere=kill", "after-commit=burn", "after-commit=kill@0", "sqlite-full=", "hurry=0"]
)
def test_what_is_not_understood_ends_the_start_and_names_all_there_is(text: str) -> None:
    """The points, the actions, and the item that is wrong."""
    with pytest.raises(Failure) as refused:
        failpoints.parse(f"before-send=stop,{text}")
    assert all(word in str(refused.value) for word in (f"«{text}»", *failpoints.POINTS, *failpoints.ACTIONS))


def test_a_start_with_a_malformed_value_exits_with_two(tmp_path: Path) -> None:
    """Nothing was begun: no database is there, and no traceback."""
    run = migrate(URL.create("sqlite", database=str(tmp_path / "none.db")), "after-commit")
    assert run.returncode == 2
    assert "«after-commit»" in run.stderr
    assert "Traceback" not in run.stderr
    assert list(tmp_path.iterdir()) == []


def test_contributing_tells_every_point_as_it_is() -> None:
    """Its table, word for word."""
    table = (ROOT / "CONTRIBUTING.md").read_text()
    rows = [line for line in table.splitlines() if line.startswith("| `") and line.split("`")[1] in failpoints.POINTS]
    assert rows == [f"| `{point}` | {meaning} |" for point, meaning in failpoints.POINTS.items()]


def test_the_value_says_what_happens_where_and_when() -> None:
    """Once at a passing, at each from one on, at the first where nothing is said; and a file for a full disk."""
    wanted = "after-commit=kill@17, before-send=stop@2+,sqlite-full=some/file,before-ack=raise,hurry=5"
    plans, full, hurry = failpoints.parse(wanted)
    assert (full, hurry) == (Path("some/file"), 5)
    assert plans == [
        Plan("after-commit", "kill", 17),
        Plan("before-send", "stop", 2, on=True),
        Plan("before-ack", "raise"),
    ]
    assert [nth for nth in range(1, 30) if plans[0].covers(nth)] == [17]
    assert [nth for nth in range(1, 5) if plans[1].covers(nth)] == [2, 3, 4]
    armed = failpoints.Failpoints(plans)
    with pytest.raises(Fault):
        armed.reach("before-ack")
    armed.reach("before-ack")


def test_nothing_is_hooked_in_where_nobody_asks() -> None:
    """The command line as it is started every day does not know of failpoints."""
    script = "import sys, bot.commands, bot.wiring; sys.exit(bool({'bot.failpoints', 'bot.hooks'} & {*sys.modules}))"
    run = subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=False)  # noqa: S603 -- our own script
    assert run.returncode == 0


async def test_each_point_is_passed_in_its_order_and_a_full_disk_is_mended(empty_slack: Slack, tmp_path: Path) -> None:
    """Each says so when it is passed. While the disk is full people hear it; as soon as it has room, all is well."""
    slack, full = empty_slack, tmp_path / "full"
    words = "é" * 2900  # more than one page of SQLite's
    async with outloud(slack, tmp_path, OUTLOUD_FAILPOINTS=f"{ALL},sqlite-full={full}") as bot:
        await ready(slack)
        memory = Memory(URL.create("sqlite", database=str(tmp_path / "outloud.db")))
        channel = slack.channel("learning", members=("ana", "ben"))
        await slack.types("ana", "/outloud start Learn together", in_=channel)
        await memory.settled()
        full.touch()
        for _ in range(20):  # what a migration left free is used up first
            if "nothing was saved" in (await slack.types("ben", f"/share {words}", in_=channel)).text:
                break
        else:
            pytest.fail("The disk was never full.")
        full.unlink()
        assert "Shared" in (await slack.types("ben", f"/share {words}", in_=channel)).text
        await memory.settled()
        memory.close()
        bot.terminate()
        _, said = await bot.communicate()
    told = [line.split()[1] for line in said.decode().splitlines() if line.startswith("failpoint ")]
    first = sorted(failpoints.POINTS, key=told.index)
    assert first[:4] == ["in-migration", "after-migration", "before-commit", "after-commit"]
    sending = ["after-claim", "before-send", "after-send", "before-settle", "after-settle"]
    assert [point for point in first[4:] if point != "before-ack"] == sending
    assert told.count("before-commit") == told.count("after-commit")


async def test_what_was_committed_before_a_kill_is_said_once_by_the_next(empty_slack: Slack, tmp_path: Path) -> None:
    """Killed with the answer to `/share` in hand: ben hears of a failure, and yet his card stands, once."""
    slack = empty_slack
    async with outloud(slack, tmp_path):
        await ready(slack)
        memory = Memory(URL.create("sqlite", database=str(tmp_path / "outloud.db")))
        channel = slack.channel("learning", members=("ana", "ben"))
        await slack.types("ana", "/outloud start Learn together", in_=channel)
        await memory.settled()
        await slack.settled()
    async with outloud(slack, tmp_path, OUTLOUD_FAILPOINTS="before-ack=kill") as bot:
        await ready(slack)
        assert (await slack.types("ben", "/share A page is 4 KB.", in_=channel)).failed
        assert await bot.wait() == -signal.SIGKILL
    async with outloud(slack, tmp_path):
        await ready(slack)
        memory.run("UPDATE outbox SET due = 0")  # the killed one's lease, if it had one: half a minute
        await memory.settled()
        assert len(cards(slack, "ana", channel)) == len(memory.learnings()) == 1
    memory.close()


def test_hurry_shortens_all_that_hangs_together_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    """A call stays under half a lease, and its end is waited for before it is looked for."""
    for owner, name in hooks.WAITS:
        monkeypatch.setattr(owner, name, getattr(owner, name))  # put back afterwards
    before = {(owner.__name__, name): getattr(owner, name) for owner, name in hooks.WAITS}
    hooks.hurry(5)
    after = {(owner.__name__, name): getattr(owner, name) for owner, name in hooks.WAITS}
    assert after == {key: seconds / 5 for key, seconds in before.items()}
    assert len({after[name, "CLIENT_TIMEOUT"] for name in ("bot.attempts", "bot.wiring")}) == 1
    assert attempts.CLIENT_TIMEOUT < worker.LEASE / 2
    assert attempts.CLIENT_TIMEOUT < endings.LOOK_AFTER
